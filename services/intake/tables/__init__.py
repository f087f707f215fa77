"""How intake keeps its records: columns, named constraints, indexes."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.intake.tables.appeal import add_appeals
from services.intake.tables.deferred import add_deferred_timers
from services.intake.tables.delivery import add_deliveries
from services.intake.tables.draft import add_drafts
from services.intake.tables.late import late_answer_table
from services.intake.tables.officers import officer_tables
from services.intake.tables.redress import add_redress
from services.intake.tables.search import search_columns
from services.intake.tables.standing import add_standing
from services.intake.tables.timers import add_timers
from services.intake.tables.versions import version_tables
from shared.tables import shared_tables

OPEN_STAGES = "stage NOT IN ('concluded', 'withdrawn', 'not-accepted')"
"""What the partial indexes call open; the rules' `is_open` says the same (tested)."""


def intake_tables() -> MetaData:
    """All tables of the intake schema."""
    metadata = shared_tables()
    Sequence("application_serial", metadata=metadata)
    _followed(metadata)
    _application(metadata)
    _matter(metadata)
    _task(metadata)
    _corrections(metadata)
    _papers(metadata)
    _cards(metadata)
    add_standing(metadata)
    late_answer_table(metadata)
    officer_tables(metadata)
    add_timers(metadata)
    search_columns(metadata)
    add_redress(metadata)
    add_deliveries(metadata)
    add_appeals(metadata)
    version_tables(metadata)
    add_deferred_timers(metadata)
    add_drafts(metadata)
    return metadata


def _instant(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True))


def _followed(metadata: MetaData) -> None:
    """What intake has learned from the registry's events."""
    Table(
        "published_item",
        metadata,
        Column("code", Text),
        Column("version", Integer),
        Column("hash", Text, nullable=False),
        Column("definition", JSONB, nullable=False),
        PrimaryKeyConstraint("code", "version"),
    )
    Table(
        "published_parameters",
        metadata,
        Column("version", Integer, primary_key=True),
        Column("parameters", JSONB, nullable=False),
    )
    Table(
        "published_calendar",
        metadata,
        Column("version", Integer, primary_key=True),
        Column("calendar", JSONB, nullable=False),
    )
    Table(
        "office",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("name", Text, nullable=False),
        Column("division", Text, nullable=False),
        Column("level", Text, nullable=False),
        Column("functions", ARRAY(Text), nullable=False),
        Index("office_division_idx", "division"),
    )


def _application(metadata: MetaData) -> None:
    Table(
        "application",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("number", Text, nullable=False),
        Column("item_code", Text, nullable=False),
        Column("item_version", Integer, nullable=False),
        Column("item_title", JSONB, nullable=False),
        Column("division", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("stage", Text, nullable=False),
        Column("outcome", Text),
        Column("submitted_by", Text, nullable=False, comment="Actor who may follow the case."),
        Column("on_behalf_grant", Uuid),
        Column("subject_index", Text, nullable=False, comment="Blind index: whom it is about."),
        Column("form_sealed", LargeBinary, nullable=False),
        Column("summary", JSONB, nullable=False, comment="Non-personal fields of the form."),
        Column("params", JSONB, nullable=False, comment="Local parameters it is pinned to."),
        Column("plan_records", JSONB, nullable=False, comment="Why each department was asked."),
        Column("trace", JSONB, nullable=False, comment="Trace context of the submission."),
        Column("version", Integer, nullable=False, server_default=text("1")),
        Column("submitted_at", DateTime(timezone=True), nullable=False),
        _instant("accepted_at"),
        _instant("decided_at"),
        _instant("concluded_at"),
        Column("remedy_sealed", LargeBinary),
        UniqueConstraint("number", name="application_number_key"),
        CheckConstraint(
            "stage IN ('submitted', 'correcting', 'accepted', 'in-review', 'decided', "
            "'concluded', 'withdrawn', 'not-accepted')",
            name="stage",
        ),
        Index(
            "application_one_open_per_subject_key",
            "subject_index",
            "item_code",
            unique=True,
            postgresql_where=text(OPEN_STAGES),
        ),
        Index("application_own_idx", "submitted_by", "id"),
    )
    Table(
        "clock_entry",
        metadata,
        Column("application_id", Uuid, ForeignKey("application.id")),
        Column("clock", Text),
        Column("seq", SmallInteger),
        Column("kind", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("reason", Text, nullable=False),
        PrimaryKeyConstraint("application_id", "clock", "seq"),
        CheckConstraint("kind IN ('start', 'pause', 'resume', 'extend', 'stop')", name="kind"),
        comment="The ledger from which due dates are derived.",
    )


def _matter(metadata: MetaData) -> None:
    Table(
        "matter",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("application_id", Uuid, ForeignKey("application.id"), nullable=False),
        Column("key", Text, nullable=False),
        Column("position", SmallInteger, nullable=False),
        Column("title", JSONB, nullable=False),
        Column("join_spec", JSONB, nullable=False),
        Column("effect_service", Text),
        Column("effect_name", Text),
        Column("discloses", ARRAY(Text), nullable=False),
        Column("document_kind", Text),
        Column("document_title", JSONB),
        Column("status", Text, nullable=False),
        Column("outcome", Text),
        Column("grounds", JSONB, nullable=False, server_default=text("'[]'")),
        Column("conditions", JSONB, nullable=False, server_default=text("'[]'")),
        Column("document", JSONB),
        Column("failure", Text),
        _instant("decided_at"),
        _instant("concluded_at"),
        UniqueConstraint("application_id", "key", name="matter_key_key"),
    )


def _task(metadata: MetaData) -> None:
    Table(
        "approval_task",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("application_id", Uuid, ForeignKey("application.id"), nullable=False),
        Column("matter_id", Uuid, ForeignKey("matter.id")),
        Column("matter_key", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("position", SmallInteger, nullable=False),
        Column("title", JSONB, nullable=False),
        Column("handler_kind", Text, nullable=False),
        Column("handler_system", Text),
        Column("check_name", Text),
        Column("office_id", Uuid),
        Column("office_name", Text),
        Column("needs", JSONB, nullable=False),
        Column("verdicts", ARRAY(Text), nullable=False),
        Column("discloses", ARRAY(Text), nullable=False),
        Column("limit_length", Integer),
        Column("limit_unit", Text),
        Column("round", SmallInteger, nullable=False, server_default=text("1")),
        Column("state", Text, nullable=False),
        Column("verdict", Text),
        Column("opinion_sealed", LargeBinary),
        Column("conditions", JSONB, nullable=False, server_default=text("'[]'")),
        Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
        Column("cancel_reason", Text),
        _instant("opened_at"),
        _instant("due_at"),
        Column("due_provisional", Boolean, nullable=False, server_default=text("false")),
        Column("due_explanation", JSONB, nullable=False, server_default=text("'[]'")),
        Column("claimed_by", Text),
        _instant("claimed_at"),
        _instant("lease_until"),
        _instant("closed_at"),
        Column("closed_by", Text),
        UniqueConstraint("application_id", "matter_key", "key", name="approval_task_key_key"),
        CheckConstraint(
            "state IN ('waiting', 'open', 'claimed', 'closed', 'cancelled')", name="state"
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        *_task_indexes(),
    )
    Table(
        "verdict",
        metadata,
        Column("task_id", Uuid, ForeignKey("approval_task.id")),
        Column("round", SmallInteger),
        Column("verdict", Text, nullable=False),
        Column("given_by", Text, nullable=False),
        Column("given_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("task_id", "round"),
        comment="One verdict per task and round, whatever raced.",
    )


def _task_indexes() -> tuple[Index, ...]:
    """Ranges of an inbox, of a clock, and of what is closed: each index serves one question."""
    return (
        Index(
            "approval_task_office_inbox_idx",
            "office_id",
            "due_at",
            "id",
            postgresql_where=text("state IN ('open', 'claimed')"),
        ),
        Index(
            "approval_task_system_inbox_idx",
            "handler_system",
            "due_at",
            "id",
            postgresql_where=text("state IN ('open', 'claimed')"),
        ),
        Index(
            "approval_task_acceptance_idx",
            "due_at",
            "id",
            postgresql_where=text("matter_key = 'acceptance' AND state IN ('open', 'claimed')"),
        ),
        Index(
            "approval_task_office_closed_idx",
            "office_id",
            "due_at",
            "id",
            postgresql_where=text("state = 'closed' AND office_id IS NOT NULL"),
        ),
        Index(
            "approval_task_system_closed_idx",
            "handler_system",
            "due_at",
            "id",
            postgresql_where=text("state = 'closed' AND handler_system IS NOT NULL"),
        ),
    )


def _corrections(metadata: MetaData) -> None:
    Table(
        "correction",
        metadata,
        Column("application_id", Uuid, ForeignKey("application.id")),
        Column("round", SmallInteger),
        Column("phase", Text, nullable=False),
        _instant("issued_at"),
        Column("due_on", Date),
        _instant("answered_at"),
        Column(
            "brought", JSONB, comment="Which fields and materials the answer changed, by place."
        ),
        PrimaryKeyConstraint("application_id", "round"),
        CheckConstraint("phase IN ('acceptance', 'review')", name="phase"),
        CheckConstraint("answered_at IS NULL OR issued_at IS NOT NULL", name="order"),
        Index(
            "correction_one_open_key",
            "application_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL"),
        ),
        comment="A round of correction: gathered, issued once, answered once.",
    )
    Table(
        "correction_item",
        metadata,
        Column("application_id", Uuid, nullable=False),
        Column("round", SmallInteger, nullable=False),
        Column("task_id", Uuid, ForeignKey("approval_task.id")),
        Column("task_round", SmallInteger),
        Column("position", SmallInteger),
        Column("pointer", Text),
        Column("material", Text),
        Column("message_sealed", LargeBinary, nullable=False),
        PrimaryKeyConstraint("task_id", "task_round", "position"),
        ForeignKeyConstraint(
            ["application_id", "round"],
            ["correction.application_id", "correction.round"],
            name="correction_item_round_fkey",
        ),
        CheckConstraint("pointer IS NULL OR material IS NULL", name="place"),
        Index("correction_item_round_idx", "application_id", "round"),
        comment="What one department asked for; the words are sealed.",
    )


def _papers(metadata: MetaData) -> None:
    Table(
        "file",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("owner", Text, nullable=False),
        Column("name_sealed", LargeBinary, nullable=False),
        Column("media_type", Text, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("content_sealed", LargeBinary, nullable=False),
        Column("stored_at", DateTime(timezone=True), nullable=False),
        Index("file_owner_idx", "owner", "stored_at"),
    )
    Table(
        "material",
        metadata,
        Column("application_id", Uuid, ForeignKey("application.id")),
        Column("key", Text),
        Column("title", JSONB, nullable=False),
        Column("status", Text, nullable=False),
        Column("file_id", Uuid, ForeignKey("file.id")),
        Column("due_on", Date),
        PrimaryKeyConstraint("application_id", "key"),
        CheckConstraint("status IN ('received', 'deferred', 'committed')", name="status"),
    )
    Table(
        "webhook_endpoint",
        metadata,
        Column("system", Text, primary_key=True),
        Column("url", Text, nullable=False),
        Column("secret_sealed", LargeBinary, nullable=False),
        comment="Where a partner system wants to be told of its tasks.",
    )
    Table(
        "webhook_attempt",
        metadata,
        Column("webhook_id", Text),
        Column("attempt", SmallInteger),
        Column("system", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("status", SmallInteger, comment="HTTP status; null: no answer."),
        PrimaryKeyConstraint("webhook_id", "attempt"),
        Index("webhook_attempt_system_idx", "system", "at"),
    )


def _cards(metadata: MetaData) -> None:
    """What the clocks raise, and the columns and indexes by which they find what to look at."""
    Table(
        "supervision_card",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("application_id", Uuid, ForeignKey("application.id"), nullable=False),
        Column("task_id", Uuid, ForeignKey("approval_task.id")),
        Column("clock", Text, nullable=False),
        Column("level", Text, nullable=False),
        Column("round", SmallInteger, nullable=False),
        Column("since", DateTime(timezone=True), nullable=False),
        Column("raised_at", DateTime(timezone=True), nullable=False),
        Column("due_at", DateTime(timezone=True), nullable=False),
        Column("office_id", Uuid),
        Column("handler", Text),
        Column("division", Text, nullable=False),
        UniqueConstraint(
            "application_id", "clock", "round", "level", name="supervision_card_once_key"
        ),
        CheckConstraint("level IN ('warning', 'yellow', 'red')", name="level"),
        Index("supervision_card_office_idx", "office_id", "raised_at", "id"),
        Index("supervision_card_division_idx", "division", "raised_at", "id"),
        comment="A fact: raised once per clock, round and level, never deleted.",
    )
    ledger = metadata.tables["clock_entry"]
    ledger.append_column(Column("basis", Text))
    ledger.append_column(Column("days", SmallInteger))
    ledger.append_column(Column("recorded_by", Text))
    ledger.append_column(Column("note_sealed", LargeBinary))
    _watched(metadata)


def _watched(metadata: MetaData) -> None:
    running = "stage IN ('accepted', 'in-review')"
    application = metadata.tables["application"]
    application.append_column(
        Column("watched", Boolean, nullable=False, server_default=text("false"))
    )
    application.append_column(_instant("next_look_at"))
    Index(
        "application_unwatched_idx",
        application.c.accepted_at,
        postgresql_where=text(f"NOT watched AND {running}"),
    )
    Index(
        "application_next_look_idx",
        application.c.next_look_at,
        postgresql_where=text(f"{running} AND next_look_at IS NOT NULL"),
    )
    at_work = "state IN ('open', 'claimed')"
    task = metadata.tables["approval_task"]
    task.append_column(
        Column("watched_round", SmallInteger, nullable=False, server_default=text("0"))
    )
    task.append_column(_instant("next_look_at"))
    Index(
        "approval_task_unwatched_idx",
        task.c.opened_at,
        postgresql_where=text(f"{at_work} AND watched_round < round"),
    )
    Index(
        "approval_task_next_look_idx",
        task.c.next_look_at,
        postgresql_where=text(f"{at_work} AND next_look_at IS NOT NULL"),
    )

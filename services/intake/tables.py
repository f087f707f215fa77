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
    _papers(metadata)
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
        Column("matter_id", Uuid, ForeignKey("matter.id"), nullable=False),
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

"""What is kept about the work of officers: relations, delegations, absences, hand-overs."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)


def officer_tables(metadata: MetaData) -> None:
    """Add the tables, and on whose behalf a verdict was given."""
    _people(metadata)
    _periods(metadata)
    _tasks(metadata)
    metadata.tables["verdict"].append_column(
        Column("on_behalf_of", Text, comment="Whose delegated work it was.")
    )


def _people(metadata: MetaData) -> None:
    Table(
        "officer_relation",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("officer", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("person_index", Text, nullable=False, comment="Blind index: whom."),
        Column("source", Text, nullable=False),
        Column("declared_at", DateTime(timezone=True), nullable=False),
        Column("withdrawn_at", DateTime(timezone=True)),
        CheckConstraint("source IN ('declared', 'register')", name="source"),
        Index(
            "officer_relation_once_key",
            "officer",
            "person_index",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        comment="Who might make an officer partial; a register's word stands beside their own.",
    )


def _periods(metadata: MetaData) -> None:
    Table(
        "delegation",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("office_id", Uuid, nullable=False),
        Column("principal", Text, nullable=False),
        Column("delegate", Text, nullable=False),
        Column("starts_on", Date, nullable=False),
        Column("ends_on", Date, nullable=False),
        Column("given_at", DateTime(timezone=True), nullable=False),
        Column("revoked_at", DateTime(timezone=True)),
        CheckConstraint("starts_on <= ends_on", name="period"),
        CheckConstraint("principal <> delegate", name="other"),
        Index(
            "delegation_standing_idx",
            "principal",
            "delegate",
            "office_id",
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("delegation_delegate_idx", "delegate", "ends_on"),
        comment="An officer's own work, handed to a colleague from one day to another.",
    )
    Table(
        "absence",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("officer", Text, nullable=False),
        Column("starts_on", Date, nullable=False),
        Column("ends_on", Date, nullable=False),
        Column("noted_at", DateTime(timezone=True), nullable=False),
        Column("ended_at", DateTime(timezone=True)),
        CheckConstraint("starts_on <= ends_on", name="period"),
        Index(
            "absence_standing_idx",
            "officer",
            "ends_on",
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


def _tasks(metadata: MetaData) -> None:
    Table(
        "reassignment",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("task_id", Uuid, ForeignKey("approval_task.id"), nullable=False),
        Column("round", SmallInteger, nullable=False),
        Column("from_officer", Text, comment="Who had it; null: it lay in the inbox."),
        Column("to_officer", Text, nullable=False),
        Column("given_by", Text, nullable=False),
        Column("given_at", DateTime(timezone=True), nullable=False),
        Column("reason", Text, nullable=False),
        Column("note_sealed", LargeBinary),
        Index("reassignment_task_idx", "task_id", "given_at"),
    )
    Table(
        "recusal",
        metadata,
        Column("task_id", Uuid, ForeignKey("approval_task.id")),
        Column("officer", Text),
        Column("reason", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("from_office", Uuid, nullable=False),
        Column("to_office", Uuid, comment="The office above; null: a colleague can take it."),
        PrimaryKeyConstraint("task_id", "officer"),
        comment="Who stepped back from a task, and where it went.",
    )
    Table(
        "window_entry",
        metadata,
        Column("application_id", Uuid, ForeignKey("application.id"), primary_key=True),
        Column("office_id", Uuid, nullable=False),
        Column("entered_by", Text, nullable=False),
        Column("identity_check", Text, nullable=False),
        Column("entered_at", DateTime(timezone=True), nullable=False),
        CheckConstraint(
            "identity_check IN ('card-reader', 'electronic-id', 'paper-document')",
            name="identity_check",
        ),
        Index("window_entry_officer_idx", "entered_by", "application_id"),
        comment="Applications an officer entered for a citizen present at the window.",
    )

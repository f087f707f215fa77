"""How late answers are kept."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB


def late_answer_table(metadata: MetaData) -> None:
    """Add the table of answers that came too late to count."""
    Table(
        "late_answer",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("application_id", Uuid, ForeignKey("application.id"), nullable=False),
        Column("task_id", Uuid, ForeignKey("approval_task.id"), nullable=False),
        Column("round", SmallInteger, nullable=False),
        Column("cause", Text, nullable=False),
        Column("verdict", Text, nullable=False),
        Column("opinion_sealed", LargeBinary),
        Column("conditions", JSONB, nullable=False, server_default=text("'[]'")),
        Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
        Column("given_by", Text, nullable=False),
        Column("received_at", DateTime(timezone=True), nullable=False),
        Column("effect", Text),
        Column("reviewed_by", Text),
        Column("reviewed_at", DateTime(timezone=True)),
        Column("reason_sealed", LargeBinary),
        UniqueConstraint("task_id", "round", "given_by", name="late_answer_once_key"),
        CheckConstraint("effect IN ('no-effect', 'reopened')", name="effect"),
        CheckConstraint("(effect IS NULL) = (reviewed_at IS NULL)", name="reviewed"),
        Index("late_answer_application_idx", "application_id", "received_at", "id"),
        comment="Kept for the lead office to review; never part of a join.",
    )

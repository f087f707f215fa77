"""How changes of officers that need four eyes are kept."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)


def add_officer_change_tables(metadata: MetaData) -> None:
    """Add proposed changes."""
    Table(
        "officer_change",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("officer_id", Text, ForeignKey("officer.id"), nullable=False),
        Column("division", Text, nullable=False),
        Column("offices", ARRAY(Text), nullable=False),
        Column("roles", ARRAY(Text), nullable=False),
        Column("proposed_by", Text, nullable=False),
        Column("proposed_at", DateTime(timezone=True), nullable=False),
        Column("decided_by", Text),
        Column("decided_at", DateTime(timezone=True)),
        Column("outcome", Text),
        CheckConstraint("outcome IN ('CONFIRMED', 'REJECTED')", name="outcome"),
        CheckConstraint("decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("decided_by <> 'officer:' || officer_id", name="not_oneself"),
        CheckConstraint(
            "(decided_by IS NULL) = (outcome IS NULL) AND (decided_at IS NULL) = (outcome IS NULL)",
            name="decided",
        ),
        Index(
            "officer_change_one_pending_key",
            "officer_id",
            unique=True,
            postgresql_where=text("outcome IS NULL"),
        ),
        comment="Assignments that wait for a second pair of eyes, and what became of them.",
    )

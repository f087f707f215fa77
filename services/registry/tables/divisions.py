"""How changes of divisions are kept."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Date,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)


def add_division_tables(metadata: MetaData) -> None:
    """Add what became of codes."""
    Table(
        "division_change",
        metadata,
        Column("code", Text, nullable=False),
        Column("since", Date, nullable=False),
        Column("name", Text, nullable=False, comment="Until then."),
        Column("kind", Text, nullable=False),
        Column("successors", ARRAY(Text), nullable=False),
        PrimaryKeyConstraint("code", "since"),
        CheckConstraint("kind IN ('renamed', 'merged', 'split')", name="kind"),
        CheckConstraint("cardinality(successors) > 0", name="successors"),
        comment="What took over from a code, and from which day.",
    )

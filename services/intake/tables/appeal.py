"""Appeals, each linked to the case whose decision it contests."""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)


def add_appeals(metadata: MetaData) -> None:
    """Cases about decisions."""
    Table(
        "appeal",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("application_id", Uuid, ForeignKey("application.id"), nullable=False),
        Column("matter", Text, nullable=False),
        Column("stage", Text, nullable=False),
        Column("division", Text, nullable=False),
        Column("appellant", Text, nullable=False),
        Column("grounds_sealed", LargeBinary, nullable=False),
        Column("excluded", ARRAY(Text), nullable=False),
        Column("excluded_offices", ARRAY(Uuid), nullable=False),
        Column("known_at", DateTime(timezone=True), nullable=False),
        Column("filed_at", DateTime(timezone=True), nullable=False),
        Column("accepted_at", DateTime(timezone=True)),
        Column("reviewer", Text),
        Column("outcome", Text),
        Column("reasons_sealed", LargeBinary),
        Column("closed_at", DateTime(timezone=True)),
        Column("version", Integer, nullable=False),
        CheckConstraint(
            "stage IN ('filed', 'accepted', 'not-accepted', 'decided', 'withdrawn')", name="stage"
        ),
        CheckConstraint("reviewer IS NULL OR NOT (reviewer = ANY (excluded))", name="independent"),
        CheckConstraint("(stage = 'decided') = (outcome IS NOT NULL)", name="outcome"),
        Index(
            "appeal_once_key",
            "application_id",
            "matter",
            unique=True,
            postgresql_where=text("stage IN ('filed', 'accepted', 'decided')"),
        ),
        Index("appeal_division_idx", "division", "id"),
        comment="A case about a decision; nobody who had a hand in that reviews it.",
    )

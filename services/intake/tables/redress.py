"""Ratings, and the loops of complaints, work orders and rectifications beside the cases."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

OPEN = "stage <> 'closed'"


def _instant(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def add_redress(metadata: MetaData) -> None:
    """What an authority must put right or answer."""
    _rating(metadata)
    _redress(metadata)
    _steps(metadata)


def _rating(metadata: MetaData) -> None:
    Table(
        "rating",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("application_id", Uuid, ForeignKey("application.id"), nullable=False),
        Column("matter", Text, nullable=False),
        Column("item_code", Text, nullable=False),
        Column("office_id", Uuid),
        Column("division", Text, nullable=False),
        Column("satisfaction", SmallInteger, nullable=False, comment="1 is the best, 5 the worst."),
        Column("is_anonymous", Boolean, nullable=False),
        Column("is_excluded", Boolean, nullable=False, server_default=text("false")),
        Column("remark_sealed", LargeBinary),
        _instant("rated_at", nullable=False),
        _instant("edited_at"),
        Column("rerated", SmallInteger),
        _instant("rerated_at"),
        UniqueConstraint("application_id", "matter", name="rating_once_key"),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction"),
        CheckConstraint("rerated BETWEEN 1 AND 5", name="rerated"),
        Index("rating_division_idx", "division", "rated_at"),
        comment="One rating per matter; who gave it is not kept.",
    )


def _redress(metadata: MetaData) -> None:
    Table(
        "redress",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("stage", Text, nullable=False),
        Column("division", Text, nullable=False),
        Column("office_id", Uuid),
        Column("category", Text),
        Column("is_urgent", Boolean, nullable=False),
        Column("is_complex", Boolean, nullable=False),
        Column("is_anonymous", Boolean, nullable=False),
        Column("application_id", Uuid, ForeignKey("application.id")),
        Column("rating_id", Uuid, ForeignKey("rating.id")),
        Column("reporter", Text),
        Column("system", Text),
        Column("external_number", Text),
        Column("item_code", Text),
        Column("text_sealed", LargeBinary),
        Column("round", SmallInteger, nullable=False),
        _instant("opened_at", nullable=False),
        _instant("round_at", nullable=False),
        _instant("entered_at", nullable=False),
        Column("extended_days", SmallInteger, nullable=False),
        Column("extension_asked", SmallInteger),
        _instant("contested_at"),
        _instant("due_at"),
        _instant("next_look_at"),
        Column("outcome", Text),
        _instant("closed_at"),
        Column("version", Integer, nullable=False),
        UniqueConstraint("rating_id", name="redress_rating_key"),
        UniqueConstraint("system", "external_number", name="redress_work_order_key"),
        CheckConstraint(
            "kind IN ('bad-rating', 'complaint', 'hotline', 'inspection')", name="kind"
        ),
        CheckConstraint("(stage = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("(kind = 'hotline') = (system IS NOT NULL)", name="system"),
        CheckConstraint("NOT is_anonymous OR reporter IS NULL", name="anonymous"),
        Index("redress_office_idx", "office_id", "id"),
        Index("redress_division_idx", "division", "id"),
        Index("redress_reporter_idx", "reporter", "id"),
        Index("redress_case_idx", "application_id"),
        Index("redress_next_look_idx", "next_look_at", postgresql_where=text(OPEN)),
        comment="A complaint, work order or rectification, as it stands now.",
    )


def _steps(metadata: MetaData) -> None:
    Table(
        "redress_step",
        metadata,
        Column("redress_id", Uuid, ForeignKey("redress.id")),
        Column("seq", SmallInteger),
        Column("act", Text, nullable=False),
        Column("stage", Text, nullable=False),
        Column("hand", Text, nullable=False),
        Column("by", Text, nullable=False),
        _instant("at", nullable=False),
        Column("note_sealed", LargeBinary),
        Column("facts", JSONB, nullable=False),
        PrimaryKeyConstraint("redress_id", "seq"),
        comment="Every act of a loop, in order; never changed.",
    )
    Table(
        "redress_card",
        metadata,
        Column("redress_id", Uuid, ForeignKey("redress.id")),
        Column("stage", Text),
        Column("round", SmallInteger),
        Column("level", Text),
        _instant("due_at", nullable=False),
        _instant("raised_at", nullable=False),
        PrimaryKeyConstraint("redress_id", "stage", "round", "level"),
        CheckConstraint("level IN ('warning', 'yellow', 'red')", name="level"),
        comment="A fact: raised once per stage, round and level, never deleted.",
    )

"""Drafts, one per citizen and item, each sealed with a key of its own."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from shared.tables import record_key


def add_drafts(metadata: MetaData) -> None:
    """What has not been handed in yet."""
    Table(
        "draft",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("owner", Text, nullable=False),
        Column("item_code", Text, nullable=False),
        Column("content_sealed", LargeBinary, nullable=False),
        record_key("draft:{id}"),
        Column("version", Integer, nullable=False),
        Column("saved_at", DateTime(timezone=True), nullable=False),
        Column("expires_at", DateTime(timezone=True), nullable=False),
        UniqueConstraint("owner", "item_code", name="draft_one_per_item_key"),
        CheckConstraint("version > 0", name="version"),
        Index("draft_expires_idx", "expires_at"),
        comment="An application that is being filled in; its row goes when it is handed in.",
    )

"""Deliveries of outcome documents, and what their carriers noted."""

from sqlalchemy import (
    CheckConstraint,
    Column,
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


def add_deliveries(metadata: MetaData) -> None:
    """How papers reach people."""
    Table(
        "delivery",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("application_id", Uuid, ForeignKey("application.id"), nullable=False),
        Column("matter", Text, nullable=False),
        Column("method", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("division", Text, nullable=False),
        Column("office_id", Uuid),
        Column("carrier", Text),
        Column("address_sealed", LargeBinary),
        Column("tracking_number", Text),
        Column("attempt", SmallInteger, nullable=False),
        Column("asked_at", DateTime(timezone=True), nullable=False),
        Column("decided_at", DateTime(timezone=True), nullable=False),
        Column("delivered_at", DateTime(timezone=True)),
        CheckConstraint("method IN ('window', 'post', 'electronic')", name="method"),
        CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivered"),
        CheckConstraint("(method = 'post') = (address_sealed IS NOT NULL)", name="address"),
        Index(
            "delivery_one_under_way_key",
            "application_id",
            "matter",
            unique=True,
            postgresql_where=text("state <> 'returned'"),
        ),
        Index(
            "delivery_carrier_idx",
            "carrier",
            "id",
            postgresql_where=text("state NOT IN ('returned', 'delivered')"),
        ),
        comment="One way of one paper to one person; the address is sealed.",
    )
    Table(
        "delivery_track",
        metadata,
        Column("delivery_id", Uuid, ForeignKey("delivery.id")),
        Column("event_id", Text),
        Column("state", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("delivery_id", "event_id"),
        comment="What the carrier or the office noted, each note once.",
    )

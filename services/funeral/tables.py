"""How the funeral service keeps its records: columns, named constraints, indexes."""

from sqlalchemy import (
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
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)

from shared.department_store import add_department_tables
from shared.tables import record_key, shared_tables

ONE_BOOKING_PER_SLOT = "booking_one_per_slot_key"
"""The index that nobody gets around: a slot is promised to one family."""
ONE_FUNERAL_PER_DECEASED = "funeral_case_one_per_deceased_key"


def funeral_tables() -> MetaData:
    """All tables of the funeral schema."""
    metadata = shared_tables()
    _case(metadata)
    _resources(metadata)
    add_department_tables(metadata)
    return metadata


def _case(metadata: MetaData) -> None:
    Table(
        "funeral_case",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("number", Text, nullable=False),
        Column("application_id", Uuid, nullable=False),
        Column("matter_id", Uuid, nullable=False),
        Column("division", Text, nullable=False),
        Column("deceased_index", Text, nullable=False, comment="Blind index of the ID number."),
        Column("deceased_id_number_sealed", LargeBinary, nullable=False),
        Column("deceased_name_sealed", LargeBinary, nullable=False),
        Column("family_sealed", LargeBinary, nullable=False, comment="Whom to call, and where."),
        record_key("funeral_case:{id}"),
        Column("died_on", Date, nullable=False),
        Column("status", Text, nullable=False),
        Column("arranged_on", Date, nullable=False),
        Column("ashes", Text, nullable=False),
        Column("needs_storage_extension", Boolean, nullable=False),
        UniqueConstraint("number", name="funeral_case_number_key"),
        UniqueConstraint("matter_id", name="funeral_case_one_per_matter_key"),
        CheckConstraint(
            "status IN ('ARRANGED', 'IN_STORAGE', 'ON_HOLD', 'CREMATED', 'CLOSED', 'CANCELLED')",
            name="status",
        ),
        CheckConstraint("ashes IN ('HANDED_OVER', 'STORED', 'NICHE', 'ECOLOGICAL')", name="ashes"),
        Index(
            ONE_FUNERAL_PER_DECEASED,
            "deceased_index",
            unique=True,
            postgresql_where=text("status <> 'CANCELLED'"),
        ),
        Index("funeral_case_application_idx", "application_id"),
    )
    Table(
        "case_counter",
        metadata,
        Column("office", Text),
        Column("year", SmallInteger),
        Column("last_serial", Integer, nullable=False),
        PrimaryKeyConstraint("office", "year"),
    )


def _resources(metadata: MetaData) -> None:
    Table(
        "resource",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("division", Text, nullable=False),
        Column("opens_at", Time, nullable=False),
        Column("closes_at", Time, nullable=False),
        Column("slot_minutes", SmallInteger, nullable=False),
        CheckConstraint("kind IN ('HALL', 'FURNACE')", name="kind"),
        CheckConstraint("opens_at < closes_at AND slot_minutes > 0", name="hours"),
        Index("resource_division_idx", "division"),
    )
    Table(
        "slot",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("resource_id", Uuid, ForeignKey("resource.id"), nullable=False),
        Column("starts_at", DateTime(timezone=True), nullable=False),
        Column("ends_at", DateTime(timezone=True), nullable=False),
        UniqueConstraint("resource_id", "starts_at", name="slot_one_at_a_time_key"),
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("slot_starts_at_idx", "starts_at"),
    )
    Table(
        "booking",
        metadata,
        Column("case_id", Uuid, ForeignKey("funeral_case.id")),
        Column("slot_id", Uuid, ForeignKey("slot.id")),
        Column("released_at", DateTime(timezone=True)),
        PrimaryKeyConstraint("case_id", "slot_id"),
        Index(
            ONE_BOOKING_PER_SLOT,
            "slot_id",
            unique=True,
            postgresql_where=text("released_at IS NULL"),
        ),
    )

"""How relief keeps its records: columns, named constraints, indexes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
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

from shared.department_store import add_department_tables
from shared.tables import record_key, shared_tables


def relief_tables() -> MetaData:
    """All tables of the relief schema."""
    metadata = shared_tables()
    _benefit(metadata)
    _money(metadata)
    add_department_tables(metadata)
    return metadata


def _benefit(metadata: MetaData) -> None:
    Table(
        "benefit",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("division", Text, nullable=False),
        Column("decided_on", Date, nullable=False),
        Column("application_id", Uuid),
        Column("matter_id", Uuid),
        Column("notice_number", Text),
        Column("event_kind", Text),
        Column("asked_fen", BigInteger),
        Column("granted_fen", BigInteger),
        Column("cap_fen", BigInteger),
        Column("level", Text),
        Column("account_sealed", LargeBinary),
        record_key("benefit:{id}"),
        Column("stops_from", Date, comment="First day of the first month no longer due."),
        Column("stop_reason", Text),
        Column("recovery", Text, nullable=False, server_default=text("'NONE'")),
        Column("review_due_on", Date),
        UniqueConstraint("matter_id", name="benefit_one_per_matter_key"),
        UniqueConstraint("notice_number", name="benefit_notice_number_key"),
        CheckConstraint(
            "status IN ('PENDING_START', 'ACTIVE', 'SUSPENDED', 'GRACE', 'TERMINATED')",
            name="status",
        ),
        CheckConstraint(
            "granted_fen IS NULL OR (granted_fen > 0 AND granted_fen <= asked_fen)",
            name="granted",
        ),
        Index("benefit_application_idx", "application_id"),
    )
    Table(
        "beneficiary",
        metadata,
        Column("benefit_id", Uuid, ForeignKey("benefit.id")),
        Column("person_index", Text, comment="Blind index of the ID number."),
        Column("is_head", Boolean, nullable=False),
        Column("addition_fen", BigInteger, nullable=False),
        Column("left_on", Date),
        Column("kind", Text, nullable=False),
        Column("in_force", Boolean, nullable=False),
        Column("id_number_sealed", LargeBinary, nullable=False),
        Column("name_sealed", LargeBinary, nullable=False),
        record_key("beneficiary:{benefit_id}:{person_index}"),
        PrimaryKeyConstraint("benefit_id", "person_index"),
        CheckConstraint("addition_fen >= 0", name="addition"),
        Index("beneficiary_person_idx", "person_index"),
        Index(
            "beneficiary_one_minimum_living_key",
            "person_index",
            unique=True,
            postgresql_where=text("kind = 'MINIMUM_LIVING' AND in_force"),
        ),
    )


def _money(metadata: MetaData) -> None:
    Table(
        "amount_version",
        metadata,
        Column("benefit_id", Uuid, ForeignKey("benefit.id")),
        Column("from_month", Date),
        Column("base_fen", BigInteger, nullable=False),
        Column("additions_fen", BigInteger, nullable=False),
        PrimaryKeyConstraint("benefit_id", "from_month"),
        CheckConstraint("base_fen >= 0 AND additions_fen >= 0", name="amount"),
    )
    Table(
        "payment_line",
        metadata,
        Column("benefit_id", Uuid, ForeignKey("benefit.id")),
        Column("period", Text, comment="A month (2026-03) or the number of an instalment."),
        Column("due_on", Date, nullable=False),
        Column("amount_fen", BigInteger, nullable=False),
        Column("status", Text, nullable=False),
        PrimaryKeyConstraint("benefit_id", "period"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("status IN ('PENDING', 'PAID', 'WITHHELD')", name="status"),
        comment="One payment per benefit and period.",
    )
    Table(
        "overpayment",
        metadata,
        Column("benefit_id", Uuid, ForeignKey("benefit.id")),
        Column("period", Date),
        Column("amount_fen", BigInteger, nullable=False),
        Column("application_id", Uuid, nullable=False, comment="The case that found it."),
        Column("found_on", Date, nullable=False),
        PrimaryKeyConstraint("benefit_id", "period"),
        CheckConstraint("amount_fen > 0", name="amount"),
        comment="Months paid although not due, to be set off or recovered.",
    )
    Table(
        "notice_counter",
        metadata,
        Column("office", Text),
        Column("year", SmallInteger),
        Column("last_serial", Integer, nullable=False),
        PrimaryKeyConstraint("office", "year"),
    )

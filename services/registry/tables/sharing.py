"""How enquiries to other departments are kept."""

from sqlalchemy import (
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
    Table,
    Text,
    Uuid,
    text,
)

from shared.tables import record_key


def add_sharing_tables(metadata: MetaData) -> None:
    """Enquiries, and what each supplier answered."""
    Table(
        "enquiry",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("fact", Text, nullable=False),
        Column("fact_version", Integer, nullable=False),
        Column("application_id", Uuid, nullable=False),
        Column("item", Text, nullable=False),
        Column("purpose", Text, nullable=False),
        Column("basis", Text, nullable=False),
        Column("asked_by", Text, nullable=False),
        Column("person_index", Text, nullable=False),
        Column("consent", Text),
        Column("asked_at", DateTime(timezone=True), nullable=False),
        Column("usable_until", Date, nullable=False),
        Column("keep_until", Date, nullable=False),
        Column("subject_sealed", LargeBinary),
        record_key("enquiry:{id}"),
        CheckConstraint(
            "keep_until >= (asked_at AT TIME ZONE 'Asia/Shanghai')::date + 1090", name="kept"
        ),
        Index("enquiry_application_idx", "application_id", "asked_by"),
        Index("enquiry_usable_idx", "usable_until", postgresql_where=text("data_key IS NOT NULL")),
        Index("enquiry_keep_idx", "keep_until"),
        comment="Who asked what about whom, for what, on which basis.",
    )
    Table(
        "enquiry_answer",
        metadata,
        Column("enquiry_id", Uuid, ForeignKey("enquiry.id", ondelete="CASCADE")),
        Column("supplier", Text),
        Column("status", Text, nullable=False),
        Column("reason", Text, nullable=False, server_default=text("''")),
        Column("as_of", Date),
        Column("fetched_at", DateTime(timezone=True)),
        Column("payload_sealed", LargeBinary),
        PrimaryKeyConstraint("enquiry_id", "supplier"),
        CheckConstraint(
            "status IN ('PENDING', 'OK', 'NOT_FOUND', 'UNAVAILABLE', 'CONFLICT')", name="status"
        ),
        CheckConstraint(
            "status <> 'NOT_FOUND' OR (as_of IS NOT NULL AND fetched_at IS NOT NULL)",
            name="no_is_said",
        ),
        Index(
            "enquiry_answer_pending_idx",
            "supplier",
            postgresql_where=text("status = 'PENDING'"),
        ),
        Index("enquiry_answer_fetched_idx", "supplier", "fetched_at"),
    )

"""How the marriage registry keeps its records: columns, named constraints, indexes."""

from sqlalchemy import (
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

ONE_MARRIAGE_PER_PERSON = "marriage_party_one_in_force_key"
"""The index that nobody gets around: at most one marriage in force per person."""


def marriage_tables() -> MetaData:
    """All tables of the marriage schema."""
    metadata = shared_tables()
    _marriage(metadata)
    _records(metadata)
    add_department_tables(metadata)
    return metadata


def _marriage(metadata: MetaData) -> None:
    Table(
        "marriage",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("certificate_number", Text, nullable=False),
        Column("division", Text, nullable=False),
        Column("registered_on", Date, nullable=False),
        Column("status", Text, nullable=False),
        Column("application_id", Uuid),
        Column("matter_id", Uuid),
        Column("ended_on", Date),
        Column("end_cause", Text),
        UniqueConstraint("certificate_number", name="marriage_certificate_number_key"),
        UniqueConstraint("matter_id", name="marriage_one_per_matter_key"),
        CheckConstraint("status IN ('IN_FORCE', 'ENDED', 'ANNULLED', 'REVOKED')", name="status"),
        CheckConstraint(
            "(status = 'ENDED') = (ended_on IS NOT NULL AND end_cause IS NOT NULL)", name="ended"
        ),
        CheckConstraint("ended_on >= registered_on", name="order"),
        Index("marriage_application_idx", "application_id"),
    )
    Table(
        "marriage_party",
        metadata,
        Column("marriage_id", Uuid, ForeignKey("marriage.id")),
        Column("person_index", Text, comment="Blind index of the ID number."),
        Column("position", SmallInteger, nullable=False),
        Column("in_force", Boolean, nullable=False),
        Column("id_number_sealed", LargeBinary, nullable=False),
        Column("name_sealed", LargeBinary, nullable=False),
        record_key("marriage_party:{marriage_id}:{person_index}"),
        PrimaryKeyConstraint("marriage_id", "person_index"),
        Index("marriage_party_person_idx", "person_index"),
        Index(
            ONE_MARRIAGE_PER_PERSON,
            "person_index",
            unique=True,
            postgresql_where=text("in_force"),
        ),
    )


def _records(metadata: MetaData) -> None:
    Table(
        "marital_record",
        metadata,
        Column("person_index", Text),
        Column("source", Text),
        Column("status", Text, nullable=False),
        Column("as_of", Date, nullable=False),
        PrimaryKeyConstraint("person_index", "source"),
        comment="What archives and the national base say of a person.",
    )
    Table(
        "certificate_counter",
        metadata,
        Column("kind", Text),
        Column("office", Text),
        Column("year", SmallInteger),
        Column("last_serial", Integer, nullable=False),
        PrimaryKeyConstraint("kind", "office", "year"),
        comment="A row, not a sequence: a number is given back when the registration fails.",
    )

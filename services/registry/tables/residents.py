"""How residents, households and service objects are kept; what was known stays known.

Two times stand in a row: when it was so (`valid`), and when it was known (`recorded_at`
until `superseded_at`). A row is never changed, only superseded.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
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
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, ExcludeConstraint

ONE_HOUSEHOLD = "household_member_one_household_excl"
"""Nobody is a member of two households on one day."""

ONE_PLACE = "household_place_one_place_excl"
"""No household is in two places on one day."""

ONCE_AN_OBJECT = "service_object_once_excl"
"""One source says of one person only once that they are something on a day."""


def add_resident_tables(metadata: MetaData) -> None:
    """Numbers, names and facts of residents; households; duplicates; service objects."""
    _names_and_numbers(metadata)
    _facts(metadata)
    _households(metadata)
    _duplicates(metadata)
    _service_objects(metadata)


def _recorded() -> list[Column[object]]:
    return [
        Column("recorded_at", DateTime(timezone=True), nullable=False),
        Column("superseded_at", DateTime(timezone=True)),
    ]


def _in_order() -> CheckConstraint:
    return CheckConstraint("superseded_at >= recorded_at", name="recorded")


def _names_and_numbers(metadata: MetaData) -> None:
    Table(
        "resident_number",
        metadata,
        Column("person_index", Text, primary_key=True, comment="Keyed blind index."),
        Column("resident_id", Uuid, ForeignKey("resident.id"), nullable=False),
        Column("id_number", LargeBinary, comment="Sealed; the current one stands in resident."),
        Column("recorded_at", DateTime(timezone=True), nullable=False),
        Column("replaced_at", DateTime(timezone=True)),
        Column("replaced_on", Date),
        CheckConstraint("(replaced_at IS NULL) = (replaced_on IS NULL)", name="replaced"),
        CheckConstraint("(replaced_at IS NULL) = (id_number IS NULL)", name="former"),
        Index(
            "resident_number_one_current_key",
            "resident_id",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
        comment="Every number a resident has or had; an old one still finds them.",
    )
    Table(
        "resident_alias",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("resident_id", Uuid, ForeignKey("resident.id"), nullable=False),
        Column("kind", Text, nullable=False),
        Column("name", LargeBinary, nullable=False, comment="Sealed."),
        Column("recorded_at", DateTime(timezone=True), nullable=False),
        CheckConstraint("kind IN ('FORMER', 'ALSO_KNOWN_AS')", name="kind"),
        Index("resident_alias_resident_id_idx", "resident_id"),
        comment="Other names: former ones (曾用名), and those a resident is called by.",
    )


def _facts(metadata: MetaData) -> None:
    Table(
        "life_fact",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("person_index", Text, nullable=False, comment="Keyed blind index."),
        Column("kind", Text, nullable=False),
        Column("happened_on", Date, nullable=False),
        Column("subject", Uuid, comment="The household moved to, or the marriage."),
        Column("source", Text, nullable=False),
        Column("corrects", Uuid, ForeignKey("life_fact.id")),
        Column("recorded_at", DateTime(timezone=True), nullable=False),
        CheckConstraint(
            "kind IN ('BIRTH', 'MOVE_IN', 'MOVE_OUT', 'MARRIAGE', 'DIVORCE', 'BEREAVEMENT',"
            " 'DEATH', 'VOID')",
            name="kind",
        ),
        CheckConstraint("kind <> 'VOID' OR corrects IS NOT NULL", name="void"),
        UniqueConstraint("corrects", name="life_fact_corrects_key"),
        Index("life_fact_person_index_idx", "person_index"),
        comment="What happened in a life; corrected by another fact, never changed.",
    )


def _households(metadata: MetaData) -> None:
    Table("household", metadata, Column("id", Uuid, primary_key=True), *_recorded()[:1])
    Table(
        "household_place",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("household_id", Uuid, ForeignKey("household.id"), nullable=False),
        Column("division", Text, nullable=False),
        Column("address", LargeBinary, nullable=False, comment="Sealed."),
        Column("valid", DATERANGE, nullable=False),
        *_recorded(),
        _in_order(),
        CheckConstraint("NOT isempty(valid)", name="valid"),
        ExcludeConstraint(
            (text("uuid_range(household_id, household_id, '[]')"), "&&"),
            (text("valid"), "&&"),
            where=text("superseded_at IS NULL"),
            name=ONE_PLACE,
        ),
        Index("household_place_division_idx", "division"),
        Index("household_place_household_id_idx", "household_id"),
    )
    Table(
        "household_member",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("household_id", Uuid, ForeignKey("household.id"), nullable=False),
        Column("resident_id", Uuid, ForeignKey("resident.id"), nullable=False),
        Column("valid", DATERANGE, nullable=False),
        *_recorded(),
        _in_order(),
        CheckConstraint("NOT isempty(valid)", name="valid"),
        ExcludeConstraint(
            (text("uuid_range(resident_id, resident_id, '[]')"), "&&"),
            (text("valid"), "&&"),
            where=text("superseded_at IS NULL"),
            name=ONE_HOUSEHOLD,
        ),
        Index("household_member_household_id_idx", "household_id"),
        Index("household_member_resident_id_idx", "resident_id"),
    )


def _duplicates(metadata: MetaData) -> None:
    Table(
        "blocking_key",
        metadata,
        Column("resident_id", Uuid, ForeignKey("resident.id"), nullable=False),
        Column("key", Text, nullable=False, comment="Keyed hash; tells nothing by itself."),
        PrimaryKeyConstraint("resident_id", "key"),
        Index("blocking_key_key_idx", "key"),
    )
    Table(
        "duplicate_candidate",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("one_id", Uuid, ForeignKey("resident.id"), nullable=False),
        Column("other_id", Uuid, ForeignKey("resident.id"), nullable=False),
        Column("score", SmallInteger, nullable=False, comment="Of 100."),
        Column("evidence", JSONB, nullable=False, comment="Codes of what agrees, no values."),
        Column("found_at", DateTime(timezone=True), nullable=False),
        Column("state", Text, nullable=False),
        Column("decided_by", Text),
        Column("decided_at", DateTime(timezone=True)),
        UniqueConstraint("one_id", "other_id", name="duplicate_candidate_pair_key"),
        CheckConstraint("one_id < other_id", name="order"),
        CheckConstraint("state IN ('OPEN', 'MERGED', 'DISMISSED')", name="state"),
        CheckConstraint("(state = 'OPEN') = (decided_by IS NULL)", name="decided"),
        Index("duplicate_candidate_other_id_idx", "other_id"),
    )
    Table(
        "resident_merge",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kept_id", Uuid, ForeignKey("resident.id"), nullable=False),
        Column("absorbed_id", Uuid, ForeignKey("resident.id"), nullable=False),
        Column("merged_by", Text, nullable=False),
        Column("merged_at", DateTime(timezone=True), nullable=False),
        Column("undone_by", Text),
        Column("undone_at", DateTime(timezone=True)),
        CheckConstraint("kept_id <> absorbed_id", name="two_people"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
        Index(
            "resident_merge_absorbed_once_key",
            "absorbed_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("resident_merge_kept_id_idx", "kept_id"),
        comment="Two records found to be one person; undone, both are as they were.",
    )


def _service_objects(metadata: MetaData) -> None:
    Table(
        "object_fact",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("person_index", Text, nullable=False, comment="Keyed blind index."),
        Column("category", Text, nullable=False),
        Column("act", Text, nullable=False),
        Column("happened_on", Date, nullable=False),
        Column("source", Text, nullable=False),
        Column("reference", Uuid, nullable=False, comment="The benefit, or the entry."),
        Column("recorded_at", DateTime(timezone=True), nullable=False),
        CheckConstraint("act IN ('BEGIN', 'END')", name="act"),
        Index("object_fact_reference_idx", "reference"),
        comment="Who became, or ceased to be, an object of which service (服务对象).",
    )
    Table(
        "service_object",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("person_index", Text, nullable=False, comment="Keyed blind index."),
        Column("category", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("reference", Uuid, nullable=False, comment="The benefit, or the entry."),
        Column("valid", DATERANGE, nullable=False),
        *_recorded(),
        _in_order(),
        CheckConstraint("NOT isempty(valid)", name="valid"),
        ExcludeConstraint(
            (text("text_range(person_index, person_index, '[]')"), "&&"),
            (text("uuid_range(reference, reference, '[]')"), "&&"),
            (text("valid"), "&&"),
            where=text("superseded_at IS NULL"),
            name=ONCE_AN_OBJECT,
        ),
        Index("service_object_person_index_idx", "person_index"),
    )

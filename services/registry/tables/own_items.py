"""How adoptions, organisations and place names are kept, and what became of their matters."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from shared.tables import record_key

_IN_USE = text("replaced_on IS NULL")


def add_own_item_tables(metadata: MetaData) -> None:
    """What the registry's own items end in."""
    for name in ("adoption_serial", "organisation_serial", "recognition_serial"):
        Sequence(name, metadata=metadata)
    Sequence("place_name_serial", metadata=metadata)
    _outcomes(metadata)
    _adoptions(metadata)
    _organisations(metadata)
    _place_names(metadata)


def _text(name: str, *, required: bool = True) -> Column[object]:
    return Column(name, Text, nullable=not required)


def _origin() -> tuple[Column[object], Column[object], Column[object]]:
    """The record's id, the matter it was granted in, and the application."""
    return (
        Column("id", Uuid, primary_key=True),
        Column("matter_id", Uuid, nullable=False),
        Column("application_id", Uuid, nullable=False),
    )


def _outcomes(metadata: MetaData) -> None:
    Table(
        "item_outcome",
        metadata,
        Column("matter_id", Uuid, primary_key=True),
        Column("application_id", Uuid, nullable=False),
        _text("effect"),
        Column("record_id", Uuid),
        _text("failure", required=False),
        Column("at", DateTime(timezone=True), nullable=False),
        CheckConstraint("(record_id IS NULL) <> (failure IS NULL)", name="either"),
        Index("item_outcome_application_id_idx", "application_id"),
        comment="What became of a matter of the registry's own items: a record, or a reason.",
    )


def _adoptions(metadata: MetaData) -> None:
    Table(
        "adoption",
        metadata,
        *_origin(),
        _text("number"),
        _text("kind"),
        _text("division"),
        Column("adopter_indexes", ARRAY(Text), nullable=False),
        _text("adoptee_index"),
        Column("parties_sealed", LargeBinary),
        record_key("adoption:{id}"),
        Column("registered_on", Date, nullable=False),
        UniqueConstraint("matter_id"),
        UniqueConstraint("number"),
        UniqueConstraint("adoptee_index"),
        CheckConstraint("cardinality(adopter_indexes) BETWEEN 1 AND 2", name="adopters"),
        CheckConstraint("NOT adoptee_index = ANY(adopter_indexes)", name="two_people"),
        Index("adoption_adopter_indexes_idx", "adopter_indexes", postgresql_using="gin"),
        comment="Registered adoptions, one per child.",
    )


def _organisations(metadata: MetaData) -> None:
    Table(
        "social_organisation",
        metadata,
        *_origin(),
        _text("uscc"),
        _text("type"),
        _text("name"),
        _text("name_key"),
        _text("area"),
        _text("division"),
        _text("address"),
        _text("purpose"),
        _text("scope"),
        _text("supervisor"),
        Column("funds_fen", BigInteger, nullable=False),
        _text("representative_index"),
        Column("representative_sealed", LargeBinary),
        record_key("social_organisation:{id}"),
        Column("registered_on", Date, nullable=False),
        Column("charity_on", Date),
        _text("charity_number", required=False),
        Column("fundraising_on", Date),
        _text("fundraising_number", required=False),
        UniqueConstraint("matter_id"),
        UniqueConstraint("uscc"),
        UniqueConstraint("area", "name_key", name="social_organisation_area_name_key_key"),
        UniqueConstraint("charity_number"),
        UniqueConstraint("fundraising_number"),
        CheckConstraint("type IN ('ASSOCIATION', 'NON_ENTERPRISE', 'FOUNDATION')", name="type"),
        CheckConstraint("funds_fen >= 0", name="funds"),
        CheckConstraint("(charity_on IS NULL) = (charity_number IS NULL)", name="charity"),
        CheckConstraint(
            "(fundraising_on IS NULL) = (fundraising_number IS NULL)"
            " AND (fundraising_on IS NULL OR charity_on IS NOT NULL)",
            name="fundraising",
        ),
        Index(
            "social_organisation_one_association_key",
            "representative_index",
            unique=True,
            postgresql_where=text("type = 'ASSOCIATION'"),
        ),
        comment="Registered social organisations, and which of them are charities.",
    )


def _place_names(metadata: MetaData) -> None:
    Table(
        "place_name",
        metadata,
        *_origin(),
        _text("number"),
        _text("kind"),
        _text("area"),
        _text("division"),
        _text("specific"),
        _text("generic"),
        _text("name"),
        _text("sound"),
        _text("romanised"),
        _text("position"),
        _text("former_name", required=False),
        Column("approved_on", Date, nullable=False),
        Column("replaced_on", Date),
        Column("announced_on", Date),
        UniqueConstraint("matter_id"),
        UniqueConstraint("number"),
        CheckConstraint("kind IN ('STREET', 'RESIDENTIAL_AREA', 'FACILITY')", name="kind"),
        Index(
            "place_name_one_name_key", "area", "kind", "name", unique=True, postgresql_where=_IN_USE
        ),
        Index(
            "place_name_one_sound_key",
            "area",
            "kind",
            "sound",
            unique=True,
            postgresql_where=text("replaced_on IS NULL AND kind <> 'FACILITY'"),
        ),
        Index("place_name_application_id_idx", "application_id"),
        comment="Approved names of places; a replaced one stays on record.",
    )

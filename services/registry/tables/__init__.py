"""How the registry keeps its records: columns, named constraints, indexes.

The migrations create these; a test compares the two.
"""

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.registry.tables.bindings import add_binding_tables
from services.registry.tables.certificates import add_certificate_tables
from services.registry.tables.divisions import add_division_tables
from services.registry.tables.officer_changes import add_officer_change_tables
from services.registry.tables.own_items import add_own_item_tables
from services.registry.tables.residents import add_resident_tables
from services.registry.tables.sharing import add_sharing_tables
from services.registry.tables.sign_in import add_sign_in_tables
from shared.tables import shared_tables


def registry_tables() -> MetaData:
    """The shared tables and the registry's own."""
    metadata = shared_tables()
    _keys_and_clients(metadata)
    _publications(metadata)
    _people(metadata)
    _sessions(metadata)
    _grants(metadata)
    _deaths(metadata)
    add_resident_tables(metadata)
    add_sharing_tables(metadata)
    add_certificate_tables(metadata)
    add_own_item_tables(metadata)
    add_sign_in_tables(metadata)
    add_binding_tables(metadata)
    add_officer_change_tables(metadata)
    add_division_tables(metadata)
    return metadata


def _instant(name: str, *, required: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def _text(name: str, *, required: bool = True) -> Column[object]:
    return Column(name, Text, nullable=not required)


def _keys_and_clients(metadata: MetaData) -> None:
    Table(
        "signing_key",
        metadata,
        Column("id", Text, primary_key=True),
        _text("status"),
        Column("public_jwk", JSONB, nullable=False),
        Column("private_jwk", LargeBinary, nullable=False),
        _instant("created_at", required=True),
        _instant("activated_at"),
        _instant("retired_at"),
        CheckConstraint("status IN ('NEXT', 'CURRENT', 'RETIRED')", name="status"),
        CheckConstraint("(status = 'RETIRED') = (retired_at IS NOT NULL)", name="retired"),
        Index(
            "signing_key_one_of_each_key",
            "status",
            unique=True,
            postgresql_where=text("status <> 'RETIRED'"),
        ),
        comment="ES256 keys; the private part is sealed.",
    )
    Table(
        "client",
        metadata,
        Column("id", Text, primary_key=True),
        _text("kind"),
        _text("system"),
        Column("audiences", ARRAY(Text), nullable=False),
        Column("roles", ARRAY(Text), nullable=False),
        _text("secret_hash", required=False),
        Column("public_jwk", JSONB),
        _instant("registered_at", required=True),
        _instant("disabled_at"),
        CheckConstraint("kind IN ('service', 'partner', 'operator')", name="kind"),
        CheckConstraint("secret_hash IS NOT NULL OR public_jwk IS NOT NULL", name="proof"),
        comment="Programs that may ask for access tokens.",
    )
    Table(
        "client_assertion",
        metadata,
        Column("client_id", Text, ForeignKey("client.id"), nullable=False),
        _text("jti"),
        _instant("expires_at", required=True),
        PrimaryKeyConstraint("client_id", "jti"),
        Index("client_assertion_expires_at_idx", "expires_at"),
        comment="Assertions used once, until they could not be used again anyway.",
    )


def _publications(metadata: MetaData) -> None:
    Table(
        "publication",
        metadata,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("id", Uuid, nullable=False, comment="Also the id of the event that told it."),
        _text("kind"),
        _text("key"),
        Column("version", Integer, nullable=False),
        _text("hash"),
        # JSON and not JSONB: a form is shown in the order in which its fields were written.
        Column("content", JSON, nullable=False),
        _instant("published_at", required=True),
        UniqueConstraint("id"),
        UniqueConstraint("kind", "key", "version", name="publication_kind_key_version_key"),
        CheckConstraint(
            "kind IN ('ITEM', 'PARAMETERS', 'CALENDAR', 'OFFICE', 'SHARED_FACT',"
            " 'CERTIFICATE_TYPE')",
            name="kind",
        ),
        CheckConstraint("version > 0", name="version"),
        comment="Immutable versions; the application's role may neither update nor delete them.",
    )
    Table(
        "division",
        metadata,
        Column("code", Text, primary_key=True),
        _text("name"),
        _text("name_en"),
        _text("level"),
        _text("parent", required=False),
        CheckConstraint("code ~ '^[0-9]{12}$'", name="code"),
        CheckConstraint(
            "level IN ('province', 'city', 'county', 'township', 'village')", name="level"
        ),
    )


def _people(metadata: MetaData) -> None:
    Table(
        "resident",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("person_index", Text, nullable=False, comment="Keyed blind index."),
        Column("name", LargeBinary, nullable=False, comment="Sealed."),
        Column("id_number", LargeBinary, nullable=False, comment="Sealed."),
        _text("status"),
        Column("died_on", Date),
        _text("known_from"),
        _instant("known_at", required=True),
        UniqueConstraint("person_index"),
        CheckConstraint("status IN ('ALIVE', 'DECEASED')", name="status"),
        CheckConstraint("died_on IS NULL OR status = 'DECEASED'", name="died"),
        CheckConstraint("known_from IN ('REGISTER', 'DEATH_CERTIFICATE')", name="known_from"),
    )
    Table(
        "officer",
        metadata,
        Column("id", Text, primary_key=True),
        Column("name", LargeBinary, nullable=False, comment="Sealed."),
        _text("division"),
        Column("offices", ARRAY(Text), nullable=False),
        Column("roles", ARRAY(Text), nullable=False),
        Column("is_active", Boolean, nullable=False, server_default=text("true")),
    )


def _sessions(metadata: MetaData) -> None:
    Table(
        "session",
        metadata,
        Column("id", Uuid, primary_key=True),
        _text("person_kind"),
        Column("person", Text, nullable=False, comment="The resident's or the officer's id."),
        _text("provider"),
        _instant("signed_in_at", required=True),
        _instant("ends_at", required=True),
        _instant("revoked_at"),
        _text("revoked_for", required=False),
        Column("methods", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
        Column(
            "authenticated_at", DateTime(timezone=True), comment="When a factor was last shown."
        ),
        CheckConstraint("person_kind IN ('citizen', 'officer')", name="person_kind"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_for IS NULL)", name="revoked"),
        Index(
            "session_live_idx",
            "person_kind",
            "person",
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("session_ends_at_idx", "ends_at"),
        Index(
            "session_revoked_at_idx",
            "revoked_at",
            postgresql_where=text("revoked_at IS NOT NULL"),
        ),
        comment="A sign-in and everything refreshed from it.",
    )
    Table(
        "refresh_token",
        metadata,
        Column("hash", LargeBinary, primary_key=True),
        Column("session_id", Uuid, ForeignKey("session.id", ondelete="CASCADE"), nullable=False),
        _instant("issued_at", required=True),
        _instant("used_at"),
        Index("refresh_token_session_id_idx", "session_id"),
        Index(
            "refresh_token_one_unused_key",
            "session_id",
            unique=True,
            postgresql_where=text("used_at IS NULL"),
        ),
        comment="Each is used once; the second use ends the session.",
    )


def _grants(metadata: MetaData) -> None:
    Table(
        "agency_grant",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("principal_id", Uuid, ForeignKey("resident.id"), nullable=False),
        Column("agent_id", Uuid, ForeignKey("resident.id"), nullable=False),
        Column("items", ARRAY(Text), nullable=False),
        _instant("granted_at", required=True),
        Column("expires_on", Date, nullable=False),
        _instant("revoked_at"),
        CheckConstraint("principal_id <> agent_id", name="two_people"),
        CheckConstraint("cardinality(items) > 0", name="items"),
        Index("agency_grant_principal_id_idx", "principal_id"),
        Index("agency_grant_agent_id_idx", "agent_id"),
        comment="Who may act for whom (代办).",
    )


def _deaths(metadata: MetaData) -> None:
    Sequence("death_serial", metadata=metadata)
    Table(
        "death_record",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("resident_id", Uuid, ForeignKey("resident.id"), nullable=False),
        _text("number"),
        Column("died_on", Date, nullable=False),
        Column("certificate_number", LargeBinary, nullable=False, comment="Sealed."),
        _text("place_division", required=False),
        Column("application_id", Uuid, nullable=False),
        Column("registered_on", Date, nullable=False),
        UniqueConstraint("resident_id"),
        UniqueConstraint("number"),
        comment="The fact of a death; one per person. The cause is not kept.",
    )
    Table(
        "task_answer",
        metadata,
        Column("task_id", Uuid, nullable=False),
        Column("round", SmallInteger, nullable=False),
        Column("application_id", Uuid, nullable=False),
        _text("verdict"),
        _text("found"),
        _instant("answered_at", required=True),
        PrimaryKeyConstraint("task_id", "round"),
        comment="What the registry answered; a repeat answers nothing new.",
    )
    Table(
        "matter_outcome",
        metadata,
        Column("matter_id", Uuid, primary_key=True),
        Column("application_id", Uuid, nullable=False),
        Column("death_record_id", Uuid, ForeignKey("death_record.id")),
        _text("failure", required=False),
        _instant("at", required=True),
        CheckConstraint("(death_record_id IS NULL) <> (failure IS NULL)", name="either"),
        comment="What became of a matter the registry had to make real.",
    )

"""How certificates are kept: keys, certificates, versions, holders, ends, and their serials."""

from sqlalchemy import (
    BigInteger,
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
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB


def add_certificate_tables(metadata: MetaData) -> None:
    """Add everything about certificates to the registry's tables."""
    _keys(metadata)
    _certificates(metadata)
    _versions(metadata)
    _holders(metadata)
    _ends(metadata)


def _keys(metadata: MetaData) -> None:
    Table(
        "certificate_key",
        metadata,
        Column("id", Text, primary_key=True),
        Column("status", Text, nullable=False),
        Column("public_jwk", JSONB, nullable=False),
        Column("private_jwk", LargeBinary, nullable=False),
        _instant("created_at", required=True),
        _instant("retired_at"),
        CheckConstraint("status IN ('CURRENT', 'RETIRED')", name="status"),
        CheckConstraint("(status = 'RETIRED') = (retired_at IS NOT NULL)", name="retired"),
        Index(
            "certificate_key_one_signs_key",
            "status",
            unique=True,
            postgresql_where=text("status = 'CURRENT'"),
        ),
        comment="ES256 keys of certificates alone; the private part is sealed.",
    )


def _certificates(metadata: MetaData) -> None:
    Table(
        "certificate_serial",
        metadata,
        Column("type_code", Text),
        Column("issuer", Text),
        Column("year", SmallInteger),
        Column("last", Integer, nullable=False),
        PrimaryKeyConstraint("type_code", "issuer", "year"),
        comment="The last serial given; locked until the certificate stands, so none is lost.",
    )
    Table(
        "certificate",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("type_code", Text, nullable=False, comment="Code of the type in the catalogue."),
        Column("type_version", Integer, nullable=False),
        Column("document_kind", Text, nullable=False),
        Column("document_number", Text, nullable=False),
        Column("application_id", Uuid, nullable=False),
        Column("matter_id", Uuid, nullable=False),
        Column("office_id", Uuid, nullable=False),
        Column("division", Text, nullable=False),
        Column("about", Text, comment="What it proves, as the event of its end names it."),
        _instant("issued_at", required=True),
        _instant("ended_at"),
        Column("end_kind", Text),
        Column("end_reason", Text),
        UniqueConstraint(
            "document_kind", "document_number", name="certificate_one_per_document_key"
        ),
        CheckConstraint("end_kind IN ('CANCELLED', 'REVOKED', 'WITHDRAWN')", name="end_kind"),
        CheckConstraint(
            "(ended_at IS NULL) = (end_kind IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL)",
            name="ended",
        ),
        Index(
            "certificate_about_idx",
            "about",
            postgresql_where=text("about IS NOT NULL AND ended_at IS NULL"),
        ),
        comment="One per outcome document, however often the outcome is told.",
    )


def _versions(metadata: MetaData) -> None:
    Sequence("certificate_status_serial", minvalue=0, start=0, metadata=metadata)
    Table(
        "certificate_version",
        metadata,
        Column("certificate_id", Uuid, ForeignKey("certificate.id")),
        Column("version", SmallInteger),
        Column("identifier", Text, nullable=False),
        Column("content", LargeBinary, nullable=False, comment="Sealed; what is signed."),
        Column("signature", Text, nullable=False, comment="JWS without its payload."),
        Column("secrets", LargeBinary, nullable=False, comment="Sealed; only the paper has them."),
        Column("token_hash", LargeBinary, nullable=False),
        Column("status_list", Integer, nullable=False),
        Column("status_index", Integer, nullable=False),
        _instant("issued_at", required=True),
        Column("valid_from", Date, nullable=False),
        Column("valid_until", Date),
        _instant("superseded_at"),
        PrimaryKeyConstraint("certificate_id", "version"),
        UniqueConstraint("identifier"),
        UniqueConstraint("token_hash"),
        UniqueConstraint("status_list", "status_index", name="certificate_version_status_key"),
        CheckConstraint("version BETWEEN 1 AND 999", name="version"),
        CheckConstraint("valid_until >= valid_from", name="valid"),
        Index(
            "certificate_version_newest_key",
            "certificate_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        comment="Signed, and never changed; only that another took its place is noted.",
    )


def _holders(metadata: MetaData) -> None:
    Table(
        "certificate_holder",
        metadata,
        Column("certificate_id", Uuid, ForeignKey("certificate.id")),
        Column("person_index", Text, comment="Keyed blind index."),
        PrimaryKeyConstraint("certificate_id", "person_index"),
        Index("certificate_holder_person_index_idx", "person_index", "certificate_id"),
    )


def _ends(metadata: MetaData) -> None:
    Table(
        "certified_fact_end",
        metadata,
        Column("about", Text, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("reason", Text, nullable=False),
        _instant("ended_at", required=True),
        comment="What ended before its certificate was issued ends that certificate too.",
    )
    Table(
        "verification_pace",
        metadata,
        Column("bucket", Text, comment="Keyed hash of an address, or a certificate."),
        Column("minute", BigInteger),
        Column("count", Integer, nullable=False),
        PrimaryKeyConstraint("bucket", "minute"),
        Index("verification_pace_minute_idx", "minute"),
        comment="How often somebody verified, for a while.",
    )


def _instant(name: str, *, required: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)

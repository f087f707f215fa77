"""How accounts of sign-in providers are bound to residents."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)


def add_binding_tables(metadata: MetaData) -> None:
    """Add bindings, and what stands between a provider's answer and a binding."""
    Table(
        "account_binding",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("provider", Text, nullable=False),
        Column("subject_index", Text, nullable=False, comment="Keyed hash."),
        Column("resident_id", Uuid, ForeignKey("resident.id"), nullable=False),
        Column("assurance", Text, nullable=False),
        _instant("bound_at"),
        _instant("unbound_at", required=False),
        CheckConstraint("assurance IN ('REAL_NAME', 'REAL_PERSON')", name="assurance"),
        Index(
            "account_binding_one_person_key",
            "provider",
            "subject_index",
            unique=True,
            postgresql_where=text("unbound_at IS NULL"),
        ),
        Index("account_binding_resident_id_idx", "resident_id"),
        comment="One account is one person's; one person may have many.",
    )
    Table(
        "binding_ticket",
        metadata,
        Column("hash", LargeBinary, primary_key=True),
        Column("provider", Text, nullable=False),
        Column("subject", LargeBinary, nullable=False, comment="Sealed."),
        _instant("expires_at"),
        Index("binding_ticket_expires_at_idx", "expires_at"),
        comment="An account whose code is used up and that nobody is bound to yet.",
    )
    Table(
        "pending_sign_in",
        metadata,
        Column("hash", LargeBinary, primary_key=True),
        Column("provider", Text, nullable=False),
        Column("verifier", LargeBinary, nullable=False, comment="Sealed."),
        Column("nonce", Text, nullable=False),
        _instant("expires_at"),
        Index("pending_sign_in_expires_at_idx", "expires_at"),
        comment="Sign-ins that began with us and end with us (PKCE).",
    )


def _instant(name: str, *, required: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)

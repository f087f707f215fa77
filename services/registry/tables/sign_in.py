"""How sign-ins are kept: officers' factors, attempts, rate limits."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)


def add_sign_in_tables(metadata: MetaData) -> None:
    """Add the tables of officers' factors and of what limits guessing."""
    _factors(metadata)
    _limits(metadata)


def _officer() -> Column[object]:
    return Column("officer_id", Text, ForeignKey("officer.id"), nullable=False)


def _instant(name: str, *, required: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def _factors(metadata: MetaData) -> None:
    Table(
        "officer_credential",
        metadata,
        _officer(),
        Column("password_hash", Text, nullable=False),
        _instant("password_set_at"),
        Column("totp_secret", LargeBinary, nullable=False, comment="Sealed."),
        _instant("confirmed_at", required=False),
        PrimaryKeyConstraint("officer_id"),
        comment="Password and second factor; good once confirmed.",
    )
    Table(
        "officer_invitation",
        metadata,
        _officer(),
        Column("hash", LargeBinary, nullable=False),
        _instant("expires_at"),
        PrimaryKeyConstraint("officer_id"),
        UniqueConstraint("hash"),
        comment="Lets an officer choose their factors; the last counts.",
    )
    Table(
        "totp_use",
        metadata,
        _officer(),
        Column("step", BigInteger, nullable=False),
        PrimaryKeyConstraint("officer_id", "step"),
        comment="Each code is good once (RFC 6238 section 5.2).",
    )
    Table(
        "recovery_code",
        metadata,
        _officer(),
        Column("hash", LargeBinary, nullable=False),
        _instant("used_at", required=False),
        PrimaryKeyConstraint("officer_id", "hash"),
    )
    Table(
        "known_device",
        metadata,
        Column("hash", LargeBinary, primary_key=True),
        _officer(),
        _instant("known_at"),
        comment="Where an officer signed in before; failures elsewhere do not lock it.",
    )


def _limits(metadata: MetaData) -> None:
    Table(
        "sign_in_attempt",
        metadata,
        Column("account", Text, nullable=False),
        Column("device", Text, nullable=False),
        Column("failures", Integer, nullable=False),
        _instant("blocked_until", required=False),
        _instant("last_at"),
        PrimaryKeyConstraint("account", "device"),
        Index("sign_in_attempt_last_at_idx", "last_at"),
        comment="Failures in a row, by account and device; the account need not exist.",
    )
    Table(
        "rate_limit",
        metadata,
        Column("door", Text, nullable=False),
        Column("subject", Text, nullable=False, comment="Keyed hash."),
        _instant("drained_at"),
        PrimaryKeyConstraint("door", "subject"),
        Index("rate_limit_drained_at_idx", "drained_at"),
        comment="One leaky bucket per door and caller (GCRA).",
    )

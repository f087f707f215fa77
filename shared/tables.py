"""The tables every service's schema holds beside its own."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
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
from sqlalchemy.dialects.postgresql import JSONB

NAMING = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "ix": "%(table_name)s_%(column_0_name)s_idx",
}
"""Constraint names, so that a broken constraint can be told by its name."""

_NOW = text("now()")

RECORD = "record"
"""In a column's `info`: the record whose wrapped key the column keeps."""


def shared_tables() -> MetaData:
    """A metadata that holds the shared tables; a service adds its own to it."""
    metadata = MetaData(naming_convention=NAMING)
    _outbox(metadata)
    _received(metadata)
    _work(metadata)
    _journal(metadata)
    return metadata


def record_key(record: str) -> Column[object]:
    """The column of the key a record's personal data is sealed with.

    Args:
        record: The record as the key was made for, with its columns in braces:
            `marriage_party:{marriage_id}:{person_index}`.
    """
    return Column(
        "data_key",
        LargeBinary,
        comment="Wrapped key of the personal data; NULL once it is erased.",
        info={RECORD: record},
    )


def _instant(name: str, *, required: bool = False) -> Column[object]:
    default = _NOW if required else None
    return Column(name, DateTime(timezone=True), nullable=not required, server_default=default)


def _outbox(metadata: MetaData) -> None:
    Table(
        "outbox",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("seq", BigInteger, Identity(always=True), nullable=False),
        Column("shard", SmallInteger, nullable=False),
        Column("aggregatetype", Text, nullable=False, comment="The topic."),
        Column("aggregateid", Text, nullable=False, comment="The message key."),
        Column("type", Text, nullable=False),
        Column("application_id", Uuid),
        Column("payload", JSONB, nullable=False),
        Column("headers", JSONB, nullable=False),
        _instant("created_at", required=True),
        _instant("published_at"),
        Index(
            "outbox_unpublished_idx", "shard", "seq", postgresql_where=text("published_at IS NULL")
        ),
    )
    Table(
        "outbox_position",
        metadata,
        Column("topic", Text),
        Column("partition", Integer),
        Column("log_offset", BigInteger, nullable=False),
        PrimaryKeyConstraint("topic", "partition"),
        comment="The last offset the broker gave us, to notice that it lost its log.",
    )


def _received(metadata: MetaData) -> None:
    Table(
        "inbox",
        metadata,
        Column("consumer", Text),
        Column("event_id", Uuid),
        _instant("received_at", required=True),
        PrimaryKeyConstraint("consumer", "event_id"),
    )
    Table(
        "request_answer",
        metadata,
        Column("subject", Text),
        Column("route", Text),
        Column("key", Text),
        Column("fingerprint", Text, nullable=False),
        Column("status", SmallInteger, nullable=False),
        Column("body", JSONB, nullable=False),
        _instant("created_at", required=True),
        PrimaryKeyConstraint("subject", "route", "key"),
        comment="What a repeated command is answered.",
    )


def _work(metadata: MetaData) -> None:
    Table(
        "job",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("payload", JSONB, nullable=False),
        Column("application_id", Uuid),
        Column("headers", JSONB, nullable=False),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("run_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
        _instant("created_at", required=True),
        _instant("finished_at"),
        _instant("parked_at"),
        Column("last_code", Text),
        UniqueConstraint("kind", "key", name="job_kind_key_key"),
        Index(
            "job_due_idx",
            "run_at",
            postgresql_where=text("finished_at IS NULL AND parked_at IS NULL"),
        ),
    )


def _journal(metadata: MetaData) -> None:
    Table(
        "journal",
        metadata,
        Column("stream", Text),
        Column("seq", BigInteger),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("actor", Text, nullable=False),
        Column("act", Text, nullable=False),
        Column("target", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("facts", JSONB, nullable=False),
        Column("prev", LargeBinary, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        PrimaryKeyConstraint("stream", "seq"),
        comment="Append-only, hash-chained per stream.",
    )

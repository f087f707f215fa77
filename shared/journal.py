"""The append-only, hash-chained record of every act and every read of personal data."""

import hashlib
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One act, by one actor, on one object. Values of personal data stay out."""

    stream: str
    """The chain the entry belongs to: usually `application:<id>`."""
    actor: str
    """`<kind>:<id>` of who acted; `service:<name>` for the platform itself."""
    act: str
    """What was done, in the words of the workflow table."""
    target: str
    """What it was done to: `task:<id>`, `application:<id>` …"""
    reason: str = ""
    """Legal basis or purpose; needed for a read of personal data."""
    facts: Mapping[str, object] = field(default_factory=dict)


class KeptEntry(Protocol):
    """A journal row as it was read back."""

    stream: str
    seq: int
    at: datetime
    actor: str
    act: str
    target: str
    reason: str
    facts: Mapping[str, object]
    prev: bytes
    hash: bytes


def chained_hash(entry: JournalEntry, *, seq: int, at: datetime, prev: bytes) -> bytes:
    """SHA-256 over the previous hash and this entry in canonical JSON."""
    canonical = orjson.dumps(
        {
            "stream": entry.stream,
            "seq": seq,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": entry.actor,
            "act": entry.act,
            "target": entry.target,
            "reason": entry.reason,
            "facts": entry.facts,
        },
        option=orjson.OPT_SORT_KEYS,
    )
    return hashlib.sha256(prev + canonical).digest()


async def first_bad_row(rows: AsyncIterable[KeptEntry]) -> tuple[str, int] | None:
    """Stream and number of the first row that breaks its chain, or None.

    Args:
        rows: All rows, ordered by stream and number.
    """
    stream, seq, prev = "", 0, b""
    async for row in rows:
        if row.stream != stream:
            stream, seq, prev = row.stream, 0, b""
        entry = JournalEntry(
            stream=row.stream,
            actor=row.actor,
            act=row.act,
            target=row.target,
            reason=row.reason,
            facts=row.facts,
        )
        expected = chained_hash(entry, seq=seq + 1, at=row.at, prev=prev)
        if row.seq != seq + 1 or bytes(row.prev) != prev or bytes(row.hash) != expected:
            return row.stream, row.seq
        seq, prev = row.seq, bytes(row.hash)
    return None

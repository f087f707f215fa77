"""The records that every service's schema holds beside its own: outbox, jobs, journal, answers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.errors import IdempotencyKeyReused, RequestInProgress
from shared.events import Event
from shared.ids import new_id
from shared.journal import JournalEntry, chained_hash
from shared.telemetry import current_trace_headers

SHARDS = 4
"""Outbox shards; each is relayed by one lease holder, in order per key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequest:
    """Background work to be done after the commit, at least once."""

    kind: str
    key: str
    """Unique per kind: asking twice for the same work enqueues it once."""
    payload: Mapping[str, object] = field(default_factory=dict)
    """Ids and codes; never personal data."""
    run_at: datetime | None = None
    application_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKey:
    """Identifies one command of one caller, so that a repeat gets the same answer."""

    subject: str
    """Who asks: the actor's kind and id."""
    route: str
    key: str
    fingerprint: str
    """Hex SHA-256 of the request body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """What a repeated command is answered."""

    status: int
    body: dict[str, Any]


_PUBLISH = text("""
    INSERT INTO outbox
        (id, shard, aggregatetype, aggregateid, type, application_id, payload, headers)
    VALUES (:id, :shard, :topic, :key, :type, :application_id,
            CAST(:payload AS jsonb), CAST(:headers AS jsonb))
""")
_ENQUEUE = text("""
    INSERT INTO job (id, kind, key, payload, application_id, headers, run_at)
    VALUES (:id, :kind, :key, CAST(:payload AS jsonb), :application_id,
            CAST(:headers AS jsonb), COALESCE(:run_at, now()))
    ON CONFLICT (kind, key) DO NOTHING
""")
_JOURNAL_HEAD = text("""
    SELECT seq, hash FROM journal WHERE stream = :stream ORDER BY seq DESC LIMIT 1
""")
_LOCK_STREAM = text(
    "SELECT pg_advisory_xact_lock(:space, hashtext(current_schema() || :stream)), now()"
)
_JOURNAL = text("""
    INSERT INTO journal (stream, seq, at, actor, act, target, reason, facts, prev, hash)
    VALUES (:stream, :seq, :at, :actor, :act, :target, :reason, CAST(:facts AS jsonb),
            :prev, :hash)
""")
_LOCK_KEY = text("SELECT pg_try_advisory_xact_lock(:space, hashtext(current_schema() || :name))")
_FIND_ANSWER = text("""
    SELECT fingerprint, status, body FROM request_answer
    WHERE subject = :subject AND route = :route AND key = :key
""")
_REMEMBER = text("""
    INSERT INTO request_answer (subject, route, key, fingerprint, status, body)
    VALUES (:subject, :route, :key, :fingerprint, :status, CAST(:body AS jsonb))
""")

_KEY_LOCKS = 7_001
_STREAM_LOCKS = 7_002


class SharedStore:
    """Statements on the shared tables of one service's schema, in one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.has_published = False
        self.has_enqueued = False

    async def publish(self, event: Event) -> None:
        """Write an event into the outbox, with the trace that caused it."""
        headers = {"ce_source": event.source, **current_trace_headers()}
        await self.connection.execute(
            _PUBLISH,
            {
                "id": event.id,
                "shard": shard_of(event.key),
                "topic": event.topic,
                "key": event.key,
                "type": event.type,
                "application_id": event.application_id,
                "payload": orjson.dumps(event.data).decode(),
                "headers": orjson.dumps(headers).decode(),
            },
        )
        self._note(published=True)

    async def enqueue(self, job: JobRequest) -> None:
        """Ask for background work once; a repeat of kind and key changes nothing."""
        await self.connection.execute(
            _ENQUEUE,
            {
                "id": new_id(),
                "kind": job.kind,
                "key": job.key,
                "payload": orjson.dumps(job.payload).decode(),
                "application_id": job.application_id,
                "headers": orjson.dumps(current_trace_headers()).decode(),
                "run_at": job.run_at,
            },
        )
        self._note(enqueued=True)

    async def write_journal(self, entry: JournalEntry) -> None:
        """Append to the hash chain of the entry's stream.

        The stream is locked until the commit, so that a chain never forks.
        """
        locked = await self.connection.execute(
            _LOCK_STREAM, {"space": _STREAM_LOCKS, "stream": entry.stream}
        )
        at = locked.one()[1]
        head = (
            await self.connection.execute(_JOURNAL_HEAD, {"stream": entry.stream})
        ).one_or_none()
        seq, prev = (head.seq + 1, bytes(head.hash)) if head else (1, b"")
        await self.connection.execute(
            _JOURNAL,
            {
                "stream": entry.stream,
                "seq": seq,
                "at": at,
                "actor": entry.actor,
                "act": entry.act,
                "target": entry.target,
                "reason": entry.reason,
                "facts": orjson.dumps(entry.facts).decode(),
                "prev": prev,
                "hash": chained_hash(entry, seq=seq, at=at, prev=prev),
            },
        )

    async def claim_key(self, request: RequestKey) -> StoredAnswer | None:
        """Take an idempotency key for this transaction, or return the answer it already got.

        Raises:
            RequestInProgress: The same request is being carried out right now.
            IdempotencyKeyReused: The key belongs to a request with another body.
        """
        name = f"{request.subject}|{request.route}|{request.key}"
        lock = await self.connection.execute(_LOCK_KEY, {"space": _KEY_LOCKS, "name": name})
        if not lock.scalar_one():
            raise RequestInProgress
        found = await self.connection.execute(
            _FIND_ANSWER,
            {"subject": request.subject, "route": request.route, "key": request.key},
        )
        answer = found.one_or_none()
        if answer is None:
            return None
        if answer.fingerprint != request.fingerprint:
            raise IdempotencyKeyReused
        return StoredAnswer(status=answer.status, body=answer.body)

    async def remember_answer(
        self, request: RequestKey, *, status: int, body: Mapping[str, object]
    ) -> None:
        """Keep the answer of a command beside its effect, in the same transaction."""
        await self.connection.execute(
            _REMEMBER,
            {
                "subject": request.subject,
                "route": request.route,
                "key": request.key,
                "fingerprint": request.fingerprint,
                "status": status,
                "body": orjson.dumps(body).decode(),
            },
        )

    def _note(self, *, published: bool = False, enqueued: bool = False) -> None:
        self.has_published = self.has_published or published
        self.has_enqueued = self.has_enqueued or enqueued


def shard_of(key: str) -> int:
    """The outbox shard of a key; stable across processes and releases."""
    return hashlib.sha256(key.encode()).digest()[0] % SHARDS

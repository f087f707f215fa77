"""The records that every service's schema holds beside its own: outbox, jobs, journal, answers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from shared.connection import Connection
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
    SELECT CAST(e->>'id' AS uuid), CAST(e->>'shard' AS smallint), e->>'topic', e->>'key',
           e->>'type', CAST(e->>'application_id' AS uuid), e->'payload',
           CAST(:headers AS jsonb) || jsonb_build_object('ce_source', e->>'source')
    FROM jsonb_array_elements(CAST(:events AS jsonb)) WITH ORDINALITY AS written(e, position)
    ORDER BY position
""")
_ENQUEUE = text("""
    INSERT INTO job (id, kind, key, payload, application_id, headers, run_at)
    SELECT CAST(j->>'id' AS uuid), j->>'kind', j->>'key', j->'payload',
           CAST(j->>'application_id' AS uuid), CAST(:headers AS jsonb),
           COALESCE(CAST(j->>'run_at' AS timestamptz), now())
    FROM jsonb_array_elements(CAST(:jobs AS jsonb)) AS j
    ON CONFLICT (kind, key) DO NOTHING
""")
_LOCK_STREAMS = text("""
    SELECT pg_advisory_xact_lock(:space, hashtext(current_schema() || stream)), now() AS at
    FROM unnest(CAST(:streams AS text[])) AS stream
""")
_JOURNAL_HEADS = text("""
    SELECT DISTINCT ON (stream) stream, seq, hash FROM journal
    WHERE stream = ANY(:streams) ORDER BY stream, seq DESC
""")
_JOURNAL = text("""
    INSERT INTO journal (stream, seq, at, actor, act, target, reason, facts, prev, hash)
    SELECT l->>'stream', CAST(l->>'seq' AS bigint), CAST(l->>'at' AS timestamptz), l->>'actor',
           l->>'act', l->>'target', l->>'reason', l->'facts', decode(l->>'prev', 'hex'),
           decode(l->>'hash', 'hex')
    FROM jsonb_array_elements(CAST(:lines AS jsonb)) AS l
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
    """Statements on the shared tables of one service's schema, in one transaction.

    Events, jobs and journal lines are collected, and written together by `flush` just
    before the transaction ends: a case that asks ten departments takes one statement
    for its ten events, while its row lock, and with it the order per key, still holds.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.has_published = False
        self.has_enqueued = False
        self._events: list[Event] = []
        self._jobs: list[JobRequest] = []
        self._journal: list[JournalEntry] = []

    async def publish(self, event: Event) -> None:
        """Put an event into the outbox, with the trace that caused it."""
        self._events.append(event)

    async def enqueue(self, job: JobRequest) -> None:
        """Ask for background work once; a repeat of kind and key changes nothing."""
        self._jobs.append(job)

    async def write_journal(self, entry: JournalEntry) -> None:
        """Append to the hash chain of the entry's stream."""
        self._journal.append(entry)

    async def flush(self) -> None:
        """Write what was collected; whoever opened the transaction calls it before the end."""
        await self._write_journal()
        headers = orjson.dumps(current_trace_headers()).decode()
        if self._jobs:
            jobs = orjson.dumps([_job_data(job) for job in self._jobs]).decode()
            await self.connection.execute(_ENQUEUE, {"jobs": jobs, "headers": headers})
            self._jobs, self.has_enqueued = [], True
        if self._events:
            events = orjson.dumps([_event_data(event) for event in self._events]).decode()
            await self.connection.execute(_PUBLISH, {"events": events, "headers": headers})
            self._events, self.has_published = [], True

    async def _write_journal(self) -> None:
        """Chain the collected lines; their streams stay locked, so that none ever forks."""
        if not self._journal:
            return
        streams = sorted({entry.stream for entry in self._journal})
        locked = await self.connection.execute(
            _LOCK_STREAMS, {"space": _STREAM_LOCKS, "streams": streams}
        )
        at = locked.all()[0].at
        heads = await self.connection.execute(_JOURNAL_HEADS, {"streams": streams})
        last = {row.stream: (row.seq, bytes(row.hash)) for row in heads}
        lines = []
        for entry in self._journal:
            seq, prev = last.get(entry.stream, (0, b""))
            hashed = chained_hash(entry, seq=seq + 1, at=at, prev=prev)
            lines.append(_line_data(entry, seq=seq + 1, at=at, prev=prev, hashed=hashed))
            last[entry.stream] = (seq + 1, hashed)
        await self.connection.execute(_JOURNAL, {"lines": orjson.dumps(lines).decode()})
        self._journal = []

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


def _event_data(event: Event) -> dict[str, object]:
    return {
        "id": str(event.id),
        "shard": shard_of(event.key),
        "topic": event.topic,
        "key": event.key,
        "type": event.type,
        "source": event.source,
        "application_id": str(event.application_id) if event.application_id else None,
        "payload": event.data,
    }


def _job_data(job: JobRequest) -> dict[str, object]:
    return {
        "id": str(new_id()),
        "kind": job.kind,
        "key": job.key,
        "payload": job.payload,
        "application_id": str(job.application_id) if job.application_id else None,
        "run_at": job.run_at.isoformat() if job.run_at else None,
    }


def _line_data(
    entry: JournalEntry, *, seq: int, at: datetime, prev: bytes, hashed: bytes
) -> dict[str, object]:
    return {
        "stream": entry.stream,
        "seq": seq,
        "at": at.isoformat(),
        "actor": entry.actor,
        "act": entry.act,
        "target": entry.target,
        "reason": entry.reason,
        "facts": entry.facts,
        "prev": prev.hex(),
        "hash": hashed.hex(),
    }


def shard_of(key: str) -> int:
    """The outbox shard of a key; stable across processes and releases."""
    return hashlib.sha256(key.encode()).digest()[0] % SHARDS

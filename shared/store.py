"""The records that every service's schema holds beside its own: outbox, jobs, journal, answers."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import orjson
from sqlalchemy import Result, Row, TextClause, text
from sqlalchemy.exc import IntegrityError

from shared.connection import Connection, Write
from shared.errors import CivilError, IdempotencyKeyReused, RequestInProgress
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

    @property
    def name(self) -> str:
        """What its lock is called."""
        return f"{self.subject}|{self.route}|{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalHead:
    """Where a stream of the journal ends, and when the transaction that goes on began."""

    at: datetime
    seq: int = 0
    hash: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """What a repeated command is answered."""

    status: int
    body: dict[str, Any]


_PUBLISH = Write(
    "events",
    """
    INSERT INTO outbox
        (id, shard, aggregatetype, aggregateid, type, application_id, payload, headers)
    SELECT CAST(e->>'id' AS uuid), CAST(e->>'shard' AS smallint), e->>'topic', e->>'key',
           e->>'type', CAST(e->>'application_id' AS uuid), e->'payload', e->'headers'
    FROM jsonb_array_elements(CAST(:events AS jsonb)) WITH ORDINALITY AS written(e, position)
    ORDER BY position
    """,
)
_ENQUEUE = Write(
    "jobs",
    """
    INSERT INTO job (id, kind, key, payload, application_id, headers, run_at)
    SELECT CAST(j->>'id' AS uuid), j->>'kind', j->>'key', j->'payload',
           CAST(j->>'application_id' AS uuid), j->'headers',
           COALESCE(CAST(j->>'run_at' AS timestamptz), now())
    FROM jsonb_array_elements(CAST(:jobs AS jsonb)) AS j
    ON CONFLICT (kind, key) DO NOTHING
    """,
)
_JOURNAL = Write(
    "lines",
    """
    INSERT INTO journal (stream, seq, at, actor, act, target, reason, facts, prev, hash)
    SELECT l->>'stream', CAST(l->>'seq' AS bigint), CAST(l->>'at' AS timestamptz), l->>'actor',
           l->>'act', l->>'target', l->>'reason', l->'facts', decode(l->>'prev', 'hex'),
           decode(l->>'hash', 'hex')
    FROM jsonb_array_elements(CAST(:lines AS jsonb)) AS l
    """,
)
_REMEMBER = Write(
    "answers",
    """
    INSERT INTO request_answer (subject, route, key, fingerprint, status, body)
    SELECT r->>'subject', r->>'route', r->>'key', r->>'fingerprint',
           CAST(r->>'status' AS smallint), r->'body'
    FROM jsonb_array_elements(CAST(:answers AS jsonb)) AS r
    """,
)
_LOCK_STREAMS = text("""
    SELECT pg_advisory_xact_lock(:space, hashtext(current_schema() || stream)), now() AS at
    FROM unnest(CAST(:streams AS text[])) AS stream
""")
_JOURNAL_HEADS = text("""
    SELECT DISTINCT ON (stream) stream, seq, hash FROM journal
    WHERE stream = ANY(:streams) ORDER BY stream, seq DESC
""")
# The key's lock and the answer it may have: an answer that is committed between the two is
# not seen, and then the answer's primary key refuses a second one.
_CLAIM_KEY = text("""
    SELECT pg_try_advisory_xact_lock(:space, hashtext(current_schema() || :name)) AS is_ours,
           answer.fingerprint, answer.status, answer.body
    FROM (VALUES (1)) AS one
    LEFT JOIN request_answer answer
        ON answer.subject = :subject AND answer.route = :route AND answer.key = :key
""")

KEY_LOCKS = 7_001
STREAM_LOCKS = 7_002
"""Spaces of advisory locks: of idempotency keys, and of the ends of journal streams."""


class SharedStore:
    """Statements on the shared tables of one service's schema, in one transaction.

    Events, jobs, journal lines, answers and other writes are collected and made as one
    statement by `flush` just before the transaction ends: a case that asks ten departments
    takes one round trip for all its rows, while its row lock, and with it the order per key,
    still holds. A statement that is carried out meanwhile finds written what was told before.
    """

    meanings: ClassVar[Mapping[str, type[CivilError]]] = {
        "request_answer_pkey": RequestInProgress,
    }
    """What it means that a constraint was broken by a collected write."""

    def __init__(self, connection: Connection) -> None:
        self.connection = _InOrder(connection, self)
        self.has_published = False
        self.has_enqueued = False
        self._events: list[Event] = []
        self._jobs: list[JobRequest] = []
        self._journal: list[JournalEntry] = []
        self._writes: dict[Write, list[dict[str, object]]] = {}
        self._rows: dict[tuple[object, ...], dict[str, object]] = {}
        self._heads: dict[str, JournalHead] = {}

    async def publish(self, event: Event) -> None:
        """Put an event into the outbox, with the trace that caused it."""
        self._events.append(event)

    async def enqueue(self, job: JobRequest) -> None:
        """Ask for background work once; a repeat of kind and key changes nothing."""
        self._jobs.append(job)

    async def write_journal(self, entry: JournalEntry) -> None:
        """Append to the hash chain of the entry's stream."""
        self._journal.append(entry)

    def collected_lines(self, stream: str) -> Sequence[JournalEntry]:
        """What is to be appended to a stream of the journal at the end."""
        return [entry for entry in self._journal if entry.stream == stream]

    def write(self, write: Write, row: dict[str, object]) -> None:
        """Collect a row of its own; it is written before the next statement, or at the end."""
        self._writes.setdefault(write, []).append(row)

    async def change(
        self, write: Write, of: tuple[object, ...], changes: Mapping[str, object], **others: object
    ) -> None:
        """Collect changes of one row; changes of the same row are written as one.

        Args:
            of: Names the row, whichever write it is in: table and key.
            changes: Columns and their values.
            others: Columns that the write knows and that stay as they are.
        """
        collected = self._rows.get(of)
        if collected is not None and collected.keys() >= changes.keys():
            collected.update(changes)
            return
        if collected is not None:
            await self.write_now()
        row = self._rows[of] = {**others, **changes}
        self.write(write, row)

    def collected(self, of: tuple[object, ...]) -> Mapping[str, Any] | None:
        """What is collected of a row and not written yet."""
        return self._rows.get(of)

    def continue_journal(self, stream: str, head: JournalHead) -> None:
        """Tell where a stream ends whose lock is held already, or that only we know of."""
        self._heads[stream] = head

    def require_untouched(self) -> None:
        """Where only reading was announced, a write would be lost: that is a bug."""
        if self._writes or self._events or self._jobs or self._journal:
            raise RuntimeError("something was to be written while reading")

    async def flush(self) -> None:
        """Write what was collected; whoever opened the transaction calls it before the end."""
        await self._chain_journal()
        headers = current_trace_headers() if self._jobs or self._events else {}
        for job in self._jobs:
            self.write(_ENQUEUE, _job_data(job, headers))
        for event in self._events:
            self.write(_PUBLISH, _event_data(event, headers))
        self.has_enqueued = self.has_enqueued or bool(self._jobs)
        self.has_published = self.has_published or bool(self._events)
        self._jobs, self._events = [], []
        await self.write_now()

    async def write_now(self) -> None:
        """Make the collected writes as one statement.

        Raises:
            CivilError: What `meanings` says a broken constraint means.
        """
        if not self._writes:
            return
        writes, self._writes, self._rows = self._writes, {}, {}
        values = {write.name: _as_json(rows) for write, rows in writes.items()}
        connection = self.connection.direct
        try:
            await connection.execute(connection.statements.of_writes(tuple(writes)), values)
        except IntegrityError as error:
            constraint = str(getattr(error.orig, "constraint_name", None))
            if constraint in self.meanings:
                raise self.meanings[constraint] from None
            raise

    def forget_writes(self) -> None:
        """Forget collected rows: the savepoint they belonged to was rolled back."""
        self._writes, self._rows = {}, {}

    def forget_heads(self) -> None:
        """Forget where streams end: somebody else may have gone on, or let their locks go."""
        self._heads = {}

    async def _chain_journal(self) -> None:
        """Chain the collected lines; their streams stay locked, so that none ever forks."""
        unknown = sorted({entry.stream for entry in self._journal} - self._heads.keys())
        if unknown:
            await self._lock_streams(unknown)
        for entry in self._journal:
            head = self._heads[entry.stream]
            hashed = chained_hash(entry, seq=head.seq + 1, at=head.at, prev=head.hash)
            self.write(_JOURNAL, _line_data(entry, after=head, hashed=hashed))
            self._heads[entry.stream] = replace(head, seq=head.seq + 1, hash=hashed)
        self._journal = []

    async def _lock_streams(self, streams: list[str]) -> None:
        locked = await self.connection.execute(
            _LOCK_STREAMS, {"space": STREAM_LOCKS, "streams": streams}
        )
        at = locked.all()[0].at
        self._heads |= {stream: JournalHead(at=at) for stream in streams}
        for row in await self.connection.execute(_JOURNAL_HEADS, {"streams": streams}):
            self._heads[row.stream] = JournalHead(at=at, seq=row.seq, hash=row.hash)

    async def claim_key(self, request: RequestKey) -> StoredAnswer | None:
        """Take an idempotency key for this transaction, or return the answer it already got.

        Raises:
            RequestInProgress: The same request is being carried out right now.
            IdempotencyKeyReused: The key belongs to a request with another body.
        """
        found = await self.connection.execute(
            _CLAIM_KEY,
            {
                "space": KEY_LOCKS,
                "name": request.name,
                "subject": request.subject,
                "route": request.route,
                "key": request.key,
            },
        )
        row = found.one()
        if not row.is_ours:
            raise RequestInProgress
        return answer_of(row, request)

    async def remember_answer(
        self, request: RequestKey, *, status: int, body: Mapping[str, object]
    ) -> None:
        """Keep the answer of a command beside its effect, in the same transaction."""
        self.write(
            _REMEMBER,
            {
                "subject": request.subject,
                "route": request.route,
                "key": request.key,
                "fingerprint": request.fingerprint,
                "status": status,
                "body": body,
            },
        )


class _InOrder(Connection):
    """A connection on which nothing overtakes what its store has collected to be written.

    A transaction inside it may be another store's: what that one wrote to the journal is
    behind what this one knows.
    """

    def __init__(self, direct: Connection, store: SharedStore) -> None:
        super().__init__(direct.driver, direct.statements)
        self.direct = direct
        self._store = store

    async def execute(
        self, statement: TextClause, values: Mapping[str, Any] | None = None
    ) -> Result[Any]:
        """Carry out one statement, after what was collected before it."""
        await self._store.write_now()
        return await self.direct.execute(statement, values)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """A savepoint; rows collected inside it share its fate."""
        await self._store.write_now()
        try:
            async with self.direct.transaction():
                yield
                await self._store.write_now()
        except BaseException:
            self._store.forget_writes()
            raise
        finally:
            self._store.forget_heads()

    def stream(self, statement: TextClause) -> AbstractAsyncContextManager[AsyncIterator[Any]]:
        """The rows of a statement a few at a time."""
        return self.direct.stream(statement)


def answer_of(row: Row[Any], request: RequestKey) -> StoredAnswer | None:
    """The answer a request got before, from a row with what is kept of it.

    Raises:
        IdempotencyKeyReused: The key belongs to a request with another body.
    """
    if row.fingerprint is None:
        return None
    if row.fingerprint != request.fingerprint:
        raise IdempotencyKeyReused
    return StoredAnswer(status=row.status, body=row.body)


def _as_json(rows: Sequence[Mapping[str, object]]) -> str:
    return orjson.dumps(rows, default=_plain).decode()


def _plain(value: object) -> object:
    """What orjson does not know: the driver's own kind of UUID, and mappings that only read."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


def _event_data(event: Event, headers: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": str(event.id),
        "shard": shard_of(event.key),
        "topic": event.topic,
        "key": event.key,
        "type": event.type,
        "headers": {**headers, "ce_source": event.source},
        "application_id": str(event.application_id) if event.application_id else None,
        "payload": event.data,
    }


def _job_data(job: JobRequest, headers: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": str(new_id()),
        "kind": job.kind,
        "key": job.key,
        "payload": job.payload,
        "headers": headers,
        "application_id": str(job.application_id) if job.application_id else None,
        "run_at": job.run_at.isoformat() if job.run_at else None,
    }


def _line_data(entry: JournalEntry, *, after: JournalHead, hashed: bytes) -> dict[str, object]:
    return {
        "stream": entry.stream,
        "seq": after.seq + 1,
        "at": after.at.isoformat(),
        "actor": entry.actor,
        "act": entry.act,
        "target": entry.target,
        "reason": entry.reason,
        "facts": entry.facts,
        "prev": after.hash.hex(),
        "hash": hashed.hex(),
    }


def shard_of(key: str) -> int:
    """The outbox shard of a key; stable across processes and releases."""
    return hashlib.sha256(key.encode()).digest()[0] % SHARDS

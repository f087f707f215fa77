"""Durable background work: rows of the service's own schema, done at least once.

Anything that needs a network call runs here, outside every transaction. A handler
must be idempotent: it may run again after a crash between its effect and the mark.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from opentelemetry.trace import SpanKind
from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError

from shared.database import Database
from shared.errors import CivilError, Unavailable
from shared.failpoints import Failpoints
from shared.telemetry import case_span, context_of, fail_span, logger

POLL_SECONDS = 0.5
LEASE_SECONDS = 25
"""After a crash a job waits this long; longer than any handler's own time-outs."""
CONCURRENCY = 8

BACK_OFF: tuple[timedelta, ...] = tuple(timedelta(seconds=s) for s in (1, 2, 5, 10, 30, 60))
"""Pauses between attempts; the last one repeats for as long as it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of background work."""

    id: UUID
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempts: int
    """How many times it was started, this time included."""
    application_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """How one kind of job is done, and how patiently.

    Raising `Unavailable` asks for another attempt after the next pause. Any other
    `CivilError` parks the job with its code, for an operator to look at.
    """

    handler: Callable[[Job], Awaitable[None]]
    schedule: Sequence[timedelta] = BACK_OFF
    gives_up: bool = False
    """Park the job when the schedule is used up, instead of repeating its last pause."""


_CLAIM = text("""
    WITH due AS (
        SELECT id FROM job
        WHERE finished_at IS NULL AND parked_at IS NULL AND run_at <= now()
          AND kind = ANY(:kinds)
        ORDER BY run_at
        LIMIT :room
        FOR UPDATE SKIP LOCKED
    )
    UPDATE job
    SET attempts = attempts + 1, run_at = now() + make_interval(secs => :lease)
    FROM due WHERE job.id = due.id
    RETURNING job.id, job.kind, job.key, job.payload, job.attempts, job.application_id,
              job.headers
""")
_FINISH = text("UPDATE job SET finished_at = now(), last_code = NULL WHERE id = :id")
_AGAIN = text("""
    UPDATE job SET run_at = now() + make_interval(secs => :seconds), last_code = :code
    WHERE id = :id AND attempts = :attempts
""")
_PARK = text("UPDATE job SET parked_at = now(), last_code = :code WHERE id = :id")


@dataclass(slots=True)
class JobWorker:
    """Runs the jobs of one service; any number of workers may run side by side.

    A claimed job is leased by moving its `run_at`; if the worker dies, it becomes due
    again when the lease is over.
    """

    database: Database
    kinds: Mapping[str, JobKind]
    failpoints: Failpoints
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Work until cancelled."""
        log = logger("jobs")
        while True:
            self.database.wakeups.jobs.clear()
            try:
                claimed = await self._claim(CONCURRENCY - len(self._running))
            except (Unavailable, DBAPIError) as error:
                log.warning("jobs.waiting", error=type(error).__name__)
                await asyncio.sleep(1.0)
                continue
            for row in claimed:
                task = asyncio.create_task(self._work(row))
                self._running.add(task)
                task.add_done_callback(self._done)
            if not claimed:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.database.wakeups.jobs.wait(), POLL_SECONDS)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self.database.wakeups.jobs.set()

    async def _claim(self, room: int) -> Sequence[Row[Any]]:
        if room <= 0:
            return []
        async with self.database.connection() as connection:
            result = await connection.execute(
                _CLAIM, {"kinds": list(self.kinds), "room": room, "lease": LEASE_SECONDS}
            )
            return result.all()

    async def _work(self, row: Row[Any]) -> None:
        job = Job(
            id=row.id,
            kind=row.kind,
            key=row.key,
            payload=row.payload,
            attempts=row.attempts,
            application_id=row.application_id,
        )
        kind = self.kinds[job.kind]
        with case_span(
            f"job {job.kind}",
            kind=SpanKind.CONSUMER,
            parent=context_of(row.headers),
            application_id=job.application_id,
            attributes={"ow.job.attempt": job.attempts},
        ):
            try:
                await kind.handler(job)
            except (Unavailable, OSError, TimeoutError, DBAPIError) as error:
                await self._again(job, kind, error)
            except CivilError as refusal:
                fail_span(refusal.code)
                logger("jobs").error("jobs.parked", kind=job.kind, code=refusal.code)
                await self._write(_PARK, {"id": job.id, "code": refusal.code})
            except Exception as error:  # noqa: BLE001 - one bad job must not stop the worker
                logger("jobs").exception("jobs.stumbled", kind=job.kind, attempt=job.attempts)
                await self._again(job, kind, error)
            else:
                self.failpoints.reach("jobs.before_finish")
                await self._write(_FINISH, {"id": job.id})

    async def _again(self, job: Job, kind: JobKind, error: Exception) -> None:
        code = error.code if isinstance(error, CivilError) else type(error).__name__
        fail_span(code)
        if kind.gives_up and job.attempts > len(kind.schedule):
            await self._write(_PARK, {"id": job.id, "code": code})
            return
        pause = kind.schedule[min(job.attempts, len(kind.schedule)) - 1].total_seconds()
        await self._write(
            _AGAIN,
            {
                "id": job.id,
                "attempts": job.attempts,
                "seconds": pause * random.uniform(0.9, 1.2),
                "code": code,
            },
        )

    async def _write(self, statement: Any, values: Mapping[str, object]) -> None:  # noqa: ANN401
        """Write the outcome; if the database stays away the lease will run out instead."""
        for pause in (0.3, 1.0, 3.0, 0.0):
            try:
                async with self.database.connection() as connection:
                    await connection.execute(statement, values)
            except (Unavailable, DBAPIError):
                await asyncio.sleep(pause)
            else:
                return

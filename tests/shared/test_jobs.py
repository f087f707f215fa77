"""Is background work done at least once, patiently, and seen when it cannot be done?"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared.database import Database
from shared.errors import NotFound, Unavailable
from shared.jobs import Job, JobKind, JobWorker
from shared.store import JobRequest, SharedStore
from tests.conftest import TestDatabase
from tests.support.events import NO_FAILPOINTS, until

SOON = (timedelta(milliseconds=30),)


@pytest.fixture
async def schema(database: TestDatabase) -> AsyncIterator[Database]:
    opened = Database(database.url("intake"), schema="intake", pool_size=12)
    yield opened
    await opened.close()


@asynccontextmanager
async def working(
    schema: Database, handler: Callable[[Job], Any], *, workers: int = 1, gives_up: bool = False
) -> AsyncIterator[None]:
    kinds = {"greet": JobKind(handler=handler, schedule=SOON, gives_up=gives_up)}
    tasks = [
        asyncio.create_task(JobWorker(schema, kinds, NO_FAILPOINTS).run()) for _ in range(workers)
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def ask_for(schema: Database, *keys: str) -> None:
    transaction = schema.transactions(SharedStore)
    async with transaction() as store:
        for key in keys:
            await store.enqueue(JobRequest(kind="greet", key=key, payload={"key": key}))


async def one(schema: Database, statement: str) -> Any:
    async with schema.engine.connect() as connection:
        return (await connection.execute(text(statement))).scalar_one()


async def all_over(schema: Database) -> bool:
    left = "SELECT count(*) FROM job WHERE finished_at IS NULL AND parked_at IS NULL"
    return int(await one(schema, left)) == 0


async def test_several_workers_do_each_job_once(schema: Database) -> None:
    done: list[str] = []

    async def greet(job: Job) -> None:
        done.append(job.key)

    await ask_for(schema, *(f"k{n}" for n in range(40)))
    async with working(schema, greet, workers=3):
        await until(lambda: all_over(schema))

    assert sorted(done) == sorted(f"k{n}" for n in range(40))


async def test_asking_twice_for_the_same_work_does_it_once(schema: Database) -> None:
    await ask_for(schema, "same")
    await ask_for(schema, "same", "same")

    assert await one(schema, "SELECT count(*) FROM job") == 1


async def test_a_system_that_is_away_is_asked_again_until_it_answers(schema: Database) -> None:
    attempts: list[int] = []

    async def greet(job: Job) -> None:
        attempts.append(job.attempts)
        if job.attempts < 4:
            raise Unavailable

    await ask_for(schema, "k")
    async with working(schema, greet):
        await until(lambda: all_over(schema))

    assert attempts == [1, 2, 3, 4]
    assert await one(schema, "SELECT parked_at IS NULL FROM job")


async def test_a_refusal_parks_the_job_with_its_code_for_an_operator(schema: Database) -> None:
    async def greet(_job: Job) -> None:
        raise NotFound

    await ask_for(schema, "k")
    async with working(schema, greet):
        await until(lambda: all_over(schema))

    assert await one(schema, "SELECT last_code FROM job WHERE parked_at IS NOT NULL") == "NOT_FOUND"


async def test_a_schedule_that_gives_up_parks_the_job_at_its_end(schema: Database) -> None:
    async def greet(_job: Job) -> None:
        raise Unavailable

    await ask_for(schema, "k")
    async with working(schema, greet, gives_up=True):
        await until(lambda: all_over(schema))

    assert await one(schema, "SELECT attempts FROM job WHERE parked_at IS NOT NULL") == 2


async def test_a_worker_that_died_leaves_its_job_to_the_next(schema: Database) -> None:
    """A claim is a lease; when it is over, somebody else takes the job."""
    started = asyncio.Event()

    async def never_ends(_job: Job) -> None:
        started.set()
        await asyncio.Event().wait()

    await ask_for(schema, "k")
    async with working(schema, never_ends):
        await asyncio.wait_for(started.wait(), 5)
    async with schema.engine.begin() as connection:
        await connection.execute(text("UPDATE job SET run_at = now()"))

    done: list[str] = []

    async def greet(job: Job) -> None:
        done.append(job.key)

    async with working(schema, greet):
        await until(lambda: all_over(schema))
    assert done == ["k"]

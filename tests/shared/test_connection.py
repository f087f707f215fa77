"""Close to the driver: are errors told without values, and lost connections replaced?"""

from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.connection import Write
from shared.database import Database, violated_constraint
from shared.errors import Unavailable
from shared.store import SharedStore
from tests.conftest import TestDatabase

ADD = text("INSERT INTO inbox (consumer, event_id) VALUES (:consumer, CAST(:id AS uuid))")
COUNT = text("SELECT count(*) FROM inbox")
ID = "00000000-0000-0000-0000-00000000000a"
RECEIVE = Write(
    "received",
    """
    INSERT INTO inbox (consumer, event_id)
    SELECT consumer, event_id
    FROM jsonb_to_recordset(CAST(:received AS jsonb)) AS r(consumer text, event_id uuid)
    """,
)


@pytest.fixture
async def schema(database: TestDatabase) -> AsyncIterator[Database]:
    opened = Database(database.url("intake"), schema="intake", pool_size=2)
    yield opened
    await opened.close()


async def count(schema: Database) -> int:
    async with schema.connection() as connection:
        return (await connection.execute(COUNT)).scalar_one()


async def test_a_broken_constraint_is_told_by_name_and_without_values(schema: Database) -> None:
    async with schema.connection() as connection:
        await connection.execute(ADD, {"consumer": "Chen", "id": ID})
        with pytest.raises(IntegrityError) as told:
            await connection.execute(ADD, {"consumer": "Chen", "id": ID})

    assert violated_constraint(told.value) == "inbox_pkey"
    assert "Chen" not in str(told.value)
    assert ID not in str(told.value)


async def test_what_a_savepoint_wrote_goes_with_it(schema: Database) -> None:
    async with schema.connection() as connection, connection.transaction():
        await connection.execute(ADD, {"consumer": "kept", "id": ID})
        with suppress(IntegrityError):
            async with connection.transaction():
                await connection.execute(ADD, {"consumer": "lost", "id": ID})
                await connection.execute(ADD, {"consumer": "lost", "id": ID})

    assert await count(schema) == 1


async def test_collected_rows_are_written_before_the_next_statement_reads(schema: Database) -> None:
    async with schema.transactions(SharedStore)() as store:
        store.write(RECEIVE, {"consumer": "c", "event_id": ID})
        assert (await store.connection.execute(COUNT)).scalar_one() == 1


async def test_changes_of_one_row_are_one_write(schema: Database) -> None:
    async with schema.transactions(SharedStore)() as store:
        row = ("inbox", ID)
        await store.change(RECEIVE, row, {"consumer": "first", "event_id": ID})
        await store.change(RECEIVE, row, {"consumer": "second"})

    async with schema.connection() as connection:
        found = await connection.execute(text("SELECT consumer FROM inbox"))
        assert found.scalars().all() == ["second"]


async def test_rows_of_a_savepoint_that_failed_are_forgotten(schema: Database) -> None:
    async with schema.transactions(SharedStore)() as store:
        with suppress(ValueError):
            async with store.connection.transaction():
                store.write(RECEIVE, {"consumer": "c", "event_id": ID})
                raise ValueError("no")

    assert await count(schema) == 0


async def test_a_write_where_only_reading_was_announced_is_a_bug(schema: Database) -> None:
    async def write_while_reading() -> None:
        async with schema.transactions(SharedStore)(is_reading=True) as store:
            store.write(RECEIVE, {"consumer": "c", "event_id": ID})

    with pytest.raises(RuntimeError):
        await write_while_reading()

    assert await count(schema) == 0


async def test_a_connection_that_died_in_the_pool_is_replaced(
    schema: Database, database: TestDatabase
) -> None:
    await count(schema)
    other = Database(database.admin_url, schema="intake", pool_size=1)
    kill = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'intake_app'"
    )
    async with other.connection() as connection:
        await connection.execute(kill)
    await other.close()
    with suppress(Unavailable):  # for a moment the driver does not know yet
        await count(schema)

    assert await count(schema) == 0


async def test_a_table_that_changed_meanwhile_asks_for_another_try(
    schema: Database, database: TestDatabase
) -> None:
    everything = text("SELECT * FROM inbox")

    async def read() -> None:
        async with schema.transactions(SharedStore)() as store:
            await store.connection.execute(ADD, {"consumer": "c", "id": ID})
            (await store.connection.execute(everything)).one()
            await store.connection.execute(text("DELETE FROM inbox"))

    await read()
    other = Database(database.admin_url, schema="intake", pool_size=1)
    async with other.connection() as connection:
        await connection.execute(text("ALTER TABLE intake.inbox ADD COLUMN note text"))
    await other.close()
    with pytest.raises(Unavailable):
        await read()

    await read()

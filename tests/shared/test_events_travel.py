"""Does every committed event arrive, in order per key, and take effect once?"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from deploy.local.kafka import MeshBroker
from shared.database import Database
from shared.errors import Conflict, Unavailable
from shared.messaging import Message
from shared.store import SharedStore
from tests.conftest import TestDatabase
from tests.support.events import (
    Heard,
    consumer,
    event,
    fresh_topic,
    read_all,
    relay,
    send,
    until,
)


@pytest.fixture
async def schema(database: TestDatabase) -> AsyncIterator[Database]:
    """Any service's schema; these tables are the same in all."""
    opened = Database(database.url("intake"), schema="intake", pool_size=12)
    yield opened
    await opened.close()


@asynccontextmanager
async def running(*loops: Any) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def count(schema: Database, statement: str, **values: Any) -> int:
    async with schema.engine.connect() as connection:
        return int((await connection.execute(text(statement), values)).scalar_one())


async def write(schema: Database, topic: str, key: str, numbers: range) -> None:
    transaction = schema.transactions(SharedStore)
    for number in numbers:
        async with transaction() as store:
            await store.publish(event(topic, key=key, number=number))


async def test_what_is_committed_arrives_once_and_in_order_per_key(
    schema: Database, broker: str
) -> None:
    topic = fresh_topic()
    async with running(relay(schema, broker).run(), relay(schema, broker).run()):
        await asyncio.gather(*(write(schema, topic, f"k{n}", range(40)) for n in range(6)))
        found = await read_all(broker, topic, at_least=240)

    assert len(found) == 240
    for key in (f"k{n}" for n in range(6)):
        assert [number for k, number in found if k == key] == list(range(40))


async def test_what_is_rolled_back_never_arrives(schema: Database, broker: str) -> None:
    topic = fresh_topic()
    transaction = schema.transactions(SharedStore)

    async def publish_and_fail() -> None:
        async with transaction() as store:
            await store.publish(event(topic, number=1))
            raise Conflict

    with pytest.raises(Conflict):
        await publish_and_fail()
    await write(schema, topic, "k", range(2, 3))
    async with running(relay(schema, broker).run()):
        assert await read_all(broker, topic, at_least=1) == [("k", 2)]


async def test_a_message_that_comes_twice_takes_effect_once(schema: Database, broker: str) -> None:
    topic, heard, same = fresh_topic(), Heard(), uuid4()
    async with running(consumer(schema, broker, topic, heard).run()):
        for _ in range(3):
            await send(broker, topic, b'{"number":7}', id=same)
        await send(broker, topic, b'{"number":8}')
        await until(lambda: _applied(schema, topic, 2))

    assert sorted(heard.numbers) == [7, 8]
    effects = "SELECT count(*) FROM outbox WHERE aggregatetype = :topic"
    assert await count(schema, effects, topic=topic + "-effect") == 2


POISON = {
    "empty": (None, None),
    "not_json": (b"\xff\xfe", None),
    "truncated": (b'{"number":', None),
    "not_an_object": (b"[1]", None),
    "no_attributes": (b'{"number":1}', []),
    "binary_header": (b'{"number":1}', [("ce_id", b"\xff\xff")]),
    "too_large": (b'{"number":1,"x":"' + b"x" * 300_000 + b'"}', None),
}


@pytest.mark.parametrize("kind", POISON)
async def test_an_unreadable_record_is_buried_and_the_next_is_applied(
    schema: Database, broker: str, kind: str
) -> None:
    topic, heard = fresh_topic(), Heard()
    value, headers = POISON[kind]
    async with running(consumer(schema, broker, topic, heard).run()):
        await send(broker, topic, value, headers=headers)
        await send(broker, topic, b'{"number":9}')
        await until(lambda: _applied(schema, topic, 1))

    buried = "SELECT count(*) FROM outbox WHERE aggregatetype LIKE '%.dead-letter'"
    assert heard.numbers == [9]
    assert await count(schema, buried) == 1


async def test_a_broken_rule_is_buried_with_its_code_and_leaves_no_effect(
    schema: Database, broker: str
) -> None:
    topic = fresh_topic()

    def refuse(message: Message) -> None:
        if message.data["number"] == 1:
            raise Conflict

    heard = Heard(refuse)
    async with running(consumer(schema, broker, topic, heard).run()):
        await send(broker, topic, b'{"number":1}')
        await send(broker, topic, b'{"number":2}')
        await until(lambda: _applied(schema, topic, 1))

    assert heard.numbers == [2]
    async with schema.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT payload->>'code' FROM outbox WHERE aggregatetype LIKE '%.dead-letter'")
        )
        assert rows.scalars().all() == ["CONFLICT"]
    effects = "SELECT count(*) FROM outbox WHERE aggregatetype = :topic"
    assert await count(schema, effects, topic=topic + "-effect") == 1


async def test_a_bug_is_tried_three_times_and_then_buried(schema: Database, broker: str) -> None:
    topic, tries = fresh_topic(), []

    def stumble(message: Message) -> None:
        if message.data["number"] == 1:
            tries.append(1)
            raise RuntimeError

    heard = Heard(stumble)
    async with running(consumer(schema, broker, topic, heard).run()):
        await send(broker, topic, b'{"number":1}')
        await send(broker, topic, b'{"number":2}')
        await until(lambda: _applied(schema, topic, 1))

    assert len(tries) == 3
    assert heard.numbers[-1] == 2


async def test_an_outage_is_waited_out_and_nothing_is_buried(schema: Database, broker: str) -> None:
    topic, outages = fresh_topic(), [1, 2, 3, 4, 5]

    def be_away(_message: Message) -> None:
        if outages:
            outages.pop()
            raise Unavailable

    heard = Heard(be_away)
    async with running(consumer(schema, broker, topic, heard).run()):
        await send(broker, topic, b'{"number":1}')
        await until(lambda: _applied(schema, topic, 1))

    buried = "SELECT count(*) FROM outbox WHERE aggregatetype LIKE '%.dead-letter'"
    assert heard.numbers == [1]
    assert await count(schema, buried) == 0


async def test_a_broker_that_lost_its_log_is_told_everything_again(
    schema: Database, tmp_path: Path
) -> None:
    """The wheel's broker keeps records in memory: a restart forgets them all."""
    broker = MeshBroker(tmp_path / "mesh")
    bootstrap = broker.start()
    topic, heard = fresh_topic(), Heard()
    try:
        async with running(relay(schema, bootstrap, idempotence=False).run()):
            await write(schema, topic, "k", range(5))
            assert len(await read_all(bootstrap, topic, at_least=5)) == 5
            broker.kill()
            broker.start()
            await write(schema, topic, "k", range(5, 7))
            async with running(consumer(schema, bootstrap, topic, heard).run()):
                await until(lambda: _at_least(heard, 7), seconds=60)
    finally:
        broker.stop()

    assert sorted(heard.numbers) == list(range(7))


async def _at_least(heard: Heard, number: int) -> bool:
    return len(heard.numbers) >= number


async def _applied(schema: Database, topic: str, number: int) -> bool:
    """Has so much taken effect, and been committed: hearing comes before the commit."""
    effects = "SELECT count(*) FROM outbox WHERE aggregatetype = :topic"
    return await count(schema, effects, topic=topic + "-effect") >= number

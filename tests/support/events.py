"""Events, a store and Kafka for tests of the relay, the consumer and the jobs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.database import Database
from shared.events import Event
from shared.failpoints import Failpoints
from shared.inbox import Consumer
from shared.messaging import Message, Subscription, to_wire
from shared.outbox import Relay
from shared.store import SharedStore

NO_FAILPOINTS = Failpoints()


def fresh_topic() -> str:
    return f"civil.test-{uuid4().hex[:8]}.thing"


def event(topic: str, *, key: str = "k", number: int = 0) -> Event:
    return Event(topic=topic, type="civil.test.thing-done.v1", key=key, data={"number": number})


def relay(database: Database, bootstrap: str, *, idempotence: bool = True) -> Relay:
    return Relay(
        database,
        bootstrap_servers=bootstrap,
        idempotence=idempotence,
        failpoints=NO_FAILPOINTS,
    )


def consumer(
    database: Database, bootstrap: str, topic: str, handler: Callable[..., Any]
) -> Consumer[SharedStore]:
    return Consumer(
        topic.split(".")[1],
        [Subscription(topic=topic, handlers={"civil.test.thing-done.v1": handler})],
        database=database,
        store=SharedStore,
        bootstrap_servers=bootstrap,
        failpoints=NO_FAILPOINTS,
    )


async def send(
    bootstrap: str, topic: str, value: bytes | None, *, id: UUID | None = None, headers: Any = None
) -> None:
    """Put one record on a topic, past the outbox."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    wire = to_wire(
        id=id or uuid4(),
        type="civil.test.thing-done.v1",
        key="k",
        headers={},
        time="2026-11-22T00:00:00Z",
    )
    await producer.send_and_wait(
        topic, value=value, key=b"k", headers=wire if headers is None else headers
    )
    await producer.stop()


async def read_all(bootstrap: str, topic: str, *, at_least: int) -> list[tuple[str, int]]:
    """Everything on a topic from its beginning: (key, number) in the order of each partition."""
    reader = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await reader.start()
    found: list[tuple[str, int]] = []
    try:
        async with asyncio.timeout(30):
            while len(found) < at_least:
                polled = await reader.getmany(timeout_ms=500)
                for records in polled.values():
                    found += [(r.key.decode(), int(r.value.split(b":")[1][:-1])) for r in records]
    finally:
        await reader.stop()
    return found


async def until(condition: Callable[[], Awaitable[bool]], *, seconds: float = 30) -> None:
    """Wait until something has become true."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - what is waited for happens in a database
            await asyncio.sleep(0.05)


class Heard:
    """A handler that remembers what it heard and does what it is told."""

    def __init__(self, then: Callable[[Message], None] | None = None) -> None:
        self.numbers: list[int] = []
        self._then = then

    async def __call__(self, message: Message, *, transaction: Any) -> None:
        async with transaction() as store:
            await store.publish(event(message.topic + "-effect", number=message.data["number"]))
        if self._then is not None:
            self._then(message)
        self.numbers.append(message.data["number"])

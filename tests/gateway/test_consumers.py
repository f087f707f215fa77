"""Do events wake the screens that watch their case, and nobody else?"""

import asyncio
import json
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer

from services.gateway.consumers import TOPIC, ProgressFeed, ProgressHub
from services.gateway.errors import TooManyWatchers
from shared.ids import new_id
from shared.messaging import to_wire

CASE = UUID("0192f0c0-0000-7000-8000-000000000001")
TRACE = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}


def hub(most=10, every=60.0):
    return ProgressHub(most=most, every=every)


@dataclass
class Record:
    """A record as the broker gives it."""

    value: bytes | None
    headers: list[tuple[str, bytes]] = field(default_factory=list)
    topic: str = TOPIC


def record(case=CASE, *, data=None, headers=TRACE):
    wire = to_wire(
        id=new_id(),
        type="civil.intake.task-closed.v1",
        key=str(case),
        headers=headers,
        time="2026-11-22T09:00:00+08:00",
    )
    return Record(
        json.dumps(data if data is not None else {"applicationId": str(case)}).encode(), wire
    )


async def woken(watch, seconds=1.0):
    """What wakes a watch, or None if nothing does."""
    try:
        async with asyncio.timeout(seconds):
            return await anext(watch.changes())
    except TimeoutError:
        return None


async def test_an_event_wakes_the_watch_on_its_case_with_its_trace():
    ours = hub()
    with ours.watch(CASE) as watch:
        ProgressFeed(ours, bootstrap_servers="").apply(record())
        assert await woken(watch) == TRACE


async def test_an_event_of_another_case_wakes_nobody():
    ours = hub()
    with ours.watch(CASE) as watch:
        ProgressFeed(ours, bootstrap_servers="").apply(record(uuid4()))
        assert await woken(watch, 0.2) is None


async def test_the_key_names_the_case_when_the_event_does_not():
    ours = hub()
    with ours.watch(CASE) as watch:
        ProgressFeed(ours, bootstrap_servers="").apply(record(data={}))
        assert await woken(watch) == TRACE


@pytest.mark.parametrize(
    "unreadable",
    [Record(None), Record(b""), Record(b"{"), Record(b"[]"), Record(b"{}"), Record(b"x" * 300_000)],
)
async def test_what_cannot_be_read_wakes_nobody_and_stops_nothing(unreadable):
    ours = hub()
    feed = ProgressFeed(ours, bootstrap_servers="")
    with ours.watch(CASE) as watch:
        feed.apply(unreadable)
        feed.apply(record())
        assert await woken(watch) == TRACE


async def test_a_watch_remembers_what_happens_while_its_screen_is_busy():
    ours = hub()
    with ours.watch(CASE) as watch:
        changes = watch.changes()
        ours.happened(str(CASE), {})
        ours.happened(str(CASE), TRACE)
        assert await anext(changes) == TRACE
        ours.happened(str(CASE), {})
        assert await anext(changes) == {}


async def test_a_watch_looks_again_after_a_while_without_any_event():
    with hub(every=0.05).watch(CASE) as watch:
        assert await woken(watch) == {}


async def test_every_watch_looks_again_when_events_may_have_been_missed():
    ours = hub()
    with ours.watch(CASE) as one, ours.watch(uuid4()) as other:
        ours.wake_all()
        assert await woken(one) == {}
        assert await woken(other) == {}


async def test_there_are_only_so_many_watches_and_each_ends():
    ours = hub(most=1)
    with ours.watch(CASE), pytest.raises(TooManyWatchers), ours.watch(CASE):
        pass
    with ours.watch(CASE):
        assert ours.watched == 1
    assert ours.watched == 0


async def test_events_on_the_broker_reach_the_watch(broker):
    ours = hub()
    feed = asyncio.create_task(ProgressFeed(ours, bootstrap_servers=broker).run())
    producer = AIOKafkaProducer(bootstrap_servers=broker, acks="all")
    try:
        with ours.watch(CASE) as watch:
            assert await woken(watch, 60) == {}, "the feed wakes everybody when it begins"
            await producer.start()
            sent = record()
            await producer.send_and_wait(
                TOPIC, sent.value, key=str(CASE).encode(), headers=sent.headers
            )
            assert await woken(watch, 20) == TRACE
    finally:
        feed.cancel()
        await asyncio.gather(feed, return_exceptions=True)
        await producer.stop()

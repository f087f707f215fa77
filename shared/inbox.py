"""Consumes events so that each takes effect once: the inbox row and the effect commit together."""

import asyncio
import base64
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic
from uuid import UUID

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from opentelemetry.trace import SpanKind
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.connection import Connection
from shared.database import Database, S, is_passing, joined
from shared.errors import CivilError, Unavailable
from shared.events import Event
from shared.failpoints import Failpoints
from shared.ids import derived_id
from shared.messaging import Message, Subscription, Unreadable, from_wire
from shared.telemetry import case_span, context_of, fail_span, logger

MAX_RECORDS = 200
MAX_ATTEMPTS = 3
"""After this many failures for a reason we did not foresee, a message is a dead letter."""

_RECEIVE = text("""
    INSERT INTO inbox (consumer, event_id)
    SELECT :consumer, unnest(CAST(:ids AS uuid[]))
    ON CONFLICT DO NOTHING
    RETURNING event_id
""")


@dataclass(frozen=True, slots=True)
class _Received:
    """A record with what it was found to be."""

    record: ConsumerRecord
    id: UUID
    message: Message | None
    reason: CivilError | None = None


class _Stumbled(Exception):
    """A handler failed for a reason we did not foresee."""

    def __init__(self, received: _Received, cause: Exception) -> None:
        super().__init__(type(cause).__name__)
        self.received = received


class Consumer(Generic[S]):
    """Reads a service's subscriptions; one transaction per poll, offsets committed after.

    A message that breaks a rule, or cannot be read, goes to the service's dead letters
    in the same transaction that marks it as received; the partition moves on. When the
    database or another system is away, the whole batch is tried again, for ever.

    Args:
        service: Names the consumer group and the inbox rows.
        store: Makes the service's store on a connection.
    """

    def __init__(
        self,
        service: str,
        subscriptions: Sequence[Subscription],
        *,
        database: Database,
        store: Callable[[Connection], S],
        bootstrap_servers: str,
        failpoints: Failpoints,
    ) -> None:
        self._service = service
        self._subscriptions = {each.topic: each for each in subscriptions}
        self._database = database
        self._store = store
        self._bootstrap = bootstrap_servers
        self._failpoints = failpoints
        self._stumbles: Counter[UUID] = Counter()
        self._log = logger("consumer")

    async def run(self) -> None:
        """Consume until cancelled."""
        pause = 0.5
        while True:
            try:
                await self._consume_while_connected()
            except (KafkaError, OSError, TimeoutError) as error:
                self._log.warning("consumer.waiting", error=type(error).__name__, seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _consume_while_connected(self) -> None:
        consumer = AIOKafkaConsumer(
            *self._subscriptions,
            bootstrap_servers=self._bootstrap,
            group_id=f"one-window.{self._service}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_records=MAX_RECORDS,
            fetch_max_wait_ms=50,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
            metadata_max_age_ms=30_000,
        )
        await consumer.start()
        try:
            while True:
                await self._consume_batch(consumer)
        finally:
            # A broker that is gone would keep us waiting to leave its group.
            with suppress(KafkaError, OSError, TimeoutError):
                async with asyncio.timeout(3):
                    await consumer.stop()

    async def _consume_batch(self, consumer: AIOKafkaConsumer) -> None:
        polled = await consumer.getmany(timeout_ms=500, max_records=MAX_RECORDS)
        records = [record for batch in polled.values() for record in batch]
        if not records:
            return
        await self.apply(records)
        self._failpoints.reach("consumer.before_offsets")
        # Losing the partition meanwhile is no fault: whoever has it now reads the
        # records again and finds them in the inbox.
        with suppress(CommitFailedError, IllegalStateError):
            await consumer.commit()

    async def apply(self, records: Sequence[ConsumerRecord]) -> None:
        """Apply records once each, whatever happens; returns when they are committed."""
        received = [item for item in map(_read, records) if self._concerns_us(item)]
        if not received:
            return
        pause = 0.2
        while True:
            try:
                await self._apply_once(received)
            except _Stumbled as stumble:
                self._stumbles[stumble.received.id] += 1
                self._log.error(
                    "consumer.stumbled",
                    error=str(stumble),
                    event_id=str(stumble.received.id),
                    attempt=self._stumbles[stumble.received.id],
                    exc_info=stumble.__cause__,
                )
            except (Unavailable, DBAPIError) as error:
                self._log.warning("consumer.again", error=type(error).__name__)
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10.0)

    def _concerns_us(self, item: _Received) -> bool:
        """An unreadable record does: it must be buried where somebody looks."""
        message = item.message
        if message is None:
            return True
        try:
            return self._subscriptions[message.topic].takes(message)
        except (KeyError, TypeError, AttributeError):
            return True  # not the shape it should be: the handler will say so

    async def _apply_once(self, received: Sequence[_Received]) -> None:
        async with self._database.connection() as connection, connection.transaction():
            fresh = await self._receive(connection, received)
            for item in received:
                if item.id in fresh:
                    fresh.discard(item.id)
                    await self._handle(connection, item)
            self._failpoints.reach("consumer.before_commit")
        self._failpoints.reach("consumer.after_commit")
        self._database.wakeups.outbox.set()
        self._database.wakeups.jobs.set()

    async def _receive(self, connection: Connection, received: Sequence[_Received]) -> set[UUID]:
        ids = sorted({item.id for item in received})
        inserted = await connection.execute(_RECEIVE, {"consumer": self._service, "ids": ids})
        return set(inserted.scalars())

    async def _handle(self, connection: Connection, item: _Received) -> None:
        message = item.message
        if message is None:
            await self._bury(connection, item, item.reason or Unreadable())
            return
        handler = self._subscriptions[message.topic].handlers[message.type]
        if self._stumbles[item.id] >= MAX_ATTEMPTS:
            await self._bury(connection, item, Unreadable("handling failed repeatedly"))
            return
        attributes: dict[str, str | int] = {
            "messaging.system": "kafka",
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "messaging.destination.name": message.topic,
            "messaging.consumer.group.name": f"one-window.{self._service}",
            "messaging.message.id": str(message.id),
            "messaging.kafka.offset": item.record.offset,
            "ow.event.type": message.type,
        }
        with case_span(
            f"process {message.topic}",
            kind=SpanKind.CONSUMER,
            parent=context_of(message.trace),
            application_id=message.application_id,
            attributes=attributes,
        ):
            try:
                # Whatever the handler wrote before it refused must go with its refusal.
                async with connection.transaction():
                    await handler(message, transaction=joined(self._store, connection))
            except Unavailable:
                raise
            except CivilError as refusal:
                fail_span(refusal.code)
                await self._bury(connection, item, refusal)
            except DBAPIError as error:
                if is_passing(error):
                    raise
                raise _Stumbled(item, error) from error
            except Exception as error:
                raise _Stumbled(item, error) from error

    async def _bury(self, connection: Connection, item: _Received, reason: CivilError) -> None:
        """Send a message to the dead letters, untouched, with its reason."""
        record = item.record
        self._log.error("consumer.dead_letter", code=reason.code, event_id=str(item.id))
        store = self._store(connection)
        await store.publish(
            Event(
                topic=f"civil.{self._service}.dead-letter",
                type=f"civil.{self._service}.dead-letter-buried.v1",
                key=item.message.key if item.message else record.topic,
                data={
                    "originalTopic": record.topic,
                    "originalPartition": record.partition,
                    "originalOffset": record.offset,
                    "consumer": self._service,
                    "code": reason.code,
                    "attempts": max(1, self._stumbles[item.id]),
                    "headers": _headers_as_text(record.headers),
                    "value": base64.b64encode(record.value or b"").decode(),
                },
            )
        )
        await store.flush()


def _read(record: ConsumerRecord) -> _Received:
    try:
        message = from_wire(record.topic, record.value, record.headers)
    except Unreadable as reason:
        place = (record.topic, str(record.partition), str(record.offset), str(record.timestamp))
        return _Received(record, derived_id("unreadable", *place), None, reason)
    return _Received(record, message.id, message)


def _headers_as_text(headers: Sequence[tuple[str, bytes]]) -> Mapping[str, Any]:
    return {name: base64.b64encode(value).decode() for name, value in list(headers)[:64]}

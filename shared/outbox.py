"""Relays the outbox to Kafka: at least once, in order per key, nothing lost.

Rows are found by a flag, never by an id cursor: ids are not given out in commit
order, and a cursor loses events. One relay holds the lease of a shard; several
relays with SKIP LOCKED would break the order per key.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from opentelemetry.trace import Link, SpanKind, get_current_span
from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database
from shared.failpoints import Failpoints
from shared.messaging import to_wire
from shared.store import SHARDS
from shared.telemetry import context_of, logger, tracer

BATCH = 500
POLL_SECONDS = 0.25
"""How soon another process's commit is seen; this process's own commits wake the relay."""
LOG_CHECK_SECONDS = 3.0

_LEASE = text("SELECT pg_try_advisory_lock(hashtext(:schema || '.outbox'), :shard)")
_UNPUBLISHED = text("""
    SELECT id, seq, shard, aggregatetype AS topic, aggregateid AS key, type, payload, headers,
           created_at
    FROM outbox
    WHERE published_at IS NULL AND shard = ANY(:shards)
    ORDER BY seq
    LIMIT :batch
""")
_MARK = text("UPDATE outbox SET published_at = now() WHERE id = ANY(:ids)")
_POSITIONS = text("SELECT topic, partition, log_offset FROM outbox_position")
_KEEP_POSITION = text("""
    INSERT INTO outbox_position (topic, partition, log_offset)
    SELECT * FROM unnest(CAST(:topics AS text[]), CAST(:partitions AS int[]),
                         CAST(:offsets AS bigint[]))
    ON CONFLICT (topic, partition) DO UPDATE SET log_offset = excluded.log_offset
""")
_REPUBLISH = text("""
    UPDATE outbox SET published_at = NULL
    WHERE published_at IS NOT NULL AND aggregatetype = ANY(:topics)
""")
_FORGET_POSITIONS = text("DELETE FROM outbox_position WHERE topic = ANY(:topics)")


class BrokerLostItsLog(Exception):
    """The broker gave an offset it had given before: it forgot what we published."""

    def __init__(self, topics: Sequence[str]) -> None:
        super().__init__(", ".join(topics))
        self.topics = list(topics)


class Relay:
    """Publishes one service's outbox.

    If the broker turns out to have lost its log (a broker that keeps it in memory
    was restarted, or a cluster was restored from an older backup), every event still
    in the outbox is published again; inboxes skip what was already applied.

    Args:
        database: The service's database.
        bootstrap_servers: Kafka.
        idempotence: Whether the broker can deduplicate a producer's retries.
    """

    def __init__(
        self,
        database: Database,
        *,
        bootstrap_servers: str,
        idempotence: bool,
        failpoints: Failpoints,
    ) -> None:
        self._database = database
        self._bootstrap = bootstrap_servers
        self._idempotence = idempotence
        self._failpoints = failpoints
        self._shards: list[int] = []
        self._positions: dict[tuple[str, int], int] = {}
        self._log = logger("relay")

    async def run(self) -> None:
        """Relay until cancelled; a broker or database that is away is waited for."""
        pause = 0.5
        while True:
            try:
                await self._relay_while_connected()
            except (KafkaError, DBAPIError, OSError, TimeoutError) as error:
                self._log.warning("relay.waiting", error=type(error).__name__, seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                pause = 0.5

    async def _relay_while_connected(self) -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            acks="all",
            enable_idempotence=self._idempotence,
            linger_ms=2,
            request_timeout_ms=10_000,
        )
        async with self._database.engine.connect() as raw:
            connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
            self._shards = []
            await producer.start()
            try:
                await self._load_positions(connection)
                await self._check_log(connection)
                await self._relay_forever(connection, producer)
            finally:
                with suppress(KafkaError, OSError, TimeoutError):
                    async with asyncio.timeout(3):
                        await producer.stop()
                # The leases belong to the session: back in the pool it would keep them for ever.
                await raw.invalidate()

    async def _relay_forever(self, connection: AsyncConnection, producer: AIOKafkaProducer) -> None:
        checked = asyncio.get_running_loop().time()
        while True:
            self._database.wakeups.outbox.clear()
            await self._take_leases(connection)
            if await self._relay_batch(connection, producer):
                continue
            if asyncio.get_running_loop().time() - checked > LOG_CHECK_SECONDS:
                await self._check_log(connection)
                checked = asyncio.get_running_loop().time()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._database.wakeups.outbox.wait(), POLL_SECONDS)

    async def _take_leases(self, connection: AsyncConnection) -> None:
        for shard in range(SHARDS):
            if shard in self._shards:
                continue
            taken = await connection.execute(
                _LEASE, {"schema": self._database.schema, "shard": shard}
            )
            if taken.scalar_one():
                self._shards.append(shard)

    async def _relay_batch(self, connection: AsyncConnection, producer: AIOKafkaProducer) -> int:
        found = await connection.execute(_UNPUBLISHED, {"shards": self._shards, "batch": BATCH})
        rows = found.all()
        if not rows:
            return 0
        self._failpoints.reach("relay.before_send")
        try:
            await self._send(producer, rows)
        except BrokerLostItsLog as lost:
            await self._publish_again(connection, lost.topics)
            return len(rows)
        self._failpoints.reach("relay.after_send")
        await connection.execute(_MARK, {"ids": [row.id for row in rows]})
        await self._keep_positions(connection)
        return len(rows)

    async def _send(self, producer: AIOKafkaProducer, rows: Sequence[Row[Any]]) -> None:
        links = [
            Link(get_current_span(context).get_span_context())
            for row in rows[:64]
            if (context := context_of(row.headers)) is not None
        ]
        attributes: dict[str, str | int] = {
            "messaging.system": "kafka",
            "messaging.operation.name": "send",
            "messaging.operation.type": "send",
            "messaging.batch.message_count": len(rows),
        }
        with tracer.start_as_current_span(
            f"send {self._database.schema} outbox",
            kind=SpanKind.PRODUCER,
            links=links,
            attributes=attributes,
        ):
            futures = [
                await producer.send(
                    row.topic,
                    value=orjson.dumps(row.payload),
                    key=row.key.encode(),
                    headers=to_wire(
                        id=row.id,
                        type=row.type,
                        key=row.key,
                        headers=row.headers,
                        time=row.created_at.astimezone(UTC).isoformat(),
                    ),
                )
                for row in rows
            ]
            acknowledged = await asyncio.gather(*futures)
        self._note_positions(acknowledged)

    def _note_positions(self, acknowledged: Sequence[Any]) -> None:
        lost = set()
        newest: dict[tuple[str, int], int] = {}
        for record in acknowledged:
            place = (record.topic, record.partition)
            if record.offset <= self._positions.get(place, -1):
                lost.add(record.topic)
            # The first of this batch, not the last: one broker (the wheel's) says that its
            # log ends just behind the first record of the last batch.
            newest[place] = min(record.offset, newest.get(place, record.offset))
        if lost:
            raise BrokerLostItsLog(sorted(lost))
        self._positions.update(newest)

    async def _load_positions(self, connection: AsyncConnection) -> None:
        rows = await connection.execute(_POSITIONS)
        self._positions = {(row.topic, row.partition): row.log_offset for row in rows}

    async def _keep_positions(self, connection: AsyncConnection) -> None:
        places = list(self._positions.items())
        await connection.execute(
            _KEEP_POSITION,
            {
                "topics": [topic for (topic, _), _ in places],
                "partitions": [partition for (_, partition), _ in places],
                "offsets": [offset for _, offset in places],
            },
        )

    async def _check_log(self, connection: AsyncConnection) -> None:
        """Compare what we published with what the broker still has."""
        if not self._positions:
            return
        ends = await self._end_offsets()
        lost = {
            topic
            for (topic, partition), offset in self._positions.items()
            if (end := ends.get((topic, partition))) is not None and end <= offset
        }
        if lost:
            await self._publish_again(connection, sorted(lost))

    async def _end_offsets(self) -> dict[tuple[str, int], int]:
        """Where the broker's log ends, for every place that could be found out about.

        A topic the broker does not have at all ends at nought; one whose leader does not
        answer just now is left out, and asked about the next time.
        """
        existing = await self._existing_topics()
        ends = {place: 0 for place in self._positions if place[0] not in existing}
        known = [TopicPartition(*place) for place in self._positions if place[0] in existing]
        reader = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, request_timeout_ms=5_000)
        await reader.start()
        try:
            found = await reader.end_offsets(known) if known else {}
        finally:
            await reader.stop()
        return ends | {(place.topic, place.partition): end for place, end in found.items()}

    async def _existing_topics(self) -> set[str]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap, request_timeout_ms=5_000)
        await admin.start()
        try:
            return set(await admin.list_topics())
        finally:
            await admin.close()

    async def _publish_again(self, connection: AsyncConnection, topics: list[str]) -> None:
        self._log.warning("relay.broker_lost_its_log", topics=topics)
        self._positions = {
            place: offset for place, offset in self._positions.items() if place[0] not in topics
        }
        await connection.execute(_FORGET_POSITIONS, {"topics": topics})
        await connection.execute(_REPUBLISH, {"topics": topics})

"""Live progress: what happens to cases wakes the screens that watch them.

Every gateway process reads the topic by itself, without a group and from its end: a screen
hangs on one process, and only that process can wake it. An event here is no more than a
reason to look again; what a screen shows it reads from the window, in its caller's name.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from uuid import UUID

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaError

from services.gateway.errors import TooManyWatchers
from shared.messaging import Message, Unreadable, from_wire
from shared.service import ensure_topics
from shared.telemetry import logger

TOPIC = "civil.intake.application"
SETTLE_SECONDS = 0.05
"""Events of one act come together; they are one reason to look again."""


class CaseWatch:
    """One screen's watch on one case: remembers that something happened, not how often.

    Args:
        every: Seconds after which the screen looks again even if no event came.
    """

    def __init__(self, *, every: float) -> None:
        self._every = every
        self._happened = asyncio.Event()
        self._trace: Mapping[str, str] = {}

    def wake(self, trace: Mapping[str, str]) -> None:
        """Something happened to the case; the trace headers say in which act."""
        self._trace = trace
        self._happened.set()

    async def changes(self) -> AsyncIterator[Mapping[str, str]]:
        """Yields each time the case may differ from when it was last looked at."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._happened.wait()
                    await asyncio.sleep(SETTLE_SECONDS)
            self._happened.clear()
            trace, self._trace = self._trace, {}
            yield trace


class ProgressHub:
    """Who watches what, in this process.

    Args:
        most: Watches at a time; further ones are refused.
        every: See `CaseWatch`.
    """

    def __init__(self, *, most: int, every: float) -> None:
        self._most = most
        self._every = every
        self._watches: defaultdict[str, set[CaseWatch]] = defaultdict(set)
        self._count = 0

    @contextmanager
    def watch(self, application_id: UUID) -> Iterator[CaseWatch]:
        """Watch a case from now on.

        Raises:
            TooManyWatchers: This process serves as many as it can.
        """
        if self._count >= self._most:
            raise TooManyWatchers
        watch, case = CaseWatch(every=self._every), str(application_id)
        self._watches[case].add(watch)
        self._count += 1
        try:
            yield watch
        finally:
            self._count -= 1
            self._watches[case].discard(watch)
            if not self._watches[case]:
                del self._watches[case]

    def happened(self, application_id: str, trace: Mapping[str, str]) -> None:
        """Wake the watches on a case."""
        for watch in self._watches.get(application_id, ()):
            watch.wake(trace)

    def wake_all(self) -> None:
        """Wake every watch: something may have been missed."""
        for watches in self._watches.values():
            for watch in watches:
                watch.wake({})

    @property
    def watched(self) -> int:
        """How many watches there are."""
        return self._count


class ProgressFeed:
    """Reads the window's topic for as long as the process lives."""

    def __init__(self, hub: ProgressHub, *, bootstrap_servers: str) -> None:
        self._hub = hub
        self._bootstrap = bootstrap_servers
        self._log = logger("progress")

    async def run(self) -> None:
        """Read until cancelled; a broker that is away is waited for."""
        await ensure_topics(self._bootstrap, [TOPIC])
        pause = 0.5
        while True:
            try:
                await self._read_while_connected()
            except (KafkaError, OSError, TimeoutError) as error:
                self._log.warning("progress.waiting", error=type(error).__name__, seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _read_while_connected(self) -> None:
        consumer = AIOKafkaConsumer(
            TOPIC,
            bootstrap_servers=self._bootstrap,
            group_id=None,
            auto_offset_reset="latest",
            enable_auto_commit=False,
            fetch_max_wait_ms=100,
            metadata_max_age_ms=30_000,
        )
        await consumer.start()
        try:
            # The end is looked up before anybody is woken: an event that comes after the
            # screens looked again is then read, one that came before they have seen.
            await consumer.seek_to_end()
            self._hub.wake_all()
            self._log.info("progress.reading")
            async for record in consumer:
                self.apply(record)
        finally:
            with suppress(KafkaError, OSError, TimeoutError):
                await consumer.stop()

    def apply(self, record: ConsumerRecord) -> None:
        """Wake whoever watches the case of a record; one that cannot be read wakes nobody.

        It is no dead letter here: the services that act on events keep those.
        """
        try:
            message = from_wire(record.topic, record.value, record.headers)
        except Unreadable:
            return
        self._hub.happened(_case_of(message), message.trace)


def _case_of(message: Message) -> str:
    return message.application_id or message.key

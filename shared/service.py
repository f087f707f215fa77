"""How a service process lives: its background roles beside its API, together."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Generic

import uvicorn
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError
from fastapi import FastAPI
from opentelemetry.sdk.trace import TracerProvider

from shared.connection import Connection
from shared.database import Database, S
from shared.failpoints import Failpoints
from shared.inbox import Consumer
from shared.jobs import JobKind, JobWorker
from shared.messaging import Subscription
from shared.outbox import Relay
from shared.settings import Role, ServiceSettings
from shared.telemetry import configure_telemetry, logger
from shared.web import Lifespan

PARTITIONS = 4
MAX_SOCKET_MESSAGE_BYTES = 256 * 1024

Background = Callable[[], Coroutine[Any, Any, None]]
Close = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Generic[S]):
    """What a service does in the background.

    Args:
        speaks: Topics the service publishes to.
        subscriptions: What it listens to.
        jobs: Its kinds of background jobs.
        clocks: Loops of the `clock` role.
        starters: Done once at start, before the other work of the `worker` role.
    """

    service: str
    database: Database
    store: Callable[[Connection], S]
    speaks: Sequence[str] = ()
    subscriptions: Sequence[Subscription] = ()
    jobs: Mapping[str, JobKind] = field(default_factory=dict)
    clocks: Sequence[Background] = ()
    starters: Sequence[Background] = ()


def background_of(work: Work[S], settings: ServiceSettings) -> list[Background]:
    """The loops that this process's roles ask for."""
    failpoints = Failpoints.from_environment()
    loops: list[Background] = []
    if Role.WORKER in settings.active_roles:
        loops.append(_worker(work, settings, failpoints))
    if Role.CLOCK in settings.active_roles:
        loops.extend(work.clocks)
    return loops


def lifespan_of(loops: Sequence[Background], *, close: Sequence[Close] = ()) -> Lifespan:
    """Run loops for as long as the API runs; a loop that dies takes the process down."""

    @asynccontextmanager
    async def lifespan(_api: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(loop()) for loop in loops]
        for task in tasks:
            task.add_done_callback(_die_with)
        try:
            yield
        finally:
            for task in tasks:
                task.remove_done_callback(_die_with)
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for each in close:
                await each()

    return lifespan


def serve(api: FastAPI, settings: ServiceSettings, *, provider: TracerProvider) -> None:
    """Serve until told to stop; open sockets get five seconds."""
    try:
        uvicorn.run(
            api,
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http="httptools",
            log_config=None,
            access_log=False,
            server_header=False,
            ws_max_size=MAX_SOCKET_MESSAGE_BYTES,
            timeout_graceful_shutdown=5,
        )
    finally:
        provider.shutdown()


def start_telemetry(service: str, settings: ServiceSettings) -> TracerProvider:
    """Spans and logs as this service's settings say."""
    return configure_telemetry(
        service,
        log_level=settings.log_level,
        trace_dir=settings.trace_dir,
        otlp_endpoint=settings.otlp_endpoint,
    )


async def ensure_topics(
    bootstrap_servers: str, topics: Sequence[str], *, replication: int = 1
) -> None:
    """Create topics that are missing; waits for the broker as long as it takes."""
    while True:
        try:
            await _create_topics(bootstrap_servers, topics, replication)
        except (KafkaError, OSError, TimeoutError) as error:
            logger("topics").warning("topics.waiting", error=type(error).__name__)
            await asyncio.sleep(0.5)
        else:
            return


async def _create_topics(bootstrap_servers: str, topics: Sequence[str], replication: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        known = set(await admin.list_topics())
        for topic in sorted(set(topics) - known):
            with suppress(TopicAlreadyExistsError):
                await admin.create_topics(
                    [NewTopic(topic, num_partitions=PARTITIONS, replication_factor=replication)]
                )
    finally:
        await admin.close()


def _worker(work: Work[S], settings: ServiceSettings, failpoints: Failpoints) -> Background:
    relay = Relay(
        work.database,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        idempotence=settings.kafka_idempotence,
        failpoints=failpoints,
    )
    loops: list[Background] = [relay.run]
    if work.subscriptions:
        consumer = Consumer(
            work.service,
            work.subscriptions,
            database=work.database,
            store=work.store,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            failpoints=failpoints,
        )
        loops.append(consumer.run)
    if work.jobs:
        loops.append(JobWorker(work.database, work.jobs, failpoints).run)
    topics = [
        *work.speaks,
        *(subscription.topic for subscription in work.subscriptions),
        f"civil.{work.service}.dead-letter",
    ]

    async def run() -> None:
        await ensure_topics(
            settings.kafka_bootstrap_servers, topics, replication=settings.kafka_replication
        )
        for starter in work.starters:
            await starter()
        async with asyncio.TaskGroup() as group:
            for loop in loops:
                group.create_task(loop())

    return run


def _die_with(task: asyncio.Task[None]) -> None:
    """A background loop never ends by itself: better no process than half of one."""
    if task.cancelled():
        return
    logger("service").critical("service.loop_died", exc_info=task.exception())
    signal.raise_signal(signal.SIGTERM)

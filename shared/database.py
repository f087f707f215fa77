"""A service's own PostgreSQL schema, and transactions whose end is in plain sight."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, TypeVar

import asyncpg
import orjson
from opentelemetry.trace import Span, SpanKind
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from shared.connection import Connection, Statements
from shared.errors import Unavailable
from shared.store import SharedStore
from shared.telemetry import mark_case_of_context, tracer
from shared.wall import HOUSE, is_asked, raise_wall

S = TypeVar("S", bound=SharedStore)
S_co = TypeVar("S_co", bound=SharedStore, covariant=True)

LOST_CONNECTION_STATES = ("08", "57P", "53")
"""SQLSTATE prefixes: connection lost, server shutting down, out of resources."""

RETRY_STATES = ("40001", "40P01", "55P03")
"""SQLSTATEs after which the whole transaction may be tried again."""


class Transactions(Protocol[S_co]):
    """Opens one transaction: `async with transaction() as store`. Commits on a clean exit."""

    def __call__(self, *, is_reading: bool = False) -> AbstractAsyncContextManager[S_co]:
        """Open the transaction.

        Args:
            is_reading: Nothing will be written and nothing needs to be one with anything
                else: no transaction is begun, and each statement sees what is committed.
        """


class Wakeups:
    """Tells this process's relay and job worker that a commit gave them work.

    A NOTIFY inside the business transaction would take a global lock at commit; an
    in-process event costs nothing, and other processes find the rows by polling.
    """

    def __init__(self) -> None:
        self.outbox = asyncio.Event()
        self.jobs = asyncio.Event()


class Database:
    """The connection pool of one service, bound to its schema.

    Args:
        url: `postgresql://` address of the service's application role.
        schema: The service's schema; the only one on the search path.
        pool_size: Most connections this process opens.
        has_wall: Whether the tables have policies: what is read for a caller is then read
            behind the wall, at the price of one statement.
    """

    def __init__(
        self, url: str, *, schema: str, pool_size: int = 8, has_wall: bool = False
    ) -> None:
        self.schema = schema
        self._has_wall = has_wall
        self.wakeups = Wakeups()
        self.engine = _engine(url, schema, pool_size)
        self.statements = Statements()

    async def close(self) -> None:
        """Return every connection."""
        await self.engine.dispose()

    async def answers(self) -> bool:
        """Whether the database answers at all; for readiness."""
        try:
            async with self.connection() as connection:
                await connection.execute(text("SELECT 1"))
        except (Unavailable, DBAPIError):
            return False
        return True

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection of the pool; without a transaction each statement commits by itself.

        One span covers all that happens on it, with the number of statements: a span for
        each statement cost more than the statement.

        Raises:
            Unavailable: The database is away or contended, or the pool is used up.
        """
        async with translated_errors(), self.engine.connect() as held:
            driver = await _driver_of(held)
            connection = Connection(driver, self.statements)
            span = self._span()
            try:
                yield connection
            finally:
                span.set_attribute("ow.db.statements", connection.count)
                mark_case_of_context(span)
                span.end()
                if driver.is_closed():
                    await held.invalidate()

    def _span(self) -> Span:
        attributes = {"db.system.name": "postgresql", "db.namespace": self.schema}
        return tracer.start_span(self.schema, kind=SpanKind.CLIENT, attributes=attributes)

    def transactions(self, store: Callable[[Connection], S]) -> Transactions[S]:
        """Make the `transaction` that actions are given."""

        @asynccontextmanager
        async def transaction(*, is_reading: bool = False) -> AsyncIterator[S]:
            async with self.connection() as connection:
                opened = store(connection)
                is_walled = self._has_wall and is_asked()
                if is_reading and not is_walled:
                    yield opened
                    opened.require_untouched()
                    return
                async with connection.transaction():
                    if is_walled:
                        await raise_wall(connection)
                    yield opened
                    await opened.flush()
            self.wake(opened)

        return transaction

    def wake(self, store: SharedStore) -> None:
        """Wake the relay and the job worker of this process, if the commit gave them work."""
        if store.has_published:
            self.wakeups.outbox.set()
        if store.has_enqueued:
            self.wakeups.jobs.set()


def joined(store: Callable[[Connection], S], connection: Connection) -> Transactions[S]:
    """A `transaction` that is a savepoint of one already open; for consumers."""

    @asynccontextmanager
    async def transaction(*, is_reading: bool = False) -> AsyncIterator[S]:
        async with connection.transaction():
            opened = store(connection)
            yield opened
            await opened.flush()

    return transaction


@asynccontextmanager
async def translated_errors() -> AsyncIterator[None]:
    """Turn a database that is away or contended into `Unavailable`.

    Anything else stays what it is: a bug, or a constraint that the store translates.
    """
    try:
        yield
    except DBAPIError as error:
        if is_passing(error):
            raise Unavailable from None
        raise
    except (ConnectionError, TimeoutError, PoolTimeout):
        raise Unavailable from None


def is_passing(error: DBAPIError) -> bool:
    """Whether the same transaction may well succeed when tried again."""
    state = str(getattr(error.orig, "sqlstate", "") or "")
    return (
        error.connection_invalidated
        or state in RETRY_STATES
        or state.startswith(LOST_CONNECTION_STATES)
    )


def violated_constraint(error: DBAPIError) -> str | None:
    """Name of the constraint a statement broke; stores map it to an error of the domain."""
    cause = getattr(error.orig, "__cause__", None)
    name = getattr(cause, "constraint_name", None) or getattr(error.orig, "constraint_name", None)
    return str(name) if name else None


async def _driver_of(held: AsyncConnection) -> "asyncpg.Connection[Any]":
    """The driver's connection; one that died in the pool is replaced by a new one."""
    for _ in range(2):
        raw = await held.get_raw_connection()
        driver: asyncpg.Connection[Any] | None = raw.driver_connection
        if driver is not None and not driver.is_closed():
            return driver
        await held.invalidate()
    raise Unavailable


def _engine(url: str, schema: str, pool_size: int) -> AsyncEngine:
    return create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=False,
        pool_recycle=1800,
        hide_parameters=True,
        json_deserializer=orjson.loads,
        connect_args={
            "timeout": 5,
            "command_timeout": 15,
            "statement_cache_size": 500,
            "max_cached_statement_lifetime": 0,
            "server_settings": {
                "search_path": schema,
                "application_name": f"one-window-{schema}",
                "statement_timeout": "10s",
                "lock_timeout": "4s",
                "idle_in_transaction_session_timeout": "15s",
                "jit": "off",
                **HOUSE,
            },
        },
    )

"""One connection to PostgreSQL, close to the driver: what a statement costs is its round trip.

SQLAlchemy keeps the pool and gives the statements their names; asyncpg carries them out.
Between the two SQLAlchemy spends several times what PostgreSQL does on a small statement.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import Result, TextClause, text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.exc import DBAPIError, IntegrityError

MOST_STATEMENTS = 2_000
"""Most statements kept compiled; a service has a few hundred."""

_CHANGED_MEANWHILE = (
    asyncpg.exceptions.InvalidCachedStatementError,
    asyncpg.exceptions.OutdatedSchemaCacheError,
)
"""A migration changed what a statement returns after the statement was prepared."""

_NO_COLUMNS = SimpleResultMetaData(("nothing",))


class Refusal(Exception):
    """What the server or the driver said, without the values that both like to repeat."""

    def __init__(self, error: Exception) -> None:
        said = isinstance(error, asyncpg.PostgresError) and error.args
        super().__init__(str(error.args[0]) if said else type(error).__name__)
        self.sqlstate: str | None = getattr(error, "sqlstate", None)
        self.constraint_name: str | None = getattr(error, "constraint_name", None)


@dataclass(frozen=True, slots=True)
class Write:
    """What a transaction writes to one table, told as rows; many writes go as one statement."""

    name: str
    """Of its parameter: rows as JSON objects, those of one write all alike."""
    sql: str
    """Reads its rows from `CAST(:name AS jsonb)`."""


@dataclass(slots=True)
class _Compiled:
    """A statement as the driver wants it: numbered places, and whose values go there."""

    sql: str
    places: tuple[str, ...]
    width: int = -1
    columns: SimpleResultMetaData = _NO_COLUMNS

    def columns_of(self, record: asyncpg.Record) -> SimpleResultMetaData:
        """The columns, learned from the first row; a migration may add some meanwhile."""
        if len(record) != self.width:
            self.columns, self.width = SimpleResultMetaData(tuple(record.keys())), len(record)
        return self.columns


class Statements:
    """Statements compiled once for all connections of a process."""

    def __init__(self) -> None:
        self.watchers: list[Callable[[str], None]] = []
        """Told of each round trip before it is made; for measuring."""
        self._compiled: dict[TextClause, _Compiled] = {}
        self._joined: dict[tuple[Write, ...], TextClause] = {}
        self._dialect = PGDialect_asyncpg()  # type: ignore[no-untyped-call]

    def tell(self, sql: str) -> None:
        """Tell the watchers what is sent now."""
        for watch in self.watchers:
            watch(sql)

    def get(self, statement: TextClause) -> _Compiled:
        """The statement with numbered places."""
        found = self._compiled.get(statement)
        if found is None:
            compiled = statement.compile(dialect=self._dialect)
            places = tuple(getattr(compiled, "positiontup", None) or ())
            found = _Compiled(compiled.string, places)
            if len(self._compiled) >= MOST_STATEMENTS:
                del self._compiled[next(iter(self._compiled))]
            self._compiled[statement] = found
        return found

    def of_writes(self, writes: tuple[Write, ...]) -> TextClause:
        """One statement that makes several writes; which go together is a short list of sets.

        The parts see the rows as they were before all of them, and constraints are checked
        after all of them: a row must not be written by two parts.
        """
        found = self._joined.get(writes)
        if found is None:
            parts = ",\n".join(f"{write.name} AS ({write.sql})" for write in writes)
            found = self._joined[writes] = text(f"WITH {parts} SELECT WHERE false")
        return found


class Connection:
    """Carries out statements; errors are told as SQLAlchemy's, which stores translate.

    Args:
        driver: A connection that nobody else uses meanwhile.
    """

    def __init__(self, driver: "asyncpg.Connection[Any]", statements: Statements) -> None:
        self.driver = driver
        self.statements = statements
        self.count = 0
        """How many statements were carried out, those that begin and end aside."""

    async def execute(
        self, statement: TextClause, values: Mapping[str, Any] | None = None
    ) -> Result[Any]:
        """Carry out one statement in one round trip, and return all its rows.

        Raises:
            IntegrityError: A constraint was broken; `violated_constraint` says which.
            DBAPIError: Anything else the server or the driver refused.
        """
        compiled = self.statements.get(statement)
        given = values or {}
        self.count += 1
        self.statements.tell(compiled.sql)
        with self._told():
            rows = await self.driver.fetch(compiled.sql, *[given[p] for p in compiled.places])
        if not rows:
            return IteratorResult(_NO_COLUMNS, iter(()))
        return IteratorResult(compiled.columns_of(rows[0]), iter(rows))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """A transaction, or a savepoint inside one; rolled back on any exception."""
        opened = self.driver.transaction()
        self.statements.tell("BEGIN")
        with self._told():
            await opened.start()
        try:
            yield
        except BaseException:
            if not self.driver.is_closed():
                with self._told():
                    await opened.rollback()
            raise
        self.statements.tell("COMMIT")
        with self._told():
            await opened.commit()

    def stream(self, statement: TextClause) -> AbstractAsyncContextManager[AsyncIterator[Any]]:
        """The rows of a statement a few at a time; inside a transaction."""
        return self._streamed(self.statements.get(statement))

    @asynccontextmanager
    async def _streamed(self, compiled: _Compiled) -> AsyncIterator[AsyncIterator[Any]]:
        async def rows() -> AsyncIterator[Any]:
            async for record in self.driver.cursor(compiled.sql, prefetch=500):
                yield IteratorResult(compiled.columns_of(record), iter((record,))).one()

        self.count += 1
        yield rows()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell the driver's errors as SQLAlchemy's, without any values."""
        try:
            yield
        except asyncpg.IntegrityConstraintViolationError as error:
            raise IntegrityError(None, None, Refusal(error), hide_parameters=True) from None
        except _CHANGED_MEANWHILE as error:
            # The driver has forgotten what it knew; the same transaction may be tried again.
            raise DBAPIError(
                None, None, Refusal(error), hide_parameters=True, connection_invalidated=True
            ) from None
        except asyncpg.exceptions.InternalClientError as error:
            # The server ended the connection and the driver is about to find out.
            self.driver.terminate()
            raise DBAPIError(
                None, None, Refusal(error), hide_parameters=True, connection_invalidated=True
            ) from None
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise DBAPIError(
                None,
                None,
                Refusal(error),
                hide_parameters=True,
                connection_invalidated=self.driver.is_closed(),
            ) from None

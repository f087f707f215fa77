"""Changes the master key of a running service: every record key is wrapped anew.

A record's fields stay as they are, as their key does not change; what is rewritten is one
small column a record. Rows are taken in batches that skip what others hold, each batch is
a transaction, and a run that was cut short is simply started again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Column, LargeBinary, MetaData, Table, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database
from shared.sealing import FieldCipher, master_key_id
from shared.tables import RECORD

BATCH = 500


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """Where the wrapped keys of one kind of record are kept."""

    table: Table
    column: Column[bytes]

    def record(self, row: Mapping[str, object]) -> str:
        """The record a row's key was made for."""
        template: str = self.column.info[RECORD]
        return template.format_map(row)


def key_columns(metadata: MetaData) -> Iterator[KeyColumn]:
    """Every column of a service that keeps wrapped keys."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if RECORD in column.info and isinstance(column.type, LargeBinary):
                yield KeyColumn(table, column)


async def rewrap(database: Database, metadata: MetaData, cipher: FieldCipher) -> int:
    """Wrap every key anew that is not under the current master key; how many that were.

    Raises:
        SealBroken: A key cannot be unwrapped: its master key was taken out too early.
    """
    done = 0
    for keys in key_columns(metadata):
        while True:
            async with database.engine.begin() as connection:
                changed = await _rewrap_batch(connection, keys, cipher)
            done += changed
            if changed < BATCH:
                break
    return done


async def count_keys(database: Database, metadata: MetaData) -> dict[str, int]:
    """How many record keys each master key wraps; an old one may go when it has none."""
    counted: Counter[str] = Counter()
    async with database.engine.connect() as connection:
        for keys in key_columns(metadata):
            head = func.substring(keys.column, 1, 64)
            rows = await connection.stream(select(head).where(keys.column.is_not(None)))
            async for (wrapped,) in rows:
                counted[master_key_id(wrapped)] += 1
    return dict(counted)


async def _rewrap_batch(connection: AsyncConnection, keys: KeyColumn, cipher: FieldCipher) -> int:
    named = list(keys.table.primary_key.columns)
    prefix = f"v1.{cipher.current}.".encode()
    stale = (
        select(*named, keys.column)
        .where(keys.column.is_not(None), func.substring(keys.column, 1, len(prefix)) != prefix)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = (await connection.execute(stale)).mappings().all()
    if not rows:
        return 0
    which = [column == bindparam(f"row_{column.name}") for column in named]
    renew = update(keys.table).where(*which).values({keys.column: bindparam("renewed")})
    await connection.execute(
        renew,
        [
            {f"row_{column.name}": row[column.name] for column in named}
            | {"renewed": cipher.rewrapped(row[keys.column.name], keys.record(dict(row)))}
            for row in rows
        ],
    )
    return len(rows)

"""Checks a service's journal from its first row to its last, and names the first bad one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import text

from shared.database import Database, Transactions
from shared.journal import KeptEntry, first_bad_row
from shared.settings import StoringSettings
from shared.store import SharedStore

_LINES = text("""
    SELECT stream, seq, at, actor, act, target, reason, facts, prev, hash FROM journal
    ORDER BY stream, seq
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalCheck:
    """What a check of the journal found."""

    first_bad: tuple[str, int] | None
    """Stream and number of the first row that breaks its chain."""
    rows: int
    """How many rows were read: all of them, or up to the bad one."""


class JournalReader(SharedStore):
    """The statement that reads the journal back; it is written by every act."""

    async def stream_journal(self) -> AsyncIterator[KeptEntry]:
        """Every line of the journal by stream and number, without holding them all at once."""
        async with self.connection.stream(_LINES) as lines:
            async for line in lines:
                yield line


async def verify_journal(*, transaction: Transactions[JournalReader]) -> JournalCheck:
    """Read the whole journal in one snapshot, a row at a time, and follow every chain.

    A changed, inserted or removed row is found by itself or by what comes after it. Rows cut
    off at the end of a chain leave nothing behind that could tell; against that stands that
    the journal is append-only for the service's role.
    """
    read = 0

    async def counted(rows: AsyncIterator[KeptEntry]) -> AsyncIterator[KeptEntry]:
        nonlocal read
        async for row in rows:
            read += 1
            yield row

    async with transaction() as store:
        first_bad = await first_bad_row(counted(store.stream_journal()))
    return JournalCheck(first_bad=first_bad, rows=read)


async def verify_journal_of(name: str, settings: StoringSettings) -> JournalCheck:
    """Check the journal of one service, for its command line.

    Args:
        name: The service, which is also its schema.
        settings: Where its database is.
    """
    url = settings.database_url.get_secret_value()
    database = Database(url, schema=name, pool_size=1)
    try:
        return await verify_journal(transaction=database.transactions(JournalReader))
    finally:
        await database.close()


def check_as_text(check: JournalCheck) -> str:
    """What was found, for whoever asked at the command line."""
    if check.first_bad is None:
        return f"日志完好，共核对 {check.rows} 行"
    stream, seq = check.first_bad
    return f"日志从 {stream} 第 {seq} 行起不可信（核对到第 {check.rows} 行）"

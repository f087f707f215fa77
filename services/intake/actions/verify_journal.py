"""Check the journal's chains from their first row to their last."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from services.intake.store import Store
from shared.database import Transactions
from shared.journal import KeptEntry, first_bad_row


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalCheck:
    """What a check of the journal found."""

    first_bad: tuple[str, int] | None
    """Stream and number of the first row that breaks its chain."""
    rows: int
    """How many rows were read: all of them, or up to the bad one."""


async def verify_journal(*, transaction: Transactions[Store]) -> JournalCheck:
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

"""The journal as it is read back; it is written by every act, through `shared.store`."""

from collections.abc import AsyncIterator

from sqlalchemy import text

from shared.journal import KeptEntry
from shared.store import SharedStore

_JOURNAL_LINES = text("""
    SELECT stream, seq, at, actor, act, target, reason, facts, prev, hash FROM journal
    ORDER BY stream, seq
""")


class JournalStore(SharedStore):
    """Statements that read the journal."""

    async def stream_journal(self) -> AsyncIterator[KeptEntry]:
        """Every line of the journal by stream and number, without holding them all at once."""
        async with self.connection.stream(_JOURNAL_LINES) as lines:
            async for line in lines:
                yield line

"""Papers still to come, as the clocks look for them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import text

from services.intake.model import ApplicationId
from shared.store import SharedStore

_TO_REMIND = text("""
    SELECT DISTINCT m.application_id FROM material m
    JOIN application a ON a.id = m.application_id AND a.stage IN ('accepted', 'in-review')
    WHERE m.status = 'deferred' AND m.missed_at IS NULL AND m.reminded_at IS NULL
      AND m.due_on <= :due_on
    LIMIT :limit
""")
_MISSED = text("""
    SELECT DISTINCT m.application_id FROM material m
    JOIN application a ON a.id = m.application_id AND a.stage IN ('accepted', 'in-review')
    WHERE m.status = 'deferred' AND m.missed_at IS NULL AND m.due_on < :today
    LIMIT :limit
""")
_REMIND = text("""
    UPDATE material SET reminded_at = :at
    WHERE application_id = :id AND status = 'deferred' AND missed_at IS NULL
      AND reminded_at IS NULL AND due_on <= :due_on
    RETURNING key, due_on
""")
_MISS = text("""
    UPDATE material SET missed_at = :at
    WHERE application_id = :id AND status = 'deferred' AND missed_at IS NULL AND due_on < :today
    RETURNING key, due_on
""")


class DeferredStore(SharedStore):
    """Statements about papers still to come; the case is locked by whoever asks."""

    async def list_papers_to_remind(self, *, due_on: date, limit: int) -> Sequence[ApplicationId]:
        """Cases with a paper due by a day whose applicant was not reminded of it."""
        rows = await self.connection.execute(_TO_REMIND, {"due_on": due_on, "limit": limit})
        return [ApplicationId(row.application_id) for row in rows]

    async def list_papers_missed(self, *, today: date, limit: int) -> Sequence[ApplicationId]:
        """Cases with a paper whose date is over."""
        rows = await self.connection.execute(_MISSED, {"today": today, "limit": limit})
        return [ApplicationId(row.application_id) for row in rows]

    async def note_papers_reminded(
        self, application_id: ApplicationId, *, due_on: date, at: datetime
    ) -> Sequence[tuple[str, date]]:
        """Note a reminder of every paper due by a day; those that had none yet come back."""
        values = {"id": application_id, "due_on": due_on, "at": at}
        rows = await self.connection.execute(_REMIND, values)
        return [(row.key, row.due_on) for row in rows]

    async def note_papers_missed(
        self, application_id: ApplicationId, *, today: date, at: datetime
    ) -> Sequence[tuple[str, date]]:
        """Note every paper whose date is over; those newly noted come back."""
        values = {"id": application_id, "today": today, "at": at}
        rows = await self.connection.execute(_MISS, values)
        return [(row.key, row.due_on) for row in rows]

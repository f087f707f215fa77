"""What the clocks look for among corrections: notices that wait, and dates that were missed."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import text

from services.intake.model import ApplicationId
from services.intake.model.kept import Correction
from shared.store import SharedStore

# A withdrawn application may leave a round without an answer: it is nobody's any more, and would
# for ever stand first in line.
_STILL_AWAITED = """
    EXISTS (SELECT FROM application a
            WHERE a.id = application_id AND a.stage IN ('correcting', 'in-review'))
"""
_GATHERING = text(f"""
    SELECT application_id, gathered_at FROM correction
    WHERE issued_at IS NULL AND gathered_at <= :before AND {_STILL_AWAITED}
    ORDER BY gathered_at, application_id LIMIT :limit
""")
_TO_REMIND = text(f"""
    SELECT application_id FROM correction
    WHERE issued_at IS NOT NULL AND answered_at IS NULL AND reminded_at IS NULL
      AND due_on <= :due_on AND {_STILL_AWAITED}
    ORDER BY due_on, application_id LIMIT :limit
""")
_MISSED = text(f"""
    SELECT application_id FROM correction
    WHERE issued_at IS NOT NULL AND answered_at IS NULL AND due_on < :today
      AND {_STILL_AWAITED}
    ORDER BY due_on, application_id LIMIT :limit
""")
_REMINDED = text("""
    UPDATE correction SET reminded_at = :at
    WHERE application_id = :id AND round = :round AND reminded_at IS NULL
    RETURNING round
""")
_LAPSE = text("""
    UPDATE correction SET lapsed_at = :at, answered_at = :at,
        brought = '{"pointers": [], "materials": []}'
    WHERE application_id = :id AND round = :round AND answered_at IS NULL
""")
_ISSUED_SINCE = text("""
    SELECT EXISTS (
        SELECT FROM correction
        WHERE application_id = :id AND phase = 'review' AND issued_at > :since
    )
""")


class TimerStore(SharedStore):
    """Statements by which corrections are found when their time is over."""

    async def list_gathering(
        self, *, before: datetime, limit: int
    ) -> Sequence[tuple[ApplicationId, datetime]]:
        """Rounds somebody has asked for, not sent yet, that were begun before an instant."""
        rows = await self.connection.execute(_GATHERING, {"before": before, "limit": limit})
        return [(ApplicationId(row.application_id), row.gathered_at) for row in rows]

    async def list_to_remind(self, *, due_on: date, limit: int) -> Sequence[ApplicationId]:
        """Applications whose notice is due by a day, and whose applicant was not reminded."""
        rows = await self.connection.execute(_TO_REMIND, {"due_on": due_on, "limit": limit})
        return [ApplicationId(row.application_id) for row in rows]

    async def list_missed(self, *, today: date, limit: int) -> Sequence[ApplicationId]:
        """Applications whose notice was due before today and has no answer."""
        rows = await self.connection.execute(_MISSED, {"today": today, "limit": limit})
        return [ApplicationId(row.application_id) for row in rows]

    async def note_reminder(self, correction: Correction, *, at: datetime) -> bool:
        """Note that the applicant was reminded; False if that was done before."""
        values = {"id": correction.application_id, "round": correction.round, "at": at}
        return (await self.connection.execute(_REMINDED, values)).one_or_none() is not None

    async def lapse_correction(self, correction: Correction, *, at: datetime) -> None:
        """Close a round whose date was missed: it brought nothing."""
        values = {"id": correction.application_id, "round": correction.round, "at": at}
        await self.connection.execute(_LAPSE, values)

    async def has_notice_since(self, application_id: ApplicationId, since: datetime) -> bool:
        """Whether a notice of the review went out after an instant."""
        values = {"id": application_id, "since": since}
        return bool((await self.connection.execute(_ISSUED_SINCE, values)).scalar_one())

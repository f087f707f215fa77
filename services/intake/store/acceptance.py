"""The window's own task: who must accept, what silence has accepted, and refusals to accept."""

from datetime import datetime

from sqlalchemy import text

from services.intake.model import ApplicationId
from shared.store import SharedStore

_LOCK_SILENT = text("""
    SELECT a.id FROM approval_task t JOIN application a ON a.id = t.application_id
    WHERE t.matter_key = 'acceptance' AND t.state IN ('open', 'claimed') AND t.due_at <= :at
      AND a.stage = 'submitted'
    ORDER BY t.due_at, t.id LIMIT 1
    FOR UPDATE OF a SKIP LOCKED
""")
_ACCEPT = text("""
    UPDATE application SET stage = 'accepted', accepted_at = :at WHERE id = :id
""")
_KEEP_REMEDY = text("UPDATE application SET remedy_sealed = :remedy WHERE id = :id")


class AcceptanceStore(SharedStore):
    """Statements about acceptance."""

    async def accept_application(self, application_id: ApplicationId, *, at: datetime) -> None:
        """Accept an application as of an instant."""
        await self.connection.execute(_ACCEPT, {"id": application_id, "at": at})

    async def keep_remedy(self, application_id: ApplicationId, remedy_sealed: bytes) -> None:
        """Keep where a refusal to accept can be contested."""
        await self.connection.execute(_KEEP_REMEDY, {"id": application_id, "remedy": remedy_sealed})

    async def lock_silent_application(self, *, at: datetime) -> ApplicationId | None:
        """One application whose one-time notice is overdue, unless another clock has it."""
        found = await self.connection.execute(_LOCK_SILENT, {"at": at})
        value = found.scalar_one_or_none()
        return ApplicationId(value) if value else None

"""The window's own task: who must accept, what silence has accepted, and refusals to accept."""

from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy import text

from services.intake.model import ACCEPTANCE_TASK, ApplicationId, Limit, Office
from services.intake.rules.acceptance import ACCEPTANCE_TITLE, ACCEPTANCE_VERDICTS
from shared.ids import derived_id
from shared.store import SharedStore

_LOCK_SILENT = text("""
    SELECT a.id FROM approval_task t JOIN application a ON a.id = t.application_id
    WHERE t.matter_key = 'acceptance' AND t.state IN ('open', 'claimed') AND t.due_at <= :at
      AND a.stage = 'submitted'
    ORDER BY t.due_at, t.id LIMIT 1
    FOR UPDATE OF a SKIP LOCKED
""")
_ADD_ACCEPTANCE_TASK = text("""
    INSERT INTO approval_task (id, application_id, matter_key, key, position, title, handler_kind,
        office_id, office_name, needs, verdicts, discloses, limit_length, limit_unit, state)
    VALUES (:id, :application_id, :matter_key, :key, -1, CAST(:title AS jsonb), 'officer',
        :office_id, :office_name, '[]', :verdicts, :discloses, :limit_length, :limit_unit,
        'waiting')
""")
_ACCEPT = text("""
    UPDATE application SET stage = 'accepted', accepted_at = :at WHERE id = :id
""")
_KEEP_REMEDY = text("UPDATE application SET remedy_sealed = :remedy WHERE id = :id")


class AcceptanceStore(SharedStore):
    """Statements about acceptance."""

    async def add_acceptance_task(
        self,
        application_id: ApplicationId,
        office: Office,
        *,
        limit: Limit,
        discloses: Sequence[str],
    ) -> None:
        """Write the window's own task: somebody has to accept."""
        await self.connection.execute(
            _ADD_ACCEPTANCE_TASK,
            {
                "id": derived_id("task", str(application_id), str(ACCEPTANCE_TASK)),
                "application_id": application_id,
                "matter_key": ACCEPTANCE_TASK.matter,
                "key": ACCEPTANCE_TASK.task,
                "title": orjson.dumps(
                    {"zh": ACCEPTANCE_TITLE.zh, "en": ACCEPTANCE_TITLE.en}
                ).decode(),
                "office_id": office.id,
                "office_name": office.name,
                "verdicts": [str(verdict) for verdict in ACCEPTANCE_VERDICTS],
                "discloses": list(discloses),
                "limit_length": limit.length,
                "limit_unit": str(limit.unit),
            },
        )

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

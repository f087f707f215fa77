"""Who has a task: hand-overs, recusals, and the office it lies with."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from services.intake.errors import TaskNotFound
from services.intake.model import ApplicationId, Office, OfficeId, TaskId
from services.intake.model.kept import CaseTask
from services.intake.model.officer import IdentityCheck, ReassignReason, RecusalReason
from shared.store import SharedStore

_PLACE = text("""
    SELECT t.office_id, a.division FROM approval_task t JOIN application a
        ON a.id = t.application_id
    WHERE t.id = :id AND t.office_id IS NOT NULL AND t.state <> 'waiting'
""")
_ADD_REASSIGNMENT = text("""
    INSERT INTO reassignment (id, task_id, round, from_officer, to_officer, given_by, given_at,
        reason, note_sealed)
    VALUES (:id, :task_id, :round, :from_officer, :to_officer, :given_by, :at, :reason, :note)
""")
_ADD_RECUSAL = text("""
    INSERT INTO recusal (task_id, officer, reason, at, from_office, to_office)
    VALUES (:task_id, :officer, :reason, :at, :from_office, :to_office)
    ON CONFLICT (task_id, officer) DO UPDATE SET reason = excluded.reason, at = excluded.at,
        from_office = excluded.from_office, to_office = excluded.to_office
""")
_RECUSED = text("SELECT officer FROM recusal WHERE task_id = :task_id")
_MOVE = text("""
    UPDATE approval_task SET office_id = :office_id, office_name = :office_name, state = 'open',
        claimed_by = NULL, claimed_at = NULL, lease_until = NULL
    WHERE id = :id
""")
_ON_BEHALF = text("""
    UPDATE verdict SET on_behalf_of = :principal WHERE task_id = :id AND round = :round
""")


_ENTER = text("""
    INSERT INTO window_entry (application_id, office_id, entered_by, identity_check, entered_at)
    VALUES (:id, :office_id, :entered_by, :identity_check, :at)
""")
_PRESENT = text("""
    INSERT INTO representation (application_id, grant_id, principal_index)
    VALUES (:id, NULL, :principal)
""")
_IN_ORDER = text("""
    SELECT id FROM approval_task WHERE id = ANY(:ids) ORDER BY application_id, id
""")
_OFFICES = text("""
    SELECT DISTINCT office_id FROM approval_task WHERE id = ANY(:ids) AND office_id IS NOT NULL
""")


class AssignmentStore(SharedStore):
    """Statements about who has a task; the case is locked."""

    async def place_of_task(self, task_id: TaskId) -> tuple[OfficeId, str]:
        """The office a task lies with, and the division of its case.

        Raises:
            TaskNotFound: There is none, it waits, or it is not an office's.
        """
        row = (await self.connection.execute(_PLACE, {"id": task_id})).one_or_none()
        if row is None:
            raise TaskNotFound
        return OfficeId(row.office_id), row.division

    async def add_reassignment(  # noqa: PLR0913 - one argument a column
        self,
        task: CaseTask,
        *,
        to: str,
        by: str,
        at: datetime,
        reason: ReassignReason,
        id: UUID,
        note_sealed: bytes | None,
    ) -> None:
        """Keep who gave a task to whom, and why."""
        await self.connection.execute(
            _ADD_REASSIGNMENT,
            {
                "id": id,
                "task_id": task.id,
                "round": task.round,
                "from_officer": task.claimed_by,
                "to_officer": to,
                "given_by": by,
                "at": at,
                "reason": str(reason),
                "note": note_sealed,
            },
        )

    async def add_recusal(
        self,
        task: CaseTask,
        officer: str,
        *,
        reason: RecusalReason,
        at: datetime,
        to: OfficeId | None,
    ) -> None:
        """Keep who stepped back from a task."""
        await self.connection.execute(
            _ADD_RECUSAL,
            {
                "task_id": task.id,
                "officer": officer,
                "reason": str(reason),
                "at": at,
                "from_office": task.office_id,
                "to_office": to,
            },
        )

    async def list_recused(self, task_id: TaskId) -> frozenset[str]:
        """Who has stepped back from a task."""
        found = await self.connection.execute(_RECUSED, {"task_id": task_id})
        return frozenset(row.officer for row in found)

    async def move_task(self, task: CaseTask, office: Office) -> None:
        """Put a task before another office; its round and its due date stay."""
        await self.connection.execute(
            _MOVE, {"id": task.id, "office_id": office.id, "office_name": office.name}
        )

    async def add_window_entry(
        self,
        application_id: ApplicationId,
        *,
        office_id: OfficeId,
        entered_by: str,
        identity_check: IdentityCheck,
        principal_index: str,
        at: datetime,
    ) -> None:
        """Keep who entered an application for whom, and how they knew who it was."""
        await self.connection.execute(
            _ENTER,
            {
                "id": application_id,
                "office_id": office_id,
                "entered_by": entered_by,
                "identity_check": str(identity_check),
                "at": at,
            },
        )
        await self.connection.execute(
            _PRESENT, {"id": application_id, "principal": principal_index}
        )

    async def in_order_of_cases(self, task_ids: Sequence[TaskId]) -> list[TaskId]:
        """Tasks by case, so that whoever locks many does it in one order; unknown ones last."""
        found = await self.connection.execute(_IN_ORDER, {"ids": list(task_ids)})
        known = [TaskId(row.id) for row in found]
        return known + sorted(set(task_ids) - set(known))

    async def offices_of_tasks(self, task_ids: Sequence[TaskId]) -> list[UUID]:
        """The offices some tasks lie with."""
        found = await self.connection.execute(_OFFICES, {"ids": list(task_ids)})
        return [row.office_id for row in found]

    async def note_on_behalf(self, task: CaseTask, principal: str) -> None:
        """Note on the verdict of the current round whose delegated work it was."""
        values = {"id": task.id, "round": task.round, "principal": principal}
        await self.connection.execute(_ON_BEHALF, values)

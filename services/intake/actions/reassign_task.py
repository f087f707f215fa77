"""Give a task to a named officer of its office; whoever directs the office does this."""

from dataclasses import dataclass
from uuid import UUID

from services.intake.actions.claim_task import LEASE
from services.intake.actions.desk import Desk
from services.intake.actions.stand_at_task import require_clear
from services.intake.errors import TaskAlreadyClosed, TaskNotFound, TaskNotOpen
from services.intake.errors.officers import NotAColleague, NotOfficeLead
from services.intake.model import OfficeId, TaskId, TaskState
from services.intake.model.kept import Case, CaseTask
from services.intake.model.officer import ReassignReason
from services.intake.ports import Colleagues
from services.intake.rules.direction import may_direct
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor
from shared.database import Transactions
from shared.ids import new_id
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer
from shared.telemetry import mark_application


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignTask:
    """The command: this officer does it from now on."""

    actor: Actor
    task_id: TaskId
    to: str
    """The registry's id of the officer."""
    reason: ReassignReason
    note: str = ""
    """In the lead's own words; kept sealed."""
    request: RequestKey | None = None


async def reassign_task(
    command: ReassignTask, *, transaction: Transactions[Store], desk: Desk, colleagues: Colleagues
) -> StoredAnswer | None:
    """Give a task to an officer, from the inbox or from a colleague; it keeps its due date.

    Raises:
        TaskNotFound: It is not theirs to direct, or is not there.
        NotOfficeLead: They work in the office, and do not direct it.
        NotAColleague: The officer does not work in the office.
        OfficerAbsent: The officer is away today.
        ConflictOfInterest: The officer must keep away from the case.
        TaskAlreadyClosed: It has been answered.
        TaskNotOpen: It was cancelled.
        Unavailable: The registry did not say who works in the office.
    """
    async with transaction() as store:
        if command.request is not None:
            earlier = await store.claim_key(command.request)
            if earlier is not None:
                return earlier
        office_id, division = await store.place_of_task(command.task_id)
    require_lead(command.actor, office_id, division)
    # Asked before the transaction opens: no network call inside one.
    if command.to not in await colleagues.of(office_id):
        raise NotAColleague
    async with transaction() as store:
        if command.request is not None:
            earlier = await store.claim_key(command.request)
            if earlier is not None:
                return earlier
        case = await store.lock_case_of_task(command.task_id)
        mark_application(case.id)
        task = _still_there(case, command.task_id, office_id)
        officer = f"officer:{command.to}"
        await require_clear(store, case, task, officer, desk=desk, may_be_away=False)
        await _give(store, case, task, command, officer=officer, desk=desk)
        if command.request is not None:
            await store.remember_answer(command.request, status=200, body={"taskId": str(task.id)})
    return None


def require_lead(actor: Actor, office_id: OfficeId, division: str) -> None:
    """Refuse whoever does not direct an office.

    Raises:
        NotOfficeLead: They work there, but do not direct it.
        TaskNotFound: They have nothing to do with it.
    """
    directs = may_direct(
        actor.roles,
        offices=actor.offices,
        division=actor.division,
        office=str(office_id),
        place=division,
    )
    if directs:
        return
    if str(office_id) in actor.offices:
        raise NotOfficeLead
    raise TaskNotFound


def _still_there(case: Case, task_id: TaskId, office_id: OfficeId) -> CaseTask:
    """The task, if it still lies with the office that was asked about and can be worked on."""
    task = next(task for task in case.tasks if task.id == task_id)
    if task.office_id != office_id or task.state is TaskState.WAITING:
        raise TaskNotFound
    if task.state is TaskState.CLOSED:
        raise TaskAlreadyClosed
    if task.state is TaskState.CANCELLED:
        raise TaskNotOpen(state=str(task.state))
    return task


async def _give(
    store: Store, case: Case, task: CaseTask, command: ReassignTask, *, officer: str, desk: Desk
) -> None:
    now, id = desk.clock.now(), new_id()
    await store.add_reassignment(
        task,
        to=officer,
        by=command.actor.subject,
        at=now,
        reason=command.reason,
        id=id,
        note_sealed=_sealed(command.note, id, desk=desk),
    )
    await store.claim_task(task.id, by=officer, at=now, until=now + LEASE)
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=command.actor.subject,
            act="reassign",
            target=f"task:{task.ref}",
            reason=str(command.reason),
            facts={"from": task.claimed_by, "to": officer},
        )
    )


def _sealed(note: str, id: UUID, *, desk: Desk) -> bytes | None:
    if not note:
        return None
    return desk.cipher.seal(note.encode(), place=f"reassignment.note:{id}")

"""Take a task from the inbox for a while, so that two officers do not do the same work."""

from dataclasses import dataclass
from datetime import timedelta

from services.intake.actions.authorise import may_handle
from services.intake.actions.desk import Desk
from services.intake.actions.stand_at_task import principal_of, require_impartial
from services.intake.errors import (
    TaskAlreadyClosed,
    TaskClaimedByAnother,
    TaskNotFound,
    TaskNotOpen,
)
from services.intake.model import TaskId, TaskState
from services.intake.model.kept import Case, CaseTask
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.telemetry import mark_application

LEASE = timedelta(hours=8)
"""One office day; after it the task lies in the inbox again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTask:
    """The command: an officer takes a task, or lets go of it."""

    actor: Actor
    task_id: TaskId


async def claim_task(command: ClaimTask, *, transaction: Transactions[Store], desk: Desk) -> None:
    """Take a task; taking one's own again only renews the lease.

    Raises:
        TaskNotFound: It is not theirs to take.
        TaskClaimedByAnother: A colleague's lease is still running.
        TaskAlreadyClosed: It has been answered.
        TaskNotOpen: It was cancelled.
        ConflictOfInterest: The officer must keep away from the case.
        OfficerAbsent: They are away today.
    """
    now = desk.clock.now()
    async with transaction() as store:
        case = await store.lock_case_of_task(command.task_id)
        mark_application(case.id)
        task = their_task(case, command)
        held = task.state is TaskState.CLAIMED and task.claimed_by != command.actor.subject
        if held and task.lease_until is not None and task.lease_until > now:
            raise TaskClaimedByAnother
        await require_impartial(store, case, task, command.actor, desk=desk, may_be_away=False)
        await store.claim_task(task.id, by=command.actor.subject, at=now, until=now + LEASE)
        await _note(store, case, command, "claim", task)


async def release_task(command: ClaimTask, *, transaction: Transactions[Store], desk: Desk) -> None:
    """Put a task of one's own, or delegated to one, back into the inbox.

    Releasing it twice changes nothing.

    Raises:
        TaskNotFound: It is not theirs.
        TaskClaimedByAnother: A colleague has it.
        TaskAlreadyClosed: It has been answered.
        TaskNotOpen: It was cancelled.
    """
    async with transaction() as store:
        case = await store.lock_case_of_task(command.task_id)
        mark_application(case.id)
        task = their_task(case, command)
        if task.state is TaskState.OPEN:
            return
        await principal_of(store, task, command.actor.subject, desk=desk)
        await store.release_task(task.id)
        await _note(store, case, command, "release", task)


def their_task(case: Case, command: ClaimTask) -> CaseTask:
    """The task, if it lies with the actor and can still be worked on."""
    task = next(task for task in case.tasks if task.id == command.task_id)
    if not may_handle(command.actor, task) or task.state is TaskState.WAITING:
        raise TaskNotFound
    if task.state is TaskState.CLOSED:
        raise TaskAlreadyClosed
    if task.state is TaskState.CANCELLED:
        raise TaskNotOpen(state=str(task.state))
    return task


async def _note(store: Store, case: Case, command: ClaimTask, act: str, task: CaseTask) -> None:
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=command.actor.subject,
            act=act,
            target=f"task:{task.ref}",
        )
    )

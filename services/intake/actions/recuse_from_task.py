"""Step back from a task; where nobody else in the office may take it, the office above does."""

from dataclasses import dataclass

from services.intake import events
from services.intake.actions.claim_task import ClaimTask, their_task
from services.intake.actions.desk import Desk
from services.intake.errors import TaskNotFound
from services.intake.model import Office, OfficeId, TaskId
from services.intake.model.kept import Case, CaseTask
from services.intake.model.officer import RecusalReason, Recused
from services.intake.ports import Colleagues
from services.intake.rules.direction import office_above
from services.intake.rules.office import division_chain
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer
from shared.telemetry import mark_application


@dataclass(frozen=True, slots=True, kw_only=True)
class RecuseFromTask:
    """The command: another pair of eyes must do this."""

    actor: Actor
    task_id: TaskId
    reason: RecusalReason
    request: RequestKey


async def recuse_from_task(
    command: RecuseFromTask, *, transaction: Transactions[Store], desk: Desk, colleagues: Colleagues
) -> StoredAnswer | Recused:
    """Step back for good: the task goes to colleagues, or up where there are none.

    One clerk in a township is normal. A second pair of eyes that the township does not have
    is the county's: the task moves there with its round and its due date.

    Raises:
        TaskNotFound: It is not theirs.
        TaskAlreadyClosed: It has been answered.
        TaskNotOpen: It was cancelled.
        NobodyAbove: They are alone, and no office stands above.
        Unavailable: The registry did not say who works in the office.
    """
    async with transaction() as store:
        # Asked here too: after the first time the task may lie where the officer cannot see it.
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        office_id, _division = await store.place_of_task(command.task_id)
    if str(office_id) not in command.actor.offices:
        raise TaskNotFound
    known = await colleagues.of(office_id)
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        case = await store.lock_case_of_task(command.task_id)
        mark_application(case.id)
        task = their_task(case, ClaimTask(actor=command.actor, task_id=command.task_id))
        above = None
        if not await _others(store, task, command.actor, known, desk=desk):
            above = await _above(store, task, office_id)
        done = Recused(moved_to=above.id if above else None)
        await _step_back(store, case, task, command, above, desk=desk)
        body = {"movedTo": str(done.moved_to) if done.moved_to else None}
        await store.remember_answer(command.request, status=200, body=body)
    return done


async def _others(
    store: Store, task: CaseTask, actor: Actor, known: frozenset[str], *, desk: Desk
) -> frozenset[str]:
    """Who else of the office could take the task today."""
    subjects = frozenset(f"officer:{each}" for each in known) - {actor.subject}
    recused = await store.list_recused(task.id)
    away = await store.list_away(subjects, today=desk.clock.today()) if subjects else frozenset()
    return subjects - recused - away


async def _above(store: Store, task: CaseTask, office_id: OfficeId) -> Office:
    own = await store.get_office(office_id)
    if task.office_id != office_id:
        raise TaskNotFound
    return office_above(own, await store.list_offices(division_chain(own.division)))


async def _step_back(
    store: Store,
    case: Case,
    task: CaseTask,
    command: RecuseFromTask,
    above: Office | None,
    *,
    desk: Desk,
) -> None:
    officer = command.actor.subject
    await store.add_recusal(
        task,
        officer,
        reason=command.reason,
        at=desk.clock.now(),
        to=above.id if above else None,
    )
    if above is not None:
        await store.move_task(task, above)
        moved = task.opened(due_at=task.due_at)
        await store.publish(events.task_opened(case.ref, moved.at_office(above.id)))
    elif task.claimed_by == officer:
        await store.release_task(task.id)
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=officer,
            act="escalate" if above else "recuse",
            target=f"task:{task.ref}",
            reason=str(command.reason),
            facts={"toOffice": str(above.id)} if above else {},
        )
    )

"""Let a case go on under another plan, inside the transaction of whoever caused it."""

from services.intake import events
from services.intake.actions.advance_case import carry_out
from services.intake.actions.desk import DEFAULT_LIMIT, Desk, due_date
from services.intake.model import Cancellation, CancelReason, Plan, TaskRef, TaskState
from services.intake.model.clock import RunningClock
from services.intake.model.kept import Case, CaseTask, DueDate
from services.intake.model.replan import Replan
from services.intake.rules.clock import read_clock
from services.intake.rules.progress import advance
from services.intake.store import Store

_ASKED = (TaskState.OPEN, TaskState.CLAIMED)
REASON = CancelReason.NOT_ASKED_ANY_MORE


async def carry_on(store: Store, case: Case, changes: Replan, plan: Plan, *, desk: Desk) -> Case:
    """Drop, add and change questions, move due dates, and let follow what follows.

    Args:
        case: As locked by the caller.

    Returns:
        The case as it stands before its next consequences were carried out.
    """
    gone = [*changes.drop, *(task.ref for task in changes.ask_again)]
    await _drop(store, case, changes)
    for ref in gone:
        await _tell(store, case, case.task(ref))
    await store.add_replan(case, changes, plan)
    after = await store.lock_case(case.id)
    await _move_due_dates(store, after, [task.ref for task in changes.change], desk=desk)
    await carry_out(store, after, advance(after.state()), desk=desk)
    return after


async def _drop(store: Store, case: Case, changes: Replan) -> None:
    if changes.drop:
        cancellations = [Cancellation(task=ref, reason=REASON) for ref in changes.drop]
        await store.cancel_tasks(case, cancellations)


async def _tell(store: Store, case: Case, task: CaseTask) -> None:
    """Whoever was being asked hears that this asking is over."""
    if task.state in _ASKED:
        await store.publish(
            events.task_cancelled(case.ref, task.id, task.ref, task_round=task.round, reason=REASON)
        )


async def _move_due_dates(store: Store, case: Case, refs: list[TaskRef], *, desk: Desk) -> None:
    """Count the limits of open tasks anew, from the day they were opened."""
    due = await due_dates(store, case, [case.task(ref) for ref in refs], desk=desk)
    if due:
        await store.replace_due_dates((task.id, date) for task, date in due)
        await store.look_again(case.id)


async def due_dates(
    store: Store, case: Case, tasks: list[CaseTask], *, desk: Desk
) -> list[tuple[CaseTask, DueDate]]:
    """When tasks that somebody is at work on are due, read from the ledger as it is now."""
    at_work = [task for task in tasks if task.state in _ASKED and task.opened_at is not None]
    if not at_work:
        return []
    calendar = await desk.catalogue.calendar(store)
    ledgers = await store.list_ledgers([case.id])
    found = []
    for task in at_work:
        limit = task.limit or DEFAULT_LIMIT
        if task.opened_at is not None:
            clock = RunningClock(name=str(task.ref), limit=limit, started_at=task.opened_at)
            reading = read_clock(
                clock, ledgers.get(case.id, ()), at=desk.clock.now(), calendar=calendar
            )
            found.append((task, due_date(reading.deadline, source=limit.source)))
    return found

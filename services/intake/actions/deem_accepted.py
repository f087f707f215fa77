"""Accept what nobody spoke about in time: silence counts as acceptance on the day received."""

from services.intake import events
from services.intake.actions.accept_application import accept
from services.intake.actions.advance_case import PLATFORM
from services.intake.actions.desk import Desk, due_date
from services.intake.model import Cancellation, CancelReason, Stage, TaskState
from services.intake.model.kept import Case, CaseTask
from services.intake.rules.deadline import NOTICE_LIMIT, notice_deadline
from services.intake.store import Store
from shared.database import Transactions
from shared.errors import Unavailable
from shared.telemetry import logger, mark_application


async def deem_accepted(*, transaction: Transactions[Store], desk: Desk) -> int:
    """Accept every application whose notice is overdue; any number of clocks may do so at once.

    Each application is a transaction of its own, under its row lock, so that one is accepted
    exactly once however many processes look.

    Returns:
        How many were accepted; what is left when the database is away waits for the next time.
    """
    accepted = 0
    try:
        while (one := await _deem_one(transaction, desk)) is not None:
            accepted += one
    except Unavailable:
        logger("clock").warning("clock.waiting")
    return accepted


async def _deem_one(transaction: Transactions[Store], desk: Desk) -> int | None:
    """Look at one overdue application: 1 if it was accepted, 0 if it is not due after all."""
    now = desk.clock.now()
    async with transaction() as store:
        found = await store.lock_silent_application(at=now)
        if found is None:
            return None
        case = await store.lock_case(found)
        mark_application(case.id)
        task = case.acceptance_task
        if task is None or task.opened_at is None or not _waits(case, task):
            return 0
        # The kept date was counted on the calendar of its day; the newest one decides.
        calendar = await desk.catalogue.calendar(store)
        deadline = notice_deadline(task.opened_at, calendar=calendar)
        if deadline.due_at > now:
            due = due_date(deadline, source=NOTICE_LIMIT.source)
            await store.open_tasks([(task, due)], at=task.opened_at)
            return 0
        await _let_lapse(store, case, task)
        await accept(store, case, accepted_at=task.opened_at, actor=PLATFORM, desk=desk)
    return 1


def _waits(case: Case, task: CaseTask) -> bool:
    return case.stage is Stage.SUBMITTED and task.state in (TaskState.OPEN, TaskState.CLAIMED)


async def _let_lapse(store: Store, case: Case, task: CaseTask) -> None:
    reason = CancelReason.DEEMED_ACCEPTED
    await store.cancel_tasks(case, [Cancellation(task=task.ref, reason=reason)])
    await store.publish(
        events.task_cancelled(case.ref, task.id, task.ref, task_round=task.round, reason=reason)
    )

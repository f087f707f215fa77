"""Do what is due by date about corrections: send what waits, remind, and let missed dates lapse."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from services.intake import events
from services.intake.actions.advance_case import PLATFORM, carry_out
from services.intake.actions.desk import Desk
from services.intake.actions.request_correction import issue
from services.intake.model import ApplicationId, CorrectionPhase, Stage
from services.intake.model.kept import Case, Correction
from services.intake.rules.lapse import lapse, notice_must_go, reminder_day
from services.intake.rules.progress import advance
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.database import Transactions
from shared.errors import Unavailable
from shared.journal import JournalEntry
from shared.telemetry import logger, mark_application

BATCH = 200
"""Most applications one pass looks at; the rest waits for the next."""

SHORTEST_WAIT = timedelta(days=5)
"""Five working days are never less: whatever was asked for later is not looked at."""

Act = Callable[[Store, Case, Correction, Desk], Awaitable[bool]]


async def keep_dates(*, transaction: Transactions[Store], desk: Desk) -> int:
    """One pass over the dates of corrections; any number of clock processes may do this at once.

    Each application is a transaction of its own, under its row lock, that looks again at what
    it finds there: a pass that was killed, or is run twice, does nothing twice.

    Returns:
        How many applications something was done about; none while the database is away.
    """
    try:
        return await _pass(transaction, desk)
    except Unavailable:
        logger("clock").warning("clock.waiting")
        return 0


async def _pass(transaction: Transactions[Store], desk: Desk) -> int:
    now, today = desk.clock.now(), desk.clock.today()
    async with transaction() as store:
        calendar = await desk.catalogue.calendar(store)
        waiting = await store.list_gathering(before=now - SHORTEST_WAIT, limit=BATCH)
        missed = await store.list_missed(today=today, limit=BATCH)
        soon = reminder_day(today, calendar=calendar)
        to_remind = await store.list_to_remind(due_on=soon, limit=BATCH)
    overdue = [each for each, at in waiting if notice_must_go(at, at=now, calendar=calendar)]
    done = 0
    for found, act in ((overdue, _send), (missed, _let_lapse), (to_remind, _remind)):
        for application_id in found:
            done += await _one(transaction, desk, application_id, act)
    return done


async def _one(
    transaction: Transactions[Store], desk: Desk, application_id: ApplicationId, act: Act
) -> bool:
    async with transaction() as store:
        case = await store.lock_case(application_id)
        mark_application(case.id)
        if case.stage not in (Stage.CORRECTING, Stage.IN_REVIEW):
            return False  # withdrawn since it was listed
        correction = await store.find_open_correction(case.id)
        return correction is not None and await act(store, case, correction, desk)


async def _send(store: Store, case: Case, correction: Correction, desk: Desk) -> bool:
    """Send what was gathered without those who are silent; they can still decide."""
    if correction.issued_at is not None:
        return False
    await issue(store, case, desk=desk)
    return True


async def _remind(store: Store, case: Case, correction: Correction, desk: Desk) -> bool:
    due_on = correction.due_on
    if due_on is None or not await store.note_reminder(correction, at=desk.clock.now()):
        return False
    await _journal(store, case, "remind", {"round": correction.round})
    await store.publish(
        events.applicant_reminded(case.ref, what="correction", material=None, due_on=due_on)
    )
    return True


async def _let_lapse(store: Store, case: Case, correction: Correction, desk: Desk) -> bool:
    """A missed date: before acceptance the application lapses, in review it goes on as it is."""
    due_on = correction.due_on
    if due_on is None or due_on >= desk.clock.today():
        return False
    await store.lapse_correction(correction, at=desk.clock.now())
    await store.publish(events.correction_missed(case.ref, correction, due_on=due_on))
    facts = {"round": correction.round, "phase": str(correction.phase)}
    await _journal(store, case, "lapse", facts)
    if correction.phase is CorrectionPhase.ACCEPTANCE:
        await carry_out(store, case, lapse(case.state()), desk=desk)
        await store.publish(events.application_lapsed(case.ref))
        return True
    # Whoever asked decides now on the papers as they are; the rest kept their verdict.
    touched = sorted({item.task_id for item in correction.items})
    await store.reopen_tasks(touched)
    after = case.reopened(touched)
    await carry_out(store, after, advance(after.state()), desk=desk)
    return True


async def _journal(store: Store, case: Case, act: str, facts: dict[str, object]) -> None:
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=PLATFORM,
            act=act,
            target=f"application:{case.id}",
            facts=facts,
        )
    )

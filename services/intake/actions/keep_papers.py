"""Do what is due by date about papers still to come: remind the applicant, and note the missed."""

from services.intake import events
from services.intake.actions.advance_case import PLATFORM
from services.intake.actions.desk import Desk
from services.intake.model import ApplicationId
from services.intake.model.kept import Case
from services.intake.rules.lapse import reminder_day
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.database import Transactions
from shared.errors import Unavailable
from shared.journal import JournalEntry
from shared.telemetry import logger, mark_application

BATCH = 200
"""Most cases one pass looks at; the rest waits for the next."""


async def keep_papers(*, transaction: Transactions[Store], desk: Desk) -> int:
    """One pass; any number of clock processes may do this at once, and nothing is done twice.

    A missed date decides nothing by itself: the office that leads the case is told, and it
    refuses, or decides although the paper is late. Overdue is a fact, never an outcome.

    Returns:
        How many papers something was done about; none while the database is away.
    """
    try:
        return await _pass(transaction, desk)
    except Unavailable:
        logger("clock").warning("clock.waiting")
        return 0


async def _pass(transaction: Transactions[Store], desk: Desk) -> int:
    today = desk.clock.today()
    async with transaction() as store:
        soon = reminder_day(today, calendar=await desk.catalogue.calendar(store))
        missed = await store.list_papers_missed(today=today, limit=BATCH)
        near = await store.list_papers_to_remind(due_on=soon, limit=BATCH)
    done = 0
    for application_id in dict.fromkeys([*missed, *near]):
        done += await _one(transaction, desk, application_id)
    return done


async def _one(transaction: Transactions[Store], desk: Desk, application_id: ApplicationId) -> int:
    now, today = desk.clock.now(), desk.clock.today()
    async with transaction() as store:
        case = await store.lock_case(application_id)
        mark_application(case.id)
        soon = reminder_day(today, calendar=await desk.catalogue.calendar(store))
        missed = await store.note_papers_missed(case.id, today=today, at=now)
        near = await store.note_papers_reminded(case.id, due_on=soon, at=now)
        for key, due_on in missed:
            await _journal(store, case, "miss-material", key)
            await store.publish(events.material_missed(case.ref, material=key, due_on=due_on))
        for key, due_on in near:
            await _journal(store, case, "remind", key)
            told = events.applicant_reminded(case.ref, what="material", material=key, due_on=due_on)
            await store.publish(told)
    return len(missed) + len(near)


async def _journal(store: Store, case: Case, act: str, key: str) -> None:
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=PLATFORM,
            act=act,
            target=f"application:{case.id}",
            facts={"material": key},
        )
    )

"""Read the clocks of a case, and the cards that clocks have raised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from services.intake.actions.authorise import NOBODY, require_reader
from services.intake.actions.desk import DEFAULT_LIMIT, Desk
from services.intake.model import ApplicationId, OfficeId, TaskId, TaskState
from services.intake.model.clock import CardLine, CardPage, ClockReading, RunningClock
from services.intake.model.kept import Case, ClockEntry
from services.intake.model.standing import Standing
from services.intake.rules.clock import clocks_of_item, read_clock
from services.intake.rules.supervision import lead_office
from services.intake.store import Store
from services.intake.store.cards import CardScope
from shared.auth import Actor
from shared.calendar import Unit, WorkingCalendar
from shared.database import Transactions
from shared.identifiers import DivisionCode
from shared.telemetry import mark_application

SUPERVISION = "supervision"
"""The role that sees the cards of a whole division (电子监察)."""

AT_WORK = (TaskState.OPEN, TaskState.CLAIMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClocks:
    """Every clock of a case as it reads now, with the ledger it is read from."""

    application_id: ApplicationId
    clocks: tuple[ClockReading, ...]
    tasks: Mapping[TaskId, ClockReading]
    ledger: Sequence[ClockEntry]
    notes: Sequence[str | None]
    """The officer's own words to each line of the ledger, if there are any."""
    lead_office: OfficeId | None


async def read_case_clocks(
    actor: Actor,
    application_id: ApplicationId,
    *,
    transaction: Transactions[Store],
    desk: Desk,
    standing: Standing | None = None,
) -> CaseClocks:
    """The clocks of a case, for whoever may read the case.

    Raises:
        ApplicationNotFound: There is none, or it is not theirs to read.
    """
    async with transaction() as store:
        case = await store.get_case(application_id)
        mark_application(case.id)
        clocks = await clocks_of(store, case, at=desk.clock.now(), desk=desk)
    if clocks.lead_office is None or str(clocks.lead_office) not in actor.offices:
        require_reader(actor, case, standing)
    return clocks


async def list_cards(
    actor: Actor, page: CardPage, *, transaction: Transactions[Store]
) -> Sequence[CardLine]:
    """Cards of the officer's offices; a supervisor's of the whole division. Newest first."""
    async with transaction() as store:
        return await store.list_cards(card_scope(actor), page)


def card_scope(actor: Actor) -> CardScope:
    """Whose cards an actor sees; nobody's, if the token names neither office nor division."""
    if SUPERVISION in actor.roles and actor.division:
        return CardScope(divisions=division_range(DivisionCode.parse(actor.division)))
    return CardScope(offices=tuple(UUID(each) for each in sorted(actor.offices)) or (NOBODY,))


def division_range(division: DivisionCode) -> tuple[str, str]:
    """The codes between which a division and everything below it lie."""
    code = str(division)
    own = next(length for length in (2, 4, 6, 9, 12) if not code[length:].strip("0"))
    return code, code[:own].ljust(len(code), "9")


async def clocks_of(
    store: Store,
    case: Case,
    *,
    at: datetime,
    desk: Desk,
    added: ClockEntry | None = None,
) -> CaseClocks:
    """Every clock of a case at an instant.

    Args:
        added: A line that is being added to the ledger, to see what it would make of them.
    """
    ledgers = await store.list_ledgers([case.id])
    ledger = [*ledgers.get(case.id, ()), *([added] if added else [])]
    leads = await store.list_lead_candidates([case.id])
    item = await desk.catalogue.item(store, case.item_code, case.item_version)
    calendar = await desk.catalogue.calendar(store)
    running = clocks_of_item(item, accepted_at=case.accepted_at) if case.accepted_at else ()
    return CaseClocks(
        application_id=case.id,
        clocks=tuple(read_clock(each, ledger, at=at, calendar=calendar) for each in running),
        tasks=_task_readings(case, ledger, at=at, calendar=calendar),
        ledger=ledger,
        notes=[_open_note(case.id, line, desk=desk) for line in ledger],
        lead_office=lead_office(leads.get(case.id, ())),
    )


def note_place(application_id: ApplicationId, clock: str, at: datetime) -> str:
    """Where the words to a line of a ledger belong; sealed for it, they open nowhere else."""
    return f"clock_entry.note:{application_id}:{clock}:{at.astimezone(UTC).isoformat()}"


def _open_note(application_id: ApplicationId, line: ClockEntry, *, desk: Desk) -> str | None:
    if line.note_sealed is None:
        return None
    place = note_place(application_id, line.clock, line.at)
    return desk.cipher.open(line.note_sealed, place=place).decode()


def _task_readings(
    case: Case, ledger: Sequence[ClockEntry], *, at: datetime, calendar: WorkingCalendar
) -> Mapping[TaskId, ClockReading]:
    """The clocks of the tasks somebody is at work on."""
    readings = {}
    for task in case.tasks:
        if task.opened_at is not None and task.state in AT_WORK:
            limit = task.limit or DEFAULT_LIMIT
            clock = RunningClock(name=str(task.ref), limit=limit, started_at=task.opened_at)
            readings[task.id] = read_clock(clock, ledger, at=at, calendar=calendar)
    return readings


def stands_still_when_paused(reading: ClockReading) -> bool:
    """Whether a pause of the procedure moves this clock's due date."""
    return reading.limit.unit is Unit.WORKING_DAY

"""Stop a case's clock for a lawful reason, let it run on, or give it more time, once."""

from dataclasses import dataclass

from services.intake import events
from services.intake.actions.authorise import require_reader
from services.intake.actions.desk import Desk, due_date
from services.intake.actions.read_clocks import (
    CaseClocks,
    clocks_of,
    note_place,
    stands_still_when_paused,
)
from services.intake.errors import ClockNotFound, NotLeadOffice
from services.intake.model import ApplicationId
from services.intake.model.clock import PROCEDURE, ExtensionBasis, PauseReason
from services.intake.model.kept import Case, ClockEntry
from services.intake.rules.clock import (
    EXTENSIONS,
    PAUSES,
    require_may_extend,
    require_may_pause,
    require_may_resume,
    require_promise_within_statute,
    require_running,
)
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer
from shared.telemetry import mark_application

_TOLD = {
    "pause": events.clock_paused,
    "resume": events.clock_resumed,
    "extend": events.clock_extended,
}
"""What others hear of a line in the ledger; the officer's own words stay in it, sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseClock:
    """The command: the procedure stands still from today on."""

    actor: Actor
    application_id: ApplicationId
    reason: PauseReason
    days: int
    """Working days it will take, as the applicant is told in writing."""
    basis: str | None = None
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeClock:
    """The command: the procedure runs on after today."""

    actor: Actor
    application_id: ApplicationId
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendClock:
    """The command: one clock is given more working days."""

    actor: Actor
    application_id: ApplicationId
    clock: str
    days: int
    basis: ExtensionBasis
    reason: str
    """In the officer's own words; kept sealed."""
    request: RequestKey | None = None


async def pause_clock(
    command: PauseClock, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | None:
    """Let the procedure stand still; today is the first day that is not counted.

    Raises:
        ApplicationNotFound: It is not theirs to see.
        NotLeadOffice: Another office leads the case.
        ClockNotRunning: It is not accepted yet, or decided.
        ClockAlreadyPaused: It stands still already.
        PauseBasisRequired: The reason needs the item's own rule.
    """
    line = ClockEntry(
        clock=PROCEDURE,
        kind="pause",
        at=desk.clock.now(),
        reason=str(command.reason),
        basis=command.basis or PAUSES[command.reason].source,
        days=command.days,
        by=command.actor.subject,
    )
    async with transaction() as store:
        earlier = await _claimed(store, command.request)
        if earlier is not None:
            return earlier
        case, clocks = await _lock_led(store, command.actor, command.application_id, desk=desk)
        require_may_pause(clocks.ledger, command.reason, basis=command.basis)
        await _write(store, case, line, "pause-clock", request=command.request)
    return None


async def resume_clock(
    command: ResumeClock, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | None:
    """Let the procedure run on; today is the last day that is not counted.

    The due dates of open tasks move with it.

    Raises:
        ApplicationNotFound: It is not theirs to see.
        NotLeadOffice: Another office leads the case.
        ClockNotRunning: It has been decided.
        ClockNotPaused: It runs.
    """
    line = ClockEntry(
        clock=PROCEDURE,
        kind="resume",
        at=desk.clock.now(),
        reason="恢复计算",
        by=command.actor.subject,
    )
    async with transaction() as store:
        earlier = await _claimed(store, command.request)
        if earlier is not None:
            return earlier
        case, clocks = await _lock_led(store, command.actor, command.application_id, desk=desk)
        require_may_resume(clocks.ledger)
        after = await clocks_of(store, case, at=line.at, desk=desk, added=line)
        await store.replace_due_dates(
            (task_id, due_date(reading.deadline, source=reading.limit.source))
            for task_id, reading in after.tasks.items()
            if stands_still_when_paused(reading)
        )
        await _write(store, case, line, "resume-clock", request=command.request)
    return None


async def extend_clock(
    command: ExtendClock, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | None:
    """Give one clock of a case more time.

    Raises:
        ApplicationNotFound: It is not theirs to see.
        NotLeadOffice: Another office leads the case.
        ClockNotRunning: It is not accepted yet, or decided.
        ClockNotFound: The case has no such clock.
        ClockAlreadyExtended: Once is all the law allows.
        ExtensionTooLate: The limit is over.
        ExtensionNotAllowed: The basis does not allow that much.
        PromiseBeyondStatute: The promise would outlast the statute.
    """
    line = _extension(command, desk=desk)
    async with transaction() as store:
        earlier = await _claimed(store, command.request)
        if earlier is not None:
            return earlier
        case, clocks = await _lock_led(store, command.actor, command.application_id, desk=desk)
        require_running(clocks.ledger)
        _require_extendable(clocks, command)
        after = await clocks_of(store, case, at=line.at, desk=desk, added=line)
        require_promise_within_statute(after.clocks)
        await _write(store, case, line, "extend-clock", request=command.request)
    return None


def _extension(command: ExtendClock, *, desk: Desk) -> ClockEntry:
    at = desk.clock.now()
    place = note_place(command.application_id, command.clock, at)
    return ClockEntry(
        clock=command.clock,
        kind="extend",
        at=at,
        reason=str(command.basis),
        basis=EXTENSIONS[command.basis].source,
        days=command.days,
        by=command.actor.subject,
        note_sealed=desk.cipher.seal(command.reason.encode(), place=place),
    )


def _require_extendable(clocks: CaseClocks, command: ExtendClock) -> None:
    for reading in clocks.clocks:
        if reading.name == command.clock:
            require_may_extend(reading, days=command.days, basis=command.basis)
            return
    raise ClockNotFound


async def _claimed(store: Store, request: RequestKey | None) -> StoredAnswer | None:
    return None if request is None else await store.claim_key(request)


async def _lock_led(
    store: Store, actor: Actor, application_id: ApplicationId, *, desk: Desk
) -> tuple[Case, CaseClocks]:
    """The case, locked, if the actor's office leads it."""
    case = await store.lock_case(application_id)
    mark_application(case.id)
    clocks = await clocks_of(store, case, at=desk.clock.now(), desk=desk)
    if clocks.lead_office is None or str(clocks.lead_office) not in actor.offices:
        require_reader(actor, case)
        raise NotLeadOffice
    return case, clocks


async def _write(
    store: Store, case: Case, line: ClockEntry, act: str, *, request: RequestKey | None
) -> None:
    await store.add_ledger_line(case.id, line)
    await store.look_again(case.id)
    await store.touch_application(case)
    await store.publish(_TOLD[line.kind](case.ref, line))
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=line.by or "",
            act=act,
            target=f"application:{case.id}",
            reason=line.basis or "",
            facts={"clock": line.clock, "reason": line.reason, "days": line.days},
        )
    )
    if request is not None:
        await store.remember_answer(request, status=200, body={"applicationId": str(case.id)})

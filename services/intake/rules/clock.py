"""What a clock shows: days used, pauses, extension, due date; which cards follow is not here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from services.intake.errors import (
    ClockAlreadyExtended,
    ClockAlreadyPaused,
    ClockNotPaused,
    ClockNotRunning,
    ExtensionNotAllowed,
    ExtensionTooLate,
    PauseBasisRequired,
    PromiseBeyondStatute,
)
from services.intake.model import ClockName, ServiceItem
from services.intake.model.clock import (
    PROCEDURE,
    ClockReading,
    ExtensionBasis,
    PauseReason,
    RunningClock,
)
from services.intake.model.kept import ClockEntry
from shared.calendar import Deadline, Pause, Unit, WorkingCalendar, due
from shared.clock import end_of_day, local_date

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRule:
    """What a reason for a pause rests on."""

    source: str
    needs_own_basis: bool = False
    """The item's own rule must say so, and the officer must name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRule:
    """How much longer a basis lets a clock run."""

    source: str
    most_working_days: int


_NOT_COUNTED = PauseRule(source="行政许可法 第45条")

PAUSES: Mapping[PauseReason, PauseRule] = MappingProxyType(
    {
        PauseReason.HEARING: _NOT_COUNTED,
        PauseReason.TENDER: _NOT_COUNTED,
        PauseReason.AUCTION: _NOT_COUNTED,
        PauseReason.INSPECTION: _NOT_COUNTED,
        PauseReason.APPRAISAL: _NOT_COUNTED,
        PauseReason.EXPERT_REVIEW: _NOT_COUNTED,
        PauseReason.ANNOUNCEMENT: PauseRule(source="事项依据", needs_own_basis=True),
        PauseReason.SUPPLEMENT: PauseRule(source="事项依据", needs_own_basis=True),
    }
)
EXTENSIONS: Mapping[ExtensionBasis, ExtensionRule] = MappingProxyType(
    {
        ExtensionBasis.LICENSING: ExtensionRule(
            source="行政许可法 第42条第1款", most_working_days=10
        ),
        ExtensionBasis.JOINT_HANDLING: ExtensionRule(
            source="行政许可法 第42条第2款", most_working_days=15
        ),
        ExtensionBasis.MINIMUM_LIVING: ExtensionRule(
            source="民发〔2021〕57号 第22条", most_working_days=15
        ),
    }
)


def clocks_of_item(item: ServiceItem, *, accepted_at: datetime) -> tuple[RunningClock, ...]:
    """The clocks an application of an item is measured by, the promise beside the statute.

    Source:
        GB/T 39046-2020 table 4 (statutory and promised limit).
    """
    limits = {ClockName.STATUTORY: item.statutory, ClockName.PROMISED: item.promised}
    return tuple(
        RunningClock(name=str(name), limit=limit, started_at=accepted_at)
        for name, limit in limits.items()
        if limit is not None
    )


def pauses_of(entries: Iterable[ClockEntry], *, until: date) -> tuple[Pause, ...]:
    """The days on which a clock stood still, the first and the last of each pause included.

    Args:
        entries: Lines of the clock's ledger, in any order.
        until: The last day of a pause that is still open.

    Source:
        行政许可法 art. 45 (time not counted).
    """
    pauses, since = [], None
    for entry in sorted(entries, key=lambda each: each.at):
        if entry.kind == "pause" and since is None:
            since = local_date(entry.at)
        elif entry.kind in ("resume", "stop") and since is not None:
            pauses.append(Pause(since, local_date(entry.at)))
            since = None
    if since is not None and since <= until:
        pauses.append(Pause(since, until))
    return tuple(pauses)


def is_paused(entries: Iterable[ClockEntry]) -> bool:
    """Whether the last pause in a ledger is still open.

    Source:
        行政许可法 art. 45 (time not counted).
    """
    kinds = [each.kind for each in sorted(entries, key=lambda each: each.at)]
    turns = [kind for kind in kinds if kind in ("pause", "resume", "stop")]
    return turns[-1:] == ["pause"]


def read_clock(
    clock: RunningClock,
    entries: Sequence[ClockEntry],
    *,
    at: datetime,
    calendar: WorkingCalendar,
) -> ClockReading:
    """What a clock shows at an instant; everything is derived from its ledger.

    Args:
        clock: The limit and the instant it runs from; that day is day nought.
        entries: The ledger of the whole case.
        at: The instant, aware. A clock that was stopped shows what it showed then.
        calendar: The version of the working calendar to count on.

    Source:
        行政许可法 arts 42, 45 and 82; 民法典 arts 201-203.
    """
    lines = [each for each in entries if each.clock in (PROCEDURE, clock.name)]
    stopped = [each.at for each in lines if each.kind == "stop"]
    at = min([at, *stopped])
    stands_still = clock.limit.unit is Unit.WORKING_DAY
    pauses = pauses_of(lines, until=local_date(at)) if stands_still else ()
    extended_by = sum(
        each.days or 0 for each in lines if each.kind == "extend" and each.clock == clock.name
    )
    deadline = due(
        clock.started_at,
        clock.limit.duration,
        calendar,
        pauses=pauses,
        extended_by=extended_by,
    )
    counted = _counted(clock, deadline, pauses, calendar)
    length = len(counted) or clock.limit.length + extended_by
    used = min(_used(clock, counted, at), length)
    return ClockReading(
        name=clock.name,
        limit=clock.limit,
        started_at=clock.started_at,
        deadline=deadline,
        pauses=pauses,
        is_paused=stands_still and is_paused(lines),
        extended_by=extended_by,
        counted=counted,
        used=used,
        length=length,
        percent_used=used * 100 // length,
        is_overdue=at >= deadline.due_at,
    )


def require_running(entries: Sequence[ClockEntry]) -> None:
    """Refuse an act on a procedure whose clock does not run.

    Raises:
        ClockNotRunning: It was never started, or has been stopped by the decision.

    Source:
        行政许可法 art. 42: the clock runs from acceptance to decision.
    """
    kinds = {each.kind for each in entries if each.clock == PROCEDURE}
    if "start" not in kinds or "stop" in kinds:
        raise ClockNotRunning


def require_may_pause(
    entries: Sequence[ClockEntry], reason: PauseReason, *, basis: str | None
) -> None:
    """Refuse a pause that the law does not know.

    Args:
        basis: The provision the officer names; needed where §45 itself does not suffice.

    Raises:
        ClockNotRunning: There is nothing to pause.
        ClockAlreadyPaused: It stands still already.
        PauseBasisRequired: The reason holds only where the item's own rule says so.

    Source:
        行政许可法 art. 45: hearing, tender, auction, inspection, testing, quarantine,
        appraisal, expert review; announcements and supplements by the item's own rule.
    """
    require_running(entries)
    if is_paused(_procedure(entries)):
        raise ClockAlreadyPaused
    if PAUSES[reason].needs_own_basis and not basis:
        raise PauseBasisRequired(reason=str(reason))


def require_may_resume(entries: Sequence[ClockEntry]) -> None:
    """Refuse to let a clock run on that does not stand still.

    Raises:
        ClockNotRunning: The procedure is over.
        ClockNotPaused: It runs.

    Source:
        行政许可法 art. 45.
    """
    require_running(entries)
    if not is_paused(_procedure(entries)):
        raise ClockNotPaused


def require_may_extend(reading: ClockReading, *, days: int, basis: ExtensionBasis) -> None:
    """Refuse an extension that no provision allows.

    Args:
        reading: What the clock shows now, before the extension.
        days: Working days to be added.
        basis: The provision the extension rests on.

    Raises:
        ClockAlreadyExtended: Once is all the law allows.
        ExtensionTooLate: The limit is over; a late case is not made timely afterwards.
        ExtensionNotAllowed: More days than the basis gives, or a clock that is not counted in
            working days.

    Source:
        行政许可法 art. 42 (ten working days more; fifteen where offices decide jointly; once,
        with approval); 民发〔2021〕57号 art. 22 (thirty working days, at most forty-five).
    """
    if reading.extended_by:
        raise ClockAlreadyExtended
    if reading.is_overdue:
        raise ExtensionTooLate
    most = EXTENSIONS[basis].most_working_days
    if reading.limit.unit is not Unit.WORKING_DAY or not 1 <= days <= most:
        raise ExtensionNotAllowed(basis=str(basis), most_working_days=most)


def require_promise_within_statute(readings: Iterable[ClockReading]) -> None:
    """Refuse a promise that would outlast the statute.

    Args:
        readings: Every clock of the application, as it would be after the extension.

    Raises:
        PromiseBeyondStatute: The promise would be due after the statutory limit.

    Source:
        优化营商环境条例 art. 36 (a promised limit is within the statutory one).
    """
    due_at = {each.name: each.deadline.due_at for each in readings}
    statutory, promised = due_at.get(ClockName.STATUTORY), due_at.get(ClockName.PROMISED)
    if statutory is not None and promised is not None and promised > statutory:
        raise PromiseBeyondStatute


def _procedure(entries: Iterable[ClockEntry]) -> list[ClockEntry]:
    return [each for each in entries if each.clock == PROCEDURE]


def _counted(
    clock: RunningClock,
    deadline: Deadline,
    pauses: Sequence[Pause],
    calendar: WorkingCalendar,
) -> tuple[date, ...]:
    if clock.limit.unit is Unit.HOUR:
        return ()
    first = local_date(clock.started_at)
    days = (first + timedelta(days=each + 1) for each in range((deadline.last_day - first).days))
    if clock.limit.unit is not Unit.WORKING_DAY:
        return tuple(days)
    return tuple(
        day
        for day in days
        if calendar.is_working(day) and not any(pause.covers(day) for pause in pauses)
    )


def _used(clock: RunningClock, counted: Sequence[date], at: datetime) -> int:
    if clock.limit.unit is Unit.HOUR:
        return max(0, (at - clock.started_at) // HOUR)
    return sum(end_of_day(day) <= at for day in counted)

"""When a period ends, and why on that day.

Not here: which period applies, when a clock starts, and what happens when it is over.
"""

import calendar as gregorian
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never

from shared.calendar.explanation import Effect, Step, last_line_en, last_line_zh
from shared.calendar.periods import Duration, Pause, Unit
from shared.calendar.working_days import ONE_DAY, WorkingCalendar
from shared.clock import SHANGHAI, end_of_day, local_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The end of a period, with every day that led to it."""

    due_at: datetime
    """The first instant that is too late: 24:00 of the last day, or the end of the last hour."""
    last_day: date
    """The last day on which the act is in time."""
    provisional: bool
    """Whether it rests on a year whose calendar is not yet published."""
    calendar_version: str
    steps: tuple[Step, ...]

    @property
    def explanation(self) -> tuple[str, ...]:
        """One English line per day that mattered, and one for the end."""
        end = last_line_en(self.last_day, self.due_at, provisional=self.provisional)
        return (*(step.line_en for step in self.steps), end)

    @property
    def explanation_zh(self) -> tuple[str, ...]:
        """The same lines in Chinese."""
        end = last_line_zh(self.last_day, self.due_at, provisional=self.provisional)
        return (*(step.line_zh for step in self.steps), end)


def due(
    start: date | datetime,
    duration: Duration,
    calendar: WorkingCalendar,
    *,
    pauses: Sequence[Pause] = (),
    extended_by: int = 0,
) -> Deadline:
    """Find the end of a period.

    Args:
        start: The event that starts it: the day is not counted, hours run from the instant. An
            aware instant is read in Asia/Shanghai.
        duration: How long, and in what.
        calendar: The version to count on.
        pauses: Time not counted, for working days only.
        extended_by: An approved extension, in the duration's own unit.

    Raises:
        ValueError: Hours without an instant to run from, an instant without a zone, a pause of
            a period that the law does not let stand still, or an extension that shortens.

    Source:
        Civil Code (民法典, 2020), art. 200-203; Administrative Licensing Law (行政许可法, 2019
        text), art. 42, 45 and 82.
    """
    if extended_by < 0:
        raise ValueError("an extension does not shorten a period")
    if pauses and duration.unit is not Unit.WORKING_DAY:
        raise ValueError("only a clock of working days can be paused")
    whole = duration.extended(extended_by)
    if whole.unit is Unit.HOUR:
        return _after_hours(start, whole, calendar)
    first = local_date(start) if isinstance(start, datetime) else start
    match whole.unit:
        case Unit.WORKING_DAY:
            return _after_working_days(first, whole, calendar, pauses)
        case Unit.CIVIL_DAY:
            raw = first + timedelta(days=whole.length)
            return _moved_to_working_day(first, raw, whole, calendar)
        case Unit.MONTH if whole.last_day_moves:
            return _moved_to_working_day(first, months_after(first, whole.length), whole, calendar)
        case Unit.MONTH:
            return _fixed(first, months_after(first, whole.length), whole, calendar)
        case Unit.CALENDAR_DAY:
            return _fixed(first, first + timedelta(days=whole.length), whole, calendar)
        case _:
            assert_never(whole.unit)


def months_after(start: date, months: int) -> date:
    """The same date some months later, or the last day of that month if it has no such date.

    Source:
        Civil Code (民法典, 2020), art. 202.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    _, length = gregorian.monthrange(year, month + 1)
    return date(year, month + 1, min(start.day, length))


def _after_working_days(
    start: date, duration: Duration, calendar: WorkingCalendar, pauses: Sequence[Pause]
) -> Deadline:
    steps = [Step(start, calendar.day(start), Effect.START)]
    counted, on = 0, start
    while counted < duration.length:
        on += ONE_DAY
        day, assumed = calendar.day(on), not calendar.is_published(on)
        if any(pause.covers(on) for pause in pauses):
            effect = Effect.PAUSED
        elif day.is_working:
            counted, effect = counted + 1, Effect.COUNTS
        else:
            effect = Effect.RESTS
        steps.append(Step(on, day, effect, counted, assumed=assumed))
    return _deadline(on, steps, calendar, provisional=any(step.assumed for step in steps))


def _moved_to_working_day(
    start: date, raw: date, duration: Duration, calendar: WorkingCalendar
) -> Deadline:
    """Civil Code, art. 203: only the last day moves; rest days before it count."""
    last = calendar.working_day_on_or_after(raw)
    steps = _counted_through(start, raw, duration, calendar)
    on = raw
    while on < last:
        assumed = not calendar.is_published(on)
        steps.append(Step(on, calendar.day(on), Effect.MOVES, assumed=assumed))
        on += ONE_DAY
    published = calendar.is_published(raw) and calendar.is_published(last)
    return _deadline(last, steps, calendar, provisional=not published)


def _fixed(start: date, raw: date, duration: Duration, calendar: WorkingCalendar) -> Deadline:
    """The last day stays where it falls, so no calendar can change it."""
    steps = _counted_through(start, raw, duration, calendar)
    return _deadline(raw, steps, calendar, provisional=False)


def _after_hours(start: date | datetime, duration: Duration, calendar: WorkingCalendar) -> Deadline:
    """Civil Code, art. 201(2): hours run from the moment itself."""
    if not isinstance(start, datetime):
        raise ValueError("hours run from an instant, not from a day")
    first = local_date(start)
    due_at = (start + timedelta(hours=duration.length)).astimezone(SHANGHAI)
    # An end at 00:00 belongs to the day before, as 24:00 does for the other units.
    last_day = local_date(due_at - timedelta.resolution)
    return Deadline(
        due_at=due_at,
        last_day=last_day,
        provisional=False,
        calendar_version=calendar.version,
        steps=(Step(first, calendar.day(first), Effect.HOURS, duration.length),),
    )


def _counted_through(
    start: date, raw: date, duration: Duration, calendar: WorkingCalendar
) -> list[Step]:
    reached = Effect.MONTHS if duration.unit is Unit.MONTH else Effect.REACHED
    return [
        Step(start, calendar.day(start), Effect.START),
        Step(raw, calendar.day(raw), reached, duration.length),
    ]


def _deadline(
    last_day: date, steps: Sequence[Step], calendar: WorkingCalendar, *, provisional: bool
) -> Deadline:
    return Deadline(
        due_at=end_of_day(last_day),
        last_day=last_day,
        provisional=provisional,
        calendar_version=calendar.version,
        steps=tuple(steps),
    )

"""How the days that led to a deadline are kept: as short as the week allows, losing nothing.

The lines people read are made from the days when somebody asks: kept as lines, in two
languages, they were most of what a task weighed.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from shared.calendar.explanation import Effect, Step, last_line_en, last_line_zh
from shared.calendar.working_days import ONE_DAY, Day, DayKind
from shared.clock import SHANGHAI, local_date

FRIDAY = 5
"""The last working day of a week, as ISO numbers them."""

_LETTERS = {
    Effect.START: "s",
    Effect.COUNTS: "c",
    Effect.RESTS: "r",
    Effect.PAUSED: "p",
    Effect.REACHED: "d",
    Effect.MONTHS: "m",
    Effect.MOVES: "v",
    Effect.HOURS: "h",
}
_EFFECTS = {letter: effect for effect, letter in _LETTERS.items()}


def steps_as_data(steps: Sequence[Step]) -> list[object]:
    """Days as plain data: a day that follows from the one before it and the week is a letter."""
    data: list[object] = []
    run, before = "", None
    for step in steps:
        if before is not None and step == _next(before, step.effect):
            run += _LETTERS[step.effect]
        else:
            data += [run, _whole(step)] if run else [_whole(step)]
            run = ""
        before = step
    return [*data, run] if run else data


def steps_from_data(data: Sequence[Any]) -> tuple[Step, ...]:
    """The days again."""
    return tuple(_read(data))


def lines_zh_of(data: Sequence[Any], *, due_at: datetime, provisional: bool) -> list[str]:
    """One line a day and one for the end, in Chinese.

    Args:
        data: As `steps_as_data` made it.
        due_at: The first instant that is too late.
        provisional: Whether it rests on a year whose calendar is not yet published.
    """
    last_day, ends = _end(due_at)
    lines = [step.line_zh for step in _read(data)]
    return [*lines, last_line_zh(last_day, ends, provisional=provisional)]


def lines_en_of(data: Sequence[Any], *, due_at: datetime, provisional: bool) -> list[str]:
    """The same lines in English."""
    last_day, ends = _end(due_at)
    lines = [step.line_en for step in _read(data)]
    return [*lines, last_line_en(last_day, ends, provisional=provisional)]


def _end(due_at: datetime) -> tuple[date, datetime]:
    ends = due_at.astimezone(SHANGHAI)
    # An end at 00:00 belongs to the day before.
    return local_date(ends - timedelta.resolution), ends


def _next(before: Step, effect: Effect) -> Step:
    """The day after a day, as the week has it."""
    on = before.on + ONE_DAY
    day = Day(DayKind.WORKING if on.isoweekday() <= FRIDAY else DayKind.WEEKEND)
    count = before.count + (effect is Effect.COUNTS)
    return Step(on, day, effect, count, assumed=before.assumed)


def _whole(step: Step) -> list[object]:
    day = step.day
    letter = _LETTERS[step.effect]
    plain = [step.on.isoformat(), letter, str(day.kind), step.count, step.assumed]
    return [*plain, day.name_zh, day.name_en] if day.name_zh or day.name_en else plain


def _read(data: Sequence[Any]) -> Iterator[Step]:
    step: Step | None = None
    for part in data:
        if isinstance(part, str) and step is not None:
            for letter in part:
                step = _next(step, _EFFECTS[letter])
                yield step
        else:
            on, letter, kind, count, assumed, *names = part
            day = Day(DayKind(kind), *names)
            step = Step(date.fromisoformat(on), day, _EFFECTS[letter], count, assumed=assumed)
            yield step

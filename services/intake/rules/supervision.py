"""When a clock raises a warning or a card, and who answers for it; reading clocks is not here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.intake.model import OfficeId
from services.intake.model.clock import CardDue, CardLevel, ClockReading, LeadCandidate
from shared.calendar import Unit, WorkingCalendar
from shared.clock import end_of_day, local_date

AGAIN_AFTER = timedelta(days=7)
"""A clock is looked at again by then whatever happens: calendars are corrected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """How much of a limit must be used before a card of a level is due."""

    level: CardLevel
    percent_used: int
    working_days_left: int | None = None
    """Also due when no more working days than these are left."""


THRESHOLDS = (
    Threshold(level=CardLevel.WARNING, percent_used=50),
    Threshold(level=CardLevel.YELLOW, percent_used=80, working_days_left=2),
    Threshold(level=CardLevel.RED, percent_used=100),
)
"""In the order in which they are reached."""

FEW_DAYS_COUNT_FROM_PERCENT = 50
"""Few days left mean nothing while most of a limit is left: else two days would begin yellow."""


def card_schedule(
    reading: ClockReading,
    calendar: WorkingCalendar,
    *,
    thresholds: Sequence[Threshold] = THRESHOLDS,
) -> tuple[CardDue, ...]:
    """From which instant on each card of a clock is due.

    A card that a graver one would overtake at the same instant is left out, so a limit of one
    day has a yellow card on the day itself and no warning before it.

    Source:
        House rule on 电子监察: a warning at half the limit, yellow at 80 % used or two working
        days left, red once overdue; a card can be due only when a counted day is over.
    """
    found = [CardDue(level=each.level, at=_instant(each, reading, calendar)) for each in thresholds]
    return tuple(
        card
        for place, card in enumerate(found)
        if all(card.at < graver.at for graver in found[place + 1 :])
    )


def cards_due(schedule: Iterable[CardDue], *, at: datetime) -> tuple[CardDue, ...]:
    """The cards whose instant has come.

    Source:
        House rule on 电子监察.
    """
    return tuple(card for card in schedule if card.at <= at)


def next_look(
    schedule: Iterable[CardDue], reading: ClockReading, *, at: datetime
) -> datetime | None:
    """When to look at a clock again; None once the last card was due.

    A clock that stands still is looked at every night: its pause may have ended, and until
    then each day moves its thresholds on.

    Source:
        House rule on 电子监察: a pause freezes the share that is used.
    """
    later = [card.at for card in schedule if card.at > at]
    if not later:
        return None
    tonight = end_of_day(local_date(at))
    return min([*later, at + AGAIN_AFTER, *([tonight] if reading.is_paused else [])])


def lead_office(candidates: Iterable[LeadCandidate]) -> OfficeId | None:
    """The office that answers for a case as a whole; None if no officer is asked at all.

    Source:
        行政许可法 art. 26 (one office takes the lead): the one a join names as its lead, else
        the first that is asked.
    """
    ordered = sorted(candidates, key=lambda each: (not each.leads, each.position))
    return ordered[0].office_id if ordered else None


def _instant(threshold: Threshold, reading: ClockReading, calendar: WorkingCalendar) -> datetime:
    if threshold.percent_used >= 100:
        return reading.deadline.due_at
    if reading.limit.unit is Unit.HOUR:
        whole = reading.deadline.due_at - reading.started_at
        return reading.started_at + whole * threshold.percent_used / 100
    days = _days_needed(threshold, reading, calendar)
    return end_of_day(reading.counted[days - 1] if days else local_date(reading.started_at))


def _days_needed(threshold: Threshold, reading: ClockReading, calendar: WorkingCalendar) -> int:
    """How many counted days must be over; fewer than all, for the last one still can be used."""
    needed = _share(reading, threshold.percent_used)
    if threshold.working_days_left is not None:
        few = _days_until_few_left(reading, calendar, left=threshold.working_days_left)
        needed = min(needed, max(few, _share(reading, FEW_DAYS_COUNT_FROM_PERCENT)))
    return min(needed, reading.length - 1)


def _share(reading: ClockReading, percent: int) -> int:
    return -(-reading.length * percent // 100)


def _days_until_few_left(reading: ClockReading, calendar: WorkingCalendar, *, left: int) -> int:
    worked = 0
    for index in range(reading.length, 0, -1):
        worked += calendar.is_working(reading.counted[index - 1])
        if worked > left:
            return index
    return 0

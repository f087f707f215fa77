"""A second way to count the days of the law, written from the law's text and nothing of ours.

Nothing here is imported from `shared.calendar` or from a rule. The days off of 2026 are copied
from the notice as our domain pages quote it, those of 2024 and 2025 are asked from the
`chinesecalendar` package, and where no notice exists yet the week is assumed. Every period is
walked, one day or one hour at a time, as somebody would who tears leaves off a calendar.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import chinese_calendar

BEIJING = timezone(timedelta(hours=8))
LEAF = timedelta(days=1)

_OFF_2026 = (
    ("01-01", "01-03"),
    ("02-15", "02-23"),
    ("04-04", "04-06"),
    ("05-01", "05-05"),
    ("06-19", "06-21"),
    ("09-25", "09-27"),
    ("10-01", "10-07"),
)
_MADE_UP_2026 = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")


@dataclass(frozen=True)
class Counted:
    """Where a period ends."""

    last_day: date
    """The last day on which the act is in time, by Beijing's calendar."""
    too_late_from: datetime
    is_certain: bool
    """Whether every day it rests on stands in a published notice."""


def ends(
    start: datetime,
    length: int,
    unit: str,
    *,
    stopped: Collection[date] = (),
    last_day_stays: bool = False,
) -> Counted:
    """The end of a period of working days, civil days, calendar days, months or hours.

    Args:
        start: The instant of the event; whatever zone it is written in, its day is Beijing's.
        length: How many, extensions included.
        unit: `working_day`, `civil_day`, `calendar_day`, `month` or `hour`.
        stopped: Days that a suspension takes out of a period of working days.
        last_day_stays: Of months only: a local rule leaves the last day where it falls.
    """
    if unit == "hour":
        return _hours(start, length)
    day_of_event = start.astimezone(BEIJING).date()
    if unit == "working_day":
        return _working_days(day_of_event, length, stopped)
    if unit == "month":
        raw = _same_date_of_a_later_month(day_of_event, length)
    else:
        raw = list(_leaves(day_of_event, length))[-1]
    if unit == "calendar_day" or last_day_stays:
        return Counted(raw, _midnight_after(raw), True)
    return _moved_past_the_rest(raw)


def is_rest_day(day: date) -> bool:
    """Whether the day is off: by the notice of its year, or by the week where there is none."""
    if day.year == 2026:
        mark = day.strftime("%m-%d")
        if any(first <= mark <= last for first, last in _OFF_2026):
            return True
        if mark in _MADE_UP_2026:
            return False
    elif day.year in (2024, 2025):
        return bool(chinese_calendar.is_holiday(day))
    return day.strftime("%a") in ("Sat", "Sun")


def has_notice(day: date) -> bool:
    """Whether the State Council has said which days of that year are off."""
    return day.year in (2024, 2025, 2026)


def days_between(first: date, last: date) -> set[date]:
    """All days from the first to the last, both included."""
    days, day = set(), first
    while day <= last:
        days.add(day)
        day += LEAF
    return days


def _working_days(day_of_event: date, length: int, stopped: Collection[date]) -> Counted:
    """许可法 82: working days only; 45: without suspended days; 民法典 201: without the first."""
    left, certain, today = length, True, day_of_event
    while left:
        today += LEAF
        certain = certain and has_notice(today)
        if today not in stopped and not is_rest_day(today):
            left -= 1
    return Counted(today, _midnight_after(today), certain)


def _moved_past_the_rest(raw: date) -> Counted:
    """民法典 203: a last day that is a rest day gives way to the day after the rest is over."""
    last, certain = raw, has_notice(raw)
    while is_rest_day(last):
        last += LEAF
        certain = certain and has_notice(last)
    return Counted(last, _midnight_after(last), certain)


def _hours(start: datetime, length: int) -> Counted:
    """民法典 201(2): hours from the moment itself, nights and holidays alike."""
    until = start
    for _ in range(length):
        until += timedelta(hours=1)
    a_moment_before = (until - timedelta(microseconds=1)).astimezone(BEIJING)
    return Counted(a_moment_before.date(), until, True)


def _same_date_of_a_later_month(day: date, months: int) -> date:
    """民法典 202: the same date of the month it ends in; if that has none, its last day."""
    leaf, entered = day, 0
    while entered < months:
        leaf += LEAF
        if leaf.day == 1:
            entered += 1
    while leaf.day != day.day:
        following = leaf + LEAF
        if following.month != leaf.month:
            return leaf
        leaf = following
    return leaf


def _leaves(day_of_event: date, length: int) -> Iterator[date]:
    """民法典 201(1): the day itself is not counted; the first leaf torn off is the next day's."""
    leaf = day_of_event
    for _ in range(length):
        leaf += LEAF
        yield leaf


def _midnight_after(day: date) -> datetime:
    """民法典 203(2): the last day ends at twenty-four hours."""
    return datetime.combine(day + LEAF, datetime.min.time(), tzinfo=BEIJING)

"""The official calendar for tests, and a second way to count that shares no code with the first.

The counting below was written from the text of the law, one day at a time, and asks the
`chinesecalendar` package which days are worked instead of our own files.
"""

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import chinese_calendar
import yaml

from shared.calendar import WorkingCalendar, calendar_from_notices

CALENDAR_FILES = Path(__file__).parents[2] / "catalogue" / "calendar"
NIGHT = timedelta(days=1)
BEIJING = timezone(timedelta(hours=8))


def notices() -> list[dict]:
    """The catalogue's notices as plain data, oldest first."""
    paths = sorted(CALENDAR_FILES.glob("*.yaml"))
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]


def official_calendar() -> WorkingCalendar:
    """The country's calendar as the catalogue publishes it."""
    return calendar_from_notices(notices())


def on(text):
    """A date, of 2026 unless it says otherwise."""
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def beijing(text: str) -> datetime:
    """An instant in legal time, from `2026-09-24 22:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def is_worked(day: date) -> bool:
    """By the package where it knows the year, by the week where nobody knows yet."""
    if 2024 <= day.year <= 2026:
        return chinese_calendar.is_workday(day)
    return day.strftime("%w") not in "06"


def end_of_working_days(start: date, number: int, stopped: set[date]) -> date:
    """许可法 82: working days; 民法典 201: not the first day; 许可法 45: not the stopped ones."""
    ticked_off: list[date] = []
    today = start
    while len(ticked_off) != number:
        today = today + NIGHT
        if today in stopped:
            continue
        if is_worked(today):
            ticked_off.append(today)
    return ticked_off[-1]


def end_of_days(start: date, number: int) -> date:
    """民法典 200, 201: by the calendar, not the first day; tear off a leaf each night."""
    today = start
    leaves = number
    while leaves:
        today = today + NIGHT
        leaves -= 1
    return today


def end_of_months(start: date, number: int) -> date:
    """民法典 202: the corresponding date of the month in which it ends, else its last day."""
    today = start
    months_begun = 0
    while True:
        tomorrow = today + NIGHT
        if months_begun == number and (today.day == start.day or tomorrow.day == 1):
            return today
        if tomorrow.day == 1:
            months_begun += 1
        today = tomorrow


def day_after_the_rest(last: date) -> date:
    """民法典 203: if the last day is a rest day, the day after the rest ends is the last day."""
    resting = not is_worked(last)
    while resting:
        last = last + NIGHT
        resting = not is_worked(last)
    return last

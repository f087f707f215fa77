"""The official working calendar, and the periods the law counts on it."""

from shared.calendar.deadlines import Deadline, due
from shared.calendar.kept import (
    lines_en_of,
    lines_zh_of,
    steps_as_data,
    steps_from_data,
)
from shared.calendar.notices import calendar_as_data, calendar_from_data, calendar_from_notices
from shared.calendar.periods import Duration, Pause, Unit
from shared.calendar.working_days import Day, DayKind, WorkingCalendar, working_days_between

__all__ = [
    "Day",
    "DayKind",
    "Deadline",
    "Duration",
    "Pause",
    "Unit",
    "WorkingCalendar",
    "calendar_as_data",
    "calendar_from_data",
    "calendar_from_notices",
    "due",
    "lines_en_of",
    "lines_zh_of",
    "steps_as_data",
    "steps_from_data",
    "working_days_between",
]

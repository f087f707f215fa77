"""Which days are worked: the official notices where there are some, weekdays where not yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from shared.calendar.periods import Pause

ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    """放假: declared off by a notice, weekends inside a holiday included."""
    MAKE_UP = "make-up"
    """调休上班: a weekend day declared a working day by a notice."""


@dataclass(frozen=True, slots=True)
class Day:
    """What one day is, and under which holiday a notice names it."""

    kind: DayKind
    name_zh: str = ""
    name_en: str = ""

    @property
    def is_working(self) -> bool:
        """Whether the day counts as a working day."""
        return self.kind in (DayKind.WORKING, DayKind.MAKE_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """One version of the calendar of one region; a due date is reproducible from it.

    Outside the published years Monday to Friday are assumed to be worked, and everything that
    rests on such a day is provisional until the next notice.

    Source:
        Measures on public holidays (全国年节及纪念日放假办法, 2024 text) and the yearly notices of
        the General Office of the State Council that apply them.
    """

    version: str
    region: str
    """`CN`, or the division code of a region with holidays of its own."""
    sources: tuple[str, ...]
    """The notices by name."""
    published_from: date
    published_through: date
    exceptions: Mapping[date, Day] = field(hash=False)
    """Only the days on which a notice departs from the week."""

    def day(self, on: date) -> Day:
        """What a day is, as far as it is known."""
        known = self.exceptions.get(on)
        if known is not None:
            return known
        return Day(DayKind.WORKING if on.isoweekday() <= 5 else DayKind.WEEKEND)

    def is_working(self, on: date) -> bool:
        """Whether a day is a working day, as far as it is known."""
        return self.day(on).is_working

    def is_published(self, on: date) -> bool:
        """Whether a notice covers the day; if not, it is assumed from the week."""
        return self.published_from <= on <= self.published_through

    def working_day_on_or_after(self, on: date) -> date:
        """The day itself if it is worked, else the first working day after it."""
        while not self.is_working(on):
            on += ONE_DAY
        return on

    def next_working_day(self, after: date) -> date:
        """The first working day after a day."""
        return self.working_day_on_or_after(after + ONE_DAY)

    def add_working_days(self, start: date, count: int) -> date:
        """The working day on which `count` of them have passed; the start is day zero.

        Args:
            start: Any day, worked or not.
            count: Zero gives the start itself.
        """
        if count < 0:
            raise ValueError("working days are counted forward")
        for _ in range(count):
            start = self.next_working_day(start)
        return start


def working_days_between(
    start: date, until: date, calendar: WorkingCalendar, *, pauses: Sequence[Pause] = ()
) -> int:
    """How many working days a clock has used: after the start, up to and including `until`.

    Args:
        start: Day zero, such as the day of acceptance.
        until: The last day looked at; before the start nothing is used.
        calendar: The version to count on.
        pauses: Days that do not count; first and last of each do not count either.

    Source:
        Administrative Licensing Law (行政许可法, 2019 text), art. 82 (working days) and art. 45
        (time not counted); Civil Code (民法典, 2020), art. 201(1) (the first day is not counted).
    """
    used = 0
    on = start + ONE_DAY
    while on <= until:
        if calendar.is_working(on) and not any(pause.covers(on) for pause in pauses):
            used += 1
        on += ONE_DAY
    return used

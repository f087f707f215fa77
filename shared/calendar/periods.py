"""Lengths of time as the law names them, and the days on which a clock stood still."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST = 10_000
"""No legal period here comes near it; a larger number is a slip in the catalogue."""


class Unit(StrEnum):
    """What a period is counted in. The law's "day" is three different things."""

    WORKING_DAY = "working_day"
    """工作日: rest days are not counted, wherever they lie."""
    CIVIL_DAY = "civil_day"
    """日 of the Civil Code: every day counts, and a last day that is a rest day moves on."""
    CALENDAR_DAY = "calendar_day"
    """自然日: every day counts, and the last day stays where it falls."""
    HOUR = "hour"
    """小时: runs from the moment itself, through nights and rest days."""
    MONTH = "month"
    """月: to the same date of a later month."""


@dataclass(frozen=True, slots=True)
class Duration:
    """The length of a period, such as twenty working days.

    Raises:
        ValueError: The length is not between 1 and `LONGEST`, or only months may say that their
            last day stays. "On the spot" is not a period and has no duration.
    """

    length: int
    unit: Unit
    last_day_moves: bool = True
    """For months only: whether a last day that is a rest day moves on (Civil Code, art. 203)."""

    def __post_init__(self) -> None:
        if type(self.length) is not int or not 1 <= self.length <= LONGEST:
            raise ValueError(f"a period is a whole number from 1 to {LONGEST}")
        if not self.last_day_moves and self.unit is not Unit.MONTH:
            raise ValueError("only months choose whether their last day moves")

    def extended(self, by: int) -> "Duration":
        """The same period made longer, in its own unit."""
        return Duration(self.length + by, self.unit, self.last_day_moves)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a working-day clock stood still, first and last included.

    A clock that is still paused has no due date. Passing today as `last` gives the earliest
    one: that of a clock which runs again tomorrow.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a pause cannot end before it begins")

    def covers(self, on: date) -> bool:
        """Whether the clock stood still on this day."""
        return self.first <= on <= self.last

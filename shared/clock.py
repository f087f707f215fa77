"""What time it is, and what a day is, in Asia/Shanghai."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Legal time. A fixed offset is exact: China has had no summer time since 1991."""


class Clock(Protocol):
    """Where the current time comes from; a parameter, so that a test can say what day it is."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """The current legal date in Asia/Shanghai."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The current legal date in Asia/Shanghai."""
        return local_date(self.now())


class FakeClock:
    """A clock that stands still until it is told to move.

    Args:
        now: An aware instant, in any zone.
    """

    def __init__(self, now: datetime) -> None:
        self._now = _aware(now)

    def now(self) -> datetime:
        """The instant the clock was set to, in UTC."""
        return self._now

    def today(self) -> date:
        """The legal date in Asia/Shanghai at that instant."""
        return local_date(self._now)

    def advance(self, by: timedelta) -> None:
        """Let time pass; a negative `by` turns the clock back, as a wrong server clock would."""
        self._now += by

    def set(self, now: datetime) -> None:
        """Move to another aware instant."""
        self._now = _aware(now)


def local_date(instant: datetime) -> date:
    """The legal date in Asia/Shanghai at an aware instant.

    Raises:
        ValueError: The instant is naive, so its date cannot be known.
    """
    return _aware(instant).astimezone(SHANGHAI).date()


def start_of_day(on: date) -> datetime:
    """00:00 of a legal date."""
    return datetime(on.year, on.month, on.day, tzinfo=SHANGHAI)


def end_of_day(on: date) -> datetime:
    """24:00 of a legal date, which is 00:00 of the next.

    Source:
        Civil Code (民法典, 2020), art. 203(2): the last day of a period ends at twenty-four hours.
    """
    return start_of_day(on + timedelta(days=1))


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)

"""The days that led to a deadline are kept short, and read back whole."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import (
    Duration,
    Pause,
    Unit,
    due,
    lines_en_of,
    lines_zh_of,
    steps_as_data,
    steps_from_data,
)
from tests.support.calendars import official_calendar

CALENDAR = official_calendar()
STARTS = st.datetimes(datetime(2023, 12, 1), datetime(2027, 3, 1), timezones=st.just(UTC))  # noqa: DTZ001
"""Years with notices, and one on either side without."""


@given(start=STARTS, unit=st.sampled_from(Unit), length=st.integers(1, 40), gap=st.integers(0, 9))
def test_what_was_kept_is_read_back_and_told_in_the_same_words(start, unit, length, gap) -> None:
    first = (start + timedelta(days=3)).date()
    pauses = [Pause(first=first, last=first + timedelta(days=gap))] if gap else []
    paused = pauses if unit is Unit.WORKING_DAY else []
    deadline = due(start, Duration(length=length, unit=unit), CALENDAR, pauses=paused)
    data = orjson.loads(orjson.dumps(steps_as_data(deadline.steps)))
    end = {"due_at": deadline.due_at.astimezone(UTC), "provisional": deadline.provisional}

    assert steps_from_data(data) == deadline.steps
    assert tuple(lines_zh_of(data, **end)) == deadline.explanation_zh
    assert tuple(lines_en_of(data, **end)) == deadline.explanation


@pytest.mark.parametrize(("length", "most"), [(5, 60), (20, 80)])
def test_ordinary_weeks_weigh_next_to_nothing(length: int, most: int) -> None:
    start = datetime(2026, 11, 23, 4, tzinfo=UTC)
    deadline = due(start, Duration(length=length, unit=Unit.WORKING_DAY), CALENDAR)

    assert len(orjson.dumps(steps_as_data(deadline.steps))) <= most

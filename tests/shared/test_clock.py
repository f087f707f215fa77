"""Is the legal date that of Shanghai, whatever clock the server keeps?"""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from shared.clock import (
    SHANGHAI,
    Clock,
    FakeClock,
    SystemClock,
    end_of_day,
    local_date,
    start_of_day,
)


def test_the_system_clock_tells_aware_utc_and_the_date_of_shanghai():
    clock: Clock = SystemClock()
    before = clock.now()
    assert before.utcoffset() == timedelta(0)
    assert clock.today() in {local_date(before), local_date(clock.now())}


def test_half_past_four_in_the_afternoon_utc_is_already_tomorrow_in_shanghai():
    clock = FakeClock(datetime(2026, 11, 22, 16, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 11, 23)


def test_one_second_before_local_midnight_is_still_today():
    assert local_date(datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 22)


def test_a_fake_clock_stands_still_until_moved():
    clock = FakeClock(datetime(2026, 11, 22, 8, 0, tzinfo=SHANGHAI))
    assert clock.now() == clock.now() == datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    clock.advance(timedelta(hours=16))
    assert clock.today() == date(2026, 11, 23)
    clock.set(datetime(2027, 1, 1, tzinfo=SHANGHAI))
    assert clock.today() == date(2027, 1, 1)


def test_a_naive_instant_is_refused():
    naive = datetime(2026, 11, 22)  # noqa: DTZ001 - the naive instant is what is tested
    with pytest.raises(ValueError, match="time zone"):
        FakeClock(naive)
    with pytest.raises(ValueError, match="time zone"):
        local_date(naive)


@pytest.mark.law("民法典", 203)
def test_a_day_ends_at_twenty_four_hours():
    day = date(2026, 12, 31)
    assert start_of_day(day).isoformat() == "2026-12-31T00:00:00+08:00"
    assert end_of_day(day).isoformat() == "2027-01-01T00:00:00+08:00"


def test_legal_time_does_not_depend_on_the_zone_of_the_input():
    new_york = datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=-5)))
    assert local_date(new_york) == date(2026, 3, 2)

"""On which day does a period end, and can a citizen be told why?

The worked examples come from the law's own words and from practice; 2026 has every
trap: make-up Saturdays and Sundays, a nine-day Spring Festival, two autumn holidays.
"""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar import (
    Duration,
    Pause,
    Unit,
    calendar_from_notices,
    due,
    working_days_between,
)
from tests.support.calendars import (
    beijing,
    day_after_the_rest,
    end_of_days,
    end_of_months,
    end_of_working_days,
    notices,
    official_calendar,
    on,
)

CALENDAR = official_calendar()


def deadline(start, length, unit, **more):
    """A deadline on the official calendar; the start is a date or a local time."""
    begins = beijing(start) if ":" in start else on(start)
    return due(begins, Duration(length, Unit(unit)), CALENDAR, **more)


def last_day(start, length, unit, **more):
    """Only the last day of it."""
    return deadline(start, length, unit, **more).last_day


# --- divorce: two periods of thirty civil days, one after the other


@pytest.mark.law("民法典", 1077)
@pytest.mark.law("民法典", 203)
@pytest.mark.parametrize(
    ("accepted", "cooling_off_ends", "window_ends"),
    [
        pytest.param("01-12", "02-11", "03-13", id="T1 Spring Festival inside the window"),
        pytest.param("01-16", "02-24", "03-26", id="T2 last day in Spring Festival"),
        pytest.param("03-04", "04-03", "05-06", id="T3 second end moved over Labour Day"),
        pytest.param("05-20", "06-22", "07-22", id="T4 Dragon Boat Festival"),
        pytest.param("08-21", "09-20", "10-20", id="T5 a Sunday that is worked"),
        pytest.param("09-01", "10-08", "11-09", id="T6 both ends moved"),
        pytest.param("09-10", "10-10", "11-09", id="T7 a Saturday that is worked"),
        pytest.param("11-20", "12-21", "2027-01-20", id="T8 into an unpublished year"),
    ],
)
def test_the_cooling_off_and_the_window_end_on_working_days(
    accepted, cooling_off_ends, window_ends
):
    cooling_off = deadline(accepted, 30, "civil_day")
    assert cooling_off.last_day == on(cooling_off_ends)
    assert not cooling_off.provisional
    window = due(cooling_off.last_day, Duration(30, Unit.CIVIL_DAY), CALENDAR)
    assert window.last_day == on(window_ends)
    assert window.provisional == (window.last_day.year == 2027)


def test_a_divorce_accepted_in_late_august_ends_after_mid_autumn():
    assert last_day("08-26", 30, "civil_day") == on("09-28")


# --- working days


@pytest.mark.law("行政许可法", 32)
@pytest.mark.parametrize(
    ("received", "notice_due"),
    [("2026-02-13 15:00", "02-27"), ("09-29", "10-12"), ("04-30", "05-11")],
)
def test_the_one_time_notice_is_due_in_five_working_days(received, notice_due):
    assert last_day(received, 5, "working_day") == on(notice_due)


SPECIAL_PROCEDURE = Pause(on("09-22"), on("10-12"))


@pytest.mark.law("行政许可法", 42)
def test_twenty_working_days_without_a_pause():
    assert last_day("09-14", 20, "working_day") == on("10-16")


@pytest.mark.law("行政许可法", 45)
def test_the_first_and_the_last_day_of_a_pause_do_not_count():
    assert working_days_between(on("09-14"), on("09-21"), CALENDAR) == 6
    paused = deadline("09-14", 20, "working_day", pauses=[SPECIAL_PROCEDURE])
    assert paused.last_day == on("10-30")
    used = working_days_between(on("09-14"), on("10-12"), CALENDAR, pauses=[SPECIAL_PROCEDURE])
    assert used == 6


@pytest.mark.law("行政许可法", 42)
def test_an_approved_extension_is_added_to_the_same_clock():
    pauses = [SPECIAL_PROCEDURE]
    extended = last_day("09-14", 20, "working_day", pauses=pauses, extended_by=10)
    assert extended == on("11-13")


def test_sixteen_of_twenty_working_days_are_used_after_the_twelfth_of_october():
    assert working_days_between(on("09-14"), on("10-12"), CALENDAR) == 16
    assert working_days_between(on("09-14"), on("10-11"), CALENDAR) == 15


@pytest.mark.law("行政许可法", 42)
def test_joint_handling_has_forty_five_working_days_and_fifteen_more():
    assert last_day("06-01", 45, "working_day") == on("08-04")
    assert last_day("06-01", 45, "working_day", extended_by=15) == on("08-25")


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        pytest.param("09-17", 3, "09-21", id="E07 investigation starts"),
        pytest.param("09-17", 30, "11-04", id="E07 thirty"),
        pytest.param("09-17", 45, "11-25", id="E07 forty-five"),
        pytest.param("09-17", 20, "10-21", id="E07 delegated"),
        pytest.param("10-12", 10, "10-26", id="E07 county opinion"),
        pytest.param("10-26", 3, "10-29", id="E07 refusal notice"),
        pytest.param("2026-09-24 22:30", 5, "10-09", id="E09 money"),
        pytest.param("09-30", 3, "10-10", id="E09 return visit"),
        pytest.param("09-28", 10, "10-16", id="E09 paperwork"),
        pytest.param("04-28", 3, "05-06", id="E18 disability federation"),
        pytest.param("04-28", 5, "05-08", id="E18 data check"),
        pytest.param("04-28", 10, "05-14", id="E18 home visit"),
        pytest.param("04-28", 18, "05-26", id="E18 late material"),
        pytest.param("04-28", 20, "05-28", id="E18 promise"),
        pytest.param("04-28", 30, "06-11", id="E18 statute"),
        pytest.param("09-18", 15, "10-15", id="T16 paper death certificate reported"),
        pytest.param("09-24", 5, "10-09", id="T16 electronic death certificate exchanged"),
        pytest.param("09-24", 2, "09-29", id="T17 deregistration over Mid-Autumn"),
        pytest.param("04-03", 2, "04-08", id="T17 deregistration over Qingming"),
        pytest.param("2026-09-30 16:00", 1, "10-08", id="T22 taken up"),
        pytest.param("2026-09-30 16:00", 5, "10-13", id="T22 simple"),
        pytest.param("2026-09-30 16:00", 15, "10-27", id="T22 complex"),
    ],
)
def test_limits_in_working_days_follow_the_official_calendar(start, length, expected):
    assert last_day(start, length, "working_day") == on(expected)


# --- days, months and hours


def test_sixty_days_end_on_a_sunday_or_after_it_as_the_rule_says():
    assert last_day("10-28", 60, "calendar_day") == on("12-27")
    assert last_day("10-28", 60, "civil_day") == on("12-28")


def test_publicity_of_seven_days_does_not_count_the_day_of_posting():
    assert last_day("2026-09-22 09:00", 7, "civil_day") == on("09-29")
    assert last_day("2026-09-22 23:59", 7, "civil_day") == on("09-29")
    assert CALENDAR.next_working_day(on("09-29")) == on("09-30")
    closes = deadline("09-22", 7, "civil_day").due_at
    assert beijing("2026-09-29 23:00") < closes == beijing("2026-09-30 00:00")


def test_publicity_that_ends_in_a_holiday_moves_or_stays_as_the_locality_chose():
    moved, stayed = last_day("09-24", 7, "civil_day"), last_day("09-24", 7, "calendar_day")
    assert (moved, CALENDAR.next_working_day(moved)) == (on("10-08"), on("10-09"))
    assert (stayed, CALENDAR.next_working_day(stayed)) == (on("10-01"), on("10-08"))


@pytest.mark.law("民法典", 201)
def test_hours_run_through_the_night_and_the_holiday():
    start = deadline("2026-09-24 22:30", 24, "hour")
    assert start.due_at == beijing("2026-09-25 22:30")
    assert start.due_at.isoformat() == "2026-09-25T22:30:00+08:00"
    assert start.last_day == on("09-25")


def test_hours_that_end_at_midnight_end_on_the_day_before():
    assert deadline("2026-09-24 22:00", 2, "hour").last_day == on("09-24")


def test_a_certificate_of_death_is_due_on_the_day_after_even_when_it_is_a_saturday():
    assert last_day("2026-07-03 23:30", 1, "calendar_day") == on("07-04")


def test_storage_days_run_through_the_holiday_and_may_be_extended():
    stored = deadline("2026-04-03 20:00", 3, "calendar_day")
    assert stored.due_at == beijing("2026-04-07 00:00")
    assert stored.last_day == on("04-06")
    assert last_day("2026-04-03 20:00", 3, "calendar_day", extended_by=3) == on("04-09")


@pytest.mark.law("民法典", 202)
def test_a_month_without_the_date_ends_on_its_last_day():
    assert last_day("01-31", 1, "month") == on("02-28")
    assert last_day("2024-01-31", 1, "month") == date(2024, 2, 29)
    assert last_day("2025-11-30", 3, "month") == on("02-28")


def test_a_month_that_ends_in_a_holiday_moves_unless_the_rule_says_otherwise():
    assert last_day("09-01", 1, "month") == on("10-08")
    fixed = Duration(1, Unit.MONTH, last_day_moves=False)
    assert due(on("09-01"), fixed, CALENDAR).last_day == on("10-01")


def test_half_a_year_may_cross_into_the_next():
    ends = deadline("07-15", 6, "month")
    assert ends.last_day == date(2027, 1, 15)
    assert ends.provisional


@pytest.mark.law("民法典", 203)
def test_the_last_day_ends_at_twenty_four_hours_in_shanghai():
    assert deadline("11-16", 5, "working_day").due_at == beijing("2026-11-24 00:00")


def test_a_server_clock_in_utc_does_not_change_the_first_day():
    utc = datetime.fromisoformat("2026-11-22T16:30:00+00:00")
    assert due(utc, Duration(1, Unit.WORKING_DAY), CALENDAR).last_day == on("11-24")


# --- provisional


@pytest.mark.parametrize(
    ("start", "length", "unit", "provisional"),
    [
        ("12-30", 1, "working_day", False),
        ("12-30", 2, "working_day", True),
        ("12-01", 30, "civil_day", False),
        ("12-01", 31, "civil_day", True),
        ("12-01", 60, "calendar_day", False),
        ("2026-12-31 23:00", 24, "hour", False),
        ("2023-12-29", 1, "working_day", True),
        ("2023-12-29", 1, "civil_day", True),
    ],
)
def test_only_what_rests_on_an_unpublished_year_is_provisional(start, length, unit, provisional):
    assert deadline(start, length, unit).provisional == provisional


def test_a_later_notice_makes_a_provisional_date_certain_and_may_move_it():
    notice = {
        "version": "cn-2027.1",
        "region": "CN",
        "year": 2027,
        "source": "示例",
        "holidays": [{"zh": "元旦", "en": "New Year", "first": "2027-01-01", "last": "2027-01-03"}],
    }
    before = deadline("12-30", 2, "working_day")
    after = due(
        on("12-30"), Duration(2, Unit.WORKING_DAY), calendar_from_notices([*notices(), notice])
    )
    assert (before.last_day, before.provisional) == (date(2027, 1, 1), True)
    assert (after.last_day, after.provisional) == (date(2027, 1, 4), False)
    assert before.calendar_version != after.calendar_version


# --- the explanation


def test_every_day_of_a_working_day_limit_is_explained():
    assert deadline("09-17", 3, "working_day").explanation == (
        "2026-09-17 Thursday: the starting day is not counted",
        "2026-09-18 Friday: counts, 1st",
        "2026-09-19 Saturday: rest day, does not count",
        "2026-09-20 Sunday, make-up working day: counts, 2nd",
        "2026-09-21 Monday: counts, 3rd",
        "2026-09-21 Monday: last day, until 24:00",
    )


def test_the_explanation_is_told_in_chinese_too():
    assert deadline("09-24", 1, "working_day").explanation_zh == (
        "2026-09-24 星期四：起始当日不计入",
        "2026-09-25 星期五（中秋节）：休息日，不计入",
        "2026-09-26 星期六（中秋节）：休息日，不计入",
        "2026-09-27 星期日（中秋节）：休息日，不计入",
        "2026-09-28 星期一：计入，第1个工作日",
        "2026-09-28 星期一：期限最后一日，至24:00止",
    )


def test_a_moved_end_names_the_rest_days_it_moved_over():
    assert deadline("10-24", 7, "civil_day").explanation == (
        "2026-10-24 Saturday: the starting day is not counted",
        "2026-10-31 Saturday: 7th day",
        "2026-10-31 Saturday: rest day, the end moves on",
        "2026-11-01 Sunday: rest day, the end moves on",
        "2026-11-02 Monday: last day, until 24:00",
    )


def test_a_pause_and_an_unpublished_day_are_named():
    pauses = [Pause(on("12-31"), on("12-31"))]
    lines = deadline("12-30", 1, "working_day", pauses=pauses).explanation
    assert lines[1:] == (
        "2026-12-31 Thursday: clock paused, does not count",
        "2027-01-01 Friday: counts, 1st (calendar not published yet)",
        "2027-01-01 Friday: last day, until 24:00; "
        "provisional until the official calendar is published",
    )


def test_hours_and_months_are_explained():
    assert deadline("2026-09-24 22:30", 24, "hour").explanation == (
        "2026-09-24 Thursday: 24 hours run from the moment, through nights and rest days",
        "2026-09-25 Friday: last day, until 22:30",
    )
    assert deadline("01-31", 1, "month").explanation == (
        "2026-01-31 Saturday: the starting day is not counted",
        "2026-02-28 Saturday, make-up working day: 1st month ends",
        "2026-02-28 Saturday: last day, until 24:00",
    )


# --- what is refused


def test_on_the_spot_is_not_a_period():
    for length in (0, -1, 10_001, 1.0, True):
        with pytest.raises(ValueError):
            Duration(length, Unit.WORKING_DAY)


def test_only_months_choose_whether_their_last_day_moves():
    with pytest.raises(ValueError):
        Duration(1, Unit.CIVIL_DAY, last_day_moves=False)


def test_a_pause_does_not_end_before_it_begins():
    with pytest.raises(ValueError):
        Pause(on("10-02"), on("10-01"))


def test_only_working_days_stand_still():
    with pytest.raises(ValueError):
        deadline("09-14", 20, "civil_day", pauses=[SPECIAL_PROCEDURE])


def test_hours_need_an_instant_and_an_instant_needs_a_zone():
    with pytest.raises(ValueError):
        deadline("09-14", 24, "hour")
    naive = datetime(2026, 9, 14, 8)  # noqa: DTZ001 - the naive instant is what is tested
    for unit in Unit:
        with pytest.raises(ValueError):
            due(naive, Duration(1, unit), CALENDAR)


def test_an_extension_does_not_shorten():
    with pytest.raises(ValueError):
        deadline("09-14", 20, "working_day", extended_by=-1)


# --- the second opinion

STARTS = st.dates(date(2024, 1, 1), date(2027, 6, 30))
PAUSES = st.lists(
    st.builds(
        lambda first, days: Pause(first, first + timedelta(days=days)),
        st.dates(date(2024, 1, 1), date(2027, 6, 30)),
        st.integers(0, 40),
    ),
    max_size=3,
)


def second_opinion(start, length, unit, pauses):
    """The last day, by the naive counting in `tests.support.calendars`."""
    stopped = {
        pause.first + timedelta(days=n)
        for pause in pauses
        for n in range((pause.last - pause.first).days + 1)
    }
    match unit:
        case Unit.WORKING_DAY:
            return end_of_working_days(start, length, stopped)
        case Unit.CIVIL_DAY:
            return day_after_the_rest(end_of_days(start, length))
        case Unit.CALENDAR_DAY:
            return end_of_days(start, length)
        case Unit.MONTH:
            return day_after_the_rest(end_of_months(start, length))


@settings(max_examples=2000, deadline=None)
@given(
    start=STARTS,
    length=st.integers(1, 90),
    unit=st.sampled_from([unit for unit in Unit if unit is not Unit.HOUR]),
    pauses=PAUSES,
    extended_by=st.integers(0, 20),
)
def test_two_ways_of_counting_agree(start, length, unit, pauses, extended_by):
    if unit is Unit.MONTH:
        length, extended_by = length % 24 + 1, extended_by % 3
    pauses = pauses if unit is Unit.WORKING_DAY else []
    ours = due(start, Duration(length, unit), CALENDAR, pauses=pauses, extended_by=extended_by)
    assert ours.last_day == second_opinion(start, length + extended_by, unit, pauses)
    assert ours.due_at == beijing(f"{ours.last_day} 00:00") + timedelta(days=1)
    counts_on_calendar = unit is not Unit.CALENDAR_DAY
    assert ours.provisional == (counts_on_calendar and ours.last_day.year > 2026)


@given(start=STARTS, length=st.integers(1, 60), pauses=PAUSES)
def test_a_clock_has_used_its_whole_length_on_its_last_day_and_not_before(start, length, pauses):
    last = due(start, Duration(length, Unit.WORKING_DAY), CALENDAR, pauses=pauses).last_day
    assert working_days_between(start, last, CALENDAR, pauses=pauses) == length
    day_before = last - timedelta(days=1)
    assert working_days_between(start, day_before, CALENDAR, pauses=pauses) == length - 1


@given(start=STARTS, length=st.integers(1, 60), pause=st.sampled_from([SPECIAL_PROCEDURE]))
def test_a_pause_never_brings_the_end_forward(start, length, pause):
    duration = Duration(length, Unit.WORKING_DAY)
    plain = due(start, duration, CALENDAR).last_day
    assert due(start, duration, CALENDAR, pauses=[pause]).last_day >= plain

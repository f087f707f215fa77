"""Does our calendar say of every day what the official notices say?"""

from dataclasses import replace
from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import (
    Day,
    DayKind,
    calendar_as_data,
    calendar_from_data,
    calendar_from_notices,
    working_days_between,
)
from tests.support.calendars import CALENDAR_FILES, is_worked, notices, official_calendar, on

CALENDAR = official_calendar()


def test_the_files_agree_with_an_independent_source_on_every_day():
    day = date(2024, 1, 1)
    while day <= date(2026, 12, 31):
        assert CALENDAR.is_working(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_the_exceptions_of_2026_are_those_of_the_notice():
    made_up = {day for day, what in CALENDAR.exceptions.items() if what.kind is DayKind.MAKE_UP}
    expected = {on(day) for day in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")}
    assert {day for day in made_up if day.year == 2026} == expected
    off = [("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05")]
    off += [("06-19", "06-21"), ("09-25", "09-27"), ("10-01", "10-07")]
    for first, last in off:
        assert not CALENDAR.is_working(on(first))
        assert not CALENDAR.is_working(on(last))
        assert working_days_between(on(first), on(last), CALENDAR) == 0


def test_the_files_hold_only_exceptions_and_name_their_notice():
    for path in sorted(CALENDAR_FILES.glob("cn-*.yaml")):
        notice = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert set(notice) == {"version", "region", "year", "source", "holidays"}
        assert f"{notice['year']}年部分节假日安排的通知" in notice["source"]
        assert path.stem == f"cn-{notice['year']}"
        assert notice["version"].startswith(path.stem)


def test_the_calendar_knows_how_far_it_is_published():
    assert CALENDAR.published_from == date(2024, 1, 1)
    assert CALENDAR.published_through == date(2026, 12, 31)
    assert CALENDAR.version == "cn-2024.1+cn-2025.1+cn-2026.1"
    assert len(CALENDAR.sources) == 3


def test_beyond_the_published_years_monday_to_friday_are_assumed():
    assert CALENDAR.is_working(date(2027, 1, 1))
    assert not CALENDAR.is_working(date(2027, 1, 2))
    assert not CALENDAR.is_published(date(2027, 1, 1))
    assert not CALENDAR.is_published(date(2023, 12, 31))


@pytest.mark.parametrize(
    ("day", "what"),
    [
        ("11-20", Day(DayKind.WORKING)),
        ("11-22", Day(DayKind.WEEKEND)),
        ("09-26", Day(DayKind.HOLIDAY, "中秋节", "Mid-Autumn Festival")),
        ("09-20", Day(DayKind.MAKE_UP, "国庆节", "National Day")),
    ],
)
def test_every_day_has_its_kind(day, what):
    assert CALENDAR.day(on(day)) == what


def test_the_calendar_travels_as_plain_data_and_comes_back_equal():
    data = calendar_as_data(CALENDAR)
    assert calendar_from_data(data) == CALENDAR
    assert data["days"][0] == {
        "date": "2024-01-01",
        "isWorking": False,
        "kind": "holiday",
        "zh": "元旦",
        "en": "New Year's Day",
    }


def test_a_region_with_holidays_of_its_own_is_laid_over_the_country():
    day_off = {"zh": "三月三", "en": "March Third Festival"}
    regional = {
        "version": "450000-2026.1",
        "region": "450000",
        "year": 2026,
        "source": "广西壮族自治区少数民族习惯节日放假办法",
        "holidays": [{**day_off, "first": "2026-04-20", "last": "2026-04-21"}],
    }
    guangxi = calendar_from_notices([*notices(), regional], region="450000")
    assert not guangxi.is_working(on("04-20"))
    assert not guangxi.is_working(on("05-01"))
    assert calendar_from_notices([*notices(), regional]) == CALENDAR
    assert guangxi.version.endswith("+450000-2026.1")


def notice_of_2030(**changes):
    """A lawful notice, changed where a test says so."""
    holiday = {"zh": "元旦", "en": "New Year's Day", "first": "2030-01-01", "last": "2030-01-01"}
    notice = {"version": "v", "region": "CN", "year": 2030, "source": "s"}
    return {**notice, "holidays": [{**holiday, **changes}]}


def test_a_notice_may_reach_into_the_year_before():
    calendar = calendar_from_notices([notice_of_2030(first="2029-12-31")])
    assert not calendar.is_working(date(2029, 12, 31))


@pytest.mark.parametrize(
    "broken",
    [
        [],
        [notice_of_2030(last="2029-12-31")],
        [notice_of_2030(make_up=["2030-01-02"])],
        [notice_of_2030(make_up=["2030-01-05", "2030-01-05"])],
        [notice_of_2030(), notice_of_2030()],
        [notices()[0], notices()[2]],
        [notice_of_2030(first=datetime(2030, 1, 1, 8))],  # noqa: DTZ001
    ],
)
def test_a_notice_that_contradicts_itself_or_the_week_is_refused(broken):
    with pytest.raises(ValueError):
        calendar_from_notices(broken)


def test_the_next_working_day_leaves_out_rest_days_and_keeps_make_up_days():
    assert CALENDAR.next_working_day(on("09-18")) == on("09-20")
    assert CALENDAR.next_working_day(on("09-30")) == on("10-08")
    assert CALENDAR.working_day_on_or_after(on("10-10")) == on("10-10")
    assert CALENDAR.working_day_on_or_after(on("10-11")) == on("10-12")


def test_working_days_are_added_from_day_zero():
    assert CALENDAR.add_working_days(on("09-24"), 2) == on("09-29")
    assert CALENDAR.add_working_days(on("09-26"), 0) == on("09-26")
    with pytest.raises(ValueError):
        CALENDAR.add_working_days(on("09-26"), -1)


@given(day=st.dates(date(2024, 1, 1), date(2029, 12, 31)))
def test_every_single_day_is_read_alike_by_an_independent_source(day):
    assert CALENDAR.is_working(day) == is_worked(day)


def test_a_calendar_is_compared_by_what_it_says():
    assert replace(CALENDAR, version="other") != CALENDAR
    assert hash(replace(CALENDAR)) == hash(CALENDAR)

"""When may a divorce be withdrawn, when registered, and when is it deemed withdrawn?"""

from datetime import date, time

import pytest

from services.marriage.errors import DivorceOfficeClosed, DivorceWindowClosed, OtherRegistry
from services.marriage.rules.divorce import (
    divorce_windows,
    ensure_may_issue,
    ensure_may_withdraw,
    is_deemed_withdrawn,
)
from tests.support.calendars import beijing, official_calendar

CALENDAR = official_calendar()
CLOSES = time(17, 0)

# accepted, first count ends, moved to, window opens, second count ends, moved to
WORKED_EXAMPLES = [
    ("2026-01-12", "2026-02-11", "2026-02-11", "2026-02-12", "2026-03-13", "2026-03-13"),
    ("2026-01-16", "2026-02-15", "2026-02-24", "2026-02-25", "2026-03-26", "2026-03-26"),
    ("2026-03-04", "2026-04-03", "2026-04-03", "2026-04-04", "2026-05-03", "2026-05-06"),
    ("2026-05-20", "2026-06-19", "2026-06-22", "2026-06-23", "2026-07-22", "2026-07-22"),
    ("2026-08-21", "2026-09-20", "2026-09-20", "2026-09-21", "2026-10-20", "2026-10-20"),
    ("2026-09-01", "2026-10-01", "2026-10-08", "2026-10-09", "2026-11-07", "2026-11-09"),
    ("2026-09-10", "2026-10-10", "2026-10-10", "2026-10-11", "2026-11-09", "2026-11-09"),
    ("2026-11-20", "2026-12-20", "2026-12-21", "2026-12-22", "2027-01-20", "2027-01-20"),
]


def windows(accepted="2026-09-01"):
    return divorce_windows(date.fromisoformat(accepted), calendar=CALENDAR)


@pytest.mark.law("民法典", 1077)
@pytest.mark.parametrize("dates", WORKED_EXAMPLES)
def test_both_periods_to_the_day(dates):
    accepted, *expected = dates
    counted = windows(accepted)

    assert [
        day.isoformat()
        for day in (
            counted.cooling_raw_on,
            counted.cooling_ends_on,
            counted.window_opens_on,
            counted.window_raw_on,
            counted.window_ends_on,
        )
    ] == expected


def test_only_dates_in_a_year_without_a_calendar_are_provisional():
    assert windows("2026-11-20").provisional
    assert not windows("2026-09-01").provisional


@pytest.mark.law("民法典", 203)
def test_on_the_last_day_of_cooling_off_one_party_may_withdraw_until_the_office_closes():
    ensure_may_withdraw(windows(), at=beijing("2026-10-08 16:59"), closes_at=CLOSES)
    with pytest.raises(DivorceOfficeClosed):
        ensure_may_withdraw(windows(), at=beijing("2026-10-08 17:01"), closes_at=CLOSES)


@pytest.mark.law("民法典", 1077)
def test_once_the_window_is_open_nobody_withdraws_alone():
    with pytest.raises(DivorceWindowClosed):
        ensure_may_withdraw(windows(), at=beijing("2026-10-09 09:00"), closes_at=CLOSES)


def test_both_together_may_take_the_certificate_from_the_first_day_of_the_window():
    ensure_may_issue(windows(), at=beijing("2026-10-09 09:00"), closes_at=CLOSES)


def test_no_certificate_on_the_last_day_of_cooling_off_nor_after_the_window():
    for moment in ("2026-10-08 10:00", "2026-11-10 09:00"):
        with pytest.raises(DivorceWindowClosed):
            ensure_may_issue(windows(), at=beijing(moment), closes_at=CLOSES)


def test_another_registry_neither_withdraws_nor_issues():
    for act in (ensure_may_withdraw, ensure_may_issue):
        with pytest.raises(OtherRegistry):
            act(windows(), at=beijing("2026-10-12 09:00"), closes_at=CLOSES, same_registry=False)


def test_nobody_came_is_seen_the_day_after_the_window_closed():
    assert not is_deemed_withdrawn(windows(), on=date(2026, 11, 9))
    assert is_deemed_withdrawn(windows(), on=date(2026, 11, 10))


def test_a_new_application_counts_thirty_fresh_days():
    assert windows("2026-11-10").cooling_raw_on == date(2026, 12, 10)

"""By when must emergency relief be started, paid, documented and looked after?"""

from datetime import date

import pytest

from services.relief.model import Obligation
from services.relief.rules.emergency import (
    emergency_dues,
    is_started_in_time,
    open_obligations,
)
from tests.support.calendars import beijing, official_calendar
from tests.support.relief import parameters, progress

CALENDAR = official_calendar()
RULES = parameters()


def dues(**happened):
    return emergency_dues(progress(**happened), calendar=CALENDAR, parameters=RULES)


@pytest.mark.law("民发〔2018〕23号", 2)
def test_the_start_runs_in_hours_through_night_and_holiday():
    assert dues().start_by == beijing("2026-09-25 22:30")


@pytest.mark.law("民法典", 201)
def test_the_money_is_counted_in_working_days_from_the_day_of_the_report():
    assert dues().pay_by == date(2026, 10, 9)


def test_the_return_visit_is_counted_from_the_payment_and_a_make_up_saturday_counts():
    assert dues(paid_on=date(2026, 9, 30)).visit_by == date(2026, 10, 10)


def test_the_papers_are_counted_from_the_day_the_emergency_eased():
    assert dues(eased_on=date(2026, 9, 28)).paperwork_by == date(2026, 10, 16)


def test_clocks_that_have_not_begun_have_no_due_date():
    assert dues().paperwork_by is None
    assert dues().visit_by is None


def test_a_case_is_not_closable_before_papers_and_return_visit():
    paid_case = progress(started_at=beijing("2026-09-25 08:00"), paid_on=date(2026, 9, 30))
    assert open_obligations(paid_case) == (Obligation.PAPERWORK, Obligation.RETURN_VISIT)


def test_with_everything_done_nothing_is_open():
    done = progress(
        started_at=beijing("2026-09-25 08:00"),
        paid_on=date(2026, 9, 30),
        paperwork_done_on=date(2026, 10, 12),
        visited_on=date(2026, 10, 10),
    )
    assert open_obligations(done) == ()


@pytest.mark.parametrize(
    ("started", "in_time"), [("2026-09-25 22:30", True), ("2026-09-25 22:31", False)]
)
def test_started_to_the_minute(started, in_time):
    case = progress(started_at=beijing(started))
    assert is_started_in_time(case, calendar=CALENDAR, parameters=RULES) is in_time


def test_a_date_in_a_year_without_a_calendar_is_provisional():
    assert dues(paid_on=date(2026, 12, 30)).provisional
    assert not dues().provisional

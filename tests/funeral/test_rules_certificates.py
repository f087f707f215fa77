"""By when is a death certificate issued and reported, how is it numbered, how often reissued?"""

from datetime import date

import pytest

from services.funeral.errors import AlreadyReissued
from services.funeral.model import ReissueReason
from services.funeral.rules.certificates import (
    death_certificate_dues,
    ensure_may_reissue,
    is_number_without_document,
    number_without_document,
)
from shared.identifiers import InvalidIdentifier
from tests.support.calendars import beijing, official_calendar

NOTICE = "国卫规划发〔2026〕5号"
CALENDAR = official_calendar()
ISSUER = "11430000006122244L"


@pytest.mark.law(NOTICE, 1)
def test_a_certificate_is_due_one_day_after_the_death_whatever_day_it_is():
    dues = death_certificate_dues(beijing("2026-07-03 23:30"), calendar=CALENDAR)
    assert dues.issue_by == date(2026, 7, 4)


@pytest.mark.law(NOTICE, 1)
def test_the_paper_is_reported_within_fifteen_working_days_over_both_holidays():
    dues = death_certificate_dues(
        date(2026, 9, 17), calendar=CALENDAR, paper_issued_on=date(2026, 9, 18)
    )
    assert dues.report_by == date(2026, 10, 15)


@pytest.mark.law(NOTICE, 1)
def test_the_electronic_one_is_exchanged_within_five_working_days():
    dues = death_certificate_dues(
        date(2026, 9, 23), calendar=CALENDAR, electronic_issued_on=date(2026, 9, 24)
    )
    assert dues.exchange_by == date(2026, 10, 9)


def test_what_was_not_issued_is_not_due():
    dues = death_certificate_dues(date(2026, 9, 23), calendar=CALENDAR)
    assert (dues.report_by, dues.exchange_by) == (None, None)


@pytest.mark.law(NOTICE, 1)
def test_somebody_without_a_document_is_numbered_by_issuer_and_serial():
    number = number_without_document(ISSUER, serial=1)

    assert number == f"{ISSUER}0001"
    assert is_number_without_document(number)
    assert not is_number_without_document("11010519491231002X")


def test_a_number_needs_a_real_issuer_and_a_serial_of_four_digits():
    with pytest.raises(InvalidIdentifier):
        number_without_document("11430000006122244M", serial=1)
    with pytest.raises(ValueError, match="four digits"):
        number_without_document(ISSUER, serial=10_000)


@pytest.mark.law(NOTICE, 1)
def test_a_lost_certificate_is_issued_again_once():
    ensure_may_reissue(ReissueReason.LOST, already=frozenset())
    with pytest.raises(AlreadyReissued):
        ensure_may_reissue(ReissueReason.LOST, already=frozenset({ReissueReason.LOST}))


def test_wrong_data_is_another_reason_with_its_own_once():
    ensure_may_reissue(ReissueReason.WRONG_DATA, already=frozenset({ReissueReason.LOST}))

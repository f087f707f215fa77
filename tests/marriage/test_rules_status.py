"""What is a person's marital status, and what does the check of two people answer?"""

from datetime import date

import pytest

from services.marriage.errors import DeathBeforeMarriage, StatusUnavailable
from services.marriage.model import EndCause, MaritalStatus, MarriageStatus, StatedStatus
from services.marriage.rules.ending import end_by_death, survivor_of
from services.marriage.rules.status import (
    marriage_of_deceased_answer,
    status_answer,
    status_from,
)
from shared.answers import TaskVerdict
from tests.support.marriage import MAN, WOMAN, ended, finding, marriage, record, standing

SINGLE = MaritalStatus.SINGLE_CONFIRMED
REGULATION = "婚姻登记条例"


@pytest.mark.law(REGULATION, 1)
@pytest.mark.parametrize(
    ("standings", "records", "status"),
    [
        ([], [], MaritalStatus.NO_RECORD),
        ([], [record(SINGLE)], SINGLE),
        ([standing()], [], MaritalStatus.MARRIED),
        ([ended(EndCause.DEATH)], [], MaritalStatus.WIDOWED),
        ([ended(EndCause.DIVORCE_REGISTERED)], [], MaritalStatus.DIVORCED),
        ([ended(EndCause.DIVORCE_BY_COURT)], [], MaritalStatus.DIVORCED),
        ([standing(status=MarriageStatus.ANNULLED)], [], MaritalStatus.NO_RECORD),
        ([standing(status=MarriageStatus.REVOKED)], [record(SINGLE)], SINGLE),
        ([ended(EndCause.DEATH)], [record(MaritalStatus.MARRIED)], MaritalStatus.MARRIED),
        ([], [record(MaritalStatus.UNAVAILABLE)], MaritalStatus.UNAVAILABLE),
    ],
)
def test_the_status_follows_from_the_register_and_what_others_say(standings, records, status):
    assert status_from(standings, records) is status


def test_the_last_marriage_that_ended_decides():
    earlier = ended(EndCause.DIVORCE_REGISTERED, date(2018, 1, 1))
    later = ended(EndCause.DEATH, date(2024, 1, 1))
    assert status_from([later, earlier]) is MaritalStatus.WIDOWED


def test_two_marriages_in_force_are_a_conflict():
    assert status_from([standing(), standing()]) is MaritalStatus.CONFLICT


def test_a_later_source_that_ends_what_our_register_holds_in_force_is_a_conflict():
    said = record(MaritalStatus.DIVORCED, date(2024, 5, 1))
    assert status_from([standing()], [said]) is MaritalStatus.CONFLICT


def test_a_source_older_than_our_own_registration_adds_nothing():
    said = record(SINGLE, date(2014, 1, 1))
    assert status_from([standing()], [said]) is MaritalStatus.MARRIED


def test_sources_of_the_same_day_that_disagree_are_a_conflict():
    said = [record(SINGLE), record(MaritalStatus.MARRIED)]
    assert status_from([], said) is MaritalStatus.CONFLICT


def test_two_people_who_are_free_are_approved():
    answer = status_answer(finding(SINGLE), finding(MaritalStatus.DIVORCED, StatedStatus.DIVORCED))
    assert answer.verdict is TaskVerdict.APPROVE
    assert answer.facts == {"applicant": "SINGLE_CONFIRMED", "partner": "DIVORCED"}


@pytest.mark.law("民法典", 1042)
def test_a_marriage_in_force_refuses_whatever_else_is_found():
    answer = status_answer(finding(MaritalStatus.MARRIED), finding(MaritalStatus.CONFLICT))
    assert answer.verdict is TaskVerdict.REFUSE


def test_nothing_found_is_approved_on_the_declaration_and_flagged():
    answer = status_answer(finding(MaritalStatus.NO_RECORD), finding(SINGLE))

    assert answer.verdict is TaskVerdict.APPROVE
    assert answer.facts["flag"] == "STATUS_RESTS_ON_DECLARATION"
    assert "不等于未婚" in answer.opinion


@pytest.mark.parametrize("stated", [StatedStatus.DIVORCED, StatedStatus.WIDOWED])
@pytest.mark.parametrize("status", [MaritalStatus.NO_RECORD, SINGLE])
def test_an_earlier_marriage_that_no_record_shows_must_be_proved_to_have_ended(stated, status):
    answer = status_answer(finding(status, stated), finding(SINGLE))
    assert answer.verdict is TaskVerdict.NEEDS_CORRECTION


def test_a_contradiction_is_for_people_to_clear_up():
    answer = status_answer(finding(MaritalStatus.CONFLICT), finding(SINGLE))
    assert answer.verdict is TaskVerdict.NEEDS_CORRECTION


def test_a_source_that_does_not_answer_gives_no_answer_at_all():
    with pytest.raises(StatusUnavailable):
        status_answer(finding(MaritalStatus.UNAVAILABLE), finding(SINGLE))


@pytest.mark.law("民法典", 13)
def test_a_marriage_ends_on_the_day_of_death_and_the_survivor_is_widowed():
    over = end_by_death(marriage(), died_on=date(2026, 11, 20))

    assert over.status is MarriageStatus.ENDED
    assert (over.ended_on, over.end_cause) == (date(2026, 11, 20), EndCause.DEATH)
    assert survivor_of(over, deceased=MAN) == WOMAN
    assert survivor_of(over, deceased=WOMAN) == MAN


def test_a_marriage_that_ended_before_stays_as_it_is():
    divorced = marriage(status=MarriageStatus.ENDED, end_cause=EndCause.DIVORCE_BY_COURT)
    assert end_by_death(divorced, died_on=date(2026, 11, 20)) == divorced


def test_a_death_before_the_wedding_is_for_people_to_clear_up():
    with pytest.raises(DeathBeforeMarriage):
        end_by_death(marriage(), died_on=date(2015, 10, 7))


def test_a_deceased_without_a_marriage_here_needs_nothing_from_us():
    answer = marriage_of_deceased_answer([ended(EndCause.DIVORCE_REGISTERED)])
    assert answer.verdict is TaskVerdict.NOT_APPLICABLE


def test_a_deceased_who_was_married_is_answered_with_approve():
    assert marriage_of_deceased_answer([standing()]).verdict is TaskVerdict.APPROVE

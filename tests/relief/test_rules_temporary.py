"""Who decides on temporary relief, how much, what may be skipped, and what counts as a repeat?"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.relief.errors import (
    GrantAboveAsked,
    GrantAboveLevel,
    InstalmentsDoNotAddUp,
    NothingAsked,
)
from services.relief.model import EventKind, ExcessRoute, Level, ReliefType, Step
from services.relief.rules import payments, temporary
from shared.answers import TaskVerdict
from shared.money import Money
from tests.support.relief import HEAD, SURVIVOR, earlier_relief, parameters

RULES = parameters()
TEMPORARY_RELIEF = "民发〔2018〕23号"
INTERIM_MEASURES = "社会救助暂行办法"


def yuan(amount: int) -> Money:
    return Money.of_yuan(amount)


@pytest.mark.law(INTERIM_MEASURES, 48)
def test_a_small_amount_is_decided_by_the_township():
    assert temporary.deciding_level(yuan(2_000), parameters=RULES) is Level.TOWNSHIP


@pytest.mark.law(INTERIM_MEASURES, 48)
def test_the_limit_itself_is_still_the_townships():
    assert temporary.deciding_level(yuan(3_600), parameters=RULES) is Level.TOWNSHIP
    assert temporary.deciding_level(Money(360_001), parameters=RULES) is Level.COUNTY


@pytest.mark.law(TEMPORARY_RELIEF, 2)
def test_surgery_above_the_cap_goes_to_the_county_and_shows_asked_granted_and_cap():
    appraisal = temporary.appraise(yuan(12_000), parameters=RULES)

    assert appraisal.level is Level.COUNTY
    assert (appraisal.asked, appraisal.granted, appraisal.cap) == (
        yuan(12_000),
        yuan(9_000),
        yuan(9_000),
    )
    assert appraisal.excess == yuan(3_000)
    assert ExcessRoute.COUNTY_MECHANISM in appraisal.excess_routes
    assert ExcessRoute.CHARITY_REFERRAL in appraisal.excess_routes


def test_the_decision_text_states_asked_granted_cap_and_where_the_rest_may_go():
    text = temporary.decision_text(temporary.appraise(yuan(12_000), parameters=RULES))

    for stated in ("12,000.00", "9,000.00", "3,000.00", "一事一议"):
        assert stated in text


def test_within_the_cap_nothing_is_left_over_and_nothing_is_said_of_it():
    appraisal = temporary.appraise(yuan(2_000), parameters=RULES)

    assert not appraisal.is_capped
    assert appraisal.excess_routes == ()
    assert "一事一议" not in temporary.decision_text(appraisal)


@given(st.integers(min_value=1, max_value=10**9))
def test_what_is_granted_and_what_is_left_are_always_together_what_was_asked(fen):
    appraisal = temporary.appraise(Money(fen), parameters=RULES)

    assert appraisal.granted + appraisal.excess == appraisal.asked
    assert Money(0) < appraisal.granted <= RULES.case_cap


@pytest.mark.parametrize("fen", [0, -1])
def test_asking_for_nothing_is_refused(fen):
    with pytest.raises(NothingAsked):
        temporary.appraise(Money(fen), parameters=RULES)


def test_an_officer_may_grant_less_than_was_asked_and_the_notice_still_shows_both():
    appraisal = temporary.appraise(yuan(3_000), parameters=RULES)
    confirmed = temporary.confirm_grant(appraisal, yuan(2_000), by=Level.TOWNSHIP, parameters=RULES)

    assert (confirmed.asked, confirmed.granted) == (yuan(3_000), yuan(2_000))


def test_nobody_grants_more_than_was_asked_or_than_the_cap():
    appraisal = temporary.appraise(yuan(12_000), parameters=RULES)
    with pytest.raises(GrantAboveAsked):
        temporary.confirm_grant(appraisal, yuan(9_001), by=Level.COUNTY, parameters=RULES)


def test_a_township_cannot_grant_above_its_limit():
    appraisal = temporary.appraise(yuan(5_000), parameters=RULES)
    with pytest.raises(GrantAboveLevel):
        temporary.confirm_grant(appraisal, yuan(4_000), by=Level.TOWNSHIP, parameters=RULES)


@pytest.mark.law(TEMPORARY_RELIEF, 2)
def test_an_emergency_may_skip_check_appraisal_and_publicity():
    steps = temporary.required_steps(ReliefType.EMERGENCY, is_known_household=False)
    assert steps == ()


@pytest.mark.law(TEMPORARY_RELIEF, 2)
def test_of_a_known_low_income_household_only_the_expenditure_is_verified():
    steps = temporary.required_steps(ReliefType.EXPENDITURE, is_known_household=True)

    assert Step.EXPENDITURE_CHECK in steps
    assert Step.DECLARATION_CHECK not in steps
    assert Step.HOME_VISIT not in steps


@pytest.mark.law(INTERIM_MEASURES, 48)
def test_other_households_go_through_check_visit_appraisal_and_publicity():
    steps = temporary.required_steps(ReliefType.EXPENDITURE, is_known_household=False)
    assert set(steps) == {
        Step.DECLARATION_CHECK,
        Step.HOME_VISIT,
        Step.APPRAISAL,
        Step.PUBLIC_NOTICE,
    }


def found(earlier, *, event_kind=EventKind.ILLNESS, household=frozenset({HEAD})):
    return temporary.duplicates(
        [earlier],
        event_kind=event_kind,
        household=household,
        on=date(2026, 11, 22),
        parameters=RULES,
    )


def test_the_same_household_asking_again_within_three_months_is_flagged():
    assert found(earlier_relief(granted_on=date(2026, 8, 22)))


def test_relief_of_more_than_three_months_ago_is_no_duplicate():
    assert not found(earlier_relief(granted_on=date(2026, 8, 21)))


def test_relief_for_another_kind_of_event_is_no_duplicate():
    assert not found(earlier_relief(event_kind=EventKind.FIRE))


def test_another_household_is_no_duplicate():
    assert not found(earlier_relief(), household=frozenset({SURVIVOR}))


def test_a_shared_member_makes_it_the_same_household():
    assert found(earlier_relief(household=frozenset({HEAD, SURVIVOR})))


def test_a_duplicate_is_answered_with_its_count_and_date_and_no_person():
    answer = temporary.duplicate_answer(found(earlier_relief()), parameters=RULES)

    assert answer.verdict is TaskVerdict.REFUSE
    assert answer.facts == {"duplicates": 1, "lastGrantedOn": "2026-09-01"}


def test_without_a_duplicate_the_check_approves():
    assert temporary.duplicate_answer((), parameters=RULES).verdict is TaskVerdict.APPROVE


@given(
    st.integers(min_value=12, max_value=10**9),
    st.integers(min_value=1, max_value=12),
)
def test_equal_instalments_always_add_up_to_the_grant(fen, count):
    days = [date(2026, month, 10) for month in range(1, count + 1)]
    lines = payments.instalments(Money(fen), due_on=days)

    assert Money.sum(line.amount for line in lines) == Money(fen)
    assert [line.period for line in lines] == [str(n) for n in range(1, count + 1)]
    assert all(line.amount > Money(0) for line in lines)


def test_what_does_not_divide_is_paid_with_the_first_instalment():
    days = [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]
    lines = payments.instalments(Money(100_000), due_on=days)

    assert [line.amount.fen for line in lines] == [33_334, 33_333, 33_333]


def test_instalments_that_are_not_the_grant_are_refused():
    with pytest.raises(InstalmentsDoNotAddUp):
        payments.planned(Money(1_000), [(date(2026, 12, 1), Money(999))])


@pytest.mark.parametrize("days", [[], [date(2026, 12, 2), date(2026, 12, 1)]])
def test_instalments_need_days_in_order(days):
    with pytest.raises(InstalmentsDoNotAddUp):
        payments.instalments(Money(1_000), due_on=days)

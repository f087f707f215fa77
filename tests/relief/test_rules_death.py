"""From when does a benefit stop when somebody dies, and what was paid too much?"""

from dataclasses import replace
from datetime import date

import pytest

from services.relief.model import AmountVersion, BenefitStatus, Month
from services.relief.rules.death import (
    amount_in,
    consequence_of_death,
    deceased_answer,
    rewritten,
    stops_from,
    total_overpaid,
)
from shared.answers import TaskVerdict
from shared.money import Money
from tests.support.relief import HEAD, SURVIVOR, benefit, household_of_two, paid, pending

JOINT_HANDLING = "国办函〔2025〕3号"


@pytest.mark.law(JOINT_HANDLING, 1)
@pytest.mark.parametrize(
    ("died_on", "month"),
    [
        (date(2026, 3, 31), Month(2026, 4)),
        (date(2026, 4, 1), Month(2026, 5)),
        (date(2026, 12, 1), Month(2027, 1)),
    ],
)
def test_relief_stops_from_the_month_after_the_death(died_on, month):
    assert stops_from(died_on) == month


def test_a_death_at_the_end_of_march_reported_in_may_leaves_two_months_overpaid():
    drawn = benefit(lines=paid("2026-02", "2026-03", "2026-04", "2026-05"))
    result = consequence_of_death(drawn, deceased=HEAD, died_on=date(2026, 3, 31))

    assert result.last_month == Month(2026, 3)
    assert result.stops_from == Month(2026, 4)
    assert [str(month.period) for month in result.overpaid] == ["2026-04", "2026-05"]
    assert total_overpaid(result) == Money.of_yuan(1_800)
    assert result.ends_benefit


def test_a_death_on_the_first_of_april_keeps_april():
    drawn = benefit(lines=paid("2026-03", "2026-04", "2026-05"))
    result = consequence_of_death(drawn, deceased=HEAD, died_on=date(2026, 4, 1))

    assert [str(month.period) for month in result.overpaid] == ["2026-05"]


def test_lines_not_yet_paid_are_withheld_and_not_overpaid():
    drawn = benefit(lines=paid("2026-03") + pending("2026-04"))
    result = consequence_of_death(drawn, deceased=HEAD, died_on=date(2026, 3, 31))

    assert result.withheld == ("2026-04",)
    assert result.overpaid == ()


@pytest.mark.law("民发〔2020〕83号", 1)
def test_a_household_goes_on_and_loses_only_the_deceaseds_own_addition():
    household = household_of_two(base=313, addition=104)
    result = consequence_of_death(household, deceased=HEAD, died_on=date(2026, 3, 31))

    assert not result.ends_benefit
    [amount] = result.amounts
    assert amount.total == Money.of_yuan(417)
    assert amount.from_month == Month(2026, 4)


@pytest.mark.law("民发〔2020〕83号", 1)
def test_a_household_must_be_looked_at_again_within_three_months_of_the_death():
    household = household_of_two(base=313, addition=104)
    result = consequence_of_death(household, deceased=HEAD, died_on=date(2026, 11, 30))

    assert result.review_due_on == date(2027, 2, 28)


def test_of_a_household_only_the_part_of_the_deceased_was_overpaid():
    household = household_of_two(base=313, addition=104, lines=paid("2026-04", yuan=521))
    result = consequence_of_death(household, deceased=HEAD, died_on=date(2026, 3, 31))

    assert total_overpaid(result) == Money.of_yuan(104)
    assert result.withheld == ()


def test_the_amount_of_a_month_is_the_newest_version_that_has_begun():
    household = household_of_two(base=313, addition=104)
    result = consequence_of_death(household, deceased=HEAD, died_on=date(2026, 3, 31))
    versions = rewritten(household.amounts, result.amounts)

    assert amount_in(versions, Month(2026, 3)).total == Money.of_yuan(521)
    assert amount_in(versions, Month(2026, 4)).total == Money.of_yuan(417)
    assert amount_in(versions, Month(2025, 12)) is None


def test_an_increase_decided_before_the_death_also_loses_the_deceaseds_addition():
    household = household_of_two(base=313, addition=104)
    increase = AmountVersion(
        from_month=Month(2026, 7), base=Money.of_yuan(400), additions=Money.of_yuan(208)
    )
    household = replace(household, amounts=(*household.amounts, increase))
    result = consequence_of_death(household, deceased=HEAD, died_on=date(2026, 3, 31))

    assert [(str(each.from_month), each.total) for each in result.amounts] == [
        ("2026-04", Money.of_yuan(417)),
        ("2026-07", Money.of_yuan(504)),
    ]


def test_a_household_that_was_not_paid_yet_begins_without_the_deceased():
    household = household_of_two(base=313, addition=104)
    result = consequence_of_death(household, deceased=HEAD, died_on=date(2025, 11, 30))

    assert [(str(each.from_month), each.total) for each in result.amounts] == [
        ("2026-01", Money.of_yuan(417))
    ]


def test_a_deceased_who_drew_a_benefit_is_answered_with_approve():
    answer = deceased_answer([benefit()], deceased=HEAD)

    assert answer.verdict is TaskVerdict.APPROVE
    assert answer.facts == {"benefits": 1, "kinds": ["MINIMUM_LIVING"]}


@pytest.mark.parametrize(
    "not_drawn", [benefit(status=BenefitStatus.TERMINATED), benefit(amounts=())]
)
def test_what_is_terminated_or_was_given_once_has_nothing_to_stop(not_drawn):
    answer = deceased_answer([not_drawn], deceased=HEAD)
    assert answer.verdict is TaskVerdict.NOT_APPLICABLE


def test_somebody_elses_benefit_is_none_of_the_deceaseds():
    assert deceased_answer([benefit()], deceased=SURVIVOR).verdict is TaskVerdict.NOT_APPLICABLE

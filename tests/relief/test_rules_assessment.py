"""Who is counted, what does the income come to, and how much is paid? The worked examples E01-E06.

The local numbers are the illustrative ones of the catalogue, read as the service would read them.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.relief.model.assessment import (
    Absence,
    Asset,
    Disability,
    DisabilityKind,
    Exemption,
    Expenditure,
    ExpenditureKind,
    Finding,
    FullTimeStudy,
    Income,
    IncomeKind,
    IncomeLine,
    Layer,
    Person,
    Relation,
    RigidGround,
)
from services.relief.rules.household import counted_members, may_apply_alone
from services.relief.rules.income import additions, counted_income, layer_of, monthly_benefit
from services.relief.rules.parameters import assessment_parameters, rigid_parameters
from services.relief.rules.property import finding, refusal_notice_deadline
from services.relief.rules.rigid import recognised, rigid_grounds, valid_until
from shared.money import Money
from tests.support.builders import seed_parameters
from tests.support.calendars import official_calendar, on

TODAY = date(2026, 6, 10)
LOCAL = assessment_parameters(seed_parameters(on=TODAY))
RIGID = rigid_parameters(seed_parameters(on=TODAY))


def yuan(amount: str | int) -> Money:
    return Money.parse(str(amount))


def person(key: str, relation: Relation, age: int, **known) -> Person:
    return Person(key=key, relation=relation, born_on=date(2026 - age, 1, 15), **known)


def line(who: str, kind: IncomeKind, amount: str | int, exemption=None) -> IncomeLine:
    return IncomeLine(person=who, kind=kind, amount=yuan(amount), exemption=exemption)


def a_year(amount: str, heads: int) -> Income:
    """A household's income of twelve months, counted already."""
    lines = [line("0", IncomeKind.OTHER, amount)]
    return counted_income(lines, counted=[str(n) for n in range(heads)], on=TODAY, parameters=LOCAL)


# --- E04: who is counted

FAMILY = (
    person("father", Relation.APPLICANT, 50),
    person("mother", Relation.SPOUSE, 48),
    person("daughter", Relation.CHILD, 22, study=FullTimeStudy.UP_TO_BACHELOR, can_live_alone=True),
    person("son", Relation.CHILD, 27, absence=Absence.PRISON),
    person("grandmother", Relation.OBLIGED, 78),
    person("cousin", Relation.OTHER, 30),
)


@pytest.mark.law("最低生活保障审核确认办法", 7)
def test_e04_a_student_and_a_grandmother_count_a_prisoner_and_a_lodger_do_not() -> None:
    counted = counted_members(FAMILY, on=TODAY)
    assert counted.keys == ("father", "mother", "daughter", "grandmother")
    assert counted.review == ()


def test_e04_a_student_beyond_a_bachelors_degree_is_looked_at_by_a_person() -> None:
    family = [
        replace(each, study=FullTimeStudy.BEYOND_BACHELOR) if each.key == "daughter" else each
        for each in FAMILY
    ]
    counted = counted_members(family, on=TODAY)
    assert (counted.keys, counted.review) == (("father", "mother", "grandmother"), ("daughter",))


# --- E01 and E02: the difference, and its only rounding


@pytest.mark.law("最低生活保障审核确认办法", 13)
def test_e01_scholarship_and_cost_of_work_are_left_out_before_the_difference_is_paid() -> None:
    lines = [
        line("father", IncomeKind.WAGE, 24_000),
        line("father", IncomeKind.PROPERTY, 1_200),
        line("son", IncomeKind.OTHER, 5_000, Exemption.SCHOLARSHIP),
    ]
    family = [
        person("father", Relation.APPLICANT, 45),
        person("mother", Relation.SPOUSE, 44),
        person("son", Relation.CHILD, 20, study=FullTimeStudy.UP_TO_BACHELOR),
    ]
    counted = counted_members(family, on=TODAY).keys
    income = counted_income(lines, counted=counted, on=TODAY, parameters=LOCAL)
    assert (income.heads, income.fen) == (3, yuan(20_400).fen)
    assert layer_of(income, parameters=LOCAL) is Layer.MINIMUM_LIVING
    assert monthly_benefit(income, parameters=LOCAL) == yuan(1_000)


def test_e02_the_difference_is_rounded_once_and_the_income_per_head_never() -> None:
    elsewhere = replace(LOCAL, standard=yuan(632))
    assert monthly_benefit(a_year("22728", 3), parameters=elsewhere) == yuan(2)
    nearly = a_year("32399.90", 3)
    assert layer_of(nearly, parameters=LOCAL) is Layer.MINIMUM_LIVING
    assert monthly_benefit(nearly, parameters=LOCAL) == yuan(1)


def test_e02_income_at_the_line_itself_is_not_below_it() -> None:
    at_the_line = a_year("32400.00", 3)
    assert layer_of(at_the_line, parameters=LOCAL) is Layer.EDGE
    assert monthly_benefit(at_the_line, parameters=LOCAL) == yuan(0)


def test_the_cost_of_work_is_at_most_the_standard_a_month() -> None:
    lines = [line("0", IncomeKind.WAGE, 100_000)]
    income = counted_income(lines, counted=["0"], on=TODAY, parameters=LOCAL)
    assert income.fen == yuan(100_000 - 10_800).fen


def test_a_loss_makes_nobodys_income_negative_and_no_benefit_larger_than_the_standard() -> None:
    lines = [
        IncomeLine(person="0", kind=IncomeKind.BUSINESS, amount=-yuan(9_000)),
        line("0", IncomeKind.TRANSFER_OUT, 500),
    ]
    income = counted_income(lines, counted=["0"], on=TODAY, parameters=LOCAL)
    assert income.fen == 0
    assert monthly_benefit(income, parameters=LOCAL) == LOCAL.standard


def test_the_basic_pension_was_left_out_only_until_its_plan_ended() -> None:
    lines = [line("0", IncomeKind.TRANSFER_IN, 1_956, Exemption.BASIC_PENSION)]
    then = counted_income(lines, counted=["0"], on=date(2025, 12, 31), parameters=LOCAL)
    now = counted_income(lines, counted=["0"], on=TODAY, parameters=LOCAL)
    assert (then.fen, now.fen) == (0, yuan(1_956).fen)


@given(fen=st.integers(0, 10_000_000), heads=st.integers(1, 8))
def test_a_benefit_lifts_a_household_to_the_standard_and_less_than_a_yuan_above(fen, heads) -> None:
    income = Income(fen=Fraction(fen), months=12, heads=heads)
    benefit = monthly_benefit(income, parameters=LOCAL)
    is_entitled = layer_of(income, parameters=LOCAL) is Layer.MINIMUM_LIVING
    assert bool(benefit) == is_entitled
    if is_entitled:
        reached = benefit.fen + fen / 12
        assert LOCAL.standard.fen * heads <= reached + 1e-6
        assert reached < LOCAL.standard.fen * heads + 100


# --- E03: a household at the edge, and one of it alone


def test_e03_a_household_at_the_edge_and_its_disabled_son_alone() -> None:
    disability = Disability(kind=DisabilityKind.INTELLECTUAL, grade=2)
    son = person("son", Relation.CHILD, 28, disability=disability, can_live_alone=False)
    father = person("father", Relation.APPLICANT, 59, works=True)
    lines = [line("father", IncomeKind.WAGE, 30_000)]
    counted = counted_members([father, son], on=TODAY).keys
    family = counted_income(lines, counted=counted, on=TODAY, parameters=LOCAL)
    assert family.per_head_and_month == yuan(1_000).fen
    assert layer_of(family, parameters=LOCAL) is Layer.EDGE

    assert may_apply_alone(son, family=Layer.EDGE, on=TODAY)
    assert not may_apply_alone(father, family=Layer.EDGE, on=TODAY)
    alone = counted_income(lines, counted=["son"], on=TODAY, parameters=LOCAL)
    benefit = monthly_benefit(alone, parameters=LOCAL)
    assert benefit == yuan(900)
    assert benefit + additions(["son", "son"], parameters=LOCAL) == yuan(1_080)


@pytest.mark.parametrize(
    ("kind", "grade", "alone"),
    [("PHYSICAL", 2, True), ("PHYSICAL", 3, False), ("MENTAL", 3, True), ("MENTAL", 4, False)],
)
def test_the_grade_that_opens_the_way_alone_depends_on_the_kind(kind, grade, alone) -> None:
    disability = Disability(kind=DisabilityKind(kind), grade=grade)
    who = person("x", Relation.CHILD, 30, disability=disability, works=True)
    assert may_apply_alone(who, family=Layer.EDGE, on=TODAY) is alone
    assert not may_apply_alone(who, family=Layer.ABOVE, on=TODAY)


# --- E05: property


def test_e05_property_stands_against_it_until_an_exemption_is_proved() -> None:
    income = a_year("18000", 3)
    savings = [Asset(amount=yuan(90_000))]
    assert finding(income, savings, parameters=LOCAL) is Finding.RECHECK_OFFERED
    proved = [Asset(amount=yuan(60_000)), Asset(amount=yuan(30_000), exemption="relief-money")]
    assert finding(income, proved, parameters=LOCAL) is Finding.ELIGIBLE
    assert monthly_benefit(income, parameters=LOCAL) == yuan(1_200)


def test_e05_income_above_the_line_is_not_offered_a_recheck_of_property() -> None:
    assert finding(a_year("40000", 3), [], parameters=LOCAL) is Finding.NOT_ELIGIBLE


def test_e07_a_refusal_is_told_within_three_working_days() -> None:
    told = refusal_notice_deadline(on("10-26"), calendar=official_calendar())
    assert told.last_day == on("10-29")


# --- E06: expenditure that overwhelms


def medical(self_paid: int) -> Expenditure:
    gross = yuan(self_paid + 20_000)
    return Expenditure(kind=ExpenditureKind.MEDICAL, gross=gross, reimbursed=yuan(20_000))


def tuition(gross: int) -> Expenditure:
    return Expenditure(
        kind=ExpenditureKind.EDUCATION, gross=yuan(gross), public_standard=yuan(8_000)
    )


LIVING = Expenditure(kind=ExpenditureKind.LIVING, gross=yuan(60_000))


@pytest.mark.law("刚性支出困难家庭认定办法", 4)
def test_e06_two_thirds_of_the_income_gone_to_hospital_and_school_is_recognised() -> None:
    spent = [medical(48_000), tuition(8_000), LIVING]
    income = a_year("90000", 3)
    layer = layer_of(income, parameters=LOCAL)
    assert rigid_grounds(spent, income, layer=layer, parameters=RIGID) == ()
    assert valid_until(date(2026, 6, 10)) == date(2027, 6, 9)


@pytest.mark.law("刚性支出困难家庭认定办法", 5)
def test_e06_of_a_private_school_only_the_public_fee_counts() -> None:
    spent = [medical(40_000), tuition(30_000)]
    income = a_year("90000", 3)
    assert Money.sum(map(recognised, spent)) == yuan(48_000)
    grounds = rigid_grounds(spent, income, layer=Layer.ABOVE, parameters=RIGID)
    assert grounds == (RigidGround.RATIO_NOT_REACHED,)


def test_e06_whoever_has_stronger_relief_is_not_recognised_beside_it() -> None:
    spent = [medical(48_000), tuition(8_000)]
    income = a_year("18000", 3)
    layer = layer_of(income, parameters=LOCAL)
    grounds = rigid_grounds(spent, income, layer=layer, parameters=RIGID)
    assert grounds == (RigidGround.HAS_STRONGER_RELIEF,)


def test_income_of_the_citys_average_is_too_high_whatever_is_spent() -> None:
    grounds = rigid_grounds(
        [medical(500_000)], a_year("144000", 3), layer=Layer.ABOVE, parameters=RIGID
    )
    assert grounds == (RigidGround.INCOME_TOO_HIGH,)


def test_a_number_the_place_has_not_published_is_not_assumed() -> None:
    published = {k: v for k, v in seed_parameters().items() if k != "employment_cost_percent"}
    with pytest.raises(KeyError):
        assessment_parameters(published)

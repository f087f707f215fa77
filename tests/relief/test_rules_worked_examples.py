"""The worked examples E11-E17 of relief, and T20 of what survivors may expect.

The local numbers are the illustrative ones of the catalogue.
"""

from datetime import date

import pytest

from services.relief.model import Month
from services.relief.model.assessment import (
    Disability,
    DisabilityKind,
    Exemption,
    IncomeKind,
    IncomeLine,
    Layer,
    Person,
    Relation,
    SelfCare,
)
from services.relief.model.review import (
    BatchLine,
    JobOffer,
    LineState,
    MonthlyFigures,
    Parent,
    ParentSituation,
    ReviewOutcome,
    ShareProposal,
    Signal,
)
from services.relief.rules.batches import batch_totals, reissued
from services.relief.rules.benefit import last_grace_month
from services.relief.rules.children import (
    child_allowance,
    is_without_support,
    may_draw_living_subsidy,
)
from services.relief.rules.extreme_difficulty import (
    lacks_labour_capacity,
    lacks_living_source,
    monthly_support,
    self_care,
)
from services.relief.rules.income import counted_income, layer_of
from services.relief.rules.months import effective_month
from services.relief.rules.parameters import (
    assessment_parameters,
    price_parameters,
    support_parameters,
    warning_parameters,
)
from services.relief.rules.prices import payment_deadline, price_subsidy
from services.relief.rules.review import (
    grace_total,
    proposal_about_share,
    refusals_in_a_row,
    review_outcome,
)
from services.relief.rules.survivors import funeral_grant, survivors_pension
from services.relief.rules.warning import signals
from shared.calendar import Duration, Unit, due
from shared.money import Money
from tests.support.builders import seed_parameters
from tests.support.calendars import official_calendar, on

TODAY = date(2026, 6, 8)
PUBLISHED = seed_parameters(on=TODAY)
LOCAL = assessment_parameters(PUBLISHED)
CALENDAR = official_calendar()


def yuan(amount: int) -> Money:
    return Money.of_yuan(amount)


def monthly(amount: int, exemption: Exemption | None = None) -> IncomeLine:
    kind = IncomeKind.TRANSFER_IN if exemption else IncomeKind.PROPERTY
    return IncomeLine(person="her", kind=kind, amount=yuan(amount), exemption=exemption)


# --- E11: a woman of 62 without anybody


@pytest.mark.law("特困人员认定办法", 5)
def test_e11_a_woman_of_62_with_a_small_rent_is_in_extreme_difficulty() -> None:
    her = Person(key="her", relation=Relation.APPLICANT, born_on=date(1964, 3, 1))
    assert lacks_labour_capacity(her, on=TODAY)
    lines = [monthly(163, Exemption.BASIC_PENSION), monthly(200)]
    assert lacks_living_source(lines, standard=LOCAL.standard)
    assert not lacks_living_source([monthly(900)], standard=LOCAL.standard)


@pytest.mark.law("特困人员认定办法", 22)
def test_e11_three_things_not_done_alone_are_partly_lost_and_four_fully() -> None:
    local = support_parameters(PUBLISHED)
    three = self_care({"dress", "toilet", "bathe"})
    four = self_care({"dress", "toilet", "bathe", "bed"})
    assert (three, four) == (SelfCare.PARTLY_LOST, SelfCare.FULLY_LOST)
    assert monthly_support(three, parameters=local) == yuan(1_695)
    assert monthly_support(four, parameters=local) == yuan(2_220)
    assert monthly_support(self_care(()), parameters=local) == yuan(1_270)
    with pytest.raises(ValueError):
        self_care({"sing"})


def test_e11_the_steps_are_fifteen_working_days_seven_days_and_fifteen_again() -> None:
    fifteen = Duration(15, Unit.WORKING_DAY)
    assert due(on("06-08"), fifteen, CALENDAR).last_day == on("06-30")
    assert due(on("06-30"), Duration(7, Unit.CALENDAR_DAY), CALENDAR).last_day == on("07-07")
    assert due(on("07-08"), fifteen, CALENDAR).last_day == on("07-29")
    assert effective_month(on("07-29")) == Month(2026, 8)
    changed = due(on("10-12"), Duration(10, Unit.WORKING_DAY), CALENDAR)
    assert changed.last_day == on("10-26")


@pytest.mark.parametrize(
    ("kind", "grade", "lacks"),
    [("PHYSICAL", 2, True), ("PHYSICAL", 3, False), ("VISUAL", 1, True), ("VISUAL", 2, False),
     ("MENTAL", 3, True), ("INTELLECTUAL", 4, False), ("HEARING", 1, False)],
)  # fmt: skip
def test_each_kind_of_disability_has_its_own_grade(kind, grade, lacks) -> None:
    disability = Disability(kind=DisabilityKind(kind), grade=grade)
    known = {"key": "x", "relation": Relation.APPLICANT, "disability": disability}
    assert lacks_labour_capacity(Person(born_on=date(1990, 1, 1), **known), on=TODAY) is lacks


def test_whoever_turns_sixteen_today_is_not_young_any_more() -> None:
    known = {"key": "x", "relation": Relation.APPLICANT}
    for born_on, lacks in ((date(2010, 6, 8), False), (date(2010, 6, 9), True)):
        assert lacks_labour_capacity(Person(born_on=born_on, **known), on=TODAY) is lacks


# --- E12: work found


def reviewed(pci: int):
    lines = [IncomeLine(person="a", kind=IncomeKind.OTHER, amount=yuan(pci * 2 * 12))]
    return counted_income(lines, counted=["a", "b"], on=TODAY, parameters=LOCAL)


def test_e12_income_above_the_line_because_of_work_fades_out_over_six_months() -> None:
    outcome = review_outcome(reviewed(1_100), because_of_work=True, parameters=LOCAL)
    assert outcome is ReviewOutcome.GRACE
    assert last_grace_month(on("09-22"), allowed=6) == Month(2027, 3)
    assert grace_total(yuan(600)) == yuan(3_600)
    assert layer_of(reviewed(1_100), parameters=LOCAL) is Layer.EDGE


def test_e12_income_that_falls_again_leaves_the_fading() -> None:
    back = review_outcome(reviewed(700), because_of_work=True, parameters=LOCAL)
    assert back is ReviewOutcome.CONTINUE
    inherited = review_outcome(reviewed(1_100), because_of_work=False, parameters=LOCAL)
    assert inherited is ReviewOutcome.STOP


# --- E13: three jobs refused

REFUSED = [
    JobOffer(person="him", offered_on=on(day), is_accepted=False)
    for day in ("05-11", "03-02", "07-20")
]


@pytest.mark.law("最低生活保障审核确认办法", 34)
def test_e13_after_three_refusals_only_that_persons_share_is_proposed_to_go() -> None:
    proposed = proposal_about_share(REFUSED, person="him", monthly=yuan(1_000), heads=3)
    assert proposed == ShareProposal(person="him", remaining=yuan(667))
    nobody = proposal_about_share(REFUSED, person="her", monthly=yuan(1_000), heads=3)
    assert nobody is None


def test_e13_a_job_accepted_in_between_begins_the_count_anew() -> None:
    accepted = [
        JobOffer(person="him", offered_on=on("05-11"), is_accepted=True),
        *(each for each in REFUSED if each.offered_on != on("05-11")),
    ]
    assert refusals_in_a_row(accepted) == 1
    assert proposal_about_share(accepted, person="him", monthly=yuan(1_000), heads=3) is None


def test_e13_a_place_may_count_only_six_months_and_a_good_reason_never_counts() -> None:
    assert refusals_in_a_row(REFUSED, within_months=6) == 3
    assert refusals_in_a_row(REFUSED, within_months=3) == 2
    ill = JobOffer(person="him", offered_on=on("07-01"), is_accepted=False, has_good_reason=True)
    assert refusals_in_a_row([*REFUSED[:2], ill]) == 2


# --- E14: prices


@pytest.mark.parametrize(
    ("consumer", "food", "of_three"), [(21, 64, 174), (36, 64, 174), (34, 59, 0), (35, 59, 96)]
)
def test_e14_the_higher_index_that_was_triggered_is_paid(consumer, food, of_three) -> None:
    subsidy = price_subsidy(
        LOCAL.standard,
        consumer=consumer,
        food=food,
        heads=3,
        parameters=price_parameters(PUBLISHED),
    )
    assert subsidy == yuan(of_three)


def test_e14_it_is_paid_within_twenty_working_days_and_is_no_income() -> None:
    assert payment_deadline(on("09-09"), calendar=CALENDAR).last_day == on("10-13")
    lines = [monthly(174, Exemption.GOVERNMENT_RELIEF)]
    assert counted_income(lines, counted=["her"], on=TODAY, parameters=LOCAL).fen == 0


# --- E15: a child alone, and what is paid beside what


@pytest.mark.law("关于进一步加强事实无人抚养儿童保障工作的意见", 1)
def test_e15_a_father_dead_and_a_mother_in_prison_leave_a_child_without_support() -> None:
    dead = Parent(situation=ParentSituation.DEAD)
    in_prison = Parent(situation=ParentSituation.IN_PRISON, months=36)
    assert is_without_support(dead, in_prison)
    assert not is_without_support(dead, Parent(situation=ParentSituation.IN_PRISON, months=5))
    assert not is_without_support(dead, dead)
    assert not is_without_support(dead, Parent(situation=ParentSituation.CAPABLE))


def test_e15_the_allowance_is_the_difference_and_the_nursing_subsidy_stands_beside_it() -> None:
    standard = Money(PUBLISHED["orphan_standard_fen"])
    allowance = child_allowance(standard, already_drawn=[yuan(600)])
    assert allowance == yuan(1_050)
    assert child_allowance(standard, already_drawn=[yuan(600), yuan(100)]) == yuan(950)
    assert child_allowance(standard, already_drawn=[yuan(2_000)]) == yuan(0)
    assert not may_draw_living_subsidy(allowance)
    assert effective_month(on("07-10")) == Month(2026, 8)


# --- E16: two lines come back


def batch() -> list[BatchLine]:
    amounts = [1_050] * 10 + [900, 600]
    states = [LineState.PAID] * 10 + [LineState.RETURNED] * 2
    return [
        BatchLine(key=str(n), amount=yuan(amount), state=state)
        for n, (amount, state) in enumerate(zip(amounts, states, strict=True), start=1)
    ]


def test_e16_what_came_back_is_paid_on_lines_of_its_own_and_adds_up() -> None:
    lines = batch()
    totals = batch_totals(lines)
    assert (totals.settled, totals.returned) == (yuan(10_500), yuan(1_500))
    assert totals.is_partial
    again = reissued(lines, corrected=["11"], issued=())
    assert [(each.reissue_of, each.amount, each.state) for each in again] == [
        ("11", yuan(900), LineState.SENT),
        ("12", yuan(600), LineState.WITHHELD),
    ]
    assert totals.settled + Money.sum(each.amount for each in again) == yuan(12_000)


def test_e16_the_same_command_again_makes_no_second_line() -> None:
    lines = batch()
    again = reissued(lines, corrected=["11"], issued=())
    assert reissued(lines, corrected=["11", "12"], issued=again) == ()
    assert lines == batch()


# --- E17: red, yellow, blue


def figures(income_now: int, expense_now: int, expense_base: int = 1_500) -> MonthlyFigures:
    return MonthlyFigures(
        income_base=yuan(2_000),
        income_now=yuan(income_now),
        expense_base=yuan(expense_base),
        expense_now=yuan(expense_now),
    )


@pytest.mark.parametrize(
    ("income", "expense", "found"),
    [
        (900, 1_500, (Signal.RED,)),
        (2_000, 3_200, (Signal.YELLOW,)),
        (900, 3_200, (Signal.RED, Signal.YELLOW)),
        (1_500, 1_800, (Signal.BLUE,)),
    ],
)
def test_e17_a_plunge_is_red_a_surge_yellow_both_are_kept_and_red_is_shown(
    income, expense, found
) -> None:
    local = warning_parameters(PUBLISHED)
    assert signals(figures(income, expense), something_happened=False, parameters=local) == found


def test_somebody_who_lost_their_job_is_red_whatever_the_figures_still_say() -> None:
    local = warning_parameters(PUBLISHED)
    calm = figures(2_000, 1_500)
    assert signals(calm, something_happened=True, parameters=local) == (Signal.RED,)


# --- T20: the published example of what survivors get


def test_t20_two_months_of_the_base_and_at_least_nine_for_a_retiree() -> None:
    base = yuan(5_015)
    grant = funeral_grant(base)
    pension = survivors_pension(base, months=4, was_retired=True)
    assert (grant, pension) == (yuan(10_030), yuan(45_135))
    assert grant + pension == yuan(55_165)
    assert survivors_pension(base, months=4, was_retired=False) == yuan(20_060)

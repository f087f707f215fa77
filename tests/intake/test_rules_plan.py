"""Who is asked in a case, in which order, and why was somebody not asked?"""

import pytest

from services.intake.errors import ExpressionUnusable, NothingToAsk, OfficeNotFound
from services.intake.model import ConditionInput, JoinRule, PlanReason
from services.intake.rules.office import competent_office, division_chain
from services.intake.rules.parameters import local_parameters
from services.intake.rules.plan import why
from services.intake.rules.progress import advance, first_state
from shared.identifiers import DivisionLevel
from tests.support.builders import (
    TODAY,
    VILLAGE,
    XIHU,
    a_form,
    a_matter_definition,
    a_plan,
    a_task_definition,
    an_item,
    an_office,
    published_parameters,
)
from tests.support.builders import seed_offices as offices


def an_officers_task(key="decision", level="township", **changes):
    office = {"function": "civil-affairs", "level": level}
    task = a_task_definition(key, handler="officer", office=office, **changes)
    del task["check"]
    return task


def test_everything_without_needs_is_in_the_first_wave():
    plan = a_plan(an_item(a_matter_definition("m", *map(a_task_definition, "abc"))))
    assert {task.wave for task in plan.tasks} == {0}
    assert len(advance(first_state(plan)).open) == 3


def test_a_task_is_one_wave_after_the_latest_it_needs():
    tasks = [
        a_task_definition("a"),
        a_task_definition("b", needs=["a"]),
        a_task_definition("c", needs=["a", "b"]),
    ]
    plan = a_plan(an_item(a_matter_definition("m", *tasks)))
    assert [task.wave for task in plan.tasks] == [0, 1, 2]


def test_a_condition_that_fails_leaves_a_task_out_and_says_why():
    rich = a_task_definition("rich", when="form.amount_fen > params.limit_fen")
    item = an_item(a_matter_definition("m", a_task_definition(), rich))
    plan = a_plan(item, params={"limit_fen": 5000})
    record = why(plan, matter="m", task="rich")
    assert [task.ref.task for task in plan.tasks] == ["review"]
    assert (record.asked, record.reason) == (False, PlanReason.CONDITION_FAILS)
    assert record.expression == "form.amount_fen > params.limit_fen"
    assert record.inputs == (
        ConditionInput(path="form.amount_fen", value=1000),
        ConditionInput(path="params.limit_fen", value=5000),
    )


def test_who_was_asked_also_has_a_reason():
    task = a_task_definition(when="form.amount_fen > 1")
    plan = a_plan(an_item(a_matter_definition("m", task)))
    assert why(plan, matter="m").reason is PlanReason.ALWAYS
    assert why(plan, matter="m", task="review").reason is PlanReason.CONDITION_HOLDS
    assert why(plan, matter="m", task="nobody") is None


def test_a_matter_that_does_not_apply_takes_its_tasks_along():
    other = a_matter_definition("other", when="form.amount_fen > 5000")
    plan = a_plan(an_item(a_matter_definition("m"), other))
    assert [matter.key for matter in plan.matters] == ["m"]
    assert why(plan, matter="other", task="review").reason is PlanReason.MATTER_NOT_ASKED


def test_a_need_on_somebody_who_is_not_asked_is_no_need():
    tasks = [a_task_definition("a", when="false"), a_task_definition("b", needs=["a"])]
    plan = a_plan(an_item(a_matter_definition("m", *tasks)))
    assert [(task.ref.task, task.needs, task.wave) for task in plan.tasks] == [("b", (), 0)]


def test_an_approval_nobody_is_asked_for_is_never_given():
    tasks = [
        a_task_definition("a", when="false"),
        a_task_definition("b", needs=["a:approved"]),
        a_task_definition("c", needs=["b:approved"]),
        a_task_definition("d"),
    ]
    plan = a_plan(an_item(a_matter_definition("m", *tasks)))
    assert [task.ref.task for task in plan.tasks] == ["d"]
    record = why(plan, matter="m", task="c")
    assert (record.reason, record.need) == (PlanReason.NEED_NOT_ASKED, "m.b:approved")


def test_a_matter_left_without_tasks_is_not_part_of_the_case():
    empty = a_matter_definition("empty", a_task_definition("a", when="false"))
    plan = a_plan(an_item(a_matter_definition("m"), empty))
    assert [matter.key for matter in plan.matters] == ["m"]
    assert why(plan, matter="empty").reason is PlanReason.NO_TASK_ASKED


def test_a_case_in_which_nobody_is_asked_is_refused():
    with pytest.raises(NothingToAsk):
        a_plan(an_item(a_matter_definition("m", when="form.amount_fen > 5000")))


def test_a_condition_without_an_answer_stops_the_plan_and_not_the_department():
    task = a_task_definition(when="'x' in form.choices")
    with pytest.raises(ExpressionUnusable, match="absent"):
        a_plan(an_item(a_matter_definition("m", task)))


def test_only_who_is_asked_votes_and_leads():
    tasks = [a_task_definition("a", when="false"), a_task_definition("b"), a_task_definition("c")]
    join = {"rule": "lead", "lead": ["a", "b"]}
    (matter,) = a_plan(an_item(a_matter_definition("m", *tasks, join=join))).matters
    assert matter.join.rule is JoinRule.LEAD
    assert (matter.join.lead, matter.join.voters) == (("b",), ("b", "c"))


# --- offices ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "name"), [("township", "三墩镇社会事务办公室"), ("county", "西湖区民政局")]
)
def test_the_office_is_the_one_above_the_place_at_the_level(level, name):
    plan = a_plan(an_item(a_matter_definition("m", an_officers_task(level=level))))
    assert plan.tasks[0].office.name == name


def test_a_neighbouring_township_has_its_own_office():
    item = an_item(a_matter_definition("m", an_officers_task()))
    plan = a_plan(item, form=a_form(place="330106110000"), division="330106110000")
    assert plan.tasks[0].office.name == "双浦镇社会事务办公室"


@pytest.mark.parametrize("division", [XIHU, "330105109201", "nowhere"])
def test_a_place_without_a_competent_office_is_refused(division):
    with pytest.raises(OfficeNotFound):
        a_plan(an_item(a_matter_definition("m", an_officers_task())), division=division)


def test_an_office_that_is_not_needed_need_not_exist():
    tasks = [a_task_definition(), an_officers_task(level="city", when="form.amount_fen > 5000")]
    assert len(a_plan(an_item(a_matter_definition("m", *tasks))).tasks) == 1


def test_the_same_case_always_goes_to_the_same_counter():
    counters = [an_office(key) for key in ("one", "two", "three")]
    query = an_item(a_matter_definition("m", an_officers_task(level="county")))
    office = query.matters[0].tasks[0].office
    chosen = {
        competent_office(office, division=VILLAGE, offices=order).id
        for order in (counters, reversed(counters))
    }
    assert len(chosen) == 1


def test_the_chain_of_a_division_goes_from_the_village_to_the_province():
    assert division_chain(VILLAGE) == (
        "330106109201",
        "330106109000",
        "330106000000",
        "330100000000",
        "330000000000",
    )
    assert division_chain(XIHU)[0] == XIHU


def test_every_seed_office_is_found_at_its_own_level():
    assert {office.level for office in offices()} == {
        DivisionLevel.VILLAGE,
        DivisionLevel.TOWNSHIP,
        DivisionLevel.COUNTY,
    }


# --- local numbers ----------------------------------------------------------------------


def test_a_number_the_county_does_not_set_comes_from_the_province():
    numbers = local_parameters(published_parameters(), division=VILLAGE, on=TODAY)
    assert numbers["relief_review_months"] == 12
    assert numbers["minimum_living_standard_fen"] == 90_000


def test_the_latest_table_in_force_on_the_day_counts():
    earlier = local_parameters(published_parameters(), division=XIHU, on=TODAY.replace(year=2025))
    assert earlier["minimum_living_standard_fen"] == 86_000


def test_before_any_table_there_are_no_numbers():
    assert local_parameters(published_parameters(), division=XIHU, on=TODAY.replace(2024)) == {}

"""Is every item of the catalogue well-formed, lawful to plan, and data to the last department?"""

import copy
import json

import pytest
from jsonschema import Draft202012Validator

from services.intake.model import HandlerKind, TaskRef
from services.intake.rules.expressions import Expressions, Scope
from services.intake.rules.form import validate_form
from services.intake.rules.item import parse_item
from services.intake.rules.materials import check_materials
from services.intake.rules.plan import why
from services.intake.rules.publication import check_item
from tests.support.builders import (
    TODAY,
    a_plan,
    a_task_definition,
    catalogue_item,
    catalogue_plan,
    seed_parameters,
)
from tests.support.forms import (
    CATALOGUE,
    bnd02_form,
    form_of,
    item_codes,
    item_definition,
    jz201_form,
)

SCHEMA = json.loads((CATALOGUE / "item.schema.json").read_text(encoding="utf-8"))
every_item = pytest.mark.parametrize("code", item_codes())


def test_the_schema_of_items_is_itself_valid():
    Draft202012Validator.check_schema(SCHEMA)


@every_item
def test_every_item_follows_the_schema_of_items(code):
    errors = list(Draft202012Validator(SCHEMA).iter_errors(item_definition(code)))
    assert [f"{list(error.absolute_path)}: {error.message}" for error in errors] == []


@every_item
def test_every_file_is_named_after_its_item(code):
    assert item_definition(code)["code"] == code


@every_item
def test_every_item_parses_and_can_be_published(code):
    check_item(catalogue_item(code), expressions=Expressions())


@every_item
def test_the_sample_form_of_every_item_has_no_mistakes(code):
    assert validate_form(catalogue_item(code), form_of(code), today=TODAY) == ()


@every_item
def test_an_empty_form_is_told_everything_in_both_languages(code):
    problems = validate_form(catalogue_item(code), {}, today=TODAY)
    required = item_definition(code)["form"]["required"]
    assert {problem.pointer for problem in problems} == {f"/{name}" for name in required}
    assert all(problem.message.zh and problem.message.en for problem in problems)


@every_item
def test_every_field_has_a_name_for_people_in_both_languages(code):
    item = catalogue_item(code)
    problems = validate_form(item, {**form_of(code), "applicant": {}}, today=TODAY)
    assert all("此项" not in each.message.zh for each in problems)
    assert all("This field" not in each.message.en for each in problems)


@every_item
def test_the_plan_of_every_sample_form_expands(code):
    plan = catalogue_plan(code)
    assert all(
        (task.office is not None) == (task.handler.kind is HandlerKind.OFFICER)
        for task in plan.tasks
    )


@every_item
def test_no_department_is_shown_an_account_unless_it_pays(code):
    payers = {
        "survivor_review", "medical_account_review", "housing_fund_review",
    }  # fmt: skip
    for matter in catalogue_item(code).matters:
        for task in matter.tasks:
            if any(path.startswith("account") for path in task.discloses):
                assert task.key in payers


@every_item
def test_what_lists_may_show_holds_nothing_personal(code):
    personal = {"name", "id_no", "phone", "number", "holder_name", "narrative", "certificate_no"}
    for path in catalogue_item(code).summary:
        assert not personal & set(path.split("."))


def test_the_township_decides_up_to_its_limit_and_the_county_above_it():
    limit = seed_parameters()["temporary_relief_township_limit_fen"]
    for amount, decides, spared in (
        (limit, "township_decision", "county_decision"),
        (limit + 1, "county_decision", "township_decision"),
    ):
        plan = catalogue_plan("JZ201", jz201_form(requested_amount_fen=amount))
        assert why(plan, matter="relief", task=decides).asked
        record = why(plan, matter="relief", task=spared)
        assert not record.asked
        assert {each.path: each.value for each in record.inputs} == {
            "form.requested_amount_fen": amount,
            "params.temporary_relief_township_limit_fen": limit,
        }


def test_the_limit_in_force_is_the_one_of_the_day():
    last_year = seed_parameters(on=TODAY.replace(year=2025))
    assert last_year["temporary_relief_township_limit_fen"] == 344_000
    assert seed_parameters()["temporary_relief_township_limit_fen"] == 360_000


def test_relief_is_asked_of_three_at_once_and_decided_by_one_after_them():
    waves = {str(task.ref.task): task.wave for task in catalogue_plan("JZ201").tasks}
    assert waves == {
        "fact_check": 0,
        "duplicate_relief_check": 0,
        "home_visit": 0,
        "township_decision": 1,
    }


def test_offices_are_found_at_the_level_the_task_names():
    offices = {task.ref.task: task.office for task in catalogue_plan("JZ201").tasks}
    assert offices["fact_check"].name == "三墩镇社会事务办公室"
    assert offices["home_visit"].name == "三墩镇示例村村民委员会"
    assert offices["duplicate_relief_check"] is None


def test_a_marriage_asks_police_register_and_registrar_at_once():
    plan = catalogue_plan("HY601")
    handlers = {task.ref.task: str(task.handler) for task in plan.tasks if task.wave == 0}
    assert handlers == {
        "identity_check": "partner:police",
        "marital_status_check": "service:marriage",
        "registrar_inquiry": "officer",
    }
    assert plan.matters[0].tasks[2].office.name == "西湖区婚姻登记处"


def test_a_declaration_that_is_not_true_is_refused_with_its_own_words():
    form = form_of("HY601")
    form["declarations"]["partner"]["no_spouse"] = False
    (problem,) = validate_form(catalogue_item("HY601"), form, today=TODAY)
    assert (problem.pointer, problem.code) == ("/declarations/partner/no_spouse", "not-agreed")
    assert problem.message.zh == "有配偶的不予登记"


def test_after_a_death_eight_departments_are_asked_at_once():
    plan = catalogue_plan("BND-02")
    first = {str(task.handler) for task in plan.tasks if task.wave == 0}
    assert first == {
        "partner:police",
        "partner:human-resources",
        "partner:medical-insurance",
        "partner:housing-fund",
        "service:relief",
        "service:marriage",
        "service:funeral",
        "service:registry",
    }
    assert len(plan.matters) >= 9


def test_the_social_security_card_closes_in_a_second_wave():
    (second,) = [task for task in catalogue_plan("BND-02").tasks if task.wave > 0]
    assert second.ref == TaskRef("social_card_closure", "card_closure")
    assert {str(need) for need in second.needs} == {
        "survivor_benefits.survivor_review",
        "medical_account.medical_account_review",
    }


def test_household_cancellation_gates_nothing():
    needed = {need.task.matter for task in catalogue_plan("BND-02").tasks for need in task.needs}
    assert "hukou_cancellation" not in needed


@pytest.mark.parametrize("chosen", [{"matters": []}, {"matters": ["driving_licence"]}])
def test_the_housing_fund_is_asked_only_when_it_is_chosen(chosen):
    plan = catalogue_plan("BND-02", bnd02_form(**chosen))
    assert "housing_fund" not in {matter.key for matter in plan.matters}
    assert not why(plan, matter="housing_fund", task="housing_fund_review").asked


def test_a_form_without_a_choice_of_matters_still_plans():
    form = bnd02_form()
    del form["matters"]
    plan = catalogue_plan("BND-02", form)
    assert len(plan.matters) == 9


@pytest.mark.parametrize(
    ("kind", "missing", "deferred"),
    [
        ("EMERGENCY", (), ("identity_card", "event_proof")),
        ("EXPENDITURE", ("application_form", "bills"), ()),
    ],
)
def test_nothing_blocks_the_start_of_emergency_relief(kind, missing, deferred):
    check = check_materials(
        catalogue_item("JZ201"),
        provided=[],
        scope=Scope.of(form=jz201_form(type=kind), params={}),
        expressions=Expressions(),
    )
    assert check.missing == missing
    assert tuple(each.key for each in check.deferred) == deferred


def test_a_department_added_to_an_item_by_data_alone_is_asked():
    definition = copy.deepcopy(item_definition("JZ201"))
    emergency = a_task_definition(
        "disaster_check",
        handler="partner:emergency-management",
        check="disaster",
        when="form.event.kind == 'FIRE'",
        discloses=["event.kind", "place_division"],
    )
    definition["matters"][0]["tasks"].append(emergency)
    definition["matters"][0]["tasks"][3]["needs"].append("disaster_check")
    item = parse_item(definition)
    check_item(item, expressions=Expressions())
    plans = {
        kind: a_plan(
            item,
            form=jz201_form(event={"kind": kind, "occurred_at": "2026-11-20T21:30:00+08:00"}),
            params=seed_parameters(),
        )
        for kind in ("FIRE", "ILLNESS")
    }
    asked = {kind: {task.ref.task for task in plan.tasks} for kind, plan in plans.items()}
    assert asked["FIRE"] - asked["ILLNESS"] == {"disaster_check"}
    decision = plans["FIRE"].matters[0].tasks[3]
    assert TaskRef("relief", "disaster_check") in {need.task for need in decision.needs}

"""Is every item of the catalogue well-formed, lawful to plan, and data to the last department?"""

import copy
import json

import pytest
from jsonschema import Draft202012Validator

from services.intake.model import HandlerKind, MaterialRule, TaskRef
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
        "survivor_review", "medical_account_review", "housing_fund_review", "relief_decision",
        "award_payment",
    }  # fmt: skip
    for matter in catalogue_item(code).matters:
        for task in matter.tasks:
            if any(path.startswith("account") for path in task.discloses):
                assert task.key in payers


@every_item
def test_what_lists_may_show_holds_nothing_personal(code):
    personal = {
        "name", "id_no", "phone", "number", "holder_name", "narrative", "certificate_no",
        "cause", "labour_basis", "needs_hospital", "status_basis", "extreme_difficulty",
        "scope_basis", "circumstances", "members", "status",
    }  # fmt: skip
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


def test_the_catalogue_has_its_twenty_three_items_and_both_joint_ones():
    assert item_codes() == sorted(
        [
            "JZ101",
            "JZ102",
            "JZ103",
            "JZ104",
            "JZ201",
            "JZ202",
            "JZ203",
            "JZ301",
            "JZ302",
            "JZ303",
            "JZ304",
            "JZ401",
            "JZ402",
            "JZ501",
            "DJ502",
            "HY601",
            "HY602",
            "HY603",
            "BZ701",
            "BZ702",
            "BZ703",
            "DJ801",
            "DJ802",
            "BND-01",
            "BND-02",
        ]
    )


def parts(schema):
    """Every described field of a form, by its name."""
    for name, inner in schema.get("properties", {}).items():
        yield name, inner
        yield from parts(inner)
    if isinstance(schema.get("items"), dict):
        yield from parts(schema["items"])


@pytest.mark.parametrize(
    "group",
    [
        "account", "commitment", "members", "circumstances", "incomes", "assets",
        "authorisations", "apply_mode", "relative_of_staff", "status_basis", "deceased",
    ],
)  # fmt: skip
def test_a_shared_group_of_fields_is_the_same_in_every_form(group):
    found = {
        json.dumps(schema, sort_keys=True, ensure_ascii=False)
        for code in item_codes()
        for name, schema in parts(item_definition(code)["form"])
        if name == group
    }
    assert len(found) == 1


@every_item
def test_every_person_in_a_form_is_described_alike(code):
    for name, schema in parts(item_definition(code)["form"]):
        if name == "phone":
            assert schema["format"] == "phone"
        if name.endswith("id_no"):
            assert (schema["type"], schema["format"]) == ("string", "resident-id")


def test_everybody_who_knows_something_of_a_household_is_asked_at_once():
    plan = catalogue_plan("JZ101")
    first = {task.ref.task for task in plan.tasks if task.wave == 0}
    assert first == {
        "means_check", "household_survey", "neighbour_interview", "household_register",
        "social_insurance", "tax_records", "market_entities", "real_estate",
        "housing_fund_records", "disability_check",
    }  # fmt: skip
    assert [task.ref.task for task in plan.tasks if task.wave > 0] == [
        "first_opinion",
        "publicity",
        "county_confirmation",
    ]


@pytest.mark.parametrize(
    ("circumstance", "task"),
    [
        ("disabled", "disability_check"),
        ("seriously_ill", "medical_costs"),
        ("studying", "enrolment_check"),
    ],
)
def test_a_department_is_asked_only_about_a_household_it_knows_something_of(circumstance, task):
    for holds in (True, False):
        form = form_of("JZ101")
        for each in form["circumstances"]:
            each[circumstance] = holds
        assert why(catalogue_plan("JZ101", form), matter="allowance", task=task).asked is holds


def test_who_is_obliged_to_support_is_asked_by_letter():
    form = form_of("JZ101")
    form["members"][1]["role"] = "SUPPORT_OBLIGOR"
    assert why(catalogue_plan("JZ101", form), matter="allowance", task="letter_inquiry").asked


@pytest.mark.parametrize("code", ["JZ101", "JZ103", "BND-01"])
def test_a_department_that_compares_names_is_not_shown_how_people_are(code):
    partners = [
        task
        for matter in catalogue_item(code).matters
        for task in matter.tasks
        if task.handler.kind is HandlerKind.PARTNER and task.key != "employment_difficulty_check"
    ]
    assert partners
    assert all(set(task.discloses) == {"members"} for task in partners)


def test_an_authorisation_is_asked_of_the_household_before_anybody_is():
    form = form_of("JZ101")
    form["authorisations"][0]["agreed"] = False
    (problem,) = validate_form(catalogue_item("JZ101"), form, today=TODAY)
    assert problem.pointer == "/authorisations/0/agreed"
    assert problem.message.zh == "未授权核对家庭经济状况的不能受理"


@pytest.mark.parametrize(("relations", "wrong"), [(["SPOUSE"], True), (["SELF", "SELF"], True)])
def test_the_applicant_stands_among_the_members_once(relations, wrong):
    form = form_of("JZ101")
    first = form["members"][0]
    form["members"] = [first | {"relation": relation} for relation in relations]
    problems = validate_form(catalogue_item("JZ101"), form, today=TODAY)
    assert [problem.pointer for problem in problems] == ["/members"]
    assert "申请人本人" in problems[0].message.zh


def test_nothing_about_a_child_is_ever_posted():
    titles = [
        task.title.zh
        for code in ("JZ501", "DJ502", "JZ302")
        for matter in catalogue_item(code).matters
        for task in matter.tasks
    ]
    assert not [title for title in titles if "公示" in title]


def test_of_each_parent_the_department_that_knows_is_asked():
    plan = catalogue_plan("JZ501")
    first = {str(task.handler) for task in plan.tasks if task.wave == 0}
    assert first == {"partner:police", "partner:justice", "partner:courts", "officer"}
    assert not why(plan, matter="protection", task="disability_check").asked


def test_a_short_term_of_imprisonment_does_not_leave_a_child_without_care():
    form = form_of("JZ501")
    form["mother"]["term_months"] = 5
    (problem,) = validate_form(catalogue_item("JZ501"), form, today=TODAY)
    assert (problem.pointer, problem.code) == ("/mother/term_months", "too-small")


def test_who_has_no_name_can_be_helped_and_two_of_them_are_two_applications():
    item = catalogue_item("JZ202")
    form = form_of("JZ202") | {"person": {}}
    assert validate_form(item, form, today=TODAY) == ()
    assert item.subject == "report_id"
    assert not any(material.rule is MaterialRule.KEY for material in item.materials)


def test_income_and_dwelling_are_audited_at_once():
    waves = {task.ref.task: task.wave for task in catalogue_plan("JZ303").tasks}
    assert waves["means_check"] == waves["dwelling_check"] == 0
    assert waves["publicity"] == 1
    assert waves["housing_decision"] == 2


@pytest.mark.parametrize(
    ("basis", "asked"), [("MINIMUM_LIVING", False), ("EXTREME_DIFFICULTY", False), ("EDGE", True)]
)
def test_medical_relief_passes_the_township_by_for_households_on_the_allowance(basis, asked):
    form = form_of("JZ301") | {"status_basis": basis}
    plan = catalogue_plan("JZ301", form)
    assert why(plan, matter="medical_relief", task="township_audit").asked is asked
    assert why(plan, matter="medical_relief", task="publicity").asked is asked


@pytest.mark.parametrize("kinds", [["LIVING"], ["NURSING"], ["LIVING", "NURSING"]])
def test_the_certificate_of_a_disabled_person_is_asked_about_once(kinds):
    plan = catalogue_plan("JZ402", form_of("JZ402") | {"kinds": kinds})
    asked = [task for task in plan.tasks if str(task.handler) == "partner:disabled-federation"]
    assert len(asked) == 1
    assert {matter.key for matter in plan.matters} == {kind.lower() for kind in kinds}
    for matter in plan.matters:
        decision = matter.tasks[-1]
        assert asked[0].ref in {need.task for need in decision.needs}


def test_divorce_ends_here_with_its_acceptance_and_names_the_cooling_off_period():
    item = catalogue_item("HY602")
    assert all(matter.effect is None for matter in item.matters)
    (matter,) = item.matters
    assert "冷静期" in matter.title.zh
    assert "冷静期" in matter.outcome_document.title.zh
    assert matter.outcome_document.kind == "divorce-application-receipt"


def test_a_housing_estate_is_named_by_housing_and_a_street_is_not():
    for kind, lead, announced in (
        ("STREET", "place_names_decision", "announcement_after_place_names"),
        ("RESIDENTIAL_AREA", "housing_decision", "announcement_after_housing"),
    ):
        plan = catalogue_plan("DJ802", form_of("DJ802") | {"kind": kind})
        naming, announcement = plan.matters
        assert naming.join.lead == (lead,)
        assert [task.ref.task for task in announcement.tasks] == [announced]


def test_the_supervising_unit_is_the_one_that_the_form_names():
    for supervisor, task in (
        ("EDUCATION", "education_consent"),
        ("HEALTH", "health_consent"),
        ("CIVIL_AFFAIRS", "civil_affairs_consent"),
        ("DIRECT", None),
    ):
        plan = catalogue_plan("DJ801", form_of("DJ801") | {"supervisor": supervisor})
        asked = {each.ref.task for each in plan.tasks if each.ref.task.endswith("_consent")}
        assert asked == ({task} if task else set())


def test_one_application_for_relief_looks_at_the_household_once():
    plan = catalogue_plan("BND-01")
    handlers = [str(task.handler) for task in plan.tasks if task.wave == 0]
    partners = [handler for handler in handlers if handler.startswith("partner:")]
    assert len(partners) - len(set(partners)) == 1, "work and insurance are two questions"
    waits = {need.task.matter for task in plan.tasks for need in task.needs}
    assert "temporary_relief" not in waits - {"temporary_relief"}
    urgent = next(matter for matter in plan.matters if matter.key == "temporary_relief")
    assert all(need.task.matter == "temporary_relief" for t in urgent.tasks for need in t.needs)


def test_effects_are_only_those_of_the_house():
    made_real = {
        code
        for code in item_codes()
        if any(matter.effect is not None for matter in catalogue_item(code).matters)
    }
    assert made_real == {"JZ201", "HY601", "BND-01", "BND-02", "DJ502", "DJ801", "DJ802"}

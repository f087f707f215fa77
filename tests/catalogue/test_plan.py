"""Does the dry run say who is asked, why, in which wave and by when?"""

import json
from datetime import date
from functools import cache

import pytest
from typer.testing import CliRunner

from services.intake.__main__ import cli
from services.intake.actions.dry_run_plan import (
    DryRun,
    dry_run_plan,
    plan_as_data,
    plan_as_text,
)
from services.intake.errors import FormInvalid, ItemMalformed, ItemNotFound, OfficeNotFound
from tests.support.forms import CATALOGUE, form_of, item_codes, jz101_form, jz201_form, jz203_form

MONDAY = date(2026, 11, 23)
SMALL, LARGE = 360_000, 360_001

PROMISE_RUNS_OTHERWISE = {"DJ502", "BND-02"}
"""An adoption's announcement is not counted; after a death the card closes when all is paid."""


def catalogue_files() -> dict[str, str]:
    paths = [CATALOGUE / "item.schema.json", *CATALOGUE.glob("*/*.yaml")]
    return {
        path.relative_to(CATALOGUE).as_posix(): path.read_text(encoding="utf-8") for path in paths
    }


FILES = catalogue_files()


@cache
def sample_run(code: str) -> DryRun:
    return dry_run(code)


def dry_run(code: str, form=None, *, on: date = MONDAY) -> DryRun:
    return dry_run_plan(FILES, code=code, form=form or form_of(code), on=on)


def tasks_of(run: DryRun) -> dict[str, dict]:
    return {each["task"]: each for each in plan_as_data(run)["tasks"]}


@pytest.mark.parametrize(
    ("amount", "decides", "department", "spared"),
    [
        (SMALL, "township_decision", "三墩镇社会事务办公室", "county_decision"),
        (LARGE, "county_decision", "西湖区民政局", "township_decision"),
    ],
)
def test_a_small_amount_is_decided_by_the_township_and_a_large_one_by_the_county(
    amount, decides, department, spared
):
    run = dry_run("JZ201", jz201_form(requested_amount_fen=amount))
    data, tasks = plan_as_data(run), tasks_of(run)
    assert {key: task["wave"] for key, task in tasks.items()} == {
        "fact_check": 0,
        "duplicate_relief_check": 0,
        "home_visit": 0,
        decides: 1,
    }
    assert tasks[decides]["department"] == department
    inputs = [
        {"path": "form.requested_amount_fen", "withheld": False, "value": amount},
        {"path": "params.temporary_relief_township_limit_fen", "withheld": False, "value": SMALL},
    ]
    assert tasks[decides]["why"]["reason"] == "condition-holds"
    assert tasks[decides]["why"]["inputs"] == inputs
    (not_asked,) = data["notAsked"]
    assert (not_asked["task"], not_asked["why"]["reason"]) == (spared, "condition-fails")
    assert not_asked["why"]["inputs"] == inputs


def test_every_answer_has_its_last_day_and_a_later_wave_opens_at_the_end_of_the_earlier():
    tasks = tasks_of(dry_run("JZ201"))
    assert tasks["fact_check"]["dueAt"] == "2026-11-24T09:00:00+08:00"
    assert tasks["home_visit"]["lastDay"] == "2026-11-24"
    assert tasks["township_decision"]["opensAtLatest"] == "2026-11-24T23:59:59+08:00"
    assert tasks["township_decision"]["lastDay"] == "2026-11-25"


def test_the_clocks_of_the_item_are_counted_from_the_day_of_acceptance():
    clocks = {each["name"]: each["lastDay"] for each in plan_as_data(dry_run("JZ201"))["clocks"]}
    assert clocks == {"statutory": "2026-11-30", "promised": "2026-11-25"}


def test_accepted_before_a_holiday_all_tasks_count_from_the_same_day():
    """3, 5 and 10 working days from 28 April, across five days off and a working Saturday."""
    run = dry_run("JZ101", signed_by("2026-04-20"), on=date(2026, 4, 28))
    tasks = tasks_of(run)
    assert {
        key: (tasks[key]["wave"], tasks[key]["lastDay"])
        for key in ("disability_check", "means_check", "household_survey")
    } == {
        "disability_check": (0, "2026-05-06"),
        "means_check": (0, "2026-05-08"),
        "household_survey": (0, "2026-05-14"),
    }
    # The opinion waits for the longest of them, and not for their sum (eighteen days: 26 May).
    assert tasks["first_opinion"]["opensAtLatest"].startswith("2026-05-14")
    clocks = {each["name"]: each["lastDay"] for each in plan_as_data(run)["clocks"]}
    assert clocks == {"promised": "2026-05-28", "statutory": "2026-06-11"}


def signed_by(day: str) -> dict:
    form = jz101_form()
    return form | {
        "authorisations": [{**each, "signed_on": day} for each in form["authorisations"]],
    }


def test_the_table_is_for_people():
    text = plan_as_text(dry_run("JZ201", jz201_form(requested_amount_fen=LARGE)))
    lines = text.splitlines()
    assert lines[:4] == [
        "JZ201 临时救助",
        "受理 2026-11-23  区划 330106109201",
        "法定期限 2026-11-30",
        "承诺期限 2026-11-25",
    ]
    assert lines.index("第 1 批（受理即同时征询）") < lines.index("第 2 批") < lines.index("不征询")
    (decision,) = [line for line in lines if "县级民政部门审批" in line]
    assert "西湖区民政局" in decision
    assert "2026-11-25" in decision
    assert f"form.requested_amount_fen = {LARGE}" in text
    assert "temporary_relief_township_limit_fen = 360000" in text


def test_neither_table_nor_data_repeats_what_is_personal():
    run = dry_run("JZ101")
    shown = plan_as_text(run) + json.dumps(plan_as_data(run), ensure_ascii=False)
    form = form_of("JZ101")
    for secret in (form["applicant"]["id_no"], form["applicant"]["name"], "PARENT"):
        assert secret not in shown
    assert "（个人信息，不显示）" in shown


@pytest.mark.parametrize("code", item_codes())
def test_the_dry_run_of_every_sample_form_names_a_department_and_a_day_for_each_task(code):
    run = sample_run(code)
    assert all(task["department"] and task["lastDay"] for task in tasks_of(run).values())
    assert plan_as_text(run)


@pytest.mark.parametrize("code", sorted(set(item_codes()) - PROMISE_RUNS_OTHERWISE))
def test_the_limits_of_the_tasks_fit_into_those_of_the_item(code):
    run = sample_run(code)
    latest = max(each.deadline.last_day for each in run.answers if each.deadline)
    assert all(latest <= end.last_day for end in run.clocks.values())


def test_a_form_with_mistakes_is_told_all_of_them():
    with pytest.raises(FormInvalid) as told:
        dry_run("JZ201", {"applicant": {}})
    assert len(told.value.facts["errors"]) > 5


def test_an_item_that_is_not_there_is_not_planned():
    with pytest.raises(ItemNotFound):
        dry_run_plan(FILES, code="JZ999", form={}, on=MONDAY)


def test_a_place_without_an_office_cannot_be_planned():
    with pytest.raises(OfficeNotFound):
        dry_run("JZ203", jz203_form(place_division="330108001001"))


def test_a_catalogue_that_cannot_be_read_says_where():
    files = FILES | {"items/JZ201.yaml": "code: [JZ201\n"}
    with pytest.raises(ItemMalformed) as told:
        dry_run_plan(files, code="JZ201", form={}, on=MONDAY)
    assert told.value.facts["path"] == "items/JZ201.yaml:2"


def invoked(tmp_path, form, *options):
    path = tmp_path / "form.json"
    path.write_text(json.dumps(form), encoding="utf-8")
    command = ["catalogue", "plan", "JZ201", "--form", str(path), "--folder", str(CATALOGUE)]
    return CliRunner().invoke(cli, [*command, "--on", "2026-11-23", *options])


def test_the_command_prints_the_table_or_the_same_as_json(tmp_path):
    table = invoked(tmp_path, jz201_form())
    data = invoked(tmp_path, jz201_form(), "--json")
    assert (table.exit_code, data.exit_code) == (0, 0)
    assert "第 2 批" in table.output
    assert json.loads(data.output) == plan_as_data(dry_run("JZ201"))


def test_the_command_tells_mistakes_of_the_form_and_ends_with_status_one(tmp_path):
    result = invoked(tmp_path, {"applicant": {}})
    assert result.exit_code == 1
    assert "/applicant/name 请填写姓名" in result.output

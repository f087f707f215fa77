"""Does the difference between two versions of an item read like a notice?"""

import copy
from typing import Any

import pytest
from typer.testing import CliRunner

from services.intake.__main__ import cli
from services.intake.rules.item import parse_item
from services.intake.rules.notice import changes_between
from tests.support.forms import CATALOGUE, item_codes, item_definition


def changed(code: str = "JZ201") -> dict[str, Any]:
    return copy.deepcopy(dict(item_definition(code)))


def told(after: dict[str, Any], code: str = "JZ201") -> dict[tuple[str, str], tuple[str, str]]:
    changes = changes_between(parse_item(item_definition(code)), parse_item(after))
    return {(each.about, each.place): (each.words.zh, each.words.en) for each in changes}


def task(definition: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in definition["matters"][0]["tasks"] if each["key"] == key)


@pytest.mark.parametrize("code", item_codes())
def test_a_version_that_changes_nothing_gives_an_empty_notice(code):
    assert told(changed(code), code) == {}


def test_materials_that_come_and_go_are_told_by_name():
    after = changed()
    gone = after["materials"].pop(0)
    deed = {"key": "deed", "title": {"zh": "权属证明", "en": "Deed"}, "required": "key"}
    after["materials"].append(deed)
    found = told(after)
    assert found["materials", "deed"] == (
        "新增材料“权属证明”（必须提交）",
        "New material “Deed”: it must be handed in",
    )
    assert found["materials", gone["key"]][0] == f"不再需要材料“{gone['title']['zh']}”"


def test_a_longer_limit_is_told_with_both_lengths():
    after = changed()
    task(after, "home_visit")["limit"] = {"length": 3, "unit": "working_day"}
    assert told(after)["limits", "relief.home_visit"] == (
        "“入户走访”的时限由1个工作日改为3个工作日",
        "The limit of “Home visit”: 1 working days, now 3 working days",
    )


def test_departments_asked_in_addition_and_no_longer_are_told():
    after = changed()
    tasks = after["matters"][0]["tasks"]
    after["matters"][0]["tasks"] = [each for each in tasks if each["key"] != "home_visit"]
    for key in ("township_decision", "county_decision"):
        task(after, key)["needs"].remove("home_visit")
    more = {**task(after, "fact_check"), "key": "second_check"}
    after["matters"][0]["tasks"].append(more)
    found = told(after)
    assert "不再由" in found["departments", "relief.home_visit"][0]
    assert "新增由" in found["departments", "relief.second_check"][0]
    assert "顺序" in found["departments", "relief.township_decision"][0]


def test_a_condition_and_the_local_number_it_names_are_told():
    after = changed()
    task(after, "township_decision")["when"] = "form.requested_amount_fen <= params.new_limit_fen"
    found = told(after)
    assert found["conditions", "relief.township_decision"][1].endswith("params.new_limit_fen")
    assert found["parameters", "new_limit_fen"][0] == "开始适用地方标准 new_limit_fen"


def test_fields_of_the_form_are_told_by_their_titles():
    after = changed()
    form = after["form"]
    form["properties"]["note"] = {"type": "string", "title": "补充说明", "x-en": "Note"}
    form["required"] = [name for name in form["required"] if name != "narrative"]
    found = told(after)
    assert found["form", "/note"] == (
        "表单新增“补充说明”",
        "The form asks for “Note” in addition",
    )
    assert "改为选填" in found["form", "/narrative"][0]


def test_another_way_of_deciding_and_of_accepting_is_told():
    after = changed()
    after["acceptance"] = "officer" if after["acceptance"] == "automatic" else "automatic"
    after["matters"][0]["join"] = {"rule": "any"}
    found = told(after)
    assert "受理方式" in found["acceptance", ""][0]
    assert "会签规则由 lead 改为 any" in found["matters", "relief"][0]


def test_the_command_line_reads_two_files_as_a_notice(tmp_path):
    text = (CATALOGUE / "items" / "JZ201.yaml").read_text(encoding="utf-8")
    older = tmp_path / "JZ201.yaml"
    older.write_text(text.replace("length: 24, unit: hour", "length: 48, unit: hour"), "utf-8")
    newer = CATALOGUE / "items" / "JZ201.yaml"
    run = CliRunner().invoke(cli, ["catalogue", "diff", "JZ201", str(older), str(newer)])
    assert run.exit_code == 0, run.output
    assert "【办理时限】" in run.output
    assert "由48小时改为24小时" in run.output


def test_a_file_that_is_not_there_is_said_plainly():
    run = CliRunner().invoke(cli, ["catalogue", "diff", "JZ201", "nowhere.yaml"])
    assert run.exit_code == 2
    assert "没有文件" in run.output

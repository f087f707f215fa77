"""What do the materials handed in still lack?"""

import pytest

from services.intake.errors import MaterialMissing, MaterialUnknown
from services.intake.rules.expressions import Expressions, Scope
from services.intake.rules.materials import check_materials, require_materials
from services.intake.rules.paths import select_fields, text_at, value_at
from tests.support.builders import a_form, an_item

MATERIALS = [
    {"key": key, "title": {"zh": "材料", "en": "Material"}, "required": rule}
    for key, rule in [
        ("certificate", "key"),
        ("photo", "deferrable"),
        ("register", "shared"),
        ("kinship", "commitment"),
    ]
]
LARGE = {
    "key": "bills",
    "title": {"zh": "票据", "en": "Bills"},
    "required": "key",
    "when": "form.amount_fen > 5000",
}


def check(provided, **form):
    return check_materials(
        an_item(materials=[*MATERIALS, LARGE]),
        provided=provided,
        scope=Scope.of(form=a_form(**form), params={}),
        expressions=Expressions(),
    )


@pytest.mark.law("行政许可法", 32)
def test_everything_that_is_missing_is_told_at_once():
    assert check([], amount_fen=9000).missing == ("certificate", "kinship", "bills")


def test_a_deferrable_material_is_deferred():
    assert [each.key for each in check(["certificate", "kinship"]).deferred] == ["photo"]


@pytest.mark.law("国务院令716号", 7)
def test_what_departments_share_is_never_demanded():
    found = check([])
    assert "register" not in found.missing
    assert "register" not in {each.key for each in found.deferred}


def test_a_material_is_wanted_only_when_its_condition_holds():
    assert "bills" not in check([]).missing


def test_what_is_handed_in_is_not_missing():
    found = check(["certificate", "kinship", "photo"])
    assert (found.missing, found.deferred, found.unknown) == ((), (), ())
    require_materials(found)


def test_a_missing_key_material_refuses_the_application():
    with pytest.raises(MaterialMissing) as refusal:
        require_materials(check([]))
    assert refusal.value.facts == {"keys": ["certificate", "kinship"]}


def test_a_material_nobody_asked_for_is_refused_without_being_repeated():
    with pytest.raises(MaterialUnknown) as refusal:
        require_materials(check(["certificate", "330106198803120011"]))
    assert "330106198803120011" not in str(refusal.value.facts)


# --- paths ------------------------------------------------------------------------------


def test_a_path_reads_a_form_from_the_outside_in():
    form = {"a": {"b": {"c": 1}}, "d": "text"}
    assert value_at(form, "a.b.c") == 1
    assert value_at(form, "a.x.c") is None
    assert value_at(form, "d.e") is None
    assert text_at(form, "d") == "text"
    assert text_at(form, "a") is None
    assert text_at(form, None) is None


@pytest.mark.law("个人信息保护法", 6)
def test_a_department_is_shown_what_is_named_and_nothing_else():
    form = {"applicant": {"name": "陈示例", "phone": "1", "id_no": "2"}, "amount": 5}
    shown = select_fields(form, ["applicant.name", "applicant.age", "amount", "none"])
    assert shown == {"applicant": {"name": "陈示例"}, "amount": 5}


def test_a_field_named_whole_and_in_part_is_shown_whole_and_the_form_is_kept():
    form = {"applicant": {"name": "陈示例", "phone": "1"}}
    assert select_fields(form, ["applicant", "applicant.name"]) == form
    select_fields(form, ["applicant"])["applicant"] = {}
    assert form["applicant"]["phone"] == "1"

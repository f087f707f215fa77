"""What is wrong with a form, told completely and without repeating a word of it?"""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.errors import FormInvalid
from services.intake.rules.form import require_form, validate_form
from tests.support.builders import TODAY, a_form, an_item, catalogue_item
from tests.support.forms import form_of, jz201_form


def form_with(schema):
    """An item whose form has one more field, `value`, with this schema."""
    form = an_item().form
    properties = {**form["properties"], "value": schema}
    return an_item(form={**form, "properties": properties})


def codes(schema, value, *, today=TODAY):
    problems = validate_form(form_with(schema), a_form(value=value), today=today)
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("format_name", "good", "bad"),
    [
        ("resident-id", ["330106198803120011", "11010519491231002x"], ["330106198803120012", ""]),
        ("phone", ["13800010001", "0571-88888888"], ["12345", "１３８"]),
        ("division", ["330106109201", "330000000000"], ["330106", "330106000201"]),
        ("bank-account", ["6228480019880312004"], ["6228480019880312005", "0000000000000000"]),
        ("calendar-date", ["2026-11-22", "2030-02-28"], ["2026-02-30", "20261122", "2026-11-22T"]),
        ("past-date", ["2026-11-22", "1999-01-01"], ["2026-11-23", "2026-13-01"]),
        (
            "past-instant",
            ["2026-11-22T23:59:59+08:00", "2026-11-22T10:00:00Z"],
            ["2026-11-22T10:00:00", "2026-11-22T16:30:00Z", "2026-11-22"],
        ),
        (
            "person-name",
            ["陈示例", "阿依古丽·买买提", "Anne O’Neil"],
            ["陈3", " 陈", "·", "陈\x00"],
        ),
        ("identifier", ["018f7c1e-7b3a-7000-8000-000000000000"], ["1", "x" * 36]),
    ],
)
def test_a_format_takes_what_is_valid_and_nothing_else(format_name, good, bad):
    schema = {"type": "string", "format": format_name}
    assert all(codes(schema, value) == [] for value in good)
    assert all(codes(schema, value) == [format_name] for value in bad)


def test_today_is_the_legal_date_and_not_a_clock():
    schema = {"type": "string", "format": "past-date"}
    assert codes(schema, "2026-11-23", today=date(2026, 11, 23)) == []


def test_a_value_of_the_wrong_type_is_one_mistake_and_not_two():
    assert codes({"type": "string", "format": "phone"}, 13800010001) == ["wrong-type"]


@pytest.mark.parametrize(
    ("schema", "value", "code"),
    [
        ({"type": "integer", "minimum": 1}, 0, "too-small"),
        ({"type": "integer", "maximum": 9}, 10**40, "too-large"),
        ({"type": "integer"}, True, "wrong-type"),
        ({"type": "string", "maxLength": 3}, "四个汉字", "too-long"),
        ({"enum": ["A"]}, "B", "not-offered"),
        ({"const": True}, 1, "not-agreed"),
        ({"type": "array", "uniqueItems": True}, ["a", "a"], "repeated"),
        ({"type": "string", "pattern": "^[0-9]+$"}, "x", "wrong-pattern"),
    ],
)
def test_every_keyword_has_its_own_stable_code(schema, value, code):
    assert codes(schema, value) == [code]


def test_an_identifier_is_told_what_exactly_is_wrong_with_it():
    form = jz201_form(applicant={"name": "陈示例", "id_no": "330106198803120012", "phone": "1"})
    problems = validate_form(catalogue_item("JZ201"), form, today=TODAY)
    assert [problem.pointer for problem in problems] == ["/applicant/id_no", "/applicant/phone"]
    assert "校验位" in problems[0].message.zh


def test_an_item_may_say_in_its_own_words_what_is_wrong():
    form = jz201_form(narrative="火灾")
    (problem,) = validate_form(catalogue_item("JZ201"), form, today=TODAY)
    assert problem.message.zh == "请至少用十个字说明困难情况"


@pytest.mark.law("社会救助暂行办法", 48)
def test_expenditure_relief_asks_for_bills_account_and_authorisation():
    form = jz201_form(type="EXPENDITURE")
    del form["account"]
    problems = validate_form(catalogue_item("JZ201"), form, today=TODAY)
    assert [problem.pointer for problem in problems] == [
        "/account",
        "/authorisation",
        "/expenditures",
    ]
    assert problems[0].message.zh == "请填写收款账户"


def test_emergency_relief_asks_for_no_account():
    form = jz201_form()
    del form["account"]
    assert validate_form(catalogue_item("JZ201"), form, today=TODAY) == ()


@pytest.mark.law("行政许可法", 32)
def test_a_form_is_told_everything_at_once():
    form = jz201_form(household_size=0, requested_amount_fen=-1, payment_form="GOLD")
    problems = validate_form(catalogue_item("JZ201"), form, today=TODAY)
    assert len(problems) == 3


def test_a_mistake_never_repeats_what_was_written():
    secret = "330106198803120012"
    form = jz201_form(
        applicant={"name": secret, "id_no": secret, "phone": secret, secret: secret},
        type=secret,
        household_size=secret,
        **{secret: 1},
    )
    with pytest.raises(FormInvalid) as refusal:
        require_form(catalogue_item("JZ201"), form, today=TODAY)
    assert secret not in json.dumps(refusal.value.facts) + str(refusal.value)


def test_an_unknown_field_is_told_where_but_not_which():
    (problem,) = validate_form(an_item(), a_form(extra=1), today=TODAY)
    assert (problem.pointer, problem.code) == ("", "unknown-field")


def test_a_form_full_of_mistakes_is_told_a_bounded_number():
    schema = {"type": "array", "items": {"type": "integer"}}
    problems = validate_form(form_with(schema), a_form(value=["x"] * 5000), today=TODAY)
    assert len(problems) == 100


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.sampled_from(["JZ201", "HY601", "BND-02"]), st.data())
def test_whatever_is_sent_is_a_list_of_mistakes_and_never_a_failure(code, data):
    form = form_of(code)
    field = data.draw(st.sampled_from(sorted(form)))
    inner = form[field]
    if isinstance(inner, dict) and data.draw(st.booleans()):
        form[field] = inner | {data.draw(st.sampled_from(sorted(inner))): data.draw(JSON)}
    else:
        form[field] = data.draw(JSON)
    problems = validate_form(catalogue_item(code), form, today=TODAY)
    assert all(problem.pointer.startswith("/") for problem in problems)


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_an_instant_at_the_edge_of_time_is_a_mistake_like_any_other(instant):
    assert codes({"type": "string", "format": "past-instant"}, instant) == ["past-instant"]


def test_a_good_form_passes():
    require_form(catalogue_item("JZ201"), jz201_form(), today=TODAY)

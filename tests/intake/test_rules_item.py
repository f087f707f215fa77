"""Is a wrong definition refused, and does it say where it is wrong?"""

import copy

import pytest

from services.intake.errors import ItemMalformed
from services.intake.model import (
    Acceptance,
    HandlerKind,
    JoinRule,
    NeedKind,
    RefusalPolicy,
    TaskRef,
    Verdict,
)
from services.intake.rules.expressions import Expressions
from services.intake.rules.item import parse_item
from services.intake.rules.publication import check_item
from tests.support.builders import (
    a_definition,
    a_matter_definition,
    a_task_definition,
    an_item,
)


def test_a_definition_becomes_an_item():
    item = an_item()
    (task,) = item.matters[0].tasks
    assert item.acceptance is Acceptance.AUTOMATIC
    assert (task.handler.kind, task.handler.system) == (HandlerKind.PARTNER, "police")
    assert task.verdicts == tuple(Verdict)


def test_a_matter_without_a_join_wants_every_approval():
    join = an_item().matters[0].join
    assert (join.rule, join.on_refusal) == (JoinRule.ALL, RefusalPolicy.VETO)


@pytest.mark.parametrize(
    ("join", "policy"),
    [
        ({"rule": "any"}, RefusalPolicy.OUTVOTED),
        ({"rule": "at_least", "count": 1}, RefusalPolicy.OUTVOTED),
        ({"rule": "required", "tasks": ["review"]}, RefusalPolicy.VETO),
        ({"rule": "lead", "lead": "review"}, RefusalPolicy.LEAD),
        ({"rule": "all", "on_refusal": "lead", "lead": ["review"]}, RefusalPolicy.LEAD),
    ],
)
def test_a_join_says_in_full_what_it_means(join, policy):
    parsed = an_item(a_matter_definition(join=join)).matters[0].join
    assert parsed.on_refusal is policy


def test_needs_are_read_with_and_without_a_matter_and_an_approval():
    first = a_matter_definition("one", a_task_definition("a"), a_task_definition("b", needs=["a"]))
    second = a_matter_definition("two", a_task_definition("c", needs=["one.b:approved"]))
    item = an_item(first, second)
    assert item.matters[0].tasks[1].needs[0].task == TaskRef("one", "a")
    (need,) = item.matters[1].tasks[0].needs
    assert (need.task, need.kind) == (TaskRef("one", "b"), NeedKind.APPROVED)


MOON = {"function": "x", "level": "moon"}
OFFICER = {"handler": "officer", "office": {"function": "x", "level": "county"}}


@pytest.mark.parametrize(
    ("task", "path"),
    [
        ({"colour": "red"}, "matters[0].tasks[0].colour"),
        ({"handler": "robot"}, "matters[0].tasks[0].handler"),
        ({"handler": "partner:"}, "matters[0].tasks[0].handler"),
        ({"handler": "officer"}, "matters[0].tasks[0].office"),
        ({**OFFICER, "office": MOON}, "matters[0].tasks[0].office.level"),
        ({"handler": "service:relief", "check": None}, "matters[0].tasks[0].check"),
        ({"verdicts": ["maybe"]}, "matters[0].tasks[0].verdicts"),
        ({"limit": {"length": 0, "unit": "hour"}}, "matters[0].tasks[0].limit.length"),
        ({"limit": {"length": 1, "unit": "fortnight"}}, "matters[0].tasks[0].limit.unit"),
        ({"limit": {"length": True, "unit": "hour"}}, "matters[0].tasks[0].limit.length"),
        ({"needs": ["review:refused"]}, "matters[0].tasks[0].needs"),
        ({"title": {"zh": "审核"}}, "matters[0].tasks[0].title.en"),
        ({"discloses": "applicant.name"}, "matters[0].tasks[0].discloses"),
        ({"discloses": ["a", "a"]}, "matters[0].tasks[0].discloses"),
        ({"key": "re.view"}, "matters[0].tasks"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_task_is_told_with_its_place(task, path):
    with pytest.raises(ItemMalformed) as refusal:
        an_item(a_matter_definition("m", a_task_definition(**task)))
    assert refusal.value.facts["path"] == path


@pytest.mark.parametrize(
    ("join", "path"),
    [
        ({"rule": "most"}, "rule"),
        ({"rule": "all", "on_refusal": "outvoted"}, "on_refusal"),
        ({"rule": "at_least"}, "count"),
        ({"rule": "at_least", "count": 2}, "count"),
        ({"rule": "all", "count": 1}, "count"),
        ({"rule": "lead"}, "lead"),
        ({"rule": "all", "lead": "review"}, "lead"),
        ({"rule": "required"}, "tasks"),
        ({"rule": "any", "tasks": ["nobody"]}, "tasks"),
    ],
)
def test_a_join_that_cannot_work_is_refused(join, path):
    with pytest.raises(ItemMalformed) as refusal:
        an_item(a_matter_definition(join=join))
    assert refusal.value.facts["path"] == f"matters[0].join.{path}"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"colour": "red"}, "colour"),
        ({"code": ""}, "code"),
        ({"category": "1"}, "category"),
        ({"acceptance": "never"}, "acceptance"),
        ({"matters": []}, "matters"),
        ({"matters": {}}, "matters"),
        ({"form": []}, "form"),
        ({"limits": {"legal": {}}}, "limits.legal"),
        ({"matters": [a_matter_definition("m"), a_matter_definition("m")]}, "matters"),
    ],
)
def test_a_mistake_in_an_item_is_told_with_its_place(changes, path):
    with pytest.raises(ItemMalformed) as refusal:
        parse_item(a_definition() | changes)
    assert refusal.value.facts["path"] == path


def test_a_need_must_exist():
    with pytest.raises(ItemMalformed, match="does not exist"):
        an_item(a_matter_definition("m", a_task_definition(needs=["other.task"])))


def test_tasks_cannot_need_each_other_in_a_circle():
    one = a_matter_definition("one", a_task_definition("a", needs=["two.b"]))
    two = a_matter_definition("two", a_task_definition("b", needs=["one.a:approved"]))
    with pytest.raises(ItemMalformed, match="circle"):
        an_item(one, two)


def test_a_definition_that_is_not_a_mapping_is_refused():
    with pytest.raises(ItemMalformed):
        parse_item(["JZ201"])


# --- what publication checks beyond reading ---------------------------------------------


def published(*matters, **changes):
    check_item(an_item(*matters, **changes), expressions=Expressions())


def test_a_sound_item_can_be_published():
    published()


@pytest.mark.parametrize(
    "changes",
    [
        {"division": "nowhere"},
        {"summary": ["applicant.age"]},
        {"subject": "deceased.id_no"},
        {"applicant": {"id_no": "applicant.id_no", "name": "applicant.nickname"}},
        {"applicant": {"id_no": "applicant.id_no", "name": "applicant.name", "phone": "phone"}},
    ],
)
def test_an_item_cannot_name_a_field_its_form_does_not_have(changes):
    with pytest.raises(ItemMalformed, match="the form has no field"):
        published(**changes)


def test_a_task_cannot_disclose_a_field_that_does_not_exist():
    task = a_task_definition(discloses=["applicant.income"])
    with pytest.raises(ItemMalformed) as refusal:
        published(a_matter_definition("m", task))
    assert refusal.value.facts["path"] == "task m.review discloses"


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("form.amount_fen >", "cannot be read"),
        ("form.amount_yuan > 1", "the form has no field amount_yuan"),
        ("facts.review.amount > 1", "a plan cannot depend on facts"),
        ("amount > 1", "amount is not known"),
    ],
)
def test_a_condition_that_cannot_work_is_found_before_a_citizen_meets_it(condition, reason):
    with pytest.raises(ItemMalformed, match=reason):
        published(a_matter_definition(when=condition))


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ({"type": "text"}, "is not valid JSON Schema"),
        ({"type": "object", "properties": {}}, "additionalProperties: false"),
        ({"type": "string", "format": "email"}, "email is not a format"),
    ],
)
def test_a_form_that_cannot_work_is_refused(field, reason):
    form = copy.deepcopy(a_definition()["form"])
    form["properties"]["extra"] = field
    with pytest.raises(ItemMalformed, match=reason):
        published(form=form)

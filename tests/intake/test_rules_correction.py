"""What may be asked to be corrected, and what may a correction touch?"""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.errors import CorrectionIncomplete, FieldNotMarked, MarkInvalid
from services.intake.model import (
    Answer,
    Brought,
    Mark,
    Outcome,
    TaskId,
    TaskState,
    Verdict,
)
from services.intake.model.kept import CorrectionItem
from services.intake.rules.correction import (
    allowed_changes,
    already_visible,
    changed_pointers,
    check_correction,
    check_marks,
    merged_form,
    notice_is_ready,
    pointer_of,
    require_all_corrected,
)
from shared.ids import derived_id
from tests.support.builders import a_case, a_matter, a_task, catalogue_item

ASKED, APPROVED = Verdict.NEEDS_CORRECTION, Verdict.APPROVE
KEY_ORDER = orjson.OPT_SORT_KEYS
NAMES = st.sampled_from(["a", "b", "a/b"])
# An empty object that comes or goes leaves no field to name; forms have none.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | NAMES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


def field(pointer, message="与证明不符"):
    return Mark(pointer=pointer, message=message)


def material(key):
    return Mark(material=key, message="影印件不清")


def asking(*marks, verdict=ASKED):
    return Answer(verdict=verdict, opinion="请补正", marks=marks)


TASK = TaskId(derived_id("task", "one"))
SHOWN = {TASK: ("event.kind", "account")}


def asked(*places):
    """A notice of one department: pointers, keys of materials, or None for its opinion alone."""
    return [
        CorrectionItem(
            task_id=TASK,
            task_round=1,
            position=position,
            pointer=place if place and place.startswith("/") else None,
            material=place if place and not place.startswith("/") else None,
            message_sealed=b"",
        )
        for position, place in enumerate(places)
    ]


# --- marks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark",
    [
        field("/event/kind"),
        field("/event"),
        field("/expenditures/0/self_paid_fen"),
        material("event_proof"),
    ],
)
def test_a_mark_names_a_field_or_a_material_of_the_item(mark):
    check_marks(catalogue_item("JZ201"), asking(mark))


@pytest.mark.parametrize(
    "mark",
    [
        field("/event/colour"),
        field("event/kind"),
        field(""),
        material("horoscope"),
        Mark(message="不知何处"),
        Mark(message="两处", pointer="/event", material="event_proof"),
        field("/event/kind", message="  "),
    ],
)
def test_a_mark_that_names_nothing_or_two_things_is_refused_by_its_position(mark):
    with pytest.raises(MarkInvalid) as refusal:
        check_marks(catalogue_item("JZ201"), asking(field("/event/kind"), mark))
    assert refusal.value.facts == {"marks": [1]}


def test_marks_go_only_with_the_asking_for_a_correction():
    with pytest.raises(MarkInvalid):
        check_marks(catalogue_item("JZ201"), asking(field("/event"), verdict=Verdict.REFUSE))


# --- told once --------------------------------------------------------------------------


@pytest.mark.law("行政许可法", 32)
@pytest.mark.parametrize(
    ("mark", "was_visible"),
    [
        (field("/event/kind"), False),
        (field("/account"), False),
        (field("/account/number"), False),
        (material("bills"), False),
        (field("/event"), True),
        (field("/event/occurred_at"), True),
        (field("/narrative"), True),
        (field("/event/kindness"), True),
        (material("event_proof"), True),
    ],
)
def test_only_what_the_correction_brought_may_be_asked_about_again(mark, was_visible):
    brought = Brought(pointers=("/event/kind", "/account"), materials=("bills",))
    assert already_visible([field("/event/kind"), mark], brought) == ((1,) if was_visible else ())


# --- one notice -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tasks", "is_ready"),
    [
        ([a_task("a", ASKED)], True),
        ([a_task("a", ASKED), a_task("b", APPROVED)], True),
        ([a_task("a", ASKED), a_task("b", ASKED)], True),
        ([a_task("a", ASKED), a_task("b", TaskState.WAITING, needs=["a"])], True),
        ([a_task("a", ASKED), a_task("b", TaskState.OPEN)], False),
        ([a_task("a", ASKED), a_task("b", TaskState.CLAIMED)], False),
        ([a_task("a", APPROVED)], False),
    ],
)
def test_the_notice_goes_out_when_nobody_who_was_asked_can_still_answer(tasks, is_ready):
    assert notice_is_ready(a_case(a_matter(*tasks))) is is_ready


def test_departments_of_every_matter_are_waited_for_and_decided_matters_are_not():
    asked = a_matter(a_task("a", ASKED), key="one")
    open_one = a_matter(a_task("b"), key="two")
    assert not notice_is_ready(a_case(asked, open_one))
    decided = a_matter(a_task("b"), key="two", outcome=Outcome.GRANTED)
    assert notice_is_ready(a_case(asked, decided))


# --- what a correction may touch --------------------------------------------------------


def test_a_correction_names_only_the_members_that_change():
    form = {"event": {"kind": "FIRE", "occurred_at": "x"}, "size": 3, "note": "n"}
    merged = merged_form(form, {"event": {"kind": "TRAFFIC"}, "note": None})
    assert merged == {"event": {"kind": "TRAFFIC", "occurred_at": "x"}, "size": 3}
    assert form["note"] == "n"


@pytest.mark.parametrize(
    ("before", "after", "pointers"),
    [
        ({"a": 1}, {"a": 1}, ()),
        ({"a": 1}, {"a": 2}, ("/a",)),
        ({"a": 1}, {"a": True}, ("/a",)),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, ("/a/c",)),
        ({"a": 1}, {}, ("/a",)),
        ({}, {"a": {"b": 1}}, ("/a/b",)),
        ({"a": {"b": 1}}, {}, ("/a/b",)),
        ({"a": [1, 2]}, {"a": [1, 3]}, ("/a/1",)),
        ({"a": [1, 2]}, {"a": [1]}, ("/a",)),
        ({"a/b": 1}, {"a/b": 2}, ("/a~1b",)),
    ],
)
def test_a_change_is_named_by_its_place(before, after, pointers):
    assert changed_pointers(before, after) == pointers


@given(JSON, JSON)
def test_forms_that_differ_have_a_named_change_and_others_have_none(before, after):
    differ = orjson.dumps(before, option=KEY_ORDER) != orjson.dumps(after, option=KEY_ORDER)
    assert bool(changed_pointers({"x": before}, {"x": after})) is differ


def test_what_is_not_marked_may_not_be_touched():
    allowed = allowed_changes(asked("/event", "bills"), {}, catalogue_item("JZ201"))
    check_correction(Brought(pointers=("/event/kind",), materials=("bills",)), allowed=allowed)
    with pytest.raises(FieldNotMarked) as refusal:
        check_correction(
            Brought(pointers=("/event/kind", "/eventful"), materials=("bills", "photo")),
            allowed=allowed,
        )
    assert refusal.value.facts == {"pointers": ["/eventful"], "materials": ["photo"]}


def test_a_department_that_marked_nothing_opens_what_it_was_shown_and_every_material():
    allowed = allowed_changes(asked(None), SHOWN, catalogue_item("JZ201"))
    assert allowed.pointers == ("/account", "/event/kind")
    assert {"bills", "event_proof"} <= allowed.materials


def test_everything_marked_is_corrected_together():
    notice = asked("/event", "/narrative", "bills")
    with pytest.raises(CorrectionIncomplete) as refusal:
        require_all_corrected(notice, SHOWN, Brought(pointers=("/event/kind",)))
    assert refusal.value.facts == {"pointers": ["/narrative"], "materials": ["bills"]}
    both = Brought(pointers=("/event/kind", "/narrative"), materials=("bills",))
    require_all_corrected(notice, SHOWN, both)


@pytest.mark.parametrize("brought", [Brought(), Brought(pointers=("/narrative",))])
def test_a_department_that_marked_nothing_is_brought_something_it_was_shown(brought):
    with pytest.raises(CorrectionIncomplete) as refusal:
        require_all_corrected(asked(None), SHOWN, brought)
    assert refusal.value.facts["pointers"] == ["/event/kind", "/account"]


@pytest.mark.parametrize(
    "brought", [Brought(pointers=("/event/kind",)), Brought(materials=("bills",))]
)
def test_a_field_it_was_shown_or_any_paper_is_an_answer_to_it(brought):
    require_all_corrected(asked(None), SHOWN, brought)


def test_a_path_of_the_catalogue_has_its_pointer():
    assert pointer_of("event.occurred_at") == "/event/occurred_at"

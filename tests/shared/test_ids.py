"""Do ids sort by time, and do derived ids meet again only where they should?"""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared.ids import derived_id, new_id

PARTS = st.lists(st.text(max_size=6), max_size=4).map(tuple)


def test_new_ids_are_of_version_seven_and_differ():
    ids = [new_id() for _ in range(1000)]
    assert {made.version for made in ids} == {7}
    assert all(type(made) is UUID for made in ids)
    assert len(set(ids)) == len(ids)


def test_new_ids_sort_in_the_order_in_which_they_were_made():
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)


def test_a_derived_id_never_changes():
    assert derived_id("task", "a", "b") == UUID("f4fa98bd-6b86-5d16-99a3-d7234774de62")


@given(one=PARTS, other=PARTS)
def test_derived_ids_are_equal_only_for_equal_parts(one, other):
    assert (derived_id("task", *one) == derived_id("task", *other)) == (one == other)


def test_parts_cannot_be_moved_across_a_boundary():
    assert derived_id("task", "ab", "c") != derived_id("task", "a", "bc")
    assert derived_id("task", "a") != derived_id("matter", "a")
    assert derived_id("task", "1:a") != derived_id("task", "", "a")

"""What may a place be called?"""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.registry.errors import DisclosureIncomplete
from services.registry.model.place_names import NameGround, PlaceKind, PlaceName
from services.registry.rules import place_names as rules
from tests.support.forms import dj802_form


def in_use(specific: str, generic: str = "路", kind: PlaceKind = PlaceKind.STREET) -> PlaceName:
    name = specific + generic
    return PlaceName(
        id=UUID(int=1),
        matter_id=UUID(int=2),
        application_id=UUID(int=3),
        number="DM1",
        kind=kind,
        specific=specific,
        generic=generic,
        name=name,
        sound=rules.sound_of(name),
        romanised=rules.romanised(specific, generic),
        division="330106109201",
        position="",
        former_name=None,
        approved_on=date(2026, 1, 1),
    )


def grounds(specific: str = "示例", generic: str = "路", *others: PlaceName, **changes):
    proposed = {"specific_name": specific, "category": generic}
    return rules.name_grounds(rules.read_proposed(dj802_form(proposed=proposed, **changes)), others)


def test_the_form_of_the_catalogue_may_be_approved():
    assert grounds() == []
    assert rules.name_verdict([]) == "approve"


@pytest.mark.parametrize(
    ("specific", "ground"),
    [
        ("", NameGround.LENGTH_WRONG),
        ("好" * 20, NameGround.LENGTH_WRONG),
        ("龘龘", NameGround.RARE_CHARACTER),
        ("学府路", NameGround.GENERIC_TWICE),
        ("示例集团", NameGround.NAMES_A_COMPANY),
        ("三墩镇示例村村民委员会", NameGround.NAMES_A_COMPANY),
    ],
)
def test_a_name_may_be_wrong_in_itself(specific, ground):
    found = grounds(specific)
    assert ground in found
    assert rules.name_verdict(found) == "needs-correction"


def test_nineteen_characters_and_the_generic_part_are_not_too_many():
    assert NameGround.LENGTH_WRONG not in grounds("好" * 19)


@pytest.mark.parametrize(
    ("kind", "generic", "fits"),
    [
        ("STREET", "街", True),
        ("STREET", "小区", False),
        ("RESIDENTIAL_AREA", "苑", True),
        ("FACILITY", "桥", True),
        ("FACILITY", "巷", False),
    ],
)
def test_the_generic_part_says_what_kind_of_place_it_is(kind, generic, fits):
    found = grounds("示例", generic, kind=kind)
    assert found == ([] if fits else [NameGround.GENERIC_DOES_NOT_FIT_KIND])


def test_the_same_name_and_the_same_sound_are_taken():
    assert grounds("示例", "路", in_use("示例")) == [NameGround.NAME_IN_USE]
    assert grounds("示例", "路", in_use("事例")) == [NameGround.SOUNDS_LIKE_ONE_IN_USE]


def test_another_tone_is_another_sound():
    assert grounds("示例", "路", in_use("诗礼")) == []


def test_streets_stand_out_among_streets_and_facilities_only_by_their_spelling():
    assert grounds("示例", "路", in_use("示例", kind=PlaceKind.FACILITY)) == []
    bridge = in_use("事例", "桥", PlaceKind.FACILITY)
    assert grounds("示例", "桥", bridge, kind="FACILITY") == []
    same = in_use("示例", "桥", PlaceKind.FACILITY)
    assert grounds("示例", "桥", same, kind="FACILITY") == [NameGround.NAME_IN_USE]


def test_a_renamed_place_may_sound_as_it_did():
    found = grounds("示例", "路", in_use("事例"), act="RENAMING", former_name="事例路")
    assert found == []


def test_names_are_written_in_latin_letters_part_by_part():
    assert rules.romanised("示例", "路") == "Shili Lu"
    assert rules.sound_of("示例路") == "shi4 li4 lu4"


def test_too_little_disclosed_is_no_proposal():
    with pytest.raises(DisclosureIncomplete):
        rules.read_proposed({"act": "NAMING", "kind": "STREET"})


def test_the_former_name_counts_only_where_a_place_is_renamed():
    proposed = rules.read_proposed(dj802_form(former_name="旧路"))
    assert proposed.former_name is None
    assert replace(proposed, former_name="旧路").area == "330106"

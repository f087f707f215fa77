"""Which adoptions does the law allow?"""

from datetime import date

import pytest

from services.registry.errors import DisclosureIncomplete
from services.registry.model.adoption import (
    AdoptionGround,
    AdoptionKind,
    AdoptionKnown,
    AdoptionProceedings,
)
from services.registry.rules.adoption import (
    adoption_grounds,
    adoption_number,
    adoption_verdict,
    proceeding_grounds,
    read_adoption,
    read_proceedings,
    years_between,
)
from tests.support.forms import dj502_form
from tests.support.seed import synthetic_id_no

TODAY = date(2026, 11, 22)
NOTHING = AdoptionKnown()
MAN, WOMAN = "041", "042"


def somebody(born: str, order: str = MAN, name: str = "示例人") -> dict[str, str]:
    return {"name": name, "id_no": synthetic_id_no(order, born)}


def asked(**changes):
    form = {
        "applicant": somebody("19850101"),
        "spouse": somebody("19860101", WOMAN),
        "adoptee": somebody("20210815", "044"),
        "kind": "PARENTS_DIFFICULTY",
        "number_of_children": 0,
        "consent_of_child": "UNDER_EIGHT",
        "sender_name": "示例人",
        **changes,
    }
    return read_adoption({key: value for key, value in form.items() if value is not None})


def grounds(known: AdoptionKnown = NOTHING, **changes) -> list[AdoptionGround]:
    return adoption_grounds(asked(**changes), known, today=TODAY)


def test_a_couple_with_one_child_may_adopt_another():
    assert grounds(number_of_children=1) == []


def test_the_form_of_the_catalogue_says_all_that_is_asked():
    assert adoption_grounds(read_adoption(dj502_form()), NOTHING, today=TODAY) == []


@pytest.mark.parametrize(("kind", "is_free"), [("ORPHAN", True), ("PARENTS_DIFFICULTY", False)])
def test_two_children_are_too_many_except_for_orphans_and_institutions(kind, is_free):
    found = grounds(kind=kind, number_of_children=2)
    assert found == ([] if is_free else [AdoptionGround.TOO_MANY_CHILDREN])


def test_children_adopted_before_count_even_where_nobody_says_so():
    found = grounds(AdoptionKnown(adoptions=2), number_of_children=0)
    assert found == [AdoptionGround.TOO_MANY_CHILDREN]


@pytest.mark.parametrize(("born", "is_old_enough"), [("19961122", True), ("19961123", False)])
def test_an_adopter_is_thirty_on_the_day(born, is_old_enough):
    found = grounds(spouse=somebody(born, WOMAN))
    assert found == ([] if is_old_enough else [AdoptionGround.ADOPTER_TOO_YOUNG])


def test_a_step_parent_may_be_younger_and_stand_alone():
    found = grounds(
        AdoptionKnown(has_spouse=True), kind="STEP", applicant=somebody("20000101"), spouse=None
    )
    assert found == []


@pytest.mark.parametrize(
    ("child", "kind", "expected"),
    [
        ("20210815", "PARENTS_DIFFICULTY", [AdoptionGround.AGE_GAP_TOO_SMALL]),
        ("20210815", "KIN", []),
        ("20250101", "PARENTS_DIFFICULTY", []),
    ],
)
def test_alone_and_of_the_other_sex_forty_years_lie_between(child, kind, expected):
    changes = {"spouse": None, "kind": kind, "adoptee": somebody(child, "044")}
    assert grounds(applicant=somebody("19850101", MAN), **changes) == expected


def test_alone_and_of_the_same_sex_the_years_do_not_count():
    assert grounds(applicant=somebody("19850101", WOMAN), spouse=None) == []


def test_whoever_has_a_spouse_adopts_together_with_them():
    found = grounds(
        AdoptionKnown(has_spouse=True), applicant=somebody("19850101", WOMAN), spouse=None
    )
    assert found == [AdoptionGround.SPOUSE_NOT_NAMED]


@pytest.mark.parametrize(
    ("born", "consent", "expected"),
    [
        ("20181122", "UNDER_EIGHT", [AdoptionGround.CHILD_NOT_ASKED]),
        ("20181123", "UNDER_EIGHT", []),
        ("20181122", "CONSENTS", []),
        ("20081122", "CONSENTS", [AdoptionGround.ADOPTEE_NOT_A_MINOR]),
        ("20081123", "CONSENTS", []),
    ],
)
def test_a_child_is_asked_from_eight_on_and_is_one_until_eighteen(born, consent, expected):
    assert grounds(adoptee=somebody(born, "044"), consent_of_child=consent) == expected


def test_a_child_is_adopted_once():
    found = grounds(AdoptionKnown(is_adopted=True))
    assert (found, adoption_verdict(found)) == ([AdoptionGround.ALREADY_ADOPTED], "refuse")


def test_what_can_be_put_right_is_asked_to_be():
    found = grounds(AdoptionKnown(names_fit=False))
    assert adoption_verdict(found) == "needs-correction"
    assert adoption_verdict([*found, AdoptionGround.ADOPTER_TOO_YOUNG]) == "refuse"
    assert adoption_verdict([]) == "approve"


def test_the_dead_neither_adopt_nor_are_adopted():
    assert grounds(AdoptionKnown(is_anybody_deceased=True)) == [AdoptionGround.PERSON_DECEASED]


def test_nobody_adopts_themselves():
    one = somebody("19850101")
    assert AdoptionGround.SAME_PERSON_TWICE in grounds(applicant=one, spouse=one)


def test_a_wrong_number_is_told_before_anything_is_made_of_it():
    wrong = {"name": "示例人", "id_no": "330106198501010002"}
    assert grounds(applicant=wrong) == [AdoptionGround.NUMBER_WRONG]


@pytest.mark.parametrize(
    ("begun", "over", "expected"),
    [
        ("2026-09-01", "2026-10-31", []),
        ("2026-09-01", "2026-10-30", [AdoptionGround.ANNOUNCEMENT_TOO_SHORT]),
        ("2026-10-01", "2026-11-30", [AdoptionGround.ANNOUNCEMENT_TOO_SHORT]),
        ("tomorrow", "2026-10-31", [AdoptionGround.ANNOUNCEMENT_NOT_STATED]),
        (None, None, [AdoptionGround.ANNOUNCEMENT_NOT_STATED]),
    ],
)
def test_for_a_foundling_sixty_days_of_announcement_are_over(begun, over, expected):
    facts = {"announcement": {"announced_from": begun, "announced_to": over}}
    for kind in (AdoptionKind.INSTITUTION_FOUNDLING, AdoptionKind.NON_INSTITUTION_FOUNDLING):
        assert proceeding_grounds(kind, read_proceedings(facts), today=TODAY) == expected
    assert proceeding_grounds(AdoptionKind.KIN, read_proceedings(facts), today=TODAY) == []


def test_time_together_is_judged_where_it_was_noted():
    short = AdoptionProceedings(
        lived_together_from=date(2026, 10, 1), lived_together_to=date(2026, 10, 30)
    )
    found = proceeding_grounds(AdoptionKind.ORPHAN, short, today=TODAY)
    assert found == [AdoptionGround.LIVING_TOGETHER_TOO_SHORT]
    assert proceeding_grounds(AdoptionKind.ORPHAN, AdoptionProceedings(), today=TODAY) == []


def test_a_birthday_completes_the_year():
    assert years_between(date(2004, 2, 29), date(2022, 2, 28)) == 17
    assert years_between(date(2004, 2, 29), date(2022, 3, 1)) == 18


def test_numbers_say_county_year_and_serial():
    assert adoption_number("330106000000", TODAY, 7) == "SY33010620260000007"


def test_too_little_disclosed_is_no_request():
    with pytest.raises(DisclosureIncomplete):
        read_adoption({"applicant": {"name": "示例人"}})

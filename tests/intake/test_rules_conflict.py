"""Who must keep away from a task, and who may direct an office?"""

from datetime import date, timedelta

import pytest

from services.intake.errors.officers import NobodyAbove, PeriodInvalid
from services.intake.model import Office, OfficeId
from services.intake.model.officer import ConflictKind, OfficerStanding, Period
from services.intake.rules.conflict import conflict_of, persons_in
from services.intake.rules.direction import check_period, covers, may_direct, office_above
from shared.identifiers import DivisionLevel
from shared.ids import derived_id

TODAY = date(2026, 11, 23)


def an_office(key, level, division, *functions):
    return Office(
        id=OfficeId(derived_id("office", key)),
        name=key,
        division=division,
        level=level,
        functions=frozenset(functions),
    )


TOWN = an_office("town", DivisionLevel.TOWNSHIP, "330106109000", "civil-affairs")
VILLAGE = an_office("village", DivisionLevel.VILLAGE, "330106109201", "village-committee")
COUNTY = an_office("county", DivisionLevel.COUNTY, "330106000000", "civil-affairs")
REGISTRY = an_office("registry", DivisionLevel.COUNTY, "330106000000", "marriage-registry")


def test_everybody_whose_number_stands_in_the_form_is_a_person_of_the_case():
    form = {
        "applicant": {"id_no": "330106198803120011", "name": "陈示例"},
        "members": [{"id_no": "P1234567"}, {"note": "330106197909080033"}],
        "account": {"number": "6228480019880312004"},
    }
    assert persons_in(form, today=TODAY) == {"330106198803120011", "P1234567", "330106197909080033"}


@pytest.mark.law("民发〔2021〕57号", 11)
def test_a_relatives_case_is_kept_from_an_officer():
    standing = OfficerStanding(relatives=frozenset({"b"}))
    found = conflict_of(standing, persons=frozenset({"a", "b"}), is_acceptance=True)
    assert found is ConflictKind.RELATIVE


def test_ones_own_case_weighs_before_everything_else():
    standing = OfficerStanding(own=frozenset({"a"}), relatives=frozenset({"a"}), has_entered=True)
    found = conflict_of(standing, persons=frozenset({"a"}), is_acceptance=False)
    assert found is ConflictKind.OWN_CASE


def test_who_entered_accepts_but_does_not_confirm():
    standing = OfficerStanding(has_entered=True)
    assert conflict_of(standing, persons=frozenset(), is_acceptance=True) is None
    assert conflict_of(standing, persons=frozenset(), is_acceptance=False) is ConflictKind.ENTERED


def test_a_strangers_case_is_no_conflict():
    standing = OfficerStanding(own=frozenset({"a"}), relatives=frozenset({"b"}))
    assert conflict_of(standing, persons=frozenset({"c"}), is_acceptance=False) is None


@pytest.mark.parametrize(
    ("roles", "office", "place", "directs"),
    [
        ({"lead"}, "o1", "330106109201", True),
        ({"lead"}, "o2", "330106109201", False),
        ({"decision"}, "o1", "330106109201", False),
        ({"supervision"}, "o2", "330106109201", True),
        ({"supervision"}, "o2", "330107109201", False),
    ],
)
def test_an_office_is_directed_by_its_lead_or_by_supervision_above(roles, office, place, directs):
    asked = may_direct(roles, offices={"o1"}, division="330106000000", office=office, place=place)
    assert asked is directs


def test_a_period_counts_both_its_days_until_it_is_ended():
    period = Period(starts_on=TODAY, ends_on=TODAY + timedelta(days=1))
    assert covers(period, TODAY)
    assert covers(period, TODAY + timedelta(days=1))
    assert not covers(period, TODAY + timedelta(days=2))
    assert not covers(period, TODAY, ended_on=TODAY)


@pytest.mark.parametrize(
    ("starts", "ends", "reason"),
    [(1, 0, "ends-before-it-starts"), (-3, -1, "over"), (0, 93, "too-long")],
)
def test_a_period_that_cannot_be_worked_with_is_refused(starts, ends, reason):
    days = [TODAY + timedelta(days=each) for each in (starts, ends)]
    with pytest.raises(PeriodInvalid) as refusal:
        check_period(Period(starts_on=days[0], ends_on=days[1]), today=TODAY)
    assert refusal.value.facts == {"reason": reason}


def test_a_township_with_nobody_left_is_answered_for_by_the_county():
    assert office_above(TOWN, [TOWN, REGISTRY, COUNTY]) == COUNTY


def test_a_village_committee_is_answered_for_by_the_civil_affairs_of_its_township():
    assert office_above(VILLAGE, [VILLAGE, COUNTY, TOWN]) == TOWN


def test_where_no_office_stands_above_it_is_said():
    with pytest.raises(NobodyAbove):
        office_above(COUNTY, [TOWN, COUNTY, REGISTRY])

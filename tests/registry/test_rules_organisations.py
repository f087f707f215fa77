"""Which organisations may be registered, and under which code?"""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.registry.errors import DisclosureIncomplete
from services.registry.model import PersonIndex
from services.registry.model.adoption import NamedPerson
from services.registry.model.organisations import (
    Organisation,
    OrganisationGround,
    OrganisationLevel,
    OrganisationType,
)
from services.registry.rules import organisations as rules
from shared.identifiers import InvalidIdentifier, make_uscc, parse_uscc
from tests.support.forms import dj801_form

TODAY = date(2026, 11, 22)
LOCAL, NATIONAL = OrganisationLevel.LOCAL, OrganisationLevel.NATIONAL


def grounds(is_name_taken=False, heads_another=False, **changes):
    return rules.organisation_grounds(
        rules.read_organisation(dj801_form(**changes)),
        is_name_taken=is_name_taken,
        heads_another=heads_another,
    )


def an_organisation(**changes) -> Organisation:
    given = {
        "id": UUID(int=1),
        "matter_id": UUID(int=2),
        "application_id": UUID(int=3),
        "uscc": "51330106MJ000001",
        "type": OrganisationType.ASSOCIATION,
        "name": "示例协会",
        "division": "330106000000",
        "address": "",
        "purpose": "",
        "scope": "",
        "supervisor": "DIRECT",
        "funds_fen": 0,
        "representative": NamedPerson(name="示例", id_number=""),
        "representative_index": PersonIndex("0" * 64),
        "registered_on": date(2025, 11, 22),
        **changes,
    }
    return Organisation(**given)


def test_the_form_of_the_catalogue_may_be_registered():
    assert grounds() == []
    assert rules.organisation_verdict([]) == "approve"


@pytest.mark.parametrize(
    ("individuals", "units", "is_enough"),
    [
        (50, 0, True),
        (49, 0, False),
        (0, 30, True),
        (0, 29, False),
        (25, 25, True),
        (25, 24, False),
        (1, 49, True),
        (1, 30, False),
    ],
)
def test_fifty_people_thirty_units_or_fifty_of_both(individuals, units, is_enough):
    assert rules.has_enough_members(individuals, units) is is_enough


@pytest.mark.parametrize(
    ("type_", "level", "in_public", "yuan"),
    [
        (OrganisationType.ASSOCIATION, LOCAL, False, 30_000),
        (OrganisationType.ASSOCIATION, NATIONAL, False, 100_000),
        (OrganisationType.FOUNDATION, LOCAL, False, 2_000_000),
        (OrganisationType.FOUNDATION, NATIONAL, False, 2_000_000),
        (OrganisationType.FOUNDATION, LOCAL, True, 4_000_000),
        (OrganisationType.FOUNDATION, NATIONAL, True, 8_000_000),
        (OrganisationType.NON_ENTERPRISE, LOCAL, False, 0),
    ],
)
def test_each_kind_has_its_least_funds(type_, level, in_public, yuan):
    assert rules.funds_floor_fen(type_, level, raises_in_public=in_public) == yuan * 100


def test_a_fen_less_than_the_least_is_too_little():
    assert grounds(funds_fen=3_000_000) == []
    assert grounds(funds_fen=2_999_999) == [OrganisationGround.FUNDS_TOO_SMALL]


def test_a_foundation_that_raises_in_public_needs_twice_as_much():
    changes = {"org_type": "FOUNDATION", "funds_fen": 300_000_000}
    assert grounds(**changes) == []
    found = grounds(**changes, requests=["REGISTRATION", "FUNDRAISING"])
    assert found == [OrganisationGround.FUNDS_TOO_SMALL]


@pytest.mark.parametrize("name", ["中国示例协会", "全国示例协会", "中华示例协会", "协会"])
def test_words_of_the_whole_country_need_an_approval(name):
    assert not rules.is_name_allowed(name)
    assert grounds(org_name=name) == [OrganisationGround.NAME_NOT_ALLOWED]
    assert rules.is_name_allowed("中国示例协会", is_approved=True)


def test_every_ground_is_told_and_can_be_put_right():
    found = grounds(is_name_taken=True, heads_another=True, members_individual=10)
    assert found == [
        OrganisationGround.NAME_TAKEN,
        OrganisationGround.TOO_FEW_MEMBERS,
        OrganisationGround.HEADS_ANOTHER_ASSOCIATION,
    ]
    assert rules.organisation_verdict(found) == "needs-correction"


def test_only_associations_count_members_and_want_a_head_of_their_own():
    assert grounds(org_type="NON_ENTERPRISE", heads_another=True, members_individual=0) == []


def test_a_name_is_one_however_its_brackets_are_typed():
    assert rules.name_key("西湖区（示例）协会") == rules.name_key("西湖区(示例) 协会")
    assert rules.name_key("西湖区示例协会") != rules.name_key("西湖示例协会")


@pytest.mark.parametrize("serial", [1, 2, 99, 4_711, 999_999])
@pytest.mark.parametrize("type_", list(OrganisationType))
def test_a_credit_code_proves_itself(type_, serial):
    code = rules.credit_code(type_, "330106109201", serial)
    assert parse_uscc(code) == code
    assert code.startswith({"A": "51", "N": "52", "F": "53"}[type_.value[0]] + "330106MJ")


def test_the_codes_of_the_worked_examples_are_composed_again():
    for code in ("91350100M000100Y43", "11370800MB28559184", "11330105002500287C"):
        assert make_uscc(code[:2], code[2:8], code[8:16]) == code


@pytest.mark.parametrize("body", ["MJ1234567", "MJ12345", "SJ123456", "mj123456"])
def test_a_body_of_the_wrong_form_makes_no_code(body):
    with pytest.raises(InvalidIdentifier):
        make_uscc("51", "330106", body)


def test_only_what_is_registered_becomes_a_charity():
    assert rules.charity_grounds(None) == [OrganisationGround.ORGANISATION_NOT_REGISTERED]
    assert rules.charity_grounds(an_organisation()) == []


def test_funds_are_raised_by_a_charity_a_year_after_its_registration():
    charity = an_organisation(charity_on=date(2026, 1, 1), charity_number="CS1")
    assert rules.fundraising_grounds(charity, today=TODAY) == []
    younger = replace(charity, registered_on=date(2025, 11, 23))
    assert rules.fundraising_grounds(younger, today=TODAY) == [
        OrganisationGround.REGISTERED_TOO_RECENTLY
    ]
    assert rules.fundraising_grounds(an_organisation(), today=TODAY) == [
        OrganisationGround.NOT_A_CHARITY
    ]
    assert rules.fundraising_grounds(None, today=TODAY) == [
        OrganisationGround.ORGANISATION_NOT_REGISTERED
    ]


def test_too_little_disclosed_is_no_request():
    with pytest.raises(DisclosureIncomplete):
        rules.read_organisation({"org_type": "ASSOCIATION"})

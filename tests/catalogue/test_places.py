"""Does the development seed hold together: numbers, offices, officers, residents, parameters?"""

import pytest

from services.intake.model import HandlerKind
from shared.identifiers import (
    CertificateNumber,
    DivisionCode,
    DivisionLevel,
    ResidentId,
    Sex,
    parse_bank_account,
    parse_phone,
)
from tests.support.builders import TODAY, catalogue_item
from tests.support.forms import item_codes, read_catalogue, resident

RESIDENTS = read_catalogue("places/residents.yaml")["residents"]
OFFICES = read_catalogue("places/offices.yaml")["offices"]
OFFICERS = read_catalogue("places/officers.yaml")["officers"]
DIVISIONS = read_catalogue("places/divisions.yaml")["divisions"]
PARTNERS = [
    partner
    for name in ("places/partners.yaml", "places/partners-to-connect.yaml")
    for partner in read_catalogue(name)["partners"]
]
every_resident = pytest.mark.parametrize("person", RESIDENTS, ids=lambda person: person["key"])


def test_no_partner_stands_in_the_catalogue_twice():
    systems = [partner["system"] for partner in PARTNERS]
    assert len(systems) == len(set(systems))


@pytest.mark.parametrize("rows", [RESIDENTS, OFFICES, OFFICERS], ids=["people", "places", "staff"])
def test_keys_are_unique(rows):
    keys = [row["key"] for row in rows]
    assert len(keys) == len(set(keys))


@every_resident
def test_numbers_of_residents_are_valid_and_their_names_say_they_are_examples(person):
    ResidentId.parse(person["id_no"], today=TODAY)
    parse_phone(person["phone"])
    if "account" in person:
        parse_bank_account(person["account"]["number"])
    assert "示例" in person["name"]


def test_no_two_residents_share_a_number():
    assert len({person["id_no"] for person in RESIDENTS}) == len(RESIDENTS)


@every_resident
def test_residents_live_in_a_division_of_the_seed(person):
    assert person["division"] in {division["code"] for division in DIVISIONS}


def test_every_division_has_its_level_and_the_one_above_it():
    codes = {division["code"] for division in DIVISIONS}
    for division in DIVISIONS:
        code = DivisionCode.parse(division["code"])
        assert code.level == division["level"]
        assert {str(code.at(level)) for level in DivisionLevel} <= codes


def test_every_office_lies_in_a_division_of_its_level():
    levels = {division["code"]: division["level"] for division in DIVISIONS}
    assert all(levels[office["division"]] == office["level"] for office in OFFICES)


def test_every_officer_works_in_offices_that_exist():
    offices = {office["key"] for office in OFFICES}
    for officer in OFFICERS:
        assert set(officer["offices"]) <= offices
        # Whoever supervises answers no task, and sits in no office that does.
        assert officer["offices"] or officer["roles"] == ["supervision"]


def test_every_function_and_partner_that_an_item_names_exists():
    functions = {function for office in OFFICES for function in office["functions"]}
    systems = {partner["system"] for partner in PARTNERS}
    for code in item_codes():
        for task in (task for matter in catalogue_item(code).matters for task in matter.tasks):
            assert task.office is None or task.office.function in functions
            assert task.handler.kind is not HandlerKind.PARTNER or task.handler.system in systems


def test_the_couple_are_a_man_and_a_woman_of_age():
    liu, wang = (ResidentId.parse(resident(key)["id_no"], today=TODAY) for key in ("liu", "wang"))
    assert (liu.sex, wang.sex) == (Sex.MALE, Sex.FEMALE)
    assert TODAY.year - liu.born_on.year > 22
    assert TODAY.year - wang.born_on.year > 20


def test_the_deceased_has_a_benefit_in_force_and_a_marriage_with_sun():
    facts = resident("zhao_father")["facts"]
    assert facts["relief"]["benefits"][0]["status"] == "ACTIVE"
    assert facts["marriage"]["marriages"][0]["spouse"] == "sun"


@every_resident
def test_facts_name_only_residents_and_valid_certificates(person):
    keys = {each["key"] for each in RESIDENTS}
    facts = person.get("facts", {})
    assert set(facts) <= {"relief", "marriage", "funeral", "registry"}
    for marriage in facts.get("marriage", {}).get("marriages", []):
        assert marriage["spouse"] in keys
        CertificateNumber.parse(marriage["certificate_number"])
    for benefit in facts.get("relief", {}).get("benefits", []):
        assert set(benefit["household"]) <= keys


def test_every_amount_among_the_parameters_is_whole_fen_and_says_it_is_made_up():
    published = read_catalogue("parameters/2026-xihu.yaml")
    assert published["illustrative"] is True
    for table in published["parameters"]:
        named = table["values"].items()
        numbers = [value for _, value in named if not isinstance(value, str | list)]
        assert all(type(value) is int and value > 0 for value in numbers)
        assert all(type(value) is int for name, value in named if name.endswith("_fen"))
        DivisionCode.parse(table["division"])

"""Do the services answer and make real exactly what the catalogue says of them?"""

from types import SimpleNamespace

import pytest

from services.funeral import consumers as funeral
from services.marriage import consumers as marriage
from services.registry import consumers as registry
from services.relief import consumers as relief
from tests.support.forms import item_codes, item_definition, read_catalogue

NOBODY = SimpleNamespace(transaction=None, clock=None, index=None)
DEPARTMENTS = {
    "relief": relief.department(NOBODY, window=NOBODY),
    "marriage": marriage.department(NOBODY, window=NOBODY),
    "funeral": funeral.department(NOBODY, window=NOBODY),
    "registry": registry.department(NOBODY, NOBODY),
}
LISTED = {each["service"]: each for each in read_catalogue("places/services.yaml")["services"]}


def test_every_department_of_the_house_is_listed():
    assert set(LISTED) == set(DEPARTMENTS)


@pytest.mark.parametrize("service", sorted(DEPARTMENTS))
def test_a_service_answers_and_makes_real_what_is_listed(service):
    department = DEPARTMENTS[service]
    assert set(LISTED[service]["checks"]) == set(department.checks)
    assert set(LISTED[service]["effects"]) == set(department.effects)


def test_every_question_that_a_partner_is_listed_with_is_asked_by_an_item():
    asked = {
        (task["handler"].removeprefix("partner:"), task["check"])
        for code in item_codes()
        for matter in item_definition(code)["matters"]
        for task in matter["tasks"]
        if task["handler"].startswith("partner:")
    }
    listed = {
        (partner["system"], check)
        for name in ("places/partners.yaml", "places/partners-to-connect.yaml")
        for partner in read_catalogue(name)["partners"]
        for check in partner["checks"]
    }
    assert listed == asked

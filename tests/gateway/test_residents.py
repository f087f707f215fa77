"""Can an officer ask through the gateway who in the village is what?"""

from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents
from services.gateway.schema.ids import to_global_id
from services.gateway.schema.residents import ObjectCategory, Purpose
from services.registry.actions import reach
from services.registry.model.objects import Category
from tests.support.gateway import OFFICER, codes
from tests.support.simulated_residents import RESIDENT_ID

SCREENS = read_documents(DOCS / "operations")
VILLAGE = {"division": "330106109201", "purpose": "HOME_VISIT"}


def test_the_words_are_those_of_the_registry():
    assert {each.value for each in ObjectCategory} == {each.value for each in Category}
    assert {each.value for each in Purpose} == {each.value for each in reach.Purpose}


async def test_a_village_is_one_call_with_its_purpose(house):
    shown = await house.data(SCREENS["VillageObjects"], VILLAGE, token=OFFICER)
    ((edge,), page) = (shown["serviceObjects"][name] for name in ("edges", "pageInfo"))
    assert edge["node"]["name"] == "孙**"
    assert edge["node"]["entries"] == [
        {"category": "MINIMUM_LIVING", "title": {"text": "低保"}, "since": "2024-03-01"}
    ]
    assert page["hasNextPage"] is False
    assert house.registry.requests == ["GET /v1/service-objects"]


async def test_a_person_is_found_by_a_number_that_stands_in_no_address(house):
    given = {"idNo": "330106195411110048", "purpose": "SERVICE_DELIVERY"}
    shown = await house.data(SCREENS["FindResident"], given, token=OFFICER)
    assert shown["findResident"]["civilStatus"] == "WIDOWED"
    assert house.registry.requests == ["POST /v1/residents:find"]


async def test_a_resident_is_asked_for_as_of_two_times(house):
    query = """query ($id: ID!, $known: DateTime!) {
      resident(id: $id, purpose: COMPLAINT, on: "2024-06-01", knownAt: $known) { id status }
    }"""
    given = {
        "id": to_global_id("Resident", RESIDENT_ID),
        "known": "2026-11-22T12:00:00+08:00",
    }
    shown = await house.data(query, given, token=OFFICER)
    assert shown["resident"]["status"] == "ALIVE"


async def test_a_division_out_of_reach_is_one_that_is_not_there(house):
    elsewhere = {**VILLAGE, "division": "330106110000"}
    answer = await house.ask(SCREENS["VillageObjects"], elsewhere, token=OFFICER)
    assert codes(answer) == ["NOT_FOUND"]

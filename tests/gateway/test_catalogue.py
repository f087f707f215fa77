"""What can anybody look up in the catalogue?"""

from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents
from services.gateway.schema.ids import to_global_id
from tests.support.gateway import codes, item_body

SCREENS = read_documents(DOCS / "operations")


async def test_the_catalogue_is_listed_by_code_and_in_one_call(house):
    listed = (await house.data(SCREENS["Catalogue"], token=None))["serviceItems"]
    assert [item["code"] for item in listed] == ["HY601", "JZ201"]
    assert house.registry.requests == ["GET /v1/items"]


async def test_the_catalogue_can_be_narrowed_to_a_category(house):
    house.registry.items["HY601"] = item_body("HY601", category=6)
    listed = (await house.data(SCREENS["Catalogue"], {"category": 6}, token=None))["serviceItems"]
    assert [item["code"] for item in listed] == ["HY601"]


async def test_an_item_shows_its_guide_papers_limits_and_form(house):
    item = (await house.data(SCREENS["ServiceItem"], {"code": "JZ201"}, token=None))["serviceItem"]
    assert item["version"] == 3
    assert item["title"] == {"text": "临时救助", "zh": "临时救助", "en": "Temporary relief"}
    assert item["materials"] == [
        {
            "key": "application_form",
            "title": {"text": "申请书"},
            "requirement": "key",
            "condition": None,
        }
    ]
    assert item["limits"]["statutory"] == {"length": 5, "unit": "working_day", "source": "地方规定"}
    assert item["guide"]["legalBasis"] == ["社会救助暂行办法 第47-50条"]
    assert item["guide"]["matters"][0]["steps"][0]["handler"] == "officer"
    assert item["form"]["properties"]["type"] == {"enum": ["EMERGENCY"]}


async def test_an_item_inside_its_publication_is_read_as_well(house):
    house.registry.items["JZ201"] = {"version": 9, "definition": item_body()}
    item = (await house.data(SCREENS["ServiceItem"], {"code": "JZ201"}, token=None))["serviceItem"]
    assert (item["version"], item["code"]) == (9, "JZ201")


async def test_an_item_has_a_global_id(house):
    query = "query($id: ID!) { node(id: $id) { ... on ServiceItem { code } } }"
    found = await house.data(query, {"id": to_global_id("ServiceItem", "JZ201")}, token=None)
    assert found["node"] == {"code": "JZ201"}


async def test_an_item_that_is_not_published_is_not_found(house):
    answer = await house.ask(SCREENS["ServiceItem"], {"code": "XX999"})
    assert answer["data"] == {"serviceItem": None}
    assert codes(answer) == ["NOT_FOUND"]
    assert answer["errors"][0]["extensions"]["problem"]["code"] == "ITEM_NOT_FOUND"

"""What do the registry's doors answer, to good requests and to bad ones?"""

import pytest
from openapi_spec_validator import validate

from tests.support.registry import TestRegistry, headers


async def get(registry: TestRegistry, path: str, **params):
    return await registry.http.get(path, params=params)


async def test_the_list_has_every_item_with_its_guide(quiet_registry):
    answer = await get(quiet_registry, "/v1/items")
    assert answer.headers["cache-control"] == "public, max-age=60"
    items = {each["code"]: each for each in answer.json()["items"]}
    assert {"BND-02", "HY601", "JZ201"} <= set(items)
    for each in items.values():
        assert {"title", "version", "hash", "legalBasis", "limits", "materials", "form"} <= set(
            each
        )


async def test_a_guide_says_who_is_asked_and_what_an_agent_may_do(quiet_registry):
    relief = (await get(quiet_registry, "/v1/items/JZ201")).json()
    marriage = (await get(quiet_registry, "/v1/items/HY601")).json()
    assert (relief["agentAllowed"], marriage["agentAllowed"]) == (True, False)
    assert relief["title"] == {"zh": "临时救助", "en": "Temporary relief"}
    handlers = [task["handler"] for matter in relief["matters"] for task in matter["tasks"]]
    assert "service:relief" in handlers
    assert "discloses" not in str(relief["matters"])


async def test_a_form_is_shown_in_the_order_in_which_it_was_written(quiet_registry, catalogue):
    for item in catalogue.items:
        shown = (await get(quiet_registry, f"/v1/items/{item['code']}")).json()["form"]
        assert list(shown["properties"]) == list(item["form"]["properties"])


async def test_a_version_may_be_kept_for_ever(quiet_registry):
    answer = await get(quiet_registry, "/v1/items/JZ201/versions/1")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.json()["definition"]["code"] == "JZ201"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/items/XX999", 404, "ITEM_NOT_FOUND"),
        ("/v1/items/JZ201/versions/99", 404, "ITEM_NOT_FOUND"),
        ("/v1/items/JZ201/versions/0", 422, "BODY_INVALID"),
        ("/v1/items/JZ201/versions/99999999999999999999", 422, "BODY_INVALID"),
        ("/v1/items/jz201", 422, "BODY_INVALID"),
        ("/v1/items/%00", 422, "BODY_INVALID"),
        ("/v1/divisions/999999999999", 404, "DIVISION_NOT_FOUND"),
        ("/v1/divisions/3301", 422, "BODY_INVALID"),
        ("/v1/offices?limit=0", 422, "BODY_INVALID"),
        ("/v1/offices?limit=99999", 422, "BODY_INVALID"),
        ("/v1/offices?cursor=%00", 422, "BODY_INVALID"),
        ("/v1/publications?after=-1", 422, "BODY_INVALID"),
        ("/v1/publications?after=99999999999999999999", 422, "BODY_INVALID"),
        ("/v1/nothing", 404, "NOT_FOUND"),
    ],
)
async def test_what_is_not_there_or_not_asked_for_properly_is_a_problem(
    quiet_registry, path, status, code
):
    answer = await quiet_registry.http.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_offices_come_page_by_page_and_none_is_lost(quiet_registry):
    whole = (await get(quiet_registry, "/v1/offices")).json()["items"]
    cursor, seen = "", []
    while cursor is not None:
        page = (await get(quiet_registry, "/v1/offices", limit=2, cursor=cursor)).json()
        seen += page["items"]
        cursor = page["nextCursor"]
    assert seen == whole
    assert all(set(office["name"]) == {"zh", "en"} for office in whole)


async def test_a_division_knows_what_is_above_and_below_it(quiet_registry):
    town = (await get(quiet_registry, "/v1/divisions/330106109000")).json()
    assert (town["level"], town["parent"]) == ("township", "330106000000")
    assert [each["code"] for each in town["below"]] == ["330106109201"]


async def test_a_reader_who_has_everything_gets_nothing_and_stays_there(quiet_registry):
    page = (await get(quiet_registry, "/v1/publications", after=10**9)).json()
    assert page == {"items": [], "after": 10**9}


async def test_the_openapi_description_is_valid(quiet_registry):
    validate((await get(quiet_registry, "/openapi.json")).json())


async def test_health_says_what_is_there(quiet_registry):
    assert (await get(quiet_registry, "/livez")).status_code == 200
    assert (await get(quiet_registry, "/readyz")).json()["checks"] == {"database": True}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/sign-in", '{"provider": "DEVELOPMENT", "provider": "WECHAT", "code": "x"}'),
        ("/v1/sign-in", '{"provider": "DEVELOPMENT", "code": "\\ud800"}'),
        ("/v1/sign-in", '{"provider": NaN}'),
        ("/v1/token:refresh", "[" * 50 + "]" * 50),
        ("/v1/token:refresh", '{"refreshToken": ' + "9" * 50 + "}"),
        ("/v1/grants:check", "not json"),
    ],
)
async def test_json_that_readers_would_not_read_alike_is_refused(quiet_registry, path, body):
    answer = await quiet_registry.http.post(
        path, content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "NOT_STRICT_JSON")


@pytest.mark.parametrize(
    "changes",
    [
        {"grantId": "not-an-id"},
        {"grantId": None},
        {"agent": ""},
        {"agent": "nul\u0001"},
        {"principalIndex": "330106198803120011"},
        {"itemCode": "%"},
        {"why": "curious"},
    ],
)
async def test_a_question_about_a_grant_of_another_shape_is_refused(quiet_registry, changes):
    question = {
        "grantId": "0325f848-aa48-550c-a20c-b6db851b1a63",
        "agent": "somebody",
        "principalIndex": "0" * 64,
        "itemCode": "JZ201",
        **changes,
    }
    token = await quiet_registry.service_token()
    answer = await quiet_registry.http.post(
        "/v1/grants:check", json=question, headers=headers(token, None)
    )
    assert answer.status_code == 422
    assert "330106198803120011" not in answer.text

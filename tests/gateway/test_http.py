"""Does the door keep to GraphQL over HTTP?

The cases follow the audit suite of the specification, in our own words.
"""

import json

import pytest

from tests.support.gateway import CITIZEN, GRAPHQL_JSON, JSON, KEY, application_id

TYPENAME = {"query": "{ __typename }"}


async def get(house, accept=GRAPHQL_JSON, **params):
    headers = {"accept": accept, "authorization": CITIZEN}
    return await house.client.get("/graphql", params=params, headers=headers)


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (JSON, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (f"{JSON};q=0.5, {GRAPHQL_JSON}", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.1, text/html, {JSON};charset=utf-8", JSON),
    ],
)
async def test_the_answer_has_the_media_type_the_caller_likes_best(house, accept, given):
    answer = await house.post(TYPENAME, accept=accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{given}; charset=utf-8"
    assert answer.json() == {"data": {"__typename": "Query"}}


async def test_a_caller_who_says_nothing_gets_json(house):
    request = house.client.build_request("POST", "/graphql", json=TYPENAME)
    del request.headers["accept"]
    answer = await house.client.send(request)
    assert answer.headers["content-type"] == f"{JSON}; charset=utf-8"


async def test_a_media_type_that_cannot_be_given_is_refused_in_json(house):
    answer = await house.post(TYPENAME, accept="text/html")
    assert answer.status_code == 406
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/graphql",
    ],
)
async def test_other_bodies_than_json_are_not_taken(house, content_type):
    headers = {"content-type": content_type}
    answer = await house.client.post("/graphql", content=json.dumps(TYPENAME), headers=headers)
    assert answer.status_code == 415


async def test_a_body_without_a_media_type_is_not_taken(house):
    answer = await house.client.post("/graphql", content=json.dumps(TYPENAME))
    assert answer.status_code == 415


async def test_a_charset_may_be_named(house):
    content = json.dumps({"query": "{ __typename }"}).encode()
    headers = {"content-type": "application/json; charset=utf-8"}
    answer = await house.client.post("/graphql", content=content, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": None},
        {"query": ""},
        {"query": 1},
        {"query": True},
        {"query": {}},
        {"query": ["{ __typename }"]},
        {**TYPENAME, "operationName": 1},
        {**TYPENAME, "operationName": {}},
        {**TYPENAME, "operationName": ["x"]},
        {**TYPENAME, "variables": "x"},
        {**TYPENAME, "variables": 1},
        {**TYPENAME, "variables": []},
        {**TYPENAME, "extensions": "x"},
        {**TYPENAME, "extensions": 0},
        {**TYPENAME, "extensions": [1]},
        {**TYPENAME, "operationName": "NoSuchOperation"},
        {"query": "fragment F on Query { __typename }"},
        [TYPENAME],
        "{ __typename }",
        17,
        None,
    ],
)
@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
async def test_what_is_no_graphql_request_is_a_400_without_data(house, body, accept):
    answer = await house.post(body, accept=accept)
    assert answer.status_code == 400
    assert "data" not in answer.json()


@pytest.mark.parametrize(
    "content", ["", "{", "nope", '{"query": "{ __typename }"', '{"query": NaN}']
)
async def test_a_body_that_is_not_json_is_a_400(house, content):
    headers = {"content-type": JSON, "accept": GRAPHQL_JSON}
    answer = await house.client.post("/graphql", content=content, headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["variables", "operationName", "extensions"])
async def test_the_optional_parts_may_be_null(house, name):
    assert (await house.post({**TYPENAME, name: None})).status_code == 200


async def test_one_of_several_operations_is_carried_out_by_name(house):
    query = "query A { a: __typename } query B { b: __typename }"
    answer = await house.post({"query": query, "operationName": "B"})
    assert answer.json() == {"data": {"b": "Query"}}


@pytest.mark.parametrize(
    "query", ["{", "{ no_such_field }", "query($x: Int!) { __typename @include(if: $x) }"]
)
async def test_a_document_that_is_no_good_is_a_400_without_data(house, query):
    answer = await house.post({"query": query})
    assert answer.status_code == 400
    assert "data" not in answer.json()


@pytest.mark.parametrize("query", ["{", "{ no_such_field }"])
async def test_whoever_takes_only_plain_json_gets_a_200_for_the_same(house, query):
    answer = await house.post({"query": query}, accept=JSON)
    assert answer.status_code == 200
    assert "data" not in answer.json()


async def test_a_variable_that_does_not_fit_is_a_400_without_data(house):
    query = "query($first: Int!) { applications(first: $first) { totalCount } }"
    answer = await house.post({"query": query, "variables": {"first": "many"}})
    assert answer.status_code == 400
    assert "data" not in answer.json()


async def test_a_query_may_come_by_get(house):
    answer = await get(
        house,
        query="query A($c: String!) { serviceItem(code: $c) { code } }",
        operationName="A",
        variables='{"c": "JZ201"}',
        extensions="{}",
    )
    assert answer.json() == {"data": {"serviceItem": {"code": "JZ201"}}}


@pytest.mark.parametrize("variables", ["{", "[]", "1", '{"a": NaN}'])
async def test_variables_in_an_address_are_read_as_strictly(house, variables):
    assert (await get(house, query="{ __typename }", variables=variables)).status_code == 400


async def test_a_get_without_a_query_shows_no_page_for_people(house):
    answer = await house.client.get("/graphql", headers={"accept": "text/html"})
    assert answer.status_code == 406
    assert (await get(house, accept="*/*")).status_code == 400


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
async def test_a_mutation_by_get_is_refused_and_does_nothing(house, accept):
    mutation = f'mutation {{ refreshSession(input: {{refreshToken: "{KEY}"}}) {{ __typename }} }}'
    answer = await get(house, accept=accept, query=mutation)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert answer.json()["errors"][0]["extensions"]["code"] == "OPERATION_NOT_ALLOWED"
    assert house.registry.requests == []


async def test_a_subscription_needs_a_stream(house):
    query = 'subscription { applicationProgress(applicationId: "x") { id } }'
    answer = await house.post({"query": query})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "REQUEST_UNREADABLE"


async def test_other_methods_are_not_taken(house):
    for method in ("PUT", "PATCH", "DELETE"):
        answer = await house.client.request(method, "/graphql", json=TYPENAME)
        assert answer.status_code == 405


async def test_errors_of_a_part_leave_the_rest_of_the_answer(house):
    answer = await house.post({"query": '{ serviceItem(code: "XX999") { code } __typename }'})
    assert answer.status_code == 200
    assert answer.json()["data"] == {"serviceItem": None, "__typename": "Query"}


async def test_answers_are_never_kept_by_anybody_on_the_way(house):
    answer = await house.post(TYPENAME)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_operation_that_takes_too_long_is_unavailable(make_gateway):
    house = make_gateway(operation_seconds=0.05)
    house.intake.delay = 5.0
    case = house.intake.add()
    query = "query($id: ID!) { application(id: $id) { id } }"
    answer = await house.post({"query": query, "variables": {"id": application_id(case)}})
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"


async def test_the_gateway_is_alive_and_ready_without_asking_anybody(house):
    assert (await house.client.get("/livez")).status_code == 200
    assert (await house.client.get("/readyz")).status_code == 200
    assert house.intake.requests == house.registry.requests == []

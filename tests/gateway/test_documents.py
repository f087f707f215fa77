"""Are only the screens' documents carried out in production?"""

import json

import pytest

from services.gateway.errors import PersistedQueryNotFound, PersistedQueryOnly, RequestUnreadable
from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import Documents, document_hash, read_documents
from tests.support.gateway import GRAPHQL_JSON, application_id, codes

SCREENS = read_documents(DOCS / "operations")
MANIFEST = json.loads((DOCS / "documents.json").read_text(encoding="utf-8"))


async def test_a_screen_is_asked_for_by_the_hash_in_the_manifest(production):
    case = production.intake.add()
    given = {"documentId": MANIFEST["Case"], "variables": {"id": application_id(case)}}
    answer = await production.post(given)
    assert answer.json()["data"]["application"]["number"] == case["number"]


async def test_apollo_s_way_of_naming_a_document_is_understood(production):
    persisted = {"version": 1, "sha256Hash": document_hash(SCREENS["Catalogue"])}
    answer = await production.post({"extensions": {"persistedQuery": persisted}})
    assert len(answer.json()["data"]["serviceItems"]) == 2


async def test_a_screen_may_be_asked_for_by_get(production):
    params = {"documentId": MANIFEST["ServiceItem"], "variables": '{"code": "JZ201"}'}
    answer = await production.client.get(
        "/graphql", params=params, headers={"accept": GRAPHQL_JSON}
    )
    assert answer.json()["data"]["serviceItem"]["code"] == "JZ201"


async def test_a_command_of_a_screen_is_refused_by_get(production):
    params = {"documentId": MANIFEST["SignIn"], "variables": "{}"}
    answer = await production.client.get("/graphql", params=params)
    assert answer.status_code == 405


@pytest.mark.parametrize(
    ("request_body", "code"),
    [
        ({"query": "{ __typename }"}, "PERSISTED_QUERY_ONLY"),
        ({"query": "{ __schema { types { name } } }"}, "PERSISTED_QUERY_ONLY"),
        ({"documentId": "sha256:" + "0" * 64}, "PERSISTED_QUERY_NOT_FOUND"),
        (
            {"documentId": "sha256:" + "0" * 64, "query": "{ __typename }"},
            "PERSISTED_QUERY_NOT_FOUND",
        ),
        ({"documentId": "Case"}, "REQUEST_UNREADABLE"),
        ({"documentId": 17}, "REQUEST_UNREADABLE"),
    ],
)
async def test_nothing_else_is_carried_out_in_production(production, request_body, code):
    answer = await production.post(request_body)
    assert answer.status_code == 400
    assert codes(answer.json()) == [code]


async def test_nobody_looks_around_in_production_even_where_documents_are_free(make_gateway):
    house = make_gateway(ENVIRONMENT="production", trusted_documents=False)
    for query in ("{ __schema { types { name } } }", '{ __type(name: "Query") { name } }'):
        answer = await house.post({"query": query})
        assert answer.status_code == 400
        assert "Application" not in answer.text


async def test_names_are_not_suggested_anywhere(house):
    guesses = [
        "{ aplication { id } }",
        "{ application(idd: 1) { id } }",
        "{ inbox(state: OPENED) { totalCount } }",
        "{ application { ...on Applicatio { id } } }",
        "query($x: Applicatio) { __typename }",
    ]
    for query in guesses:
        answer = await house.post({"query": query})
        assert answer.status_code == 400
        assert "Did you mean" not in answer.text


async def test_development_lets_people_look_around(house):
    found = await house.data('{ __type(name: "Application") { name } }')
    assert found["__type"] == {"name": "Application"}


def test_a_hash_that_is_not_that_of_the_query_is_refused():
    documents = Documents({}, only_trusted=False)
    with pytest.raises(RequestUnreadable):
        documents.text_of({"query": "{ a }", "documentId": document_hash("{ b }")})
    assert documents.text_of({"query": "{ a }", "documentId": document_hash("{ a }")}) == "{ a }"


def test_in_development_a_hash_alone_that_is_unknown_is_not_found():
    with pytest.raises(PersistedQueryNotFound):
        Documents({}, only_trusted=False).text_of({"documentId": document_hash("{ a }")})


def test_a_trusted_document_written_out_is_not_taken_either():
    """What is sent must be the hash: a document in the request is a document to be read."""
    documents = Documents({"A": "{ a }"}, only_trusted=True)
    with pytest.raises(PersistedQueryOnly):
        documents.text_of({"query": "{ a }"})

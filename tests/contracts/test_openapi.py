"""Does each service's OpenAPI document say what a partner must know, and is it current?"""

import json
import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from docs.contracts import OPENAPI, openapi_of, stale_files
from shared.openapi import operations_of
from tests.support.doors import Doors

SERVICES = ("funeral", "intake", "marriage", "registry", "relief")

OPEN_TO_ALL = {
    "registry": {
        "showKeys",
        "giveToken",
        "beginSession",
        "continueSession",
        "leaveSession",
        "beginSignIn",
        "bindAccount",
        "signInOfficer",
        "enrol",
        "confirmEnrolment",
        "showRevoked",
        "listItems",
        "showGuide",
        "showVersion",
        "listOffices",
        "showDivision",
        "showSuccession",
        "listPublications",
        "listFacts",
        "showCertificateKeys",
        "showCredentialIssuer",
        "showStatusList",
        "showCertificateType",
        "askForPaper",
        "verifyTyped",
        "verifyScanned",
    }
}
"""What may be asked without a token; everything else needs one."""

REPEATABLE = {
    ("intake", "claim"): "taking one's own task again only renews the lease",
    ("intake", "release"): "a task that is back in the inbox stays there",
    ("intake", "validate"): "a question; nothing is written",
    ("intake", "search"): "a question; each look has its line in the journal",
    ("intake", "export"): "a question; each file has its line in the journal",
    ("registry", "checkGrant"): "a question",
    ("registry", "findResident"): "a question, whose number must not stand in a URL",
    ("registry", "verifyCertificate"): "a question",
    ("registry", "verifyTyped"): "a question",
    ("registry", "takeCredential"): "an answer with a person's data in it is kept nowhere",
    ("registry", "giveToken"): "an answer with a token in it is kept nowhere",
    ("registry", "beginSession"): "an answer with a token in it is kept nowhere",
    ("registry", "continueSession"): "a refresh token is good once",
    ("registry", "beginSignIn"): "each beginning has secrets of its own",
    ("registry", "bindAccount"): "a ticket is good once",
    ("registry", "unbindAccount"): "what is unbound stays unbound",
    ("registry", "inviteOfficer"): "an answer with an invitation in it is kept nowhere",
    ("registry", "signInOfficer"): "each code is good once",
    ("registry", "enrol"): "an invitation is good until it is confirmed",
    ("registry", "confirmEnrolment"): "an invitation is confirmed once",
    ("registry", "proveAgain"): "each code is good once",
    ("registry", "change"): "the password that is changed is good once",
    ("registry", "revokeSession"): "a session that is over stays over",
    ("registry", "leaveSession"): "signing out twice is signing out",
}
"""POSTs without an idempotency key, each with its reason."""


@pytest.fixture(scope="module", params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def document(service: str) -> dict[str, Any]:
    return openapi_of(service)


def test_what_is_committed_is_current() -> None:
    assert stale_files() == [], "run: python -m docs.contracts"


async def test_what_is_served_is_what_is_committed(service: str, doors: Doors) -> None:
    served = await doors[service].client.get("/openapi.json")

    assert served.json() == json.loads((OPENAPI / f"{service}.json").read_text())


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_operations_have_names_that_clients_can_use(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations_of(document)]

    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][A-Za-z]+", name) for name in names), names


def test_operations_are_tagged_and_summed_up(document: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    for path, method, operation in operations_of(document):
        assert set(operation["tags"]) <= tags, (method, path)
        assert operation["tags"], (method, path)
        assert operation["summary"], (method, path)


def test_an_operation_needs_a_token_unless_it_is_open_to_all(
    service: str, document: dict[str, Any]
) -> None:
    is_open = {
        operation["operationId"]
        for _path, _method, operation in operations_of(document)
        if operation["security"] == []
    }
    needs_token = [
        operation["security"]
        for _path, _method, operation in operations_of(document)
        if operation["operationId"] not in is_open
    ]

    assert is_open == OPEN_TO_ALL.get(service, set())
    assert all(needed == [{"bearer": []}] for needed in needs_token)
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_refusal_is_the_one_problem_document(document: dict[str, Any]) -> None:
    for path, method, operation in operations_of(document):
        assert operation["responses"]["4XX"] == {"$ref": "#/components/responses/Problem"}, path
        assert "422" not in operation["responses"], (method, path)
    [media_type] = document["components"]["responses"]["Problem"]["content"]
    assert media_type == "application/problem+json"
    assert "HTTPValidationError" not in json.dumps(document)


def test_a_command_documents_its_idempotency_key(service: str, document: dict[str, Any]) -> None:
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    for _path, method, operation in operations_of(document):
        takes_key = key in operation.get("parameters", [])
        is_command = method == "post" and (service, operation["operationId"]) not in REPEATABLE
        assert takes_key is is_command, operation["operationId"]


def test_no_header_is_asked_for_that_openapi_would_ignore(document: dict[str, Any]) -> None:
    for _path, _method, operation in operations_of(document):
        names = [each.get("name", "").lower() for each in operation.get("parameters", [])]
        assert "authorization" not in names


def test_the_files_are_written_the_same_way_every_time(service: str) -> None:
    text = (OPENAPI / f"{service}.json").read_text()

    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2, sort_keys=True) + "\n"

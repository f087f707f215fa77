"""What every service's OpenAPI document has in common, put there once.

FastAPI describes our doors from their signatures. What it cannot know is ours: that
every refusal is one problem document, who needs a token, and which commands need a key.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel

BEARER = "bearer"
KEY_SHAPE = "^[!-~]{8,128}$"
VERSION_SHAPE = '^"(0|[1-9][0-9]{0,8})"$'

_PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details. Clients branch on `code`; titles are for people.",
    "required": ["type", "title", "titleEn", "status", "code"],
    "additionalProperties": True,
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "`/problems/<service>/<slug>`.",
        },
        "title": {"type": "string", "description": "What happened, in Chinese."},
        "titleEn": {"type": "string", "description": "What happened, in English."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "pattern": "^[A-Z][A-Z0-9_]*$"},
        "detail": {"type": "string", "description": "For the person who must act on it."},
        "instance": {
            "type": "string",
            "format": "uri-reference",
            "description": "The door that refused, without what was sent to it.",
        },
        "traceId": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "errors": {
            "type": "array",
            "description": "What is wrong, place by place; never what was sent.",
            "items": {"type": "object", "additionalProperties": True},
        },
    },
}
_PROBLEM_RESPONSE: Mapping[str, Any] = {
    "description": "The request was refused, or could not be carried out.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_KEY_PARAMETER: Mapping[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": (
        "Made by whoever wants the command carried out, and sent again unchanged with every "
        "retry. Same key and body: the same answer. Same key, another body: 422. Still being "
        "carried out: 409."
    ),
    "schema": {"type": "string", "pattern": KEY_SHAPE},
}
_VERSION_PARAMETER: Mapping[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": (
        'The version that was read, as its `ETag` said; `"0"` for a record that is not there yet. '
        "Missing: 428. No longer the current one: 412, and nothing is changed."
    ),
    "schema": {"type": "string", "pattern": VERSION_SHAPE},
}
_SECURITY_SCHEME: Mapping[str, Any] = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of the registry (RFC 9068), made for this service.",
}
_OWN_SCHEMAS = ("HTTPValidationError", "ValidationError")
"""What FastAPI would answer to a malformed request; ours answers a problem."""


def operation_id(route: APIRoute) -> str:
    """The route's name in lower camel case: what a generated client calls the operation."""
    return to_camel(route.name)


def describe(api: FastAPI) -> None:
    """Let an application serve its document in the house's form."""

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = _document(api)
            api.state.declared_names = frozenset(_names(api.openapi_schema))
        return api.openapi_schema

    # FastAPI's own way of extending the document; mypy sees a method being replaced.
    api.openapi = openapi  # type: ignore[method-assign]


def declared_names(api: FastAPI) -> frozenset[str]:
    """Every name a caller may rightly send: parameters and properties."""
    api.openapi()
    names: frozenset[str] = api.state.declared_names
    return names


def operations_of(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation of everything a document describes."""
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            yield path, method, operation


def _document(api: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=api.title, version=api.version, description=api.description, routes=api.routes
    )
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    document["servers"] = [{"url": "/"}]
    for _path, _method, operation in operations_of(document):
        _complete(operation)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _OWN_SCHEMAS:
        schemas.pop(name, None)
    _without_titles(document["paths"])
    _without_titles(components)
    schemas["Problem"] = dict(_PROBLEM)
    components["responses"] = {"Problem": dict(_PROBLEM_RESPONSE)}
    components["parameters"] = {"IdempotencyKey": dict(_KEY_PARAMETER)}
    components["securitySchemes"] = {BEARER: dict(_SECURITY_SCHEME)}
    document["tags"] = [{"name": name} for name in sorted(_tags(document))]
    return document


def _complete(operation: dict[str, Any]) -> None:
    given = operation.pop("parameters", [])
    headers = {each["name"] for each in given if each["in"] == "header"}
    parameters = [each for each in given if each["in"] != "header"]
    if "idempotency-key" in headers:
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if "if-match" in headers:
        parameters.append(dict(_VERSION_PARAMETER))
    if parameters:
        operation["parameters"] = parameters
    # A token is needed where a dependency reads the header; OpenAPI wants it said this way.
    operation["security"] = [{BEARER: []}] if "authorization" in headers else []
    operation["responses"].pop("422", None)
    for wildcard in ("4XX", "5XX"):
        operation["responses"][wildcard] = {"$ref": "#/components/responses/Problem"}


def _tags(document: Mapping[str, Any]) -> Iterable[str]:
    return {
        tag
        for _path, _method, operation in operations_of(document)
        for tag in operation.get("tags", ())
    }


def _without_titles(node: object) -> None:
    """Drop the titles made from names; a property called `title` is a schema, not a text."""
    if isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        for member in node.values():
            _without_titles(member)
    elif isinstance(node, list):
        for member in node:
            _without_titles(member)


def _names(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            yield from properties
        if "in" in node and isinstance(node.get("name"), str):
            yield node["name"]
        for member in node.values():
            yield from _names(member)
    elif isinstance(node, list):
        for member in node:
            yield from _names(member)

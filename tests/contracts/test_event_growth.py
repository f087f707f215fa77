"""May an event type change like this? Growth is allowed; readers never lose anything."""

import json
from typing import Any

import pytest

from docs.contracts import EVENTS, RELEASED
from tests.support.contracts import breaking_changes

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["taskId"],
    "properties": {
        "taskId": {"type": "string", "format": "uuid"},
        "verdict": {"type": "string", "enum": ["approve", "refuse"]},
        "document": {
            "type": ["object", "null"],
            "required": ["kind"],
            "properties": {"kind": {"type": "string"}},
        },
        "items": {"type": "array", "items": {"type": "string"}},
    },
    "additionalProperties": True,
}


def changed(**properties: Any) -> dict[str, Any]:
    return {**SCHEMA, "properties": {**SCHEMA["properties"], **properties}}


def without(name: str) -> dict[str, Any]:
    kept = {key: value for key, value in SCHEMA["properties"].items() if key != name}
    return {**SCHEMA, "properties": kept}


def test_a_schema_that_stays_as_it_is_breaks_nothing() -> None:
    assert breaking_changes(SCHEMA, SCHEMA) == []


def test_an_optional_member_may_be_added() -> None:
    assert breaking_changes(SCHEMA, changed(officeId={"type": "string"})) == []


def test_an_optional_member_may_be_added_inside_another() -> None:
    document = {
        "type": ["object", "null"],
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}, "number": {"type": "string"}},
    }
    assert breaking_changes(SCHEMA, changed(document=document)) == []


def test_words_may_be_mended() -> None:
    assert breaking_changes(SCHEMA, {**SCHEMA, "description": "Better said."}) == []


BREAKS = {
    "a member is removed": (without("verdict"), "/verdict: is gone"),
    "a member is retyped": (
        changed(taskId={"type": "integer", "format": "uuid"}),
        "/taskId/: may now be integer",
    ),
    "a member may suddenly be null": (
        changed(taskId={"type": ["string", "null"], "format": "uuid"}),
        "/taskId/: may now be null",
    ),
    "a member can no longer be null": (
        changed(document={**SCHEMA["properties"]["document"], "type": "object"}),
        "/document/: can no longer be null",
    ),
    "another format": (changed(taskId={"type": "string"}), "/taskId/: format is another"),
    "another pattern": (
        changed(taskId={"type": "string", "format": "uuid", "pattern": "^a"}),
        "/taskId/: pattern is another",
    ),
    "another choice": (
        changed(verdict={"type": "string", "enum": ["approve", "refuse", "other"]}),
        "/verdict/: has other choices",
    ),
    "a required member may be missing": (
        {**SCHEMA, "required": []},
        "/taskId: may now be missing",
    ),
    "a member becomes required": (
        {**SCHEMA, "required": ["taskId", "verdict"]},
        "/verdict: is now required, and earlier events do not have it",
    ),
    "unknown members are refused": (
        {**SCHEMA, "additionalProperties": False},
        "/: is closed",
    ),
    "something inside a member is removed": (
        changed(document={"type": ["object", "null"], "required": ["kind"], "properties": {}}),
        "/document/kind: is gone",
    ),
    "the entries of a list are retyped": (
        changed(items={"type": "array", "items": {"type": "integer"}}),
        "/items/*/: may now be integer",
    ),
}


@pytest.mark.parametrize(("current", "told"), BREAKS.values(), ids=BREAKS)
def test_what_readers_would_notice_is_named(current: dict[str, Any], told: str) -> None:
    assert told in breaking_changes(SCHEMA, current)


@pytest.mark.parametrize("released", sorted(RELEASED.glob("*.json")), ids=lambda path: path.stem)
def test_every_released_event_type_is_still_told_and_has_only_grown(released: Any) -> None:
    current = EVENTS / released.name
    assert current.exists(), "a released event type is told no more"

    assert breaking_changes(json.loads(released.read_text()), json.loads(current.read_text())) == []

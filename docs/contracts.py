"""Writes down what our doors and events promise: OpenAPI, recorded examples, AsyncAPI.

`python -m docs.contracts` writes; `python -m docs.contracts --check` says what is not
current and ends with 1. The schemas of events are kept by hand: they are the promise,
and what is written here is held against them.
"""

import base64
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from fastapi import FastAPI

from services.funeral.app import create_app as create_funeral
from services.funeral.settings import FuneralSettings
from services.intake.app import create as create_intake
from services.intake.settings import IntakeSettings
from services.marriage.app import create_app as create_marriage
from services.marriage.settings import MarriageSettings
from services.registry.app import create as create_registry
from services.registry.settings import RegistrySettings
from services.relief.app import create_app as create_relief
from services.relief.settings import ReliefSettings
from tests.support.recorded_events import Recorded, recorded_events

DOCS = Path(__file__).resolve().parent
OPENAPI = DOCS / "openapi"
EVENTS = DOCS / "events"
RELEASED = EVENTS / "released"

_KEY = base64.b64encode(b"k" * 32).decode()
_SETTINGS: Mapping[str, Any] = {
    "database_url": "postgresql://nobody@localhost/nothing",
    "client_secret": "nothing",
    "FIELD_KEYS": f"docs:{_KEY}",
    "BLIND_INDEX_KEY": _KEY,
    "roles": "api",
}
"""Enough to build an application that is never started."""

_SERVICES: Mapping[str, Callable[[], FastAPI]] = {
    "funeral": lambda: create_funeral(FuneralSettings(**_SETTINGS)),
    "intake": lambda: create_intake(IntakeSettings(**_SETTINGS)),
    "marriage": lambda: create_marriage(MarriageSettings(**_SETTINGS)),
    "registry": lambda: create_registry(RegistrySettings(**_SETTINGS)),
    "relief": lambda: create_relief(ReliefSettings(**_SETTINGS)),
}

_CLOUDEVENTS_HEADERS: Mapping[str, Any] = {
    "type": "object",
    "description": "CloudEvents 1.0 attributes in binary mode, and the trace.",
    "required": [
        "ce_specversion",
        "ce_id",
        "ce_type",
        "ce_source",
        "ce_time",
        "ce_subject",
        "content-type",
    ],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {
            "type": "string",
            "format": "uuid",
            "description": "An inbox that knows it has seen this event already.",
        },
        "ce_type": {"type": "string", "pattern": r"^civil\.[a-z]+\.[a-z-]+\.v[0-9]+$"},
        "ce_source": {"type": "string", "pattern": "^/one-window/[a-z]+$"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_subject": {"type": "string", "description": "The same as the record's key."},
        "content-type": {"const": "application/json"},
        "traceparent": {
            "type": "string",
            "description": "W3C trace context of the act that made the event true.",
        },
        "tracestate": {"type": "string"},
    },
    "additionalProperties": True,
}


def current_files() -> dict[Path, str]:
    """Every generated file, as it should be now."""
    events = recorded_events()
    return {
        **{OPENAPI / f"{name}.json": _json(openapi_of(name)) for name in _SERVICES},
        **{example_path(each.type): _json(each.as_example()) for each in events},
        EVENTS / "asyncapi.yaml": _yaml(asyncapi_of(events)),
    }


def openapi_of(service: str) -> dict[str, Any]:
    """The OpenAPI document a service answers at `/openapi.json`."""
    return application_of(service).openapi()


def application_of(service: str) -> FastAPI:
    """A service with all its doors, never started."""
    return _SERVICES[service]()


def schema_path(event_type: str) -> Path:
    """Where the schema of an event type is kept."""
    return EVENTS / f"{event_type}.schema.json"


def example_path(event_type: str) -> Path:
    """Where the recorded example of an event type is kept."""
    return EVENTS / f"{event_type}.example.json"


def schema_of(event_type: str) -> dict[str, Any]:
    """The schema of an event type's data."""
    schema: dict[str, Any] = json.loads(schema_path(event_type).read_text())
    return schema


def asyncapi_of(events: Iterable[Recorded]) -> dict[str, Any]:
    """Who tells what on which topic, as an AsyncAPI 3 document."""
    events = list(events)
    topics = sorted({each.topic for each in events})
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "One Window (一窗): events",
            "version": "1",
            "description": "Facts in the past tense. They grow and never change; what a "
            "reader does not know, it ignores. No event says who a person is.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {topic: _channel(topic, events) for topic in topics},
        "operations": {_operation_name(topic): _operation(topic, events) for topic in topics},
        "components": {
            "messages": {each.type: _message(each) for each in events},
            "messageTraits": {"cloudEvent": {"headers": dict(_CLOUDEVENTS_HEADERS)}},
        },
    }


def _channel(topic: str, events: Iterable[Recorded]) -> dict[str, Any]:
    return {
        "address": topic,
        "messages": {
            each.type: {"$ref": f"#/components/messages/{each.type}"}
            for each in events
            if each.topic == topic
        },
        "bindings": {"kafka": {"topic": topic}},
    }


def _operation_name(topic: str) -> str:
    return "tell" + "".join(part.capitalize() for part in topic.split(".")[1:])


def _operation(topic: str, events: Iterable[Recorded]) -> dict[str, Any]:
    channel = f"#/channels/{topic}"
    return {
        "action": "send",
        "channel": {"$ref": channel},
        "summary": f"Told by {topic.split('.')[1]}.",
        "messages": [
            {"$ref": f"{channel}/messages/{each.type}"} for each in events if each.topic == topic
        ],
    }


def _message(event: Recorded) -> dict[str, Any]:
    schema = schema_of(event.type)
    return {
        "name": event.type,
        "title": schema["title"],
        "summary": schema["description"],
        "contentType": "application/json",
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"./{schema_path(event.type).name}"},
        },
        "bindings": {"kafka": {"key": {"type": "string"}}},
    }


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _yaml(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=100)


def stale_files() -> list[str]:
    """Generated files that are missing or not current, by name."""
    return [
        str(path.relative_to(DOCS))
        for path, text in current_files().items()
        if not path.exists() or path.read_text() != text
    ]


def main(arguments: list[str]) -> int:
    """Write the generated files, or only say which are not current."""
    if "--check" in arguments:
        stale = stale_files()
        for name in stale:
            sys.stderr.write(f"docs/{name} is not current; run: python -m docs.contracts\n")
        return 1 if stale else 0
    for path, text in current_files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

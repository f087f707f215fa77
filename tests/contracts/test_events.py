"""Is every event what its schema says, and does none of them say who a person is?"""

import inspect
import json
from types import ModuleType
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from docs.contracts import EVENTS, RELEASED, example_path, schema_of
from services.funeral import events as funeral
from services.intake import events as intake
from services.marriage import events as marriage
from services.registry import events as registry
from services.registry.events import own_items, residents
from services.registry.model import PublicationKind
from services.relief import events as relief
from shared import department
from shared.events import Event
from tests.support.contracts import personal_names, personal_values
from tests.support.recorded_events import DEPARTMENTS, Recorded, recorded_events

RECORDED = {each.type: each for each in recorded_events()}
TYPES = sorted(RECORDED)

NO_PERSONS_NAME = {
    ("civil.intake.matter-decided.v1", "/effect/name"): "an effect's name in the catalogue",
    ("civil.registry.office-published.v1", "/name"): "an office's name, published by the state",
}


def event_makers(module: ModuleType) -> list[str]:
    """Public functions of a module that make an event."""
    return [
        name
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and inspect.signature(function).return_annotation is Event
    ]


def example(event_type: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(example_path(event_type).read_text())
    return found


@pytest.mark.parametrize(
    "module", [funeral, intake, marriage, relief], ids=lambda module: module.__name__
)
def test_every_function_that_makes_an_event_has_a_recorded_example(module: ModuleType) -> None:
    service = module.__name__.split(".")[1]
    made = {f"civil.{service}.{name.replace('_', '-')}.v1" for name in event_makers(module)}

    assert made
    assert made <= RECORDED.keys()


@pytest.mark.parametrize("module", [own_items, residents], ids=lambda module: module.__name__)
def test_every_word_of_the_registers_has_a_recorded_example(module: ModuleType) -> None:
    made = {f"civil.registry.{name.replace('_', '-')}.v1" for name in event_makers(module)}

    assert made
    assert made <= RECORDED.keys()


def test_every_kind_of_publication_has_a_recorded_example() -> None:
    made = {f"civil.registry.{name.replace('_', '-')}.v1" for name in event_makers(registry)}
    assert made - {"civil.registry.published.v1"} <= RECORDED.keys()
    told = {each for each in TYPES if each.endswith("-published.v1")}

    assert len(told) == len(PublicationKind)


def test_every_answer_of_every_department_has_a_recorded_example() -> None:
    answers = {name.replace("_", "-") for name in event_makers(department)}

    assert answers == {"task-answered", "matter-performed", "matter-failed"}
    assert {f"civil.{d}.{answer}.v1" for d in DEPARTMENTS for answer in answers} <= RECORDED.keys()


@pytest.mark.parametrize("event_type", TYPES)
def test_a_recorded_example_is_what_its_schema_says(event_type: str) -> None:
    schema = schema_of(event_type)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)

    assert [error.message for error in validator.iter_errors(example(event_type)["data"])] == []


@pytest.mark.parametrize("event_type", TYPES)
def test_a_schema_is_open_and_lists_every_member_of_today(event_type: str) -> None:
    schema = schema_of(event_type)

    assert schema["additionalProperties"] is True
    assert set(schema["required"]) <= schema["properties"].keys()
    assert set(example(event_type)["data"]) == schema["properties"].keys()
    assert all(member.get("description") for member in schema["properties"].values())


@pytest.mark.parametrize("event_type", TYPES)
def test_no_member_is_named_after_something_personal(event_type: str) -> None:
    found = {
        place
        for place in personal_names(schema_of(event_type))
        if (event_type, place) not in NO_PERSONS_NAME
    }

    assert found == set()


@pytest.mark.parametrize("event_type", TYPES)
def test_no_example_holds_a_number_that_could_be_a_persons(event_type: str) -> None:
    assert list(personal_values(example(event_type))) == []


def test_the_search_for_personal_data_would_find_some() -> None:
    schema = {"properties": {"applicant": {"properties": {"id_no": {}, "phone": {}, "name": {}}}}}
    values = {"a": "330106198803120011", "b": ["见 13800010004。"], "c": "6228480019880312004"}

    assert list(personal_names(schema)) == [
        "/applicant/id_no",
        "/applicant/phone",
        "/applicant/name",
    ]
    assert list(personal_values(values)) == ["/a", "/b/0", "/c"]
    assert list(personal_values({"number": "33010620261122M0000001A"})) == []


def test_every_schema_has_an_example_and_nothing_else_lies_about() -> None:
    schemas = {path.name.removesuffix(".schema.json") for path in EVENTS.glob("*.schema.json")}
    examples = {path.name.removesuffix(".example.json") for path in EVENTS.glob("*.example.json")}

    assert schemas == examples == RECORDED.keys()
    assert {path.name.removesuffix(".schema.json") for path in RELEASED.iterdir()} <= schemas


def test_a_case_is_the_key_of_everything_that_is_about_it() -> None:
    about_cases = [
        each for each in RECORDED.values() if each.topic.endswith((".application", ".matter"))
    ]

    assert about_cases
    assert all(each.event.key == each.data["applicationId"] for each in about_cases)


def test_the_asyncapi_document_names_every_type_and_each_reference_leads_somewhere() -> None:
    document = yaml.safe_load((EVENTS / "asyncapi.yaml").read_text())

    assert document["asyncapi"] == "3.0.0"
    assert set(document["components"]["messages"]) == RECORDED.keys()
    assert set(document["channels"]) == {each.topic for each in RECORDED.values()}
    references = list(_references(document))
    assert len(references) > 2 * len(RECORDED)
    for reference in references:
        assert _leads_somewhere(reference, document), reference


@pytest.mark.parametrize("event", RECORDED.values(), ids=RECORDED)
def test_the_headers_on_the_wire_are_those_the_document_describes(event: Recorded) -> None:
    document = yaml.safe_load((EVENTS / "asyncapi.yaml").read_text())
    described = document["components"]["messageTraits"]["cloudEvent"]["headers"]
    headers = {name: value.decode() for name, value in event.headers}

    assert list(Draft202012Validator(described).iter_errors(headers)) == []


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for member in node.values() for found in _references(member)]
    if isinstance(node, list):
        return [found for member in node for found in _references(member)]
    return []


def _leads_somewhere(reference: str, document: dict[str, Any]) -> bool:
    if reference.startswith("./"):
        return (EVENTS / reference).exists()
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        if part not in node:
            return False
        node = node[part]
    return True

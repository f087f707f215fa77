"""Is what is committed what is served, and are its words those of the window?"""

import pytest
from graphql import build_schema, parse, validate

from services.gateway.schema import create_schema, sessions, words
from services.gateway.schema.__main__ import DOCS, sdl
from services.gateway.schema.documents import manifest, read_documents
from services.gateway.schema.limits import Limits
from services.intake import model
from shared.auth import ActorKind

DOCUMENTS = read_documents(DOCS / "operations")


def test_the_committed_schema_is_the_one_that_is_served():
    committed = (DOCS / "schema.graphql").read_text(encoding="utf-8")
    assert committed == sdl(), "run `python -m services.gateway.schema`"


def test_the_committed_schema_can_be_built_by_anybody():
    assert build_schema(sdl()).mutation_type is not None


def test_the_manifest_names_every_screen_by_the_hash_of_its_document():
    committed = (DOCS / "documents.json").read_text(encoding="utf-8")
    assert committed == manifest(DOCUMENTS), "run `python -m services.gateway.schema`"


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_screen_s_document_is_valid_and_within_the_limits(name):
    schema = create_schema(introspection=False)._schema
    document = parse(DOCUMENTS[name], max_tokens=1000)
    assert validate(schema, document) == []
    assert validate(schema, document, [Limits]) == []


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_screen_has_one_operation_with_the_name_of_its_file(name):
    operations = [
        each.name.value
        for each in parse(DOCUMENTS[name]).definitions
        if each.kind == "operation_definition"
    ]
    assert operations == [name]


def test_every_type_and_every_command_says_what_it_is():
    schema = create_schema(introspection=True)._schema
    roots = {"Query", "Mutation", "Subscription"}
    undescribed = {
        name
        for name, type_ in schema.type_map.items()
        if not name.startswith("__")
        and name not in roots
        and not name.endswith("Result")
        and not type_.description
    }
    assert undescribed == set()
    for root in roots:
        assert all(field.description for field in schema.type_map[root].fields.values())


@pytest.mark.parametrize(
    "word", ["Channel", "Stage", "MatterStatus", "TaskState", "Verdict", "Outcome", "HandlerKind"]
)
def test_the_schema_has_every_word_of_the_window(word):
    ours, theirs = getattr(words, word), getattr(model, word)
    assert {each.name: each.value for each in ours} == {each.name: each.value for each in theirs}


def test_the_schema_has_every_class_of_actors():
    assert {each.value for each in sessions.ActorKind} == {each.value for each in ActorKind}

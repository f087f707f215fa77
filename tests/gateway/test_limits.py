"""How much may one document ask?"""

import pytest
from graphql import parse, validate
from strawberry.extensions.validation_cache import _get_validate_cache

from services.gateway.schema import create_schema
from services.gateway.schema.limits import Limits
from tests.support.gateway import application_id, codes

SCHEMA = create_schema(introspection=False)._schema


def found(query):
    """The codes with which the limits refuse a document."""
    return [each.extensions["code"] for each in validate(SCHEMA, parse(query), [Limits])]


def nested(levels):
    """A query whose tasks show their cases' tasks' cases, so many levels deep."""
    inner = "id"
    for level in range(levels - 1):
        inner = f"application {{ {inner} }}" if level % 2 == 0 else f"waitingOn {{ {inner} }}"
    return (
        f'{{ task(id: "x") {{ {inner} }} }}'
        if levels % 2 == 0
        else f'{{ application(id: "x") {{ {inner} }} }}'
    )


def test_twelve_levels_are_enough_for_anybody():
    assert "QUERY_TOO_DEEP" not in found(nested(12))
    assert "QUERY_TOO_DEEP" in found(nested(14))


def test_depth_is_found_behind_fragments():
    fragments = "".join(
        f"fragment F{n} on Task {{ application {{ waitingOn {{ ...F{n + 1} }} }} }} "
        for n in range(7)
    )
    query = '{ task(id: "x") { ...F0 } } ' + fragments + "fragment F7 on Task { id }"
    assert "QUERY_TOO_DEEP" in found(query)


def test_fifteen_aliases_are_enough_for_anybody():
    assert found("{ " + " ".join(f"a{n}: __typename" for n in range(15)) + " }") == []
    assert found("{ " + " ".join(f"a{n}: __typename" for n in range(16)) + " }") == [
        "TOO_MANY_ALIASES"
    ]


def test_aliases_are_found_behind_fragments():
    five = " ".join
    query = (
        "{ ...A ...A ...A ...A ...A } "
        "fragment A on Query { " + five(f"viewer {{ x{n}: id }}" for n in range(5)) + " }"
    )
    assert "TOO_MANY_ALIASES" in found(query)


def test_fields_repeated_beside_themselves_count_as_aliases():
    assert found("{ " + "__typename " * 150 + "}") == ["TOO_MANY_ALIASES"]


def test_fragments_that_multiply_are_weighed_once_each():
    """2^60 visits would never end; the test ends."""
    fragments = "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }} " for n in range(60))
    query = "{ ...F0 } " + fragments + "fragment F60 on Query { a: __typename }"
    assert "TOO_MANY_ALIASES" in found(query)


def test_a_page_costs_as_much_as_it_may_hold():
    page = "{{ inbox(first: {first}) {{ edges {{ node {{ disclosure {{ fields }} }} }} }} }}"
    assert found(page.format(first=9)) == []
    assert found(page.format(first=10)) == ["QUERY_TOO_COSTLY"]


def test_a_page_whose_size_is_a_variable_costs_the_most():
    query = "query($n: Int) { inbox(first: $n) { edges { node { application { id } } } } }"
    assert found(query) == ["QUERY_TOO_COSTLY"]


def test_a_document_carries_out_one_command():
    command = 'c%d: signIn(input: {provider: "DEVELOPMENT", code: "%d"}) { __typename }'
    assert found("mutation { " + command % (1, 1) + " }") == []
    assert found("mutation { " + command % (1, 1) + command % (2, 2) + " }") == ["ONE_COMMAND_ONLY"]
    hidden = (
        "mutation { ...M } fragment M on Mutation { " + command % (1, 1) + command % (2, 2) + " }"
    )
    assert found(hidden) == ["ONE_COMMAND_ONLY"]


async def test_a_refused_document_is_a_400_with_its_code(house):
    answer = await house.post({"query": nested(14)})
    assert answer.status_code == 400
    assert "QUERY_TOO_DEEP" in codes(answer.json())
    assert house.intake.requests == []


async def test_guessing_a_one_time_code_by_aliases_asks_nobody(house):
    guesses = " ".join(
        f'g{n}: signIn(input: {{provider: "DEVELOPMENT", code: "{n}"}}) {{ __typename }}'
        for n in range(10)
    )
    answer = await house.ask(f"mutation {{ {guesses} }}", token=None)
    assert codes(answer) == ["ONE_COMMAND_ONLY"]
    assert house.registry.requests == []


async def test_a_document_of_five_thousand_tokens_is_not_read_to_its_end(house):
    answer = await house.post({"query": "{ " + "__typename " * 5000 + "}"})
    assert answer.status_code == 400
    assert codes(answer.json()) == ["QUERY_TOO_LONG"]


@pytest.mark.parametrize(
    "query",
    [
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ __typename " + "@skip(if: false) " * 40 + "}",
        "{ serviceItem(code: " + "[" * 400 + "]" * 400 + ") { id } }",
        "{ ...NoSuchFragment }",
        "{ a: viewer { id } a: viewer { kind } a: __typename }",
    ],
)
async def test_crooked_documents_are_a_400(house, query):
    answer = await house.post({"query": query})
    assert answer.status_code == 400
    assert "INTERNAL" not in codes(answer.json())


async def test_a_document_seen_before_is_not_parsed_or_validated_again(house):
    """The rules are classes of the module, so the caches can hit."""
    cache = _get_validate_cache(512)
    case = house.intake.add()
    query = "query CachedOnce($id: ID!) { application(id: $id) { id } }"
    await house.data(query, {"id": application_id(case)})
    before = cache.cache_info()
    await house.data(query, {"id": application_id(case)})
    after = cache.cache_info()
    assert (after.hits - before.hits, after.misses - before.misses) == (1, 0)

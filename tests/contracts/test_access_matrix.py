"""Does every door answer everybody, about every record, as the policy on paper says?"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4

import httpx
import pytest

from services.registry.clients.catalogue import read_catalogue
from shared.clock import FakeClock
from tests.conftest import TEMPLATE, TestDatabase, _database_url, _execute
from tests.support.access_files import (
    funeral_files,
    marriage_files,
    registry_files,
    relief_files,
)
from tests.support.access_oracle import (
    ALLOWED,
    IN_BODY,
    LISTED,
    NOBODY,
    ORACLE,
    RECORDS,
)
from tests.support.access_window import furnished
from tests.support.doors import Operation, operations
from tests.support.registry import CATALOGUE, TestRegistry, registry_settings
from tests.support.window import open_window

INSIDE = frozenset({"RATING_NOT_FOUND", "VERSION_NOT_FOUND"})
"""Something within a record is not there: told only to those for whom the record is."""


class Place(Protocol):
    """A service with its records, and people who knock."""

    records: Mapping[str, str]

    @property
    def people(self) -> Mapping[str, Any]: ...

    async def knock(self, operation: Operation, who: str, record: str | None) -> httpx.Response: ...


@pytest.fixture(scope="module")
async def places(template_database: str) -> AsyncIterator[Mapping[str, Place]]:
    """All five services on one database, each with its records."""
    name = f"t_{uuid4().hex[:12]}"
    await _execute(template_database, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    database = TestDatabase(_database_url(template_database, name))
    made = TestRegistry(
        registry_settings(database.url("registry")),
        FakeClock(datetime.now(UTC)),
        read_catalogue(CATALOGUE),
    )
    await made.prepare()
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        window = await enter(open_window(database.url("intake")))
        yield {
            "intake": await enter(furnished(window)),
            "registry": await enter(registry_files(made)),
            "relief": await enter(relief_files(database.url("relief"))),
            "marriage": await enter(marriage_files(database.url("marriage"))),
            "funeral": await enter(funeral_files(database.url("funeral"))),
        }
    await made.close()
    await _execute(template_database, f"DROP DATABASE {name} WITH (FORCE)")


OPERATIONS = operations()


def door(operation: Operation) -> str:
    return f"{operation.method.upper()} {operation.path}"


def records_at(operation: Operation) -> Sequence[str | None]:
    """What an operation can be asked about; itself alone, where it is about no record."""
    named = [each["name"] for each in operation.parameters("path") if each["name"] in RECORDS]
    if named and not operation.is_open:
        return RECORDS[named[0]]
    return IN_BODY.get(door(operation), (None,))


def heard(answer: httpx.Response, *, is_open: bool, record: str | None) -> str:
    """Which of the four answers this is; where nothing was asked about, nothing is hidden."""
    if answer.is_success:
        return ALLOWED
    if answer.headers["content-type"].startswith("text/html"):
        return ALLOWED
    code = answer.json()["code"]
    assert code != "BODY_INVALID", "the question did not reach the policy"
    assert answer.status_code < 500, code
    if answer.status_code == 401 and is_open:
        return str(answer.status_code) if code == "UNAUTHENTICATED" else ALLOWED
    if answer.status_code == 404 and (is_open or record is None or code in INSIDE):
        return ALLOWED
    return str(answer.status_code) if answer.status_code in (401, 403, 404) else ALLOWED


def test_every_door_stands_in_the_oracle_and_nothing_else_does() -> None:
    served = {(each.service, door(each)) for each in OPERATIONS}
    assert served == {(service, name) for service, doors in ORACLE.items() for name in doors}


LISTS = [each for each in OPERATIONS if door(each) in LISTED and each.service == "intake"]


@pytest.mark.parametrize("operation", LISTS, ids=str)
async def test_a_list_holds_what_a_read_would_show_and_nothing_else(
    places: Mapping[str, Place], operation: Operation
) -> None:
    place, kept = places["intake"], LISTED[door(operation)]
    names = {id: name for name, id in place.records.items()}
    wrong = []
    for who in place.people:
        answer = await place.knock(operation, who, None)
        if answer.status_code == 403:
            continue
        listed = {names.get(each.get("id") or each["applicationId"]) for each in items_of(answer)}
        for record, seen_by in kept.items():
            if (record in listed) is not (who in seen_by):
                wrong.append((who, record, "is listed" if record in listed else "is not"))
    assert not wrong, wrong


def items_of(answer: httpx.Response) -> Sequence[Mapping[str, Any]]:
    """What a list holds; an officer without an office has none to look in."""
    found: Sequence[Mapping[str, Any]] = answer.json().get("items", [])
    return found


async def test_two_thousand_questions_are_asked(places: Mapping[str, Place]) -> None:
    asked = sum(
        len(records_at(each)) * (len(places[each.service].people) + 1) for each in OPERATIONS
    )
    assert asked >= 2_000


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
async def test_everybody_is_answered_as_the_policy_on_paper_says(
    places: Mapping[str, Place], operation: Operation
) -> None:
    place, policy = places[operation.service], ORACLE[operation.service][door(operation)]
    wrong = []
    for record in records_at(operation):
        for who in (*place.people, NOBODY):
            answer = await place.knock(operation, who, record)
            found = heard(answer, is_open=policy.is_open, record=record)
            expected = policy.answer(who, record)
            if found != expected:
                wrong.append((who, record, f"is {found}, should be {expected}"))
    assert not wrong, wrong

"""Does a statement whose predicate was forgotten find nothing all the same?"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import text

from shared.connection import Connection
from shared.database import Database
from shared.store import SharedStore
from shared.web import CurrentActor, create_api
from tests.conftest import TestDatabase
from tests.support.access_files import Files, funeral_files, marriage_files, people, relief_files
from tests.support.access_oracle import FUNERAL, MARRIAGE, RELIEF, Policy
from tests.support.window import Believed

Furnish = Callable[[str], AbstractAsyncContextManager[Files]]

FORGETFUL: Mapping[str, tuple[Furnish, Mapping[str, Policy], tuple[str, ...]]] = {
    "relief": (relief_files, RELIEF, ("benefit", "beneficiary", "payment_line")),
    "marriage": (marriage_files, MARRIAGE, ("marriage", "marriage_party")),
    "funeral": (funeral_files, FUNERAL, ("funeral_case", "booking")),
}
"""Who has a wall, and the tables behind it that hold something."""


async def forgetful(database: Database, tables: tuple[str, ...]) -> httpx.AsyncClient:
    """A door whose statement asks for everything there is."""
    believed, router = Believed(), APIRouter()
    believed.actors = {actor.subject: actor for actor in people().values()}

    @router.get("/everything")
    async def everything(actor: CurrentActor) -> dict[str, int]:
        async with database.transactions(SharedStore)(is_reading=True) as store:
            return {table: await count(store.connection, table) for table in tables}

    api: FastAPI = create_api(
        title="forgetful",
        description="forgetful",
        verifier=believed,  # type: ignore[arg-type]
        readiness=_ready,
    )
    api.include_router(router)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://forgetful")


async def _ready() -> dict[str, bool]:
    return {}


async def count(connection: Connection, table: str) -> int:
    found = await connection.execute(text(f"SELECT count(*) AS n FROM {table}"))
    return int(found.one().n)


@pytest.fixture(params=FORGETFUL)
async def behind(request: Any, database: TestDatabase) -> AsyncIterator[tuple[str, Database]]:
    furnish, _, _ = FORGETFUL[request.param]
    opened = Database(database.url(request.param), schema=request.param, has_wall=True)
    async with furnish(database.url(request.param)):
        yield request.param, opened
    await opened.close()


async def test_a_forgotten_predicate_shows_only_those_for_whom_the_record_is(
    behind: tuple[str, Database],
) -> None:
    service, database = behind
    _, doors, tables = FORGETFUL[service]
    [(record, seen_by)] = next(each.shows for each in doors.values() if each.shows).items()
    async with await forgetful(database, tables) as http:
        for name, actor in people().items():
            asked = {"Authorization": f"Bearer {actor.subject}"}
            found = (await http.get("/everything", headers=asked)).json()
            may = name in seen_by
            assert all((n > 0) is may for n in found.values()), (name, record, found)


async def test_the_house_itself_works_in_front_of_the_wall(
    behind: tuple[str, Database],
) -> None:
    service, database = behind
    async with database.transactions(SharedStore)() as store:
        for table in FORGETFUL[service][2]:
            assert await count(store.connection, table) > 0


async def test_who_does_not_say_for_whom_they_ask_finds_nothing(
    behind: tuple[str, Database], database: TestDatabase
) -> None:
    service, _ = behind
    silent = await asyncpg.connect(database.url(service), server_settings={"search_path": service})
    try:
        for table in FORGETFUL[service][2]:
            assert await silent.fetchval(f"SELECT count(*) FROM {table}") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await silent.execute(
                f"ALTER TABLE {FORGETFUL[service][2][0]} DISABLE ROW LEVEL SECURITY"
            )
    finally:
        await silent.close()


async def test_the_wall_costs_one_statement_and_only_where_a_caller_is_answered(
    behind: tuple[str, Database],
) -> None:
    service, database = behind
    told: list[str] = []
    database.statements.watchers.append(told.append)
    async with database.transactions(SharedStore)(is_reading=True) as store:
        await count(store.connection, FORGETFUL[service][2][0])
    assert len(told) == 1
    told.clear()
    async with await forgetful(database, FORGETFUL[service][2][:1]) as http:
        await http.get("/everything", headers={"Authorization": "Bearer officer:lin"})
    assert [each.split()[0] for each in told] == ["BEGIN", "SELECT", "SELECT", "COMMIT"]

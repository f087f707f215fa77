"""A window on a real database, with a clock of its own and people whose word is believed."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
from fastapi import FastAPI
from sqlalchemy import text

from services.intake.actions.desk import Catalogue, Desk
from services.intake.actions.follow_registry import (
    follow_calendar,
    follow_item,
    follow_office,
    follow_parameters,
)
from services.intake.api import Counter, router
from services.intake.rules.expressions import Expressions
from services.intake.store import Store
from shared.auth import Actor, ActorKind
from shared.calendar import calendar_as_data
from shared.clock import FakeClock
from shared.database import Database, Transactions
from shared.errors import Unauthenticated
from shared.ids import derived_id
from shared.sealing import Algorithm, BlindIndex, FieldCipher, SealingKey
from shared.web import create_api
from tests.support.calendars import official_calendar
from tests.support.forms import item_codes, item_definition, read_catalogue, resident

CIPHER = FieldCipher({"t1": SealingKey(Algorithm.AES_256_GCM, b"k" * 32)}, current="t1")
INDEX = BlindIndex(b"i" * 32)
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""A Monday, 12:00 in Shanghai."""


class Believed:
    """Stands in for the registry's keys: a token names an actor of the test."""

    def __init__(self) -> None:
        self.actors: dict[str, Actor] = {}

    async def verify(self, token: str) -> Actor:
        if token not in self.actors:
            raise Unauthenticated
        return self.actors[token]


@dataclass
class KnownGrants:
    """Stands in for the registry's grants."""

    granted: set[tuple[UUID, str, str, str]] = field(default_factory=set)

    async def allows(
        self, grant_id: UUID, *, agent: str, principal_index: str, item_code: str
    ) -> bool:
        return (grant_id, agent, principal_index, item_code) in self.granted


@dataclass
class KnownColleagues:
    """Stands in for the registry's officers: who works where."""

    working: dict[UUID, set[str]] = field(default_factory=dict)

    async def of(self, office_id: UUID) -> frozenset[str]:
        return frozenset(self.working.get(office_id, ()))


@dataclass
class Window:
    """The window's API and what a test looks at behind it."""

    api: FastAPI
    database: Database
    transaction: Transactions[Store]
    desk: Desk
    clock: FakeClock
    believed: Believed
    grants: KnownGrants
    colleagues: KnownColleagues

    def citizen(self, key: str) -> "Caller":
        index = INDEX.of(resident(key)["id_no"])
        return self._caller(Actor(kind=ActorKind.CITIZEN, id=f"resident-{key}", person_index=index))

    def officer(self, key: str, *offices: str) -> "Caller":
        return self._officer(key, offices, roles=frozenset())

    def lead(self, key: str, *offices: str) -> "Caller":
        return self._officer(key, offices, roles=frozenset({"lead"}))

    def _officer(self, key: str, offices: tuple[str, ...], *, roles: frozenset[str]) -> "Caller":
        for office in offices:
            self.colleagues.working.setdefault(office_id(office), set()).add(f"officer-{key}")
        ids = frozenset(str(office_id(office)) for office in offices)
        return self._caller(
            Actor(kind=ActorKind.OFFICER, id=f"officer-{key}", offices=ids, roles=roles)
        )

    def supervisor(self, key: str, division: str) -> "Caller":
        roles = frozenset({"supervision"})
        return self._caller(
            Actor(kind=ActorKind.OFFICER, id=f"officer-{key}", division=division, roles=roles)
        )

    def reviewer(self, key: str, division: str) -> "Caller":
        roles = frozenset({"review"})
        return self._caller(
            Actor(kind=ActorKind.OFFICER, id=f"officer-{key}", division=division, roles=roles)
        )

    def partner(self, system: str) -> "Caller":
        return self._caller(Actor(kind=ActorKind.PARTNER, id=system, system=system))

    def service(self, name: str) -> "Caller":
        return self._caller(Actor(kind=ActorKind.SERVICE, id=name, system=name))

    def operator(self) -> "Caller":
        return self._caller(Actor(kind=ActorKind.OPERATOR, id="operator"))

    def _caller(self, actor: Actor) -> "Caller":
        self.believed.actors[actor.subject] = actor
        transport = httpx.ASGITransport(app=self.api, raise_app_exceptions=False)
        client = httpx.AsyncClient(
            transport=transport,
            base_url="http://intake",
            headers={"Authorization": f"Bearer {actor.subject}"},
        )
        return Caller(actor=actor, client=client)

    async def rows(self, statement: str, **values: Any) -> list[Mapping[str, Any]]:
        async with self.database.engine.connect() as connection:
            found = await connection.execute(text(statement), values)
            return [dict(row._mapping) for row in found]

    async def value(self, statement: str, **values: Any) -> Any:
        [row] = await self.rows(statement, **values)
        return next(iter(row.values()))

    async def events(self) -> list[tuple[str, Mapping[str, Any]]]:
        rows = await self.rows("SELECT type, payload FROM outbox ORDER BY seq")
        return [(row["type"], row["payload"]) for row in rows]


@dataclass(frozen=True)
class Caller:
    """Somebody with a token."""

    actor: Actor
    client: httpx.AsyncClient

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        return await self.client.post(
            path,
            content=orjson.dumps({} if body is None else body),
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": key or uuid4().hex,
            },
        )

    async def upload(self, content: bytes = b"%PDF-1.7 test") -> str:
        answer = await self.client.post(
            "/v1/files",
            files={"file": ("paper.pdf", content, "application/pdf")},
            headers={"Idempotency-Key": uuid4().hex},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


def office_id(key: str) -> UUID:
    return derived_id("office", key)


@asynccontextmanager
async def open_window(url: str) -> AsyncIterator[Window]:
    """A window whose catalogue has been published, on a database of its own."""
    database = Database(url, schema="intake", pool_size=12)
    transaction = database.transactions(Store)
    clock = FakeClock(NOON)
    desk = Desk(clock=clock, cipher=CIPHER, index=INDEX, catalogue=Catalogue())
    believed, grants, colleagues = Believed(), KnownGrants(), KnownColleagues()

    async def readiness() -> dict[str, bool]:
        return {"database": await database.answers()}

    api = create_api(
        title="intake",
        description="under test",
        verifier=believed,  # type: ignore[arg-type]
        readiness=readiness,
        other_types={"/v1/files": ("multipart/form-data", 6 * 1024 * 1024)},
    )
    api.state.counter = Counter(
        transaction=transaction, desk=desk, grants=grants, colleagues=colleagues
    )
    api.include_router(router)
    await publish(transaction)
    try:
        yield Window(api, database, transaction, desk, clock, believed, grants, colleagues)
    finally:
        await database.close()


async def publish(transaction: Transactions[Store]) -> None:
    """Publish the whole catalogue to the window, as the registry's events would."""
    for code in item_codes():
        await publish_item(transaction, item_definition(code))
    parameters = [
        {**table, "effective_from": str(table["effective_from"])}
        for table in read_catalogue("parameters/2026-xihu.yaml")["parameters"]
    ]
    await follow_parameters({"version": 1, "parameters": parameters}, transaction=transaction)
    calendar = calendar_as_data(official_calendar())
    await follow_calendar({"version": 1, "calendar": calendar}, transaction=transaction)
    for office in read_catalogue("places/offices.yaml")["offices"]:
        data = {**office, "officeId": str(office_id(office["key"]))}
        await follow_office(data, transaction=transaction)


async def publish_item(
    transaction: Transactions[Store], definition: Mapping[str, Any], *, version: int = 1
) -> None:
    """Publish one version of one item."""
    plain = orjson.loads(orjson.dumps(definition))
    await follow_item(
        {
            "code": plain["code"],
            "version": version,
            "hash": f"{plain['code']}-{version}",
            "definition": plain,
        },
        transaction=transaction,
        expressions=Expressions(),
    )

"""What tests of department services share: requests of the window, keys, tokens, the outbox."""

import base64
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import text

from shared.auth import ISSUER, TOKEN_TYPE, Actor, ActorKind, TokenVerifier, claims_of
from shared.database import Database
from shared.department import MatterRequest, TaskRequest
from shared.jobs import Job
from shared.sealing import BlindIndex, FieldCipher
from shared.web import create_api

INDEX = BlindIndex(b"i" * 32)
CIPHER = FieldCipher.parse("test:" + base64.b64encode(b"k" * 32).decode())
TOWNSHIP = "330106109000"


def task_request(check: str, fields: dict[str, Any], **changed: Any) -> TaskRequest:
    """A task the window asks us to answer."""
    values = {
        "application_id": uuid4(),
        "number": "33010620261122M0000001A",
        "task_id": uuid4(),
        "round": 1,
        "check": check,
        "item_code": "JZ201",
        "division": TOWNSHIP,
        "fields": fields,
        **changed,
    }
    return TaskRequest(**values)


def matter_request(effect: str, fields: dict[str, Any], **changed: Any) -> MatterRequest:
    """A decided matter the window asks us to make real."""
    values = {
        "application_id": uuid4(),
        "number": "33010620261122M0000001A",
        "matter_id": uuid4(),
        "matter": "matter",
        "effect": effect,
        "item_code": "JZ201",
        "division": TOWNSHIP,
        "fields": fields,
        **changed,
    }
    return MatterRequest(**values)


async def published(database: Database, type_ends: str = "") -> list[dict[str, Any]]:
    """The data of the events in the outbox, oldest first."""
    async with database.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT type, payload FROM outbox WHERE type LIKE :like ORDER BY seq"),
            {"like": f"%{type_ends}.v1" if type_ends else "%"},
        )
        return [row.payload for row in rows]


async def count_rows(database: Database, table: str) -> int:
    """How many rows a table of the service holds."""
    async with database.engine.connect() as connection:
        return (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()


async def every_column_as_text(database: Database) -> str:
    """All that the service keeps, as text; to look for what must not be in it."""
    async with database.engine.connect() as connection:
        tables = await connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        )
        parts = []
        for table in tables.scalars().all():
            rows = await connection.execute(text(f'SELECT "{table}"::text FROM "{table}"'))
            parts.extend(rows.scalars().all())
        return "\n".join(parts)


class Registry:
    """Signs tokens as the registry does, and publishes its key."""

    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256", {"kid": "test", "alg": "ES256", "use": "sig"})

    def token(self, actor: Actor, *, audience: str) -> str:
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": [audience], "iat": now, "exp": now + 300}
        header = {"alg": "ES256", "kid": "test", "typ": TOKEN_TYPE}
        return jwt.encode(header, {**claims, **claims_of(actor)}, self._key)

    def verifier(self, audience: str) -> TokenVerifier:
        published_keys = {"keys": [self._key.as_dict(private=False)]}
        transport = httpx.MockTransport(lambda _request: httpx.Response(200, json=published_keys))
        client = httpx.AsyncClient(transport=transport, base_url="http://registry")
        return TokenVerifier(audience=audience, client=client)


class Door:
    """The HTTP door of a service in a test, asked as somebody."""

    def __init__(self, service: str, include: Callable[[FastAPI], None]) -> None:
        self._service = service
        self._registry = Registry()
        api = create_api(
            title=service,
            description=service,
            verifier=self._registry.verifier(service),
            readiness=_ready,
        )
        include(api)
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=api), base_url=f"http://{service}"
        )

    async def get(self, path: str, *, actor: Actor | None) -> httpx.Response:
        headers = {}
        if actor is not None:
            token = self._registry.token(actor, audience=self._service)
            headers["Authorization"] = f"Bearer {token}"
        return await self._client.get(path, headers=headers)

    async def close(self) -> None:
        await self._client.aclose()


def officer(division: str = TOWNSHIP) -> Actor:
    return Actor(kind=ActorKind.OFFICER, id="lin", division=division)


def citizen(id_number: str) -> Actor:
    return Actor(kind=ActorKind.CITIZEN, id="somebody", person_index=INDEX.of(id_number))


def partner() -> Actor:
    return Actor(kind=ActorKind.PARTNER, id="police", system="police")


def service(name: str = "intake") -> Actor:
    return Actor(kind=ActorKind.SERVICE, id=name, system=name)


async def _ready() -> dict[str, bool]:
    return {}


class OpenWindow:
    """A window that discloses the same fields of every task and matter."""

    def __init__(self, fields: dict[str, Any], *, is_open: bool = True, **more: Any) -> None:
        self._disclosure = {
            "itemCode": "JZ201",
            "division": TOWNSHIP,
            "fields": fields,
            **more,
        }
        self._is_open = is_open

    async def task_disclosure(self, task_id: UUID) -> dict[str, Any] | None:
        return self._disclosure if self._is_open else None

    async def matter_disclosure(self, matter_id: UUID) -> dict[str, Any]:
        return self._disclosure


def job(kind: str, payload: dict[str, Any]) -> Job:
    """A job as the worker hands it over."""
    return Job(id=uuid4(), kind=kind, key="key", payload=payload, attempts=1)


def task_opened(check: str) -> dict[str, Any]:
    """What the window says when a task is opened."""
    return {
        "applicationId": str(uuid4()),
        "number": "33010620261122M0000001A",
        "taskId": str(uuid4()),
        "matter": "matter",
        "task": "task",
        "round": 1,
        "check": check,
    }


def matter_decided(service_name: str, effect: str) -> dict[str, Any]:
    """What the window says when a matter is granted."""
    return {
        "applicationId": str(uuid4()),
        "number": "33010620261122M0000001A",
        "matterId": str(uuid4()),
        "matter": "matter",
        "outcome": "granted",
        "effect": {"service": service_name, "name": effect},
    }

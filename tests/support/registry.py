"""What the registry's tests share: a registry on a fresh database, and builders."""

import base64
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson
import pyotp
from sqlalchemy import text

from services.registry.actions.enrol_officer import invite_officer
from services.registry.app import Parts, assemble, open_doors, prepare
from services.registry.model import (
    Catalogue,
    Grant,
    GrantId,
    GrantInForce,
    LifeStatus,
    PersonId,
    PersonIndex,
    ReportedDeath,
    Resident,
)
from services.registry.settings import RegistrySettings
from shared.auth import Actor, ActorKind
from shared.clock import Clock
from shared.department import MatterRequest, TaskRequest
from shared.ids import new_id
from shared.sealing import FieldCipher

CATALOGUE = Path(__file__).parents[2] / "catalogue"
FIELD_KEYS = "k1:" + base64.b64encode(b"f" * 32).decode()
INDEX_KEY = base64.b64encode(b"i" * 32).decode()
TODAY = date(2026, 11, 22)

CHEN = "330106198803120011"
ZHAO_FATHER = "330106195203040057"
YE = "330106196904170115"
PASSWORD = "four unrelated herons"
STRANGER = "330106194901010010"
"""Right check digit, in no register."""

SECRETS = {
    name: f"{name}-secret-of-this-test-session"
    for name in ("intake", "relief", "gateway", "registry", "police", "operator")
}


def registry_settings(database_url: str, **changes: Any) -> RegistrySettings:
    """Development settings on a database; `changes` by field or environment name."""
    given = {
        "database_url": database_url,
        "client_secret": SECRETS["registry"],
        "client_secrets": orjson.dumps(SECRETS).decode(),
        "FIELD_KEYS": FIELD_KEYS,
        "BLIND_INDEX_KEY": INDEX_KEY,
        "ENVIRONMENT": "development",
        "REGISTRY_CATALOGUE_DIR": CATALOGUE,
        "REGISTRY_URL": "http://registry",
        "address_requests_per_minute": 1_000_000,
        "client_requests_per_minute": 1_000_000,
        "session_requests_per_minute": 1_000_000,
        **changes,
    }
    return RegistrySettings(**given)


class TestRegistry:
    """A prepared registry: its parts for actions, its doors for HTTP."""

    __test__ = False

    def __init__(
        self, settings: RegistrySettings, clock: Clock, catalogue: Catalogue | None = None
    ) -> None:
        self.clock = clock
        self.parts: Parts = assemble(settings, clock=clock, catalogue=catalogue)
        self.api = open_doors(self.parts)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.api, raise_app_exceptions=False),
            base_url="http://registry",
        )

    @property
    def transaction(self):
        return self.parts.wiring.transaction

    @property
    def cipher(self) -> FieldCipher:
        return FieldCipher.parse(FIELD_KEYS)

    @property
    def index(self):
        return self.parts.wiring.index

    async def prepare(self) -> None:
        await prepare(self.parts)

    async def close(self) -> None:
        await self.http.aclose()
        await self.parts.database.close()

    async def service_token(self, name: str = "intake", audience: str = "registry") -> str:
        answer = await self.ask_token(
            client_id=name, client_secret=SECRETS[name], audience=audience
        )
        return answer.json()["access_token"]

    async def ask_token(self, **form: str) -> httpx.Response:
        return await self.http.post("/v1/token", data={"grant_type": "client_credentials", **form})

    async def sign_in(self, code: str) -> dict[str, Any]:
        answer = await self.http.post("/v1/sign-in", json={"provider": "DEVELOPMENT", "code": code})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def token_of(self, code: str) -> str:
        return (await self.sign_in(code))["accessToken"]

    async def invite(self, officer: str) -> str:
        async with self.transaction() as store:
            return await invite_officer(store, officer, actor="operator:test", clock=self.clock)

    async def enrol(self, officer: str, password: str = PASSWORD) -> tuple[str, list[str]]:
        """An officer with both factors: the authenticator's secret, and recovery codes."""
        invitation = await self.invite(officer)
        body = {"invitation": invitation, "password": password}
        begun = await self.http.post("/v1/enrolments:begin", json=body)
        assert begun.status_code == 200, begun.text
        secret = begun.json()["secret"]
        body = {"invitation": invitation, "code": self.code_of(secret)}
        confirmed = await self.http.post("/v1/enrolments:confirm", json=body)
        assert confirmed.status_code == 200, confirmed.text
        return secret, confirmed.json()["recoveryCodes"]

    def code_of(self, secret: str, *, steps: int = 0) -> str:
        """What the officer's authenticator shows now, or some steps from now."""
        return pyotp.TOTP(secret).at(int(self.clock.now().timestamp()) + 30 * steps)

    async def events(self, type_: str = "%") -> list[Mapping[str, Any]]:
        """The outbox, in order."""
        return await self.rows(
            "SELECT aggregatetype AS topic, aggregateid AS key, type, payload AS data, id"
            " FROM outbox WHERE type LIKE :type ORDER BY seq",
            type=type_,
        )

    async def rows(self, statement: str, **values: object) -> list[Mapping[str, Any]]:
        async with self.parts.database.engine.begin() as connection:
            return [dict(row._mapping) for row in await connection.execute(text(statement), values)]


def headers(token: str, key: str | None = "key-of-this-request") -> dict[str, str]:
    """A bearer token and, for commands, an idempotency key."""
    return {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})


def a_resident(**changes: Any) -> Resident:
    given = {
        "id": PersonId(new_id()),
        "index": PersonIndex("0" * 64),
        "name": "赵老示例",
        "id_number": ZHAO_FATHER,
        "status": LifeStatus.ALIVE,
        **changes,
    }
    return Resident(**given)


def a_report(**changes: Any) -> ReportedDeath:
    given = {
        "name": "赵老示例",
        "id_number": ZHAO_FATHER,
        "died_on": date(2026, 11, 20),
        "certificate_number": "SW-2026-000123",
        "place_division": "330106109201",
        **changes,
    }
    return ReportedDeath(**given)


def disclosed_death(
    *, name: str = "赵老示例", id_no: str = ZHAO_FATHER, died_on: str = "2026-11-20"
) -> dict[str, Any]:
    """The fields of BND-02 that the registry may read, nested as in the form."""
    return {
        "deceased": {"name": name, "id_no": id_no},
        "death": {
            "date": died_on,
            "certificate_no": "SW-2026-000123",
            "place_division": "330106109201",
        },
    }


def a_task(**changes: Any) -> TaskRequest:
    given = {
        "application_id": new_id(),
        "number": "33010620261122W00000017",
        "task_id": new_id(),
        "round": 1,
        "check": "death-fact",
        "item_code": "BND-02",
        "division": "330106109201",
        "fields": disclosed_death(),
        **changes,
    }
    return TaskRequest(**given)


def a_matter(**changes: Any) -> MatterRequest:
    given = {
        "application_id": new_id(),
        "number": "33010620261122W00000017",
        "matter_id": new_id(),
        "matter": "death_record",
        "effect": "register-death",
        "item_code": "BND-02",
        "division": "330106109201",
        "fields": disclosed_death(),
        **changes,
    }
    return MatterRequest(**given)


def a_grant(**changes: Any) -> Grant:
    given = {
        "id": GrantId(new_id()),
        "principal": PersonId(UUID(int=1)),
        "agent": PersonId(UUID(int=2)),
        "items": frozenset({"JZ201"}),
        "granted_at": datetime(2026, 11, 1, tzinfo=UTC),
        "expires_on": date(2026, 12, 31),
        **changes,
    }
    return Grant(**given)


def in_force(grant: Grant, **changes: Any) -> GrantInForce:
    given = {
        "grant": grant,
        "principal_index": PersonIndex("a" * 64),
        "principal_is_alive": True,
        "agent_is_alive": True,
        **changes,
    }
    return GrantInForce(**given)


def a_citizen(person: PersonId) -> Actor:
    return Actor(kind=ActorKind.CITIZEN, id=str(person))

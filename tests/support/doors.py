"""Every service's real doors on one real database, for tests that knock at all of them."""

import base64
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import uuid4

import asyncpg
import httpx
import orjson
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from jsonschema import Draft202012Validator

from docs.contracts import OPENAPI
from services.funeral.app import create_app as create_funeral
from services.funeral.settings import FuneralSettings
from services.intake.app import create as create_intake
from services.intake.settings import IntakeSettings
from services.intake.store import Store
from services.marriage.app import create_app as create_marriage
from services.marriage.settings import MarriageSettings
from services.registry.app import assemble, open_doors, prepare
from services.relief.app import create_app as create_relief
from services.relief.settings import ReliefSettings
from shared.auth import ISSUER, TOKEN_TYPE, Actor, ActorKind, TokenVerifier, claims_of
from shared.database import Database
from shared.openapi import operations_of
from tests.conftest import TestDatabase
from tests.support.apps import department_settings
from tests.support.builders import a_definition, a_form
from tests.support.recorded_registry import small_catalogue
from tests.support.registry import registry_settings
from tests.support.window import KnownColleagues, KnownGrants, publish_item

SERVICES = ("funeral", "intake", "marriage", "registry", "relief")
CITIZEN_INDEX = "c" * 64

ACTORS = (
    Actor(kind=ActorKind.CITIZEN, id=str(uuid4()), person_index=CITIZEN_INDEX),
    Actor(
        kind=ActorKind.OFFICER,
        id="lin",
        division="330106109000",
        roles=frozenset({"decision"}),
    ),
    Actor(kind=ActorKind.SERVICE, id="relief", system="relief"),
    Actor(kind=ActorKind.SERVICE, id="registry", system="registry"),
    Actor(kind=ActorKind.PARTNER, id="police", system="police"),
    Actor(kind=ActorKind.OPERATOR, id="operator"),
)
"""Between them they may open every door."""

GOOD_BODIES: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("intake", "submit"): {
        "itemCode": "TS101",
        "form": a_form(),
        "materials": [{"key": "paper", "fileId": str(uuid4())}],
        "channel": "WEB",
        "onBehalfOf": str(uuid4()),
    },
    ("intake", "withdraw"): {"reason": "不再需要"},
    ("intake", "answer"): {
        "verdict": "approve",
        "opinion": "同意",
        "conditions": ["补交材料"],
        "facts": {"document_number": "示例1号"},
        "round": 1,
    },
    ("intake", "declare"): {"kind": "parent", "idNo": "330106196904170115"},
    ("registry", "signInOfficer"): {
        "officer": "nobody",
        "password": "four unrelated herons",
        "code": "123456",
    },
    ("registry", "bindAccount"): {
        "bindingTicket": "x" * 43,
        "name": "李示例",
        "idNo": "330106196904170115",
        "code": "example",
    },
    ("registry", "giveGrant"): {
        "agent": {"name": "李示例", "idNo": "330106196904170115"},
        "items": ["TS101"],
        "expiresOn": "2026-12-31",
    },
    ("registry", "checkGrant"): {
        "grantId": str(uuid4()),
        "agent": "somebody",
        "principalIndex": "a" * 64,
        "itemCode": "TS101",
    },
    ("registry", "verifyCertificate"): {
        "identifier": "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "purpose": "办理入学核验",
    },
    ("registry", "endCertificate"): {"kind": "REVOKED", "reason": "MISTAKE", "note": "登记有误"},
    ("registry", "reissueCertificate"): {"corrections": {"name": "刘示例"}, "reason": "更正姓名"},
    ("registry", "takeCredential"): {
        "holderKey": {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}
    },
    ("registry", "beginSession"): {"provider": "DEVELOPMENT", "code": "resident:nobody"},
    ("registry", "continueSession"): {"refreshToken": "x" * 43},
    ("registry", "leaveSession"): {"refreshToken": "x" * 43},
}
"""Well-formed bodies, for spoiling, where it matters what stands in them."""

GOOD_FORM = {
    "grant_type": "client_credentials",
    "client_id": "nobody",
    "client_secret": "nothing",
    "audience": "intake",
}

TEXTS = (
    "示例",
    "《示例办法》第1条",
    str(uuid4()),
    "2026-12-31",
    "2026-12-31T12:00:00+08:00",
    "TS101",
    "example",
    "EXAMPLE",
    "statutory",
    "example.example",
    "330106999000",
    "123456",
    "x" * 43,
    "a" * 64,
)
"""Among these there is one that fits."""

COUNTERS = frozenset({"rate_limit", "sign_in_attempt"})
"""Tables whose purpose is that every knock leaves something there."""

PATH_VALUES = {"code": "TS101", "version": "1", "number": "33010620261122M0000001A"}


@dataclass(frozen=True)
class Operation:
    """One operation of a service's committed document."""

    service: str
    path: str
    method: str
    described: Mapping[str, Any]
    document: Mapping[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.service}.{self.id}"

    @property
    def id(self) -> str:
        return str(self.described["operationId"])

    @property
    def is_open(self) -> bool:
        return self.described["security"] == []

    @property
    def is_page(self) -> bool:
        """Whether it answers a browser."""
        answers = self.described["responses"].values()
        return any("text/html" in each.get("content", {}) for each in answers)

    @property
    def takes_key(self) -> bool:
        return any("$ref" in each for each in self.described.get("parameters", ()))

    def parameters(self, place: str) -> list[Mapping[str, Any]]:
        """Its parameters in the path or in the query."""
        given = self.described.get("parameters", ())
        return [each for each in given if each.get("in") == place]

    @property
    def media_type(self) -> str | None:
        content = self.described.get("requestBody", {}).get("content", {})
        return next(iter(content), None)

    @property
    def good_body(self) -> Any:
        """A well-formed body; None if the operation takes no JSON."""
        if self.media_type != "application/json":
            return None
        known = GOOD_BODIES.get((self.service, self.id))
        return known or sample(self.body_schema, self.document)

    @property
    def body_schema(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.described["requestBody"]["content"]["application/json"]
        return cast("Mapping[str, Any]", found["schema"])

    def url(self, **changes: str) -> str:
        """Its address, with well-formed values of things that do not exist."""
        filled = self.path
        for parameter in self.parameters("path"):
            name = parameter["name"]
            value = changes.get(name) or _good_value(self, name)
            filled = filled.replace("{" + name + "}", value)
        required = [each["name"] for each in self.parameters("query") if each.get("required")]
        return filled + ("?" if required else "") + "&".join(f"{n}={uuid4()}" for n in required)


def _good_value(operation: Operation, name: str) -> str:
    if "divisions" in operation.path:
        return "330106999000"
    if name == "version" and operation.method == "post":
        return "9"  # nothing is done to a version that is there
    return PATH_VALUES.get(name, str(uuid4()))


def operations() -> list[Operation]:
    """Every operation of every service."""
    documents = {
        service: json.loads((OPENAPI / f"{service}.json").read_text()) for service in SERVICES
    }
    return [
        Operation(service, path, method, described, document)
        for service, document in documents.items()
        for path, method, described in operations_of(document)
    ]


def sample(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """A value that fits a schema, plain and small."""
    schema = resolved(schema, document)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            members = schema.get("properties", {}).items()
            return {name: sample(member, document) for name, member in members}
        case "array":
            return [sample(schema["items"], document)]
        case "integer":
            return int(schema.get("minimum", 1))
        case "boolean":
            return True
        case "null":
            return None
    return next(text for text in TEXTS if _fits(text, schema))


def resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself: behind its reference, or the first of several."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        return resolved(document["components"]["schemas"][name], document)
    if "anyOf" in schema:
        return resolved(schema["anyOf"][0], document)
    return schema


def _fits(text: str, schema: Mapping[str, Any]) -> bool:
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return bool(checker.is_valid(text))


class Signer:
    """Signs tokens as the registry does, and as it never would."""

    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256", {"kid": "test", "alg": "ES256", "use": "sig"})

    def verifier(self, audience: str) -> TokenVerifier:
        published = {"keys": [self._key.as_dict(private=False)]}
        transport = httpx.MockTransport(lambda _request: httpx.Response(200, json=published))
        client = httpx.AsyncClient(transport=transport, base_url="http://registry")
        return TokenVerifier(audience=audience, client=client)

    def token(self, actor: Actor, *, audience: str, **changes: Any) -> str:
        return jwt.encode(_header(), _claims(actor, audience, **changes), self._key)

    def bad_tokens(self, actor: Actor, *, audience: str) -> dict[str, str]:
        """Authorization headers that nobody should believe, by what is wrong with them."""
        now = int(time.time())
        good = self.token(actor, audience=audience)
        public = json.dumps(self._key.as_dict(private=False)).encode()
        by_public_key = jwt.encode(
            _header(alg="HS256"),
            _claims(actor, audience),
            OctKey.import_key(public),
            algorithms=["HS256"],
        )
        stranger = ECKey.generate_key("P-256", {"kid": "test"})
        tokens = {
            "no algorithm": _unsigned(good),
            "the public key as a secret": by_public_key,
            "another's key": jwt.encode(_header(), _claims(actor, audience), stranger),
            "an unknown key": jwt.encode(_header(kid="x"), _claims(actor, audience), self._key),
            "over": self.token(actor, audience=audience, iat=now - 700, exp=now - 31),
            "for another door": self.token(actor, audience="gateway"),
            "of another issuer": self.token(actor, audience=audience, iss="two-windows"),
            "an ID token": jwt.encode(_header(typ="JWT"), _claims(actor, audience), self._key),
            "half": good[: len(good) // 2],
            "endless": "x" * 9000,
            "empty": "",
        }
        return {
            **{name: f"Bearer {token}" for name, token in tokens.items()},
            "not bearer": f"Basic {good}",
            "no scheme": good,
        }


@dataclass(frozen=True)
class Door:
    """One service: its application, asked in this process, and its rows."""

    service: str
    client: httpx.AsyncClient
    signer: Signer
    admin_url: str

    def bearer(self, actor: Actor) -> str:
        return f"Bearer {self.signer.token(actor, audience=self.service)}"

    async def ask(
        self,
        operation: Operation,
        *,
        actor: Actor | None,
        url: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Ask as somebody, with a key where one is needed."""
        sent = httpx.Headers({"Idempotency-Key": uuid4().hex} if operation.takes_key else {})
        if any(each["name"] == "If-Match" for each in operation.parameters("header")):
            sent["If-Match"] = '"1"'
        if actor is not None:
            sent["Authorization"] = self.bearer(actor)
        sent.update(headers or {})
        return await self.client.request(
            operation.method.upper(), url or operation.url(), headers=sent, **more
        )

    async def actor_for(self, operation: Operation) -> Actor | None:
        """Whom this door lets in; nobody in particular where it is open to all."""
        if operation.is_open:
            return None
        for actor in ACTORS:
            if (await self.ask(operation, actor=actor)).status_code != 403:
                return actor
        raise AssertionError(f"nobody may open {operation}")

    async def rows(self) -> Mapping[str, int]:
        """How many rows each table of the service holds; those that count knocks left out."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            names = await connection.fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = $1", self.service
            )
            counted = {}
            for (name,) in names:
                if name in COUNTERS:
                    continue
                statement = f'SELECT count(*) FROM "{self.service}"."{name}"'
                if name == "journal":
                    # That somebody was turned away is noted; nothing else may be.
                    statement += " WHERE act <> 'denied'"
                counted[name] = await connection.fetchval(statement)
            return counted
        finally:
            await connection.close()


Doors = Mapping[str, Door]


@asynccontextmanager
async def open_all(database: TestDatabase) -> AsyncIterator[Doors]:
    """All services with their lifespans and a catalogue of one item, behind one signer."""
    signer, opened = Signer(), {}
    async with AsyncExitStack() as stack:
        for service, build in _BUILD.items():
            api = await build(database)
            api.state.verifier = signer.verifier(service)
            await stack.enter_async_context(api.router.lifespan_context(api))
            # As a server would: what nobody foresaw becomes an answer, not an exception here.
            transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
            client = httpx.AsyncClient(transport=transport, base_url=f"http://{service}")
            await stack.enter_async_context(client)
            opened[service] = Door(service, client, signer, database.admin_url)
        yield opened


async def _intake(database: TestDatabase) -> FastAPI:
    own = Database(database.url("intake"), schema="intake")
    await publish_item(own.transactions(Store), a_definition())
    await own.close()
    api = create_intake(IntakeSettings(**department_settings(database.url("intake"))))
    # The registry is not asked over the network here; it has given nobody a grant.
    api.state.counter = replace(
        api.state.counter, grants=KnownGrants(), colleagues=KnownColleagues()
    )
    return api


async def _registry(database: TestDatabase) -> FastAPI:
    settings = registry_settings(database.url("registry"), roles="api")
    parts = assemble(settings, catalogue=small_catalogue())
    await prepare(parts)
    return open_doors(parts)


async def _relief(database: TestDatabase) -> FastAPI:
    return create_relief(ReliefSettings(**department_settings(database.url("relief"))))


async def _marriage(database: TestDatabase) -> FastAPI:
    return create_marriage(MarriageSettings(**department_settings(database.url("marriage"))))


async def _funeral(database: TestDatabase) -> FastAPI:
    return create_funeral(FuneralSettings(**department_settings(database.url("funeral"))))


_BUILD: Mapping[str, Callable[[TestDatabase], Awaitable[FastAPI]]] = {
    "funeral": _funeral,
    "intake": _intake,
    "marriage": _marriage,
    "registry": _registry,
    "relief": _relief,
}


def forged_cursor(*parts: object) -> str:
    """Looks like one of ours, and names a place that there is not."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def _header(**changes: str) -> dict[str, str]:
    return {"alg": "ES256", "kid": "test", "typ": TOKEN_TYPE, **changes}


def _claims(actor: Actor, audience: str, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": [audience], "iat": now, "exp": now + 600}
    fresh = {"amr": ["otp", "pwd"], "auth_time": now}
    return {**claims, **fresh, **claims_of(actor), **changes}


def _unsigned(token: str) -> str:
    header = base64.urlsafe_b64encode(json.dumps(_header(alg="none")).encode()).decode()
    return f"{header.rstrip('=')}.{token.split('.')[1]}."

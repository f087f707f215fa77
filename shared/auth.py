"""Who is asking: access tokens of the registry, verified here, and tokens for our own calls."""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from shared.errors import Unauthenticated, Unavailable
from shared.revocation import RevokedSessions

ISSUER = "one-window"
ALGORITHM = "ES256"
TOKEN_TYPE = "at+jwt"
LEEWAY_SECONDS = 30
KEYS_LIVE_SECONDS = 300
MOST_TOKENS = 10_000
"""Most tokens remembered as verified; the oldest goes first."""
UNKNOWN_KEY_PAUSE_SECONDS = 5
"""At least this long between two fetches that an unknown key id caused."""


class ActorKind(StrEnum):
    """The classes of actors that the access policy knows."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    PARTNER = "partner"
    SERVICE = "service"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, as the registry vouches for it."""

    kind: ActorKind
    id: str
    """The registry's id of the person, the officer, the partner system or the service."""
    offices: frozenset[str] = frozenset()
    """Offices an officer works for; a township's one clerk has several."""
    division: str | None = None
    roles: frozenset[str] = frozenset()
    system: str | None = None
    """Name of the partner system or of the service."""
    person_index: str | None = None
    """Blind index of a citizen's identity number."""
    session: str | None = None
    """The sign-in behind the token; programs have none."""
    methods: frozenset[str] = frozenset()
    """How the person proved who they are (`amr`)."""
    authenticated_at: int | None = None
    """When they last did, in seconds since 1970 (`auth_time`)."""

    @property
    def subject(self) -> str:
        """`<kind>:<id>`, as it stands in journals and beside idempotency keys."""
        return f"{self.kind}:{self.id}"


_OPTIONAL = {
    "division": "division",
    "system": "system",
    "person_index": "person_index",
    "sid": "session",
    "auth_time": "authenticated_at",
}
"""Claims that only some tokens have, and the actor's fields behind them."""


def claims_of(actor: Actor) -> dict[str, Any]:
    """The token claims that say who an actor is."""
    claims: dict[str, Any] = {"sub": actor.id, "kind": str(actor.kind)}
    if actor.offices:
        claims["offices"] = sorted(actor.offices)
    if actor.roles:
        claims["roles"] = sorted(actor.roles)
    if actor.methods:
        claims["amr"] = sorted(actor.methods)
    for claim, name in _OPTIONAL.items():
        value = getattr(actor, name)
        if value is not None:
            claims[claim] = value
    return claims


def actor_of(claims: Mapping[str, Any]) -> Actor:
    """The actor a verified token speaks of.

    Raises:
        Unauthenticated: The claims are not those of a token of ours.
    """
    try:
        return Actor(
            kind=ActorKind(claims["kind"]),
            id=str(claims["sub"]),
            offices=frozenset(claims.get("offices", ())),
            division=claims.get("division"),
            roles=frozenset(claims.get("roles", ())),
            system=claims.get("system"),
            person_index=claims.get("person_index"),
            session=claims.get("sid"),
            methods=frozenset(claims.get("amr", ())),
            authenticated_at=_seconds(claims.get("auth_time")),
        )
    except (KeyError, ValueError, TypeError):
        raise Unauthenticated from None


def _seconds(value: object) -> int | None:
    if value is None or type(value) is int:
        return value
    raise TypeError


class TokenVerifier:
    """Verifies access tokens against the registry's published keys.

    Args:
        audience: Our own service's name; a token made for another service is refused.
        client: Asks the registry; its base address is the registry's.
    """

    def __init__(self, *, audience: str, client: httpx.AsyncClient) -> None:
        self._audience = audience
        self._client = client
        self._revoked = RevokedSessions(client)
        self._keys = KeySet([])
        self._fetched_at = -1e9
        self._fetching = asyncio.Lock()
        self._believed: dict[bytes, tuple[float, Actor]] = {}
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )

    async def verify(self, token: str) -> Actor:
        """The actor of a token.

        Raises:
            Unauthenticated: The token is not one of ours, not for us, or over, or its session
                was ended.
            Unavailable: The registry's keys cannot be had at all.
        """
        actor = await self._signed(token)
        if actor.session is not None and await self._revoked.has(actor.session):
            raise Unauthenticated
        return actor

    async def _signed(self, token: str) -> Actor:
        await self._refresh(max_age=KEYS_LIVE_SECONDS)
        digest = hashlib.sha256(token.encode()).digest()
        until, known = self._believed.get(digest, (0.0, None))
        if known is not None and time.time() < until:
            return known
        try:
            return self._verified(token)
        except _UnknownKey:
            await self._refresh(max_age=UNKNOWN_KEY_PAUSE_SECONDS)
        try:
            return self._verified(token)
        except _UnknownKey:
            raise Unauthenticated from None

    def _verified(self, token: str) -> Actor:
        try:
            decoded = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            if decoded.header.get("typ") != TOKEN_TYPE:
                raise Unauthenticated
            self._claims.validate(decoded.claims)
        except InvalidKeyIdError:
            raise _UnknownKey from None
        except (JoseError, ValueError):
            raise Unauthenticated from None
        actor = actor_of(decoded.claims)
        self._believe(token, actor, until=float(decoded.claims["exp"]))
        return actor

    def _believe(self, token: str, actor: Actor, *, until: float) -> None:
        """Remember a verified token, by its hash, until it ends or the keys are fetched anew."""
        if len(self._believed) >= MOST_TOKENS:
            del self._believed[next(iter(self._believed))]
        self._believed[hashlib.sha256(token.encode()).digest()] = (until, actor)

    async def _refresh(self, *, max_age: float) -> None:
        if time.monotonic() - self._fetched_at < max_age:
            return
        async with self._fetching:
            if time.monotonic() - self._fetched_at < max_age:
                return
            try:
                response = await self._client.get("/.well-known/jwks.json")
                response.raise_for_status()
                self._keys = KeySet.import_key_set(response.json())
                self._fetched_at = time.monotonic()
                # A key may have been withdrawn: what it signed is asked about again.
                self._believed.clear()
            except (httpx.HTTPError, ValueError):
                if not self._keys.keys:
                    raise Unavailable from None


class _UnknownKey(Exception):
    """The token names a key that is not among those we have."""


@dataclass(slots=True)
class ServiceAuth(httpx.Auth):
    """Puts our own access token on a request to another service.

    Args:
        client_id: Our service's name.
        client_secret: Our secret at the registry's token endpoint.
        audience: The service we call.
    """

    registry_url: str
    client_id: str
    client_secret: str
    audience: str
    _token: str = ""
    _until: float = field(default=-1e9)
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Fetch a token when ours is about to end, then send the request with it."""
        async with self._fetching:
            if time.monotonic() > self._until:
                response = yield self._token_request()
                await response.aread()
                self._keep(response)
        request.headers["Authorization"] = f"Bearer {self._token}"
        answer = yield request
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._until = -1e9

    def _token_request(self) -> httpx.Request:
        return httpx.Request(
            "POST",
            self.registry_url.rstrip("/") + "/v1/token",
            data={
                "grant_type": "client_credentials",
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "audience": self.audience,
            },
        )

    def _keep(self, response: httpx.Response) -> None:
        if response.status_code != httpx.codes.OK:
            raise Unavailable("the registry gave no token")
        body = response.json()
        self._token = body["access_token"]
        self._until = time.monotonic() + float(body["expires_in"]) - LEEWAY_SECONDS

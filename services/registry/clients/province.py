"""Sign-in at a province's unified identity (统一身份认证): OpenID Connect with PKCE.

Every province has a profile of its own; ours is the plain standard with two more members in the
answer about the person: `id_number`, and `auth_level` (1 registered, 2 real name, 3 face).
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from services.registry.clients.provider_answers import answer_of, text_in
from services.registry.model.bindings import (
    Assurance,
    CertifiedPerson,
    ExternalAccount,
    PendingSignIn,
)
from services.registry.rules.bindings import code_challenge
from shared.errors import Unavailable
from shared.telemetry import logger

ALGORITHMS = ["ES256", "RS256"]
LEEWAY_SECONDS = 60
SCOPES = "openid profile id_number"
_ASSURANCE = {2: Assurance.REAL_NAME, 3: Assurance.REAL_PERSON}


@dataclass(slots=True)
class ProvinceSignIn:
    """Our registration at a province's identity platform.

    Args:
        client: Its base address is the issuer's.
        issuer: As it stands in ID tokens.
        redirect_uri: The front end's page that the person comes back to.
    """

    client: httpx.AsyncClient
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    name: str = "PROVINCE"
    _keys: KeySet = field(default_factory=lambda: KeySet([]))

    def address(self, pending: PendingSignIn, *, state: str) -> str:
        """Where the person's browser goes to sign in."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": SCOPES,
            "state": state,
            "nonce": pending.nonce,
            "code_challenge": code_challenge(pending.verifier),
            "code_challenge_method": "S256",
        }
        return f"{self.issuer}/authorize?{urlencode(asked)}"

    async def identify(self, code: str, pending: PendingSignIn | None) -> ExternalAccount | None:
        """The account a code stands for, with the person the province vouches for.

        Raises:
            Unavailable: The platform did not answer, or not as itself.
        """
        if pending is None:
            return None
        tokens = await self._tokens(code, pending)
        if tokens is None:
            return None
        subject = await self._subject(text_in(tokens, "id_token"), nonce=pending.nonce)
        bearer = {"Authorization": f"Bearer {text_in(tokens, 'access_token')}"}
        person = await self._ask("GET", "/userinfo", headers=bearer)
        if person.get("sub") != subject:
            # OpenID Connect Core 5.3.2: an answer about somebody else must not be used.
            raise Unavailable
        return ExternalAccount(provider=self.name, subject=subject, certified=_certified(person))

    async def _tokens(self, code: str, pending: PendingSignIn) -> dict[str, Any] | None:
        answer = await self._ask(
            "POST",
            "/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.redirect_uri,
                "code_verifier": pending.verifier,
            },
            auth=(self.client_id, self.client_secret),
        )
        fault = answer.get("error")
        if fault == "invalid_grant":
            return None
        if fault is not None:
            logger("registry").warning("sign_in.province_refused", error=str(fault)[:60])
            raise Unavailable
        return answer

    async def _subject(self, id_token: str, *, nonce: str) -> str:
        """Whom an ID token is about, if it is the issuer's, for us, and of this sign-in."""
        claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        for is_last in (False, True):
            try:
                decoded = jwt.decode(id_token, self._keys, algorithms=ALGORITHMS)
                claims.validate(decoded.claims)
                return text_in(decoded.claims, "sub")
            except InvalidKeyIdError:
                if is_last:
                    raise Unavailable from None
                await self._learn_keys()
            except (JoseError, ValueError):
                raise Unavailable from None
        raise Unavailable

    async def _learn_keys(self) -> None:
        try:
            self._keys = KeySet.import_key_set(await self._ask("GET", "/jwks"))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError):
            raise Unavailable from None

    async def _ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        try:
            answer = orjson.loads(await answer_of(self.client, method, path, **request))
        except ValueError:
            raise Unavailable from None
        if not isinstance(answer, dict):
            raise Unavailable
        return answer


def _certified(person: dict[str, Any]) -> CertifiedPerson | None:
    """The person, if the province itself knows who it is."""
    level = person.get("auth_level")
    assurance = _ASSURANCE.get(level) if type(level) is int else None
    if assurance is None:
        return None
    return CertifiedPerson(
        name=text_in(person, "name"),
        id_number=text_in(person, "id_number"),
        assurance=assurance,
    )

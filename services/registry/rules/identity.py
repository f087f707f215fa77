"""How long keys, tokens and sessions live, and for which doors a token is made."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeGuard

from services.registry.model import Client, ClientKind, KeyStatus, PersonKind, SigningKey

SERVICES = frozenset({"gateway", "intake", "relief", "marriage", "funeral", "registry"})
"""Every audience there is."""

RETIRED_KEY_SHOWN = timedelta(minutes=20)
"""Longer than the longest access token with its leeway."""

ASSERTION_LIFE = timedelta(minutes=5)
SHORTEST_JTI = 8
OFFICER_TOKEN_SECONDS = 300
SECRET_LENGTH = 16
"""Characters a client's secret has at least; ours are drawn at random and have 43."""

_SESSIONS = {PersonKind.CITIZEN: timedelta(days=30), PersonKind.OFFICER: timedelta(hours=12)}
_AUDIENCES = {
    ClientKind.SERVICE: SERVICES,
    ClientKind.PARTNER: frozenset({"intake"}),
    ClientKind.OPERATOR: SERVICES,
}
_TOKEN_TEXT = re.compile(r"[!-~]{1,128}")
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


def session_life(kind: PersonKind) -> timedelta:
    """How long a sign-in can be refreshed.

    Source:
        GB/T 22239-2019 (等保2.0) 8.1.4.1 b): an officer's session ends by itself, here after a
        working day. A citizen's month is a house rule: old people should not sign in daily.
    """
    return _SESSIONS[kind]


def token_life_seconds(kind: PersonKind, *, most: int) -> int:
    """How long an access token of a person is good.

    Source:
        House rule: an officer who was suspended is refused everywhere in minutes, even by a
        service that cannot reach the registry.
    """
    return min(most, OFFICER_TOKEN_SECONDS) if kind is PersonKind.OFFICER else most


def usual_audiences(kind: ClientKind) -> frozenset[str]:
    """The services a new client may call unless its registration says less.

    Source:
        House rule: a partner department's door is the window, and no other.
    """
    return _AUDIENCES[kind]


def may_call(client: Client, audience: str) -> bool:
    """Whether a client may have a token for a service.

    Source:
        RFC 8707 (resource indicators): a token is good at one door only.
    """
    return audience in SERVICES and audience in client.audiences


def is_published(key: SigningKey, *, now: datetime) -> bool:
    """Whether verifiers should still be told of a key.

    Source:
        RFC 7517; House rule: a key is known before it signs and until its last token is over.
    """
    if key.status is not KeyStatus.RETIRED or key.retired_at is None:
        return True
    return now - key.retired_at < RETIRED_KEY_SHOWN


def hash_secret(secret: str, *, salt: bytes) -> str:
    """A client's secret as it is kept: `scrypt$<salt>$<hash>`, both in hex.

    Slow on purpose (about 50 ms): call it outside the event loop.

    Source:
        RFC 7914. The cost suits secrets that are drawn at random, not chosen by people.
    """
    digest = hashlib.scrypt(secret.encode(), salt=salt, dklen=32, **_SCRYPT)
    return f"scrypt${salt.hex()}${digest.hex()}"


def is_secret(secret: str, kept: str | None) -> bool:
    """Whether a secret is the one whose hash is kept; costs the same when none is.

    Source:
        RFC 7914; House rule: the time an answer takes does not tell which clients exist.
    """
    salt = bytes.fromhex(kept.split("$")[1]) if kept else b"no such client"
    return hmac.compare_digest(hash_secret(secret, salt=salt), kept or "")


def hash_refresh_token(token: str) -> bytes:
    """A refresh token as it is kept. It has 256 random bits, so a plain hash is enough.

    Source:
        RFC 6749 section 10.4; RFC 9700 section 4.14 (rotation).
    """
    return hashlib.sha256(token.encode()).digest()


def assertion_subject(claims: Mapping[str, Any], *, audiences: frozenset[str]) -> str | None:
    """The client a private-key assertion speaks for, or None when it is not one to us.

    Signature and times are the verifier's; this is about whom it names and to whom.

    Source:
        RFC 7523 section 3: issuer and subject are the client, the audience is this server, and
        the assertion has an id of its own.
    """
    subject, jti, audience = claims.get("sub"), claims.get("jti"), claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if not _is_token_text(subject) or not _is_token_text(jti) or len(jti) < SHORTEST_JTI:
        return None
    if subject != claims.get("iss"):
        return None
    is_to_us = any(isinstance(each, str) and each in audiences for each in named)
    return subject if is_to_us else None


def assertion_end(claims: Mapping[str, Any], *, now: datetime) -> datetime | None:
    """When an assertion is over, or None when it is over already or lives too long.

    Source:
        RFC 7523 section 3 (4): an assertion with an unreasonably distant end may be refused.
    """
    expires = claims.get("exp")
    if type(expires) is not int or not 0 < expires < 2**33:
        return None
    end = datetime.fromtimestamp(expires, tz=now.tzinfo)
    return end if now < end <= now + ASSERTION_LIFE else None


def _is_token_text(value: object) -> TypeGuard[str]:
    """Visible ASCII only: what is kept in the database can hold nothing stranger."""
    return isinstance(value, str) and _TOKEN_TEXT.fullmatch(value) is not None

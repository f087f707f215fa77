"""Sign an access token; a step of the actions that answer with one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.registry.clients.signatures import signed_token
from services.registry.store import Store
from shared.auth import ISSUER, Actor, claims_of
from shared.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A signed token and how long it is good."""

    value: str
    expires_in_seconds: int


async def sign_token(
    store: Store,
    actor: Actor,
    *,
    audiences: Iterable[str],
    now: datetime,
    life_seconds: int,
    client_id: str | None = None,
) -> AccessToken:
    """An RFC 9068 access token for an actor, signed with the current key."""
    issued_at = int(now.timestamp())
    claims = {
        **claims_of(actor),
        "iss": ISSUER,
        "aud": sorted(audiences),
        "iat": issued_at,
        "exp": issued_at + life_seconds,
        "jti": str(new_id()),
    }
    if client_id is not None:
        claims["client_id"] = client_id
    key = await store.get_current_key()
    return AccessToken(value=signed_token(key, claims), expires_in_seconds=life_seconds)

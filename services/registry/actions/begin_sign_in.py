"""Begin a sign-in that goes over a provider's own page."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from services.registry.actions.count_attempt import hash_token
from services.registry.errors import SignInProviderNotConfigured
from services.registry.model.bindings import PendingSignIn
from services.registry.ports import RedirectingProvider
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions

PENDING_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Where the person goes, and what they come back with."""

    address: str
    state: str = field(repr=False)


async def begin_sign_in(
    provider: str,
    *,
    redirecting: Mapping[str, RedirectingProvider],
    transaction: Transactions[Store],
    clock: Clock,
) -> Begun:
    """Make the secrets of one sign-in and keep them until the person comes back.

    Raises:
        SignInProviderNotConfigured: There is no such provider, or its sign-in begins elsewhere.
    """
    found = redirecting.get(provider)
    if found is None:
        raise SignInProviderNotConfigured
    state = secrets.token_urlsafe(32)
    pending = PendingSignIn(
        provider=provider, verifier=secrets.token_urlsafe(48), nonce=secrets.token_urlsafe(24)
    )
    async with transaction() as store:
        ends = clock.now() + PENDING_LIFE
        await store.add_pending(hash_token(state), pending, expires_at=ends)
    return Begun(address=found.address(pending, state=state), state=state)

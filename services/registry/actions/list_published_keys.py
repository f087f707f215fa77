"""Show verifiers the keys they may believe."""

from collections.abc import Mapping
from typing import Any

from services.registry.rules import identity
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions


async def list_published_keys(
    *, transaction: Transactions[Store], clock: Clock
) -> Mapping[str, Any]:
    """A JSON Web Key Set (RFC 7517): the key that signs, the next one, and those just retired."""
    now = clock.now()
    async with transaction() as store:
        keys = await store.list_keys(retired_since=now - identity.RETIRED_KEY_SHOWN)
    return {"keys": [dict(key.public_jwk) for key in keys if identity.is_published(key, now=now)]}

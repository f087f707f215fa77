"""Make, rotate and publish the keys that sign certificates; they sign nothing else."""

from collections.abc import Mapping
from typing import Any

from services.registry.clients.certificate_signatures import new_certificate_key
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.journal import JournalEntry

STREAM = "certificate-keys"


async def ensure_certificate_key(*, transaction: Transactions[Store], clock: Clock) -> None:
    """Have a key that signs certificates; safe from several copies at once."""
    async with transaction() as store:
        await store.lock_certificate_keys()
        if await store.find_certificate_key() is None:
            await _replace(store, clock, actor="service:registry", act="make-certificate-key")


async def rotate_certificate_key(
    *, transaction: Transactions[Store], clock: Clock, actor: str
) -> None:
    """Sign with a fresh key from now on; what older keys signed is verified as before."""
    async with transaction() as store:
        await store.lock_certificate_keys()
        await _replace(store, clock, actor=actor, act="rotate-certificate-key")


async def list_certificate_keys(*, transaction: Transactions[Store]) -> Mapping[str, Any]:
    """Every key that ever signed a certificate, as a JSON Web Key Set (RFC 7517)."""
    async with transaction() as store:
        return {"keys": [dict(jwk) for jwk in await store.list_certificate_keys()]}


async def _replace(store: Store, clock: Clock, *, actor: str, act: str) -> None:
    key = new_certificate_key()
    await store.replace_certificate_key(key, at=clock.now())
    await store.write_journal(
        JournalEntry(stream=STREAM, actor=actor, act=act, target=f"key:{key.id}")
    )

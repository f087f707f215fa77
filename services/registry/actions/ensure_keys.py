"""Make the first two signing keys, if there are none."""

from services.registry.clients.signatures import new_signing_key
from services.registry.model import KeyStatus
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.journal import JournalEntry

STREAM = "signing-keys"


async def ensure_keys(*, transaction: Transactions[Store], clock: Clock) -> None:
    """Have one key that signs and one published for its turn; safe from several copies."""
    async with transaction() as store:
        await store.lock_keys()
        now = clock.now()
        there = {key.status for key in await store.list_keys(retired_since=now)}
        for status in (KeyStatus.CURRENT, KeyStatus.NEXT):
            if status in there:
                continue
            key = new_signing_key(status)
            await store.add_key(key, at=now)
            await store.write_journal(
                JournalEntry(
                    stream=STREAM, actor="service:registry", act="make-key", target=f"key:{key.id}"
                )
            )

"""Let the next signing key take over."""

from datetime import timedelta

from services.registry.actions.ensure_keys import STREAM
from services.registry.clients.signatures import new_signing_key
from services.registry.model import KeyStatus
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.journal import JournalEntry


async def rotate_keys(
    *,
    transaction: Transactions[Store],
    clock: Clock,
    actor: str = "service:registry",
    older_than: timedelta = timedelta(0),
) -> bool:
    """Sign with the next key from now on, and publish a new next one.

    The retired key stays published until its last token is over, so nobody is signed out.

    Args:
        older_than: Only when the current key has been signing for at least this long, so that
            several copies with the same idea rotate once.

    Returns:
        Whether the keys were rotated.
    """
    async with transaction() as store:
        await store.lock_keys()
        now = clock.now()
        current = await store.get_current_key()
        if current.activated_at is not None and now - current.activated_at < older_than:
            return False
        await store.advance_keys(at=now)
        coming = new_signing_key(KeyStatus.NEXT)
        await store.add_key(coming, at=now)
        await store.write_journal(
            JournalEntry(stream=STREAM, actor=actor, act="rotate-keys", target=f"key:{current.id}")
        )
    return True

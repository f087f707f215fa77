"""Drop what has no use any more: sessions that are over, assertions that are used up."""

from datetime import timedelta

from services.registry.rules import factors
from services.registry.rules.pace import first_minute_kept
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions

SESSIONS_KEPT = timedelta(days=30)
"""After its end a session is kept for whoever looks into a stolen token."""

CODES_KEPT = timedelta(minutes=10)
"""Used codes are remembered longer than any clock would accept them."""


async def forget_expired(*, transaction: Transactions[Store], clock: Clock) -> None:
    """Forget; the journal keeps that they were."""
    now = clock.now()
    async with transaction() as store:
        await store.forget_assertions(before=now)
        await store.forget_sessions(before=now - SESSIONS_KEPT)
        minute = first_minute_kept(int(now.timestamp()) // 60)
        await store.forget_verifications(before_minute=minute)
        await store.forget_rates(before=now)
        await store.forget_unfinished(before=now)
        step = int((now - CODES_KEPT).timestamp()) // factors.CODE_SECONDS
        await store.forget_factors(step=step, attempts_before=now - factors.FAILURES_FORGOTTEN)

"""Let each caller knock only so often."""

from services.registry.errors.sign_in import TooManyRequests
from services.registry.model.sign_in import Rate
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.sealing import BlindIndex


async def limit_rate(
    door: str,
    caller: str,
    rate: Rate,
    *,
    transaction: Transactions[Store],
    clock: Clock,
    index: BlindIndex,
) -> None:
    """Count a knock at a door, wherever it was heard.

    Args:
        caller: A network address or a client's id; kept as a keyed hash only, because an
            address is personal data.

    Raises:
        TooManyRequests: It was one too many; `retryAfterSeconds` says when the next is heard.
    """
    async with transaction() as store:
        wait = await store.knock(door, index.of(f"{door}:{caller}"), rate, now=clock.now())
    if wait is not None:
        raise TooManyRequests(retryAfterSeconds=max(1, round(wait.total_seconds())))

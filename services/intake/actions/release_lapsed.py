"""Give tasks back to their inbox when whoever took them has let the lease run out."""

from services.intake.actions.desk import Desk
from services.intake.store import Store
from shared.database import Transactions
from shared.errors import Unavailable
from shared.telemetry import logger


async def release_lapsed_claims(*, transaction: Transactions[Store], desk: Desk) -> int:
    """Release every claim whose lease is over, or whose officer is away.

    Any number of clocks may do this at once.

    Returns:
        How many were released; none while the database is away.
    """
    try:
        async with transaction() as store:
            lapsed = await store.release_lapsed_claims()
            return lapsed + await store.release_claims_of_absent(today=desk.clock.today())
    except Unavailable:
        logger("clock").warning("clock.waiting")
        return 0

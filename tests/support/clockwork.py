"""A clock process of its own, for tests that kill it: `python -m tests.support.clockwork`.

`DATABASE` is the address of the window's database, `NOW` the time the process believes it is.
"""

import asyncio
import os
from datetime import datetime

from services.intake.actions.desk import Catalogue, Desk
from services.intake.actions.raise_cards import raise_cards
from services.intake.store import Store
from shared.clock import FakeClock
from shared.database import Database
from shared.failpoints import Failpoints
from tests.support.window import CIPHER, INDEX


async def run_out(url: str, now: datetime, *, limit: int = 100) -> int:
    """Look at clocks until none is left to look at; returns how many were."""
    database = Database(url, schema="intake", pool_size=2)
    desk = Desk(clock=FakeClock(now), cipher=CIPHER, index=INDEX, catalogue=Catalogue())
    failpoints, total = Failpoints.from_environment(), 0
    try:
        while looked := await raise_cards(
            transaction=database.transactions(Store), desk=desk, failpoints=failpoints, limit=limit
        ):
            total += looked
    finally:
        await database.close()
    return total


if __name__ == "__main__":
    asyncio.run(run_out(os.environ["DATABASE"], datetime.fromisoformat(os.environ["NOW"])))

"""Keep the next days of every hall and furnace open for booking; repeatable."""

from datetime import timedelta

from services.funeral.rules.timetable import OPEN_DAYS, slots_on
from services.funeral.store import Store
from shared.clock import Clock
from shared.database import Transactions


async def open_slots(*, transaction: Transactions[Store], clock: Clock) -> None:
    """Open what is not open yet, from today on."""
    today = clock.today()
    async with transaction() as store:
        for resource in await store.list_resources():
            slots = [
                slot
                for ahead in range(OPEN_DAYS)
                for slot in slots_on(resource, today + timedelta(days=ahead))
            ]
            await store.open_slots(slots)

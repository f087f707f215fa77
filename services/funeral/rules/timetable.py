"""Which slots a hall or a furnace offers on a day."""

from datetime import date, datetime, timedelta

from services.funeral.model import Resource, Slot, SlotId
from shared.clock import SHANGHAI
from shared.ids import derived_id

OPEN_DAYS = 21
"""So many days ahead can be booked, today included."""


def slots_on(resource: Resource, day: date) -> tuple[Slot, ...]:
    """The slots of one day; the same ones however often they are opened.

    Every day of the year has them: funeral homes keep no holidays.

    Source:
        House rule: a slot that would end after closing time is not offered.
    """
    length = timedelta(minutes=resource.slot_minutes)
    start = datetime.combine(day, resource.opens_at, tzinfo=SHANGHAI)
    close = datetime.combine(day, resource.closes_at, tzinfo=SHANGHAI)
    slots = []
    while start + length <= close:
        slots.append(
            Slot(
                id=SlotId(derived_id("funeral.slot", str(resource.id), start.isoformat())),
                resource_id=resource.id,
                kind=resource.kind,
                starts_at=start,
                ends_at=start + length,
            )
        )
        start += length
    return tuple(slots)

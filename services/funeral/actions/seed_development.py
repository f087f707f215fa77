"""Give a development county a funeral home with two halls and two furnaces; repeatable."""

from datetime import time

from services.funeral.model import Resource, ResourceId, ResourceKind
from services.funeral.store import Store
from shared.database import Transactions
from shared.ids import derived_id

DIVISION = "330106000000"
"""The county of the development seed."""


async def seed_development(*, transaction: Transactions[Store]) -> None:
    """Add what is not there yet."""
    async with transaction() as store:
        for resource in RESOURCES:
            await store.add_resource(resource)


def _resource(kind: ResourceKind, name: str, *, minutes: int) -> Resource:
    return Resource(
        id=ResourceId(derived_id("funeral.seed", DIVISION, name)),
        kind=kind,
        name=name,
        division=DIVISION,
        opens_at=time(7, 0),
        closes_at=time(17, 0),
        slot_minutes=minutes,
    )


RESOURCES = (
    _resource(ResourceKind.HALL, "示例一号告别厅", minutes=60),
    _resource(ResourceKind.HALL, "示例二号告别厅", minutes=60),
    _resource(ResourceKind.FURNACE, "示例一号火化炉", minutes=60),
    _resource(ResourceKind.FURNACE, "示例二号火化炉", minutes=60),
)

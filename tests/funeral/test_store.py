"""What does the database itself refuse, whatever the code above it believes?"""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from services.funeral.actions.open_slots import open_slots
from services.funeral.errors import AlreadyArranged, SlotTaken
from services.funeral.model import (
    ArrangementPlan,
    Ashes,
    CaseId,
    FuneralCase,
    FuneralStatus,
    ResourceKind,
)
from services.funeral.store import SealedCase
from shared.clock import end_of_day, start_of_day
from tests.support.departments import count_rows
from tests.support.funeral import one_resource

DAY = date(2026, 11, 23)
SEALED = SealedCase(
    data_key=b"key", deceased_id_number=b"sealed", deceased_name=b"sealed", family=b"sealed"
)


@pytest.fixture
async def only_furnace(desk):
    """One slot of one furnace."""
    async with desk.transaction() as store:
        await store.add_resource(one_resource(ResourceKind.FURNACE, 8, 9))
    await open_slots(transaction=desk.transaction, clock=desk.clock)
    async with desk.transaction() as store:
        [slot] = await store.list_free_slots(
            county="330106", since=start_of_day(DAY), until=end_of_day(DAY)
        )
        return slot


def case(slot, deceased):
    return FuneralCase(
        id=CaseId(uuid4()),
        number=f"BZ330106-2026-{deceased}",
        application_id=uuid4(),
        matter_id=uuid4(),
        division="330106109000",
        deceased=deceased,
        died_on=date(2026, 11, 21),
        status=FuneralStatus.ARRANGED,
        arranged_on=date(2026, 11, 22),
        ashes=Ashes.STORED,
        plan=ArrangementPlan(hall=None, furnace=slot, needs_storage_extension=False),
    )


async def test_a_slot_is_promised_to_one_family(desk, only_furnace, funeral_database):
    async with desk.transaction() as store:
        await store.add_case(case(only_furnace, "first"), sealed=SEALED)
    with pytest.raises(SlotTaken):
        async with desk.transaction() as store:
            await store.add_case(case(only_furnace, "second"), sealed=SEALED)

    assert await count_rows(funeral_database, "funeral_case") == 1


async def test_nobody_has_two_funerals(desk, only_furnace):
    async with desk.transaction() as store:
        await store.add_case(case(only_furnace, "first"), sealed=SEALED)
    again = replace(case(only_furnace, "first"), number="BZ330106-2026-again")
    with pytest.raises(AlreadyArranged):
        async with desk.transaction() as store:
            await store.add_case(again, sealed=SEALED)

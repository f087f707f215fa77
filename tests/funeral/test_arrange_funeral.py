"""What becomes of a decided funeral, and can a hall or a furnace be promised twice?"""

import asyncio
from collections import Counter

import pytest

from services.funeral.actions.open_slots import open_slots
from services.funeral.consumers import effects
from services.funeral.model import ResourceKind
from shared.visibility import Visibility
from tests.support.departments import (
    count_rows,
    every_column_as_text,
    matter_request,
    published,
)
from tests.support.funeral import DECEASED, funeral_form, one_resource, some_id_number


@pytest.fixture
async def funeral_home(desk):
    """A funeral home with one hall (7-10) and one furnace (8-11): three funerals a day."""
    async with desk.transaction() as store:
        await store.add_resource(one_resource(ResourceKind.HALL, 7, 10))
        await store.add_resource(one_resource(ResourceKind.FURNACE, 8, 11))
    await open_slots(transaction=desk.transaction, clock=desk.clock)


def matter(form=None, **changed):
    fields = form or funeral_form()
    return matter_request("arrange-funeral", fields, item_code="BND-02", **changed)


async def arrange(desk, request):
    await effects(desk)["arrange-funeral"](request)


async def arranged(desk, request):
    async with desk.transaction() as store:
        [case] = await store.list_cases_of_application(
            request.application_id, visible=Visibility(everything=True)
        )
        return case


async def test_a_farewell_and_the_cremation_after_it_are_booked(desk, funeral_home):
    request = matter()
    await arrange(desk, request)
    case = await arranged(desk, request)

    assert case.number == "BZ330106-2026-000001"
    assert case.plan.hall.ends_at <= case.plan.furnace.starts_at
    assert case.plan.furnace.starts_at.date().isoformat() == "2026-11-23"
    assert not case.plan.needs_storage_extension


async def test_the_window_gets_the_sheet_and_the_others_the_fact(
    desk, funeral_home, funeral_database
):
    await arrange(desk, matter())
    [performed] = await published(funeral_database, "matter-performed")
    [fact] = await published(funeral_database, "funeral-arranged")

    assert performed["document"]["kind"] == "funeral-arrangement"
    assert performed["document"]["number"] == fact["number"] == "BZ330106-2026-000001"
    assert fact["cremationAt"] == "2026-11-23T08:00:00+08:00"


async def test_twenty_families_at_once_never_share_a_slot(desk, funeral_home, funeral_database):
    requests = [matter(funeral_form(some_id_number(order))) for order in range(100, 120)]
    await asyncio.gather(*(arrange(desk, request) for request in requests))

    # Three a day, from the preferred day to three days after it: twelve, and eight too many.
    assert await count_rows(funeral_database, "funeral_case") == 12
    assert await count_rows(funeral_database, "booking") == 24
    assert len(await published(funeral_database, "matter-performed")) == 12
    reasons = Counter(
        failed["reason"] for failed in await published(funeral_database, "matter-failed")
    )
    assert reasons == {"NO_FREE_SLOT": 8}


async def test_one_person_has_one_funeral(desk, funeral_home, funeral_database):
    await asyncio.gather(arrange(desk, matter()), arrange(desk, matter()))

    [failed] = await published(funeral_database, "matter-failed")
    assert failed["reason"] == "ALREADY_ARRANGED"
    assert await count_rows(funeral_database, "booking") == 2


async def test_a_matter_that_arrives_again_changes_nothing(desk, funeral_home, funeral_database):
    request = matter()
    await asyncio.gather(*(arrange(desk, request) for _ in range(5)))

    assert await count_rows(funeral_database, "funeral_case") == 1
    assert len(await published(funeral_database)) == 2


async def test_without_a_farewell_only_the_furnace_is_booked(desk, funeral_home, funeral_database):
    await arrange(desk, matter(funeral_form(farewell=False)))
    assert await count_rows(funeral_database, "booking") == 1


async def test_a_funeral_after_the_third_day_says_that_storage_must_be_extended(desk, funeral_home):
    request = matter(funeral_form(preferred_on="2026-11-25"))
    await arrange(desk, request)
    assert (await arranged(desk, request)).plan.needs_storage_extension


async def test_another_county_has_none_of_these_slots(desk, funeral_home, funeral_database):
    await arrange(desk, matter(division="330105001000"))
    [failed] = await published(funeral_database, "matter-failed")
    assert failed["reason"] == "NO_FREE_SLOT"


async def test_nobody_is_booked_into_the_past_or_the_next_few_hours(desk, funeral_home):
    request = matter(funeral_form(preferred_on="2026-11-22"))
    await arrange(desk, request)
    assert (await arranged(desk, request)).plan.furnace.starts_at.day == 23


async def test_no_number_name_or_phone_is_kept_or_told_in_clear(
    desk, funeral_home, funeral_database
):
    await arrange(desk, matter())
    kept = await every_column_as_text(funeral_database)

    for secret in (DECEASED, "赵老示例", "赵示例", "13800010004"):
        assert secret not in kept
        assert secret.encode().hex() not in kept

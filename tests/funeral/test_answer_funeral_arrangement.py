"""What does the check say to a family's wishes?"""

import asyncio

from services.funeral.actions.open_slots import open_slots
from services.funeral.actions.seed_development import seed_development
from services.funeral.consumers import checks
from tests.support.departments import count_rows, published, task_request
from tests.support.funeral import funeral_form


async def open_home(desk):
    await seed_development(transaction=desk.transaction)
    await open_slots(transaction=desk.transaction, clock=desk.clock)


async def ask(desk, database, form):
    task = task_request("funeral-arrangement", form, item_code="BND-02")
    await checks(desk)["funeral-arrangement"](task)
    return (await published(database, "task-answered"))[-1]


async def test_what_can_be_arranged_is_approved_and_nothing_is_booked(desk, funeral_database):
    await open_home(desk)
    answer = await ask(desk, funeral_database, funeral_form())

    assert answer["verdict"] == "approve"
    assert answer["facts"]["cremationAt"].startswith("2026-11-23T")
    assert await count_rows(funeral_database, "booking") == 0


async def test_without_a_free_slot_the_family_is_asked_for_another_day(desk, funeral_database):
    answer = await ask(desk, funeral_database, funeral_form())
    assert answer["verdict"] == "needs-correction"
    assert answer["facts"]["obstacles"] == ["NO_FREE_SLOT"]


async def test_a_day_before_the_death_is_something_to_correct(desk, funeral_database):
    await open_home(desk)
    answer = await ask(desk, funeral_database, funeral_form(preferred_on="2026-11-20"))
    assert answer["facts"]["obstacles"] == ["DAYS_OUT_OF_ORDER"]


async def test_a_family_that_asks_for_nothing_is_answered_not_applicable(desk, funeral_database):
    form = {key: value for key, value in funeral_form().items() if key != "funeral"}
    answer = await ask(desk, funeral_database, form)
    assert answer["verdict"] == "not-applicable"


async def test_opening_twice_is_opening_once(desk, funeral_database):
    await asyncio.gather(open_home(desk), open_home(desk))
    first = await count_rows(funeral_database, "slot")
    await open_home(desk)

    # Two halls and two furnaces, ten hours, three weeks.
    assert first == await count_rows(funeral_database, "slot") == 4 * 10 * 21
    assert await count_rows(funeral_database, "resource") == 4

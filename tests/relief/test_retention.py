"""When is the file of a benefit closed, so that its people may be forgotten?"""

import pytest
from sqlalchemy import text

from services.relief.rules.retention import LEAST_YEARS
from shared.retention import destroy_what_is_over, read_keepings
from tests.relief.test_stop_benefits import DECEASED, keep, matter, stop
from tests.support.calendars import beijing
from tests.support.seed import CATALOGUE

KEEPINGS = read_keepings(CATALOGUE, service="relief", least=LEAST_YEARS)


async def destroy(desk):
    return await destroy_what_is_over(
        KEEPINGS,
        service="relief",
        records=list(LEAST_YEARS),
        transaction=desk.transaction,
        clock=desk.clock,
    )


async def test_a_benefit_that_still_runs_is_kept_however_old_it_is(desk):
    await keep(desk, DECEASED)
    desk.clock.set(beijing("2126-11-22 12:00"))
    assert await destroy(desk) == 0


@pytest.mark.parametrize(
    ("recovery", "destroyed"), [("NONE", 1), ("RECOVERING", 0), ("RECOVERED", 1)]
)
async def test_a_stopped_benefit_is_forgotten_unless_money_is_still_asked_back(
    desk, relief_database, recovery, destroyed
):
    await keep(desk, DECEASED)
    await stop(desk, matter())
    async with relief_database.engine.begin() as connection:
        await connection.execute(text("UPDATE benefit SET recovery = :is"), {"is": recovery})
    desk.clock.set(beijing("2027-11-22 12:00"))
    assert await destroy(desk) == 0
    desk.clock.set(beijing("2076-11-22 12:00"))
    assert await destroy(desk) == destroyed
    assert await destroy(desk) == 0

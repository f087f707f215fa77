"""After the time of keeping, can anybody still read who was married, and does the journal hold?"""

import asyncio

import pytest
from sqlalchemy import text

from services.marriage.rules.retention import LEAST_YEARS
from shared.journal import first_bad_row
from shared.retention import destroy_what_is_over, read_keepings
from shared.sealing import PersonalDataErased
from tests.marriage.test_register_marriage import matter, register
from tests.support.calendars import beijing
from tests.support.departments import CIPHER
from tests.support.seed import CATALOGUE

KEEPINGS = read_keepings(CATALOGUE, service="marriage", least=LEAST_YEARS)


async def destroy(desk):
    return await destroy_what_is_over(
        KEEPINGS,
        service="marriage",
        records=list(LEAST_YEARS),
        transaction=desk.transaction,
        clock=desk.clock,
    )


async def rows(database, statement):
    async with database.engine.connect() as connection:
        return (await connection.execute(text(statement))).all()


async def names(database):
    """Everybody's name, as whoever holds the master key reads it."""
    found = []
    for row in await rows(database, "SELECT * FROM marriage_party ORDER BY position"):
        place = f"{row.marriage_id}:{row.person_index}"
        key = CIPHER.record_key(row.data_key, f"marriage_party:{place}")
        found.append(key.open(row.name_sealed, place=f"marriage_party.name:{place}").decode())
    return found


async def test_after_a_hundred_years_nobody_can_be_named_and_the_journal_still_verifies(
    desk, marriage_database
):
    await register(desk, matter())
    assert len(await names(marriage_database)) == 2

    desk.clock.set(beijing("2126-11-22 23:59"))
    assert await destroy(desk) == 0
    assert len(await names(marriage_database)) == 2

    desk.clock.set(beijing("2126-11-23 00:01"))
    assert sum(await asyncio.gather(destroy(desk), destroy(desk))) == 2
    with pytest.raises(PersonalDataErased) as erased:
        await names(marriage_database)
    assert (erased.value.status, erased.value.code) == (410, "PERSONAL_DATA_ERASED")

    assert await destroy(desk) == 0
    journal = await rows(marriage_database, "SELECT * FROM journal ORDER BY stream, seq")

    async def lines():
        for row in journal:
            yield row

    assert await first_bad_row(lines()) is None
    told = [row for row in journal if row.act == "destroy-keys"]
    assert sum(len(row.facts["records"]) for row in told) == 2
    assert all("第13条" in row.reason and row.facts["years"] == 100 for row in told)
    # What is no person's stays: the register still knows that there was a marriage.
    assert len(await rows(marriage_database, "SELECT id FROM marriage")) == 1

"""What does the database itself refuse, whatever the code above it believes?"""

from datetime import date

import pytest

from services.marriage.errors import PersonStatusChanged
from services.marriage.rules.ending import end_by_death
from services.marriage.store import SealedParty
from tests.support.departments import count_rows
from tests.support.marriage import MAN, WOMAN, marriage

SEALED = SealedParty(data_key=b"key", id_number=b"sealed", name=b"sealed")


async def add(desk, **changed):
    registered = marriage(**changed)
    async with desk.transaction() as store:
        await store.add_marriage(registered, parties=dict.fromkeys(registered.parties, SEALED))


@pytest.mark.law("民法典", 1042)
async def test_nobody_is_in_two_marriages_in_force(desk, marriage_database):
    await add(desk)
    with pytest.raises(PersonStatusChanged):
        await add(desk, parties=(MAN, "another"), certificate_number="J330106-2026-000043")
    assert await count_rows(marriage_database, "marriage") == 1


async def test_the_order_in_which_the_parties_are_named_does_not_matter(desk):
    await add(desk, parties=(MAN, WOMAN))
    with pytest.raises(PersonStatusChanged):
        await add(desk, parties=(WOMAN, "another"), certificate_number="J330106-2026-000043")


async def test_a_marriage_that_ended_leaves_both_free(desk):
    await add(desk)
    async with desk.transaction() as store:
        over = end_by_death(await store.lock_marriage_in_force(MAN), died_on=date(2026, 1, 1))
        await store.end_marriage(over)
    await add(desk, certificate_number="J330106-2026-000043")

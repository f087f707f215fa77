"""What does the database itself refuse, whatever the code above it believes?"""

from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from services.relief.store import SealedPerson
from tests.support.departments import count_rows
from tests.support.relief import HEAD, benefit, paid

SEALED = SealedPerson(data_key=b"key", id_number=b"sealed", name=b"sealed")


async def add(desk, kept):
    async with desk.transaction() as store:
        await store.add_benefit(kept, people={HEAD: SEALED})


async def test_nobody_has_two_minimum_livings_in_force(desk, relief_database):
    await add(desk, benefit())
    with pytest.raises(IntegrityError, match="beneficiary_one_minimum_living_key"):
        await add(desk, benefit())
    assert await count_rows(relief_database, "benefit") == 1


async def test_a_month_is_paid_once_per_benefit(desk):
    with pytest.raises(IntegrityError, match="payment_line_pkey"):
        await add(desk, benefit(lines=paid("2026-03") + paid("2026-03")))


async def test_a_matter_leads_to_one_benefit(desk):
    matter_id = uuid4()
    await add(desk, benefit(matter_id=matter_id))
    with pytest.raises(IntegrityError, match="benefit_one_per_matter_key"):
        await add(desk, benefit(matter_id=matter_id))

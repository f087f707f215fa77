"""Relief on a fresh database, at noon of 22 November 2026."""

from collections.abc import AsyncIterator

import pytest

from services.relief.actions.desk import Desk
from services.relief.store import Store
from shared.clock import FakeClock
from shared.database import Database
from tests.support.calendars import beijing
from tests.support.departments import CIPHER, INDEX


@pytest.fixture
async def relief_database(database) -> AsyncIterator[Database]:
    opened = Database(database.url("relief"), schema="relief")
    yield opened
    await opened.close()


@pytest.fixture
def desk(relief_database: Database) -> Desk:
    return Desk(
        transaction=relief_database.transactions(Store),
        index=INDEX,
        cipher=CIPHER,
        clock=FakeClock(beijing("2026-11-22 12:00")),
    )

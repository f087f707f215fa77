"""The funeral service on a fresh database, at noon of 22 November 2026."""

from collections.abc import AsyncIterator

import pytest

from services.funeral.actions.desk import Desk
from services.funeral.store import Store
from shared.clock import FakeClock
from shared.database import Database
from tests.support.calendars import beijing
from tests.support.departments import CIPHER, INDEX


@pytest.fixture
async def funeral_database(database) -> AsyncIterator[Database]:
    opened = Database(database.url("funeral"), schema="funeral")
    yield opened
    await opened.close()


@pytest.fixture
def desk(funeral_database: Database) -> Desk:
    return Desk(
        transaction=funeral_database.transactions(Store),
        index=INDEX,
        cipher=CIPHER,
        clock=FakeClock(beijing("2026-11-22 12:00")),
    )

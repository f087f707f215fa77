"""A prepared registry for each test, on a database of its own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from shared.clock import FakeClock
from tests.conftest import TestDatabase
from tests.support.registry import TestRegistry, registry_settings


@pytest.fixture
def clock() -> FakeClock:
    # Verifiers look at the machine's clock, so this one begins there.
    return FakeClock(datetime.now(UTC))


@pytest.fixture
async def registry(database: TestDatabase, clock: FakeClock) -> AsyncIterator[TestRegistry]:
    made = TestRegistry(registry_settings(database.url("registry")), clock)
    await made.prepare()
    yield made
    await made.close()

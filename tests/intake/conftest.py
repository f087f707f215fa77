"""A window on a fresh database."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import TestDatabase
from tests.support.window import Window, open_window


@pytest.fixture
async def window(database: TestDatabase) -> AsyncIterator[Window]:
    async with open_window(database.url("intake")) as opened:
        yield opened

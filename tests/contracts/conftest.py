"""All services' doors, opened once for the tests that knock at every one of them."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tests.conftest import TEMPLATE, TestDatabase, _database_url, _execute
from tests.support.doors import Doors, open_all


@pytest.fixture(scope="package")
async def doors(template_database: str) -> AsyncIterator[Doors]:
    name = f"t_{uuid4().hex[:12]}"
    await _execute(template_database, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    async with open_all(TestDatabase(_database_url(template_database, name))) as opened:
        yield opened
    await _execute(template_database, f"DROP DATABASE {name} WITH (FORCE)")

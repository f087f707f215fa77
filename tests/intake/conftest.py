"""A window on a fresh database, and a bench for random cases whose line to it can be cut."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.conftest import TestDatabase
from tests.support.case_bench import OnBench, open_bench
from tests.support.window import Window, open_window


@pytest.fixture
async def window(database: TestDatabase) -> AsyncIterator[Window]:
    async with open_window(database.url("intake")) as opened:
        yield opened


@pytest.fixture
def on_bench(database: TestDatabase) -> Iterator[OnBench]:
    zone = os.environ.get("TZ")
    with asyncio.Runner() as runner:
        opened = open_bench(database.url("intake"), database.admin_url)
        bench = runner.run(opened.__aenter__())
        yield OnBench(runner, bench)
        runner.run(opened.__aexit__(None, None, None))
    if zone is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = zone
    time.tzset()

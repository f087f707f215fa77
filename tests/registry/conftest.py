"""A prepared registry for each test, on a database of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.registry.clients.catalogue import read_catalogue
from services.registry.model import Catalogue
from shared.clock import FakeClock
from tests.conftest import TEMPLATE, TestDatabase, _database_url, _execute
from tests.support.registry import CATALOGUE, TestRegistry, registry_settings

PREPARED = "registry_prepared_template"
LEFT_BY_SIGN_INS = (
    "account_binding",
    "binding_ticket",
    "pending_sign_in",
    "session",
    "officer_credential",
    "officer_invitation",
    "totp_use",
    "recovery_code",
    "known_device",
    "sign_in_attempt",
    "rate_limit",
)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return read_catalogue(CATALOGUE)


@pytest.fixture
def clock() -> FakeClock:
    # Verifiers look at the machine's clock, so this one begins there.
    return FakeClock(datetime.now(UTC))


@pytest.fixture(scope="session")
async def prepared_database(template_database: str, catalogue: Catalogue) -> AsyncIterator[str]:
    """A registry that has been started once; tests copy its database."""
    async with _copied(template_database, TEMPLATE, PREPARED) as database:
        made = _registry(database, FakeClock(datetime.now(UTC)), catalogue)
        await made.prepare()
        await made.close()
        yield template_database


@pytest.fixture
async def registry(
    prepared_database: str, clock: FakeClock, catalogue: Catalogue
) -> AsyncIterator[TestRegistry]:
    """A started registry with nothing in it but the development seed."""
    name = f"t_{uuid4().hex[:12]}"
    async with _copied(prepared_database, PREPARED, name) as database:
        made = _registry(database, clock, catalogue)
        yield made
        await made.close()


@pytest.fixture(scope="session")
async def quiet_registry(
    prepared_database: str, catalogue: Catalogue
) -> AsyncIterator[TestRegistry]:
    """One for all tests that leave nothing behind."""
    async with _copied(prepared_database, PREPARED, "registry_quiet") as database:
        # Its clock stands still: every sign-in of the session falls into one minute.
        made = _registry(
            database,
            FakeClock(datetime.now(UTC)),
            catalogue,
            address_requests_per_minute=1_000_000,
            client_requests_per_minute=1_000_000,
        )
        yield made
        await made.close()


@pytest.fixture(scope="session")
async def swept_database(prepared_database: str) -> AsyncIterator[TestDatabase]:
    """For tests of signing in: what they leave behind is swept away after each."""
    async with _copied(prepared_database, PREPARED, "registry_swept") as database:
        yield database


async def sweep(registry: TestRegistry) -> None:
    """Take back every sign-in, attempt and binding."""
    for table in LEFT_BY_SIGN_INS:
        await registry.rows(f"WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT * FROM gone")


@asynccontextmanager
async def _copied(url: str, template: str, name: str) -> AsyncIterator[TestDatabase]:
    await _execute(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await _execute(url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield TestDatabase(_database_url(url, name))
    await _execute(url, f"DROP DATABASE {name} WITH (FORCE)")


def _registry(
    database: TestDatabase, clock: FakeClock, catalogue: Catalogue, **changes: Any
) -> TestRegistry:
    return TestRegistry(registry_settings(database.url("registry"), **changes), clock, catalogue)

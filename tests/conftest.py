"""What all tests share: a real PostgreSQL, a real broker, and databases made from a template."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.kafka import choose_broker
from deploy.local.postgres import LocalPostgres
from shared.migrations import provision_all, role_password, upgrade_all

# The checks of a case's invariants say what differed, as tests do.
pytest.register_assert_rewrite("tests.support.case_invariants")

ROOT = Path(__file__).resolve().parent.parent
PASSWORD_SECRET = "test-secret"
TEMPLATE = "one_window_template"


@dataclass(frozen=True)
class TestDatabase:
    """One database made from the migrated template."""

    __test__ = False

    admin_url: str

    def url(self, service: str, role: str = "app") -> str:
        """Address for a service's role."""
        name = f"{service}_{role}"
        _, _, rest = self.admin_url.partition("@")
        return f"postgresql://{name}:{role_password(PASSWORD_SECRET, name)}@{rest}"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="session")
def postgres_url(home: Path) -> Iterator[str]:
    """Superuser address of a PostgreSQL of this test session."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    server = LocalPostgres(home / "postgres")
    yield server.start()
    server.stop()


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> str:
    """A database migrated once; tests copy it."""
    asyncio.run(_make_template(postgres_url))
    return postgres_url


async def _make_template(url: str) -> None:
    await _execute(url, f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
    await _execute(url, f"CREATE DATABASE {TEMPLATE}")
    template = _database_url(url, TEMPLATE)
    await provision_all(template, PASSWORD_SECRET)
    await upgrade_all(template, PASSWORD_SECRET)


@pytest.fixture
async def database(template_database: str) -> AsyncIterator[TestDatabase]:
    """A fresh database for one test, copied from the template."""
    name = f"t_{uuid4().hex[:12]}"
    await _execute(template_database, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield TestDatabase(_database_url(template_database, name))
    await _execute(template_database, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def broker(home: Path) -> Iterator[str]:
    """Bootstrap servers of a broker of this test session."""
    given = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if given:
        yield given
        return
    chosen, _why = choose_broker(home / "kafka")
    yield chosen.start()
    chosen.stop()


def _database_url(url: str, name: str) -> str:
    base, _, _ = url.rpartition("/")
    return f"{base}/{name}"


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()

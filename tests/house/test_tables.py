"""Do `tables.py` and the migrations of each service say the same?"""

import importlib
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from docs.floor_plan import has_room
from docs.sources import SERVICES
from tests.conftest import ROOT, TestDatabase

STORING = sorted(service for service in SERVICES if has_room(service, "tables"))


def tables_of(service: str) -> MetaData:
    module = importlib.import_module(f"services.{service}.tables")
    found: MetaData = getattr(module, f"{service}_tables")()
    return found


def differences(connection: Connection, service: str) -> list[object]:
    options = {
        "version_table": "migration",
        "version_table_schema": service,
        "include_schemas": False,
        "compare_server_default": False,
    }
    context = MigrationContext.configure(connection, opts=options)
    return [
        each
        for each in compare_metadata(context, tables_of(service))
        if "migration" not in repr(each)
    ]


@pytest.mark.parametrize("service", STORING)
async def test_what_is_migrated_is_what_the_tables_say(
    service: str, database: TestDatabase
) -> None:
    url = database.url(service, "owner").replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(url, connect_args={"server_settings": {"search_path": service}})
    async with engine.connect() as connection:
        found = await connection.run_sync(differences, service)
    await engine.dispose()

    assert found == []


@pytest.mark.parametrize("service", STORING)
async def test_the_journal_is_append_only_for_the_services_own_role(
    service: str, database: TestDatabase
) -> None:
    connection = await asyncpg.connect(
        database.url(service), server_settings={"search_path": service}
    )
    try:
        for statement in (
            "UPDATE journal SET act = 'x'",
            "DELETE FROM journal",
            "TRUNCATE journal",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("service", STORING)
async def test_one_services_role_cannot_read_anothers_tables(
    service: str, database: TestDatabase
) -> None:
    other = next(each for each in STORING if each != service)
    connection = await asyncpg.connect(database.url(service))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(f"SELECT * FROM {other}.outbox")
    finally:
        await connection.close()


def test_every_service_has_migrations() -> None:
    services = {path.parent.name for path in (ROOT / "services").glob("*/__init__.py")}
    migrated = {
        Path(path).parents[1].name for path in (ROOT / "services").glob("*/migrations/env.py")
    }

    assert services == migrated
    assert len(services) == 6

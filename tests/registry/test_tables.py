"""Do the migrations make the tables that the store relies on?"""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.registry.tables import registry_tables
from shared.tables import shared_tables


def is_own(name, kind, _parents):
    return kind != "table" or (name != "migration" and name not in shared_tables().tables)


def differences(connection):
    options = {
        "version_table": "migration",
        "include_name": is_own,
        "include_object": lambda _thing, name, kind, *_: is_own(name, kind, {}),
    }
    context = MigrationContext.configure(connection, opts=options)
    return compare_metadata(context, registry_tables())


async def test_the_migrations_make_exactly_these_tables(quiet_registry):
    async with quiet_registry.parts.database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE publication SET hash = 'x'",
        "DELETE FROM publication",
        "DELETE FROM death_record",
        "UPDATE journal SET reason = 'x'",
        "DELETE FROM journal",
    ],
)
async def test_what_is_published_or_registered_cannot_be_taken_back(quiet_registry, statement):
    with pytest.raises(DBAPIError, match="permission denied"):
        async with quiet_registry.parts.database.engine.begin() as connection:
            await connection.execute(text(statement))


async def test_nothing_personal_stands_in_the_tables_as_it_is(quiet_registry):
    rows = await quiet_registry.rows(
        "SELECT concat_ws('|', encode(name, 'escape'), encode(id_number, 'escape'),"
        " person_index) AS line FROM resident"
    )
    kept = "\n".join(row["line"] for row in rows)
    assert rows
    for personal in ("330106198803120011", "陈示例", "19880312"):
        assert personal not in kept


async def test_only_one_key_signs(quiet_registry):
    with pytest.raises(DBAPIError, match="signing_key_one_of_each_key"):
        async with quiet_registry.parts.database.engine.begin() as connection:
            await connection.execute(
                text(
                    "INSERT INTO signing_key (id, status, public_jwk, private_jwk, created_at)"
                    " VALUES ('second', 'CURRENT', '{}', ''::bytea, now())"
                )
            )

"""What do the tables themselves not allow?"""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError


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

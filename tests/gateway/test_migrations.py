"""Does the gateway own nothing, and yet stand in the database like the others?"""

import asyncpg


async def test_the_gateway_s_schema_holds_its_history_and_nothing_else(database):
    connection = await asyncpg.connect(database.url("gateway"))
    try:
        tables = await connection.fetch(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'gateway'"
        )
        version = await connection.fetchval("SELECT version_num FROM gateway.migration")
    finally:
        await connection.close()
    assert [row["table_name"] for row in tables] == ["migration"]
    assert version == "gateway_0001"

"""Does an attempt at what is not one's own leave a line, and nothing of what it was about?"""

from uuid import uuid4

from sqlalchemy import text

from shared.database import Database
from tests.conftest import TestDatabase
from tests.support.access_files import relief_files
from tests.support.relief import CHEN

LINES = text("""
    SELECT actor, target, facts, prev FROM journal WHERE act = 'denied' ORDER BY actor, seq
""")


async def test_a_denied_read_is_journalled_by_actor_door_and_id(database: TestDatabase) -> None:
    own = Database(database.url("relief"), schema="relief")
    async with relief_files(database.url("relief")) as files:
        id, missing = files.records["benefit"], str(uuid4())
        for who, path in (
            ("gao", f"/v1/benefits/{id}"),
            ("gao", f"/v1/benefits/{missing}"),
            ("police", f"/v1/benefits/{CHEN}"),
            ("chen", f"/v1/benefits/{id}"),
        ):
            asked = {"Authorization": f"Bearer {files.tokens[who]}"}
            await files.http.get(path, headers=asked)
        async with own.connection() as connection:
            lines = (await connection.execute(LINES)).all()
    await own.close()

    door = "GET /v1/benefits/*"
    assert [(line.actor, line.target, line.facts["code"]) for line in lines] == [
        ("officer:gao", f"benefit_id:{id}", "BENEFIT_NOT_FOUND"),
        ("officer:gao", f"benefit_id:{missing}", "BENEFIT_NOT_FOUND"),
        ("partner:police", door, "FORBIDDEN"),
    ]
    assert {line.facts["door"] for line in lines} == {door}
    assert CHEN not in str(lines)


async def test_who_is_not_known_leaves_no_line(database: TestDatabase) -> None:
    own = Database(database.url("relief"), schema="relief")
    async with relief_files(database.url("relief")) as files:
        await files.http.get(f"/v1/benefits/{files.records['benefit']}")
        async with own.connection() as connection:
            lines = (await connection.execute(LINES)).all()
    await own.close()
    assert lines == []

"""Does a check of the journal find every row that somebody has touched?"""

import random
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.conftest import TestDatabase
from tests.intake.test_give_verdict import say, submitted_marriage, submitted_relief, tasks_of
from tests.support.corrections import TOWNSHIP
from tests.support.window import Window

TAMPERS = 20
CHANGES = {
    "actor": "actor || 'x'",
    "act": "'read'",
    "target": "target || ':other'",
    "reason": "reason || ' '",
    "facts": 'facts || \'{"verdict": "other"}\'',
    "at": "at + interval '1 microsecond'",
    "hash": "decode(repeat('00', 32), 'hex')",
    "prev": "decode('ff', 'hex') || prev",
    "seq": "seq + 1000",
}


@pytest.fixture
async def owner(database: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    """The one role that can touch the journal at all."""
    url = database.url("intake", "owner")
    connection = await asyncpg.connect(url, server_settings={"search_path": "intake"})
    yield connection
    await connection.close()


async def check(window: Window) -> dict[str, Any]:
    answer = await window.operator().get("/v1/journal:verify")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def some_acts(window: Window) -> None:
    tasks = tasks_of(await submitted_relief(window))
    lin = window.officer("lin", TOWNSHIP)
    await lin.get(f"/v1/tasks/{tasks['fact_check']['id']}/disclosure")
    await lin.post(f"/v1/tasks/{tasks['fact_check']['id']}:claim")
    await say(lin, tasks["fact_check"])
    marriage = await submitted_marriage(window)
    await window.citizen("liu").post(f"/v1/applications/{marriage['id']}:withdraw")


async def test_an_untouched_journal_is_found_whole(window: Window) -> None:
    assert await check(window) == {"ok": True, "firstBad": None, "rows": 0}
    await some_acts(window)
    rows = await window.value("SELECT count(*) FROM journal")

    assert rows >= 6
    assert await check(window) == {"ok": True, "firstBad": None, "rows": rows}


async def test_twenty_tampers_are_each_found_at_the_row_they_touched(
    window: Window, owner: asyncpg.Connection
) -> None:
    await some_acts(window)
    lines = await owner.fetch("SELECT stream, seq FROM journal ORDER BY stream, seq")
    chance = random.Random(20261122)
    for _ in range(TAMPERS):
        line, column = chance.choice(lines), chance.choice(sorted(CHANGES))
        kept = await owner.fetchrow(
            "SELECT * FROM journal WHERE stream = $1 AND seq = $2", line["stream"], line["seq"]
        )
        await owner.execute(
            f"UPDATE journal SET {column} = {CHANGES[column]} WHERE stream = $1 AND seq = $2",
            *line.values(),
        )
        found = await check(window)
        assert found["ok"] is False, column
        assert found["firstBad"]["stream"] == line["stream"], column
        if column != "seq":
            assert found["firstBad"]["seq"] == line["seq"], column
        await restore(owner, kept, column)
        assert (await check(window))["ok"] is True, column


async def restore(owner: asyncpg.Connection, kept: asyncpg.Record, column: str) -> None:
    seq = kept["seq"] + (1000 if column == "seq" else 0)
    await owner.execute(
        f"UPDATE journal SET {column} = $3 WHERE stream = $1 AND seq = $2",
        kept["stream"],
        seq,
        kept[column],
    )


async def test_a_row_taken_out_is_missed(window: Window, owner: asyncpg.Connection) -> None:
    await some_acts(window)
    [stream] = await owner.fetch(
        "SELECT stream FROM journal GROUP BY stream ORDER BY count(*) DESC LIMIT 1"
    )
    await owner.execute("DELETE FROM journal WHERE stream = $1 AND seq = 2", stream["stream"])
    found = await check(window)

    assert found["firstBad"] == {"stream": stream["stream"], "seq": 3}


async def test_a_row_slipped_in_is_found(window: Window, owner: asyncpg.Connection) -> None:
    await some_acts(window)
    [last] = await owner.fetch("SELECT * FROM journal ORDER BY stream DESC, seq DESC LIMIT 1")
    await owner.execute(
        """
        INSERT INTO journal (stream, seq, at, actor, act, target, reason, facts, prev, hash)
        SELECT stream, seq + 1, at, 'officer:nobody', 'accept', target, reason, facts, hash, hash
        FROM journal WHERE stream = $1 AND seq = $2
        """,
        last["stream"],
        last["seq"],
    )
    found = await check(window)

    assert found["firstBad"] == {"stream": last["stream"], "seq": last["seq"] + 1}


async def test_only_an_operator_checks_the_journal(window: Window) -> None:
    for caller in (
        window.citizen("chen"),
        window.officer("lin", TOWNSHIP),
        window.partner("police"),
        window.service("relief"),
    ):
        assert (await caller.get("/v1/journal:verify")).status_code == 403

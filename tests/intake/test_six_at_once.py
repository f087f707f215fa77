"""The join race: six departments answer one case in the same instant, at two processes."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx

from tests.conftest import TestDatabase
from tests.performance.counter import DEPARTMENTS, benchmark_item
from tests.support.forms import resident
from tests.support.window import Window, open_window, publish_item

ROUNDS = 5
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


async def submitted(window: Window) -> dict[str, Any]:
    chen = resident("chen")
    person = {"name": chen["name"], "id_no": chen["id_no"]}
    body = {"itemCode": "BENCH1", "form": {"applicant": person, "place": "330106109201"}}
    answer = await window.citizen("chen").post("/v1/applications", body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def say(window: Window, number: int, task_id: str) -> httpx.Response:
    caller = window.partner(f"bench-{number}")
    return await caller.post(
        f"/v1/tasks/{task_id}:verdict", {"verdict": "approve"}, key=uuid4().hex
    )


async def test_no_verdict_is_lost_none_is_retried_and_the_last_one_concludes(
    database: TestDatabase,
) -> None:
    url = database.url("intake")
    async with open_window(url) as first, open_window(url) as second:
        await publish_item(first.transaction, benchmark_item())
        for _ in range(ROUNDS):
            application = await submitted(first)
            tasks = [task["id"] for task in application["matters"][0]["tasks"]]
            trips: list[str] = []
            for window in (first, second):
                window.database.statements.watchers = [trips.append]
            answers = await asyncio.gather(
                *(say((first, second)[n % 2], n, task) for n, task in enumerate(tasks))
            )
            after = await first.citizen("chen").get(f"/v1/applications/{application['id']}")

            assert [answer.status_code for answer in answers] == [200] * DEPARTMENTS
            assert (after.json()["stage"], after.json()["outcome"]) == ("concluded", "granted")
            assert trips.count("COMMIT") <= DEPARTMENTS + 1, "one of the verdicts was tried again"
        assert await first.value(DEADLOCKS) == 0
        assert await first.value("SELECT count(*) FROM verdict") == ROUNDS * DEPARTMENTS

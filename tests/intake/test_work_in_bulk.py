"""What becomes of many tasks at once, when some of them cannot be done?"""

import asyncio
from typing import Any
from uuid import uuid4

import httpx

from tests.intake.test_give_verdict import TOWNSHIP, tasks_of
from tests.support.forms import jz201_form, person
from tests.support.window import Caller, Window

PEOPLE = ("chen", "liu", "wang")


async def fact_checks(window: Window) -> list[str]:
    found = []
    for key in PEOPLE:
        form = jz201_form(applicant=person(key))
        answer = await window.citizen(key).post(
            "/v1/applications", {"itemCode": "JZ201", "form": form, "materials": []}
        )
        assert answer.status_code == 201, answer.text
        found.append(str(tasks_of(answer.json())["fact_check"]["id"]))
    return found


async def bulk(
    by: Caller, act: str, tasks: list[str], *, key: str | None = None, **more: Any
) -> httpx.Response:
    return await by.post("/v1/tasks:bulk", {"act": act, "taskIds": tasks} | more, key=key)


def statuses(answer: httpx.Response) -> dict[str, int]:
    return {each["taskId"]: each["status"] for each in answer.json()["results"]}


async def verdicts(window: Window) -> int:
    return int(await window.value("SELECT count(*) FROM verdict"))


async def test_each_task_has_its_own_result_and_the_same_key_the_same_answer(
    window: Window,
) -> None:
    tasks = await fact_checks(window)
    lin, mei = window.officer("lin", TOWNSHIP), window.officer("mei", TOWNSHIP)
    await mei.post(f"/v1/tasks/{tasks[0]}:claim")
    unknown = str(uuid4())
    asked = [*tasks, unknown]
    approve = {"verdict": {"verdict": "approve"}}

    first = await bulk(lin, "verdict", asked, key="bulk-once", **approve)
    again = await bulk(lin, "verdict", asked, key="bulk-once", **approve)
    other = await bulk(lin, "claim", asked, key="bulk-once")

    assert first.status_code == 200, first.text
    assert statuses(first) == {tasks[0]: 409, tasks[1]: 200, tasks[2]: 200, unknown: 404}
    assert again.json() == first.json()
    assert other.json()["code"] == "IDEMPOTENCY_KEY_REUSED"
    problems = {each["taskId"]: each["problem"] for each in first.json()["results"]}
    assert problems[tasks[0]]["code"] == "TASK_CLAIMED_BY_ANOTHER"
    assert await verdicts(window) == 2


async def test_all_or_nothing_does_nothing_when_one_is_refused_and_says_which(
    window: Window,
) -> None:
    tasks = await fact_checks(window)
    lin, mei = window.officer("lin", TOWNSHIP), window.officer("mei", TOWNSHIP)
    await mei.post(f"/v1/tasks/{tasks[2]}:claim")
    before = len(await window.events())
    approve = {"mode": "all", "verdict": {"verdict": "approve"}}

    refused = await bulk(lin, "verdict", tasks, **approve)

    assert (refused.status_code, refused.json()["code"]) == (409, "BULK_REFUSED")
    assert statuses(refused) == {tasks[0]: 200, tasks[1]: 200, tasks[2]: 409}
    assert await verdicts(window) == 0
    assert len(await window.events()) == before
    await mei.post(f"/v1/tasks/{tasks[2]}:release")
    done = await bulk(lin, "verdict", tasks, **approve)
    assert set(statuses(done).values()) == {200}
    assert await verdicts(window) == 3


async def test_tasks_are_claimed_handed_over_and_released_together(window: Window) -> None:
    tasks = await fact_checks(window)
    lin, mei = window.officer("lin", TOWNSHIP), window.officer("mei", TOWNSHIP)
    lead = window.lead("bao", TOWNSHIP)
    given = {"reassign": {"to": "officer-mei", "reason": "workload"}}

    assert set(statuses(await bulk(lin, "claim", tasks)).values()) == {200}
    assert set(statuses(await bulk(lin, "reassign", tasks, **given)).values()) == {403}
    for mode in ("each", "all"):
        handed = await bulk(lead, "reassign", tasks, mode=mode, **given)
        assert set(statuses(handed).values()) == {200}
    holders = await window.rows(
        "SELECT DISTINCT claimed_by FROM approval_task WHERE state = 'claimed'"
    )
    assert holders == [{"claimed_by": "officer:officer-mei"}]
    assert set(statuses(await bulk(mei, "release", tasks, mode="all")).values()) == {200}


async def test_what_does_not_belong_together_is_refused_before_anything_is_done(
    window: Window,
) -> None:
    [task, *_] = tasks = await fact_checks(window)
    lin = window.officer("lin", TOWNSHIP)
    answers = [
        await bulk(lin, "claim", [task, task]),
        await bulk(lin, "claim", []),
        await bulk(lin, "claim", [str(uuid4()) for _ in range(51)]),
        await bulk(lin, "verdict", tasks),
        await bulk(lin, "claim", tasks, verdict={"verdict": "approve"}),
        await bulk(lin, "sign", tasks),
    ]
    assert {each.status_code for each in answers} == {422}
    assert await window.value("SELECT count(*) FROM approval_task WHERE state = 'claimed'") == 0


async def test_two_bulks_over_the_same_tasks_neither_deadlock_nor_decide_twice(
    window: Window,
) -> None:
    tasks = await fact_checks(window)
    officers = [window.officer(name, TOWNSHIP) for name in ("lin", "mei")]
    approve = {"mode": "all", "verdict": {"verdict": "approve"}}

    answers = await asyncio.gather(
        bulk(officers[0], "verdict", tasks, **approve),
        bulk(officers[1], "verdict", tasks[::-1], **approve),
    )

    assert sorted(each.status_code for each in answers) == [200, 409]
    assert await verdicts(window) == 3

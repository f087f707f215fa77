"""Is an answer that came too late kept, shown to the lead, and without effect until they act?"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.intake.consumers import subscriptions
from shared.ids import new_id
from shared.messaging import Message
from tests.intake.test_give_verdict import say, submitted_relief, tasks_of
from tests.support.corrections import TOWNSHIP, VILLAGE, read
from tests.support.late import submit_two_matters
from tests.support.window import Caller, Window


async def late_answers(caller: Caller, application: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    answer = await caller.get(f"/v1/applications/{application['id']}/late-answers")
    assert answer.status_code == 200, answer.text
    found: list[Mapping[str, Any]] = answer.json()["items"]
    return found


async def review(caller: Caller, late: Mapping[str, Any], effect: str, **more: Any) -> Any:
    body = {"effect": effect, "reason": "已核对", **more}
    return await caller.post(f"/v1/late-answers/{late['id']}:review", body)


async def hear(window: Window, task: Mapping[str, Any], verdict: str, *, round: int = 1) -> None:
    """A service's answer arrives as an event."""
    [handler] = [
        each.handlers["civil.relief.task-answered.v1"]
        for each in subscriptions(window.desk)
        if each.topic == "civil.relief.matter"
    ]
    message = Message(
        id=new_id(),
        topic="civil.relief.matter",
        type="civil.relief.task-answered.v1",
        key="case",
        data={"taskId": task["id"], "round": round, "verdict": verdict, "opinion": "重复救助"},
        source="relief",
    )
    await handler(message, transaction=window.transaction)


async def test_an_officers_answer_after_the_join_is_kept_and_changes_nothing(
    window: Window,
) -> None:
    application = await submit_two_matters(window)
    tasks = tasks_of(application)
    lin, he = window.officer("lin", TOWNSHIP), window.officer("he", VILLAGE)
    assert await say(lin, tasks["fact_check"]) == 200
    before = await read(window.citizen("chen"), application)

    path = f"/v1/tasks/{tasks['home_visit']['id']}:verdict"
    for _ in range(2):
        answer = await he.post(path, {"verdict": "refuse", "opinion": "查无此人"})
        assert (answer.status_code, answer.json()["code"]) == (409, "TASK_NOT_OPEN")
        assert answer.json()["kept"] is True

    [late] = await late_answers(lin, application)
    assert (late["task"], late["cause"], late["opinion"], late["effect"]) == (
        "checks.home_visit",
        "matter-decided",
        "查无此人",
        None,
    )
    after = await read(window.citizen("chen"), application)
    assert after["matters"] == before["matters"]
    types = [type_ for type_, _ in await window.events()]
    assert types.count("civil.intake.late-answer-kept.v1") == 1


async def test_a_services_answer_by_event_after_a_withdrawal_is_kept_once(window: Window) -> None:
    application = await submitted_relief(window)
    task = tasks_of(application)["duplicate_relief_check"]
    await window.citizen("chen").post(f"/v1/applications/{application['id']}:withdraw")
    await hear(window, task, "refuse")
    await hear(window, task, "refuse")

    kept = await window.rows("SELECT cause, verdict, given_by, opinion_sealed FROM late_answer")
    assert [(row["cause"], row["verdict"], row["given_by"]) for row in kept] == [
        ("application-withdrawn", "refuse", "service:relief")
    ]
    assert "重复".encode() not in kept[0]["opinion_sealed"]


async def test_an_answer_told_twice_is_not_a_late_answer(window: Window) -> None:
    application = await submit_two_matters(window, rule="all")
    task = tasks_of(application)["duplicate_relief_check"]
    await hear(window, task, "approve")
    await hear(window, task, "approve")

    assert await window.value("SELECT count(*) FROM late_answer") == 0


async def test_the_lead_closes_a_late_answer_without_effect_once(window: Window) -> None:
    application = await submit_two_matters(window)
    tasks = tasks_of(application)
    lin, he = window.officer("lin", TOWNSHIP), window.officer("he", VILLAGE)
    await say(lin, tasks["fact_check"])
    await say(he, tasks["home_visit"], "refuse", opinion="查无此人")
    [late] = await late_answers(lin, application)

    answers = await asyncio.gather(*(review(lin, late, "no-effect") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    [reviewed] = await late_answers(lin, application)
    assert (reviewed["effect"], reviewed["reason"]) == ("no-effect", "已核对")


async def test_only_the_lead_office_reviews_a_late_answer(window: Window) -> None:
    application = await submit_two_matters(window)
    tasks = tasks_of(application)
    lin, he = window.officer("lin", TOWNSHIP), window.officer("he", VILLAGE)
    await say(lin, tasks["fact_check"])
    await say(he, tasks["home_visit"], "refuse", opinion="查无此人")
    [late] = await late_answers(lin, application)

    other = await review(he, late, "no-effect")
    assert (other.status_code, other.json()["code"]) == (403, "LEAD_OFFICE_ONLY")
    stranger = await review(window.officer("gao", "shuangpu-civil-affairs"), late, "no-effect")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "LATE_ANSWER_NOT_FOUND")
    assert (await late_answers(lin, application))[0]["effect"] is None


async def test_reopening_asks_departments_again_and_only_their_new_answer_counts(
    window: Window,
) -> None:
    application = await submit_two_matters(window)
    tasks = tasks_of(application)
    lin, he = window.officer("lin", TOWNSHIP), window.officer("he", VILLAGE)
    await say(lin, tasks["fact_check"])
    await say(he, tasks["home_visit"], "refuse", opinion="查无此人")
    [late] = await late_answers(lin, application)

    alone = await review(lin, late, "reopened")
    assert (alone.status_code, alone.json()["reason"]) == (409, "changes-nothing")
    both = await review(lin, late, "reopened", also=["checks.fact_check"])
    assert both.status_code == 200, both.text

    now = await read(window.citizen("chen"), application)
    checks = now["matters"][0]
    assert (checks["status"], checks["outcome"]) == ("in-review", None)
    states = {task["key"]: (task["state"], task["round"]) for task in checks["tasks"]}
    assert states["fact_check"] == states["home_visit"] == ("open", 2)
    assert await say(lin, tasks["fact_check"], "refuse", opinion="不属实", round=2) == 200
    assert await say(he, tasks["home_visit"], "refuse", opinion="查无此人", round=2) == 200
    decided = (await read(window.citizen("chen"), application))["matters"][0]
    assert decided["outcome"] == "refused"
    types = [type_ for type_, _ in await window.events()]
    assert types.count("civil.intake.matter-reopened.v1") == 1


async def test_nobody_elses_case_has_late_answers(window: Window) -> None:
    application = await submit_two_matters(window)
    path = f"/v1/applications/{application['id']}/late-answers"
    other = await window.officer("gao", "shuangpu-civil-affairs").get(path)
    assert (other.status_code, other.json()["code"]) == (404, "APPLICATION_NOT_FOUND")
    missing = await window.officer("lin", TOWNSHIP).post(
        f"/v1/late-answers/{UUID(int=7)}:review", {"effect": "no-effect", "reason": "无"}
    )
    assert (missing.status_code, missing.json()["code"]) == (404, "LATE_ANSWER_NOT_FOUND")


async def test_a_look_at_late_answers_is_journalled(window: Window) -> None:
    application = await submit_two_matters(window)
    await late_answers(window.officer("lin", TOWNSHIP), application)
    looks = await window.rows(
        "SELECT actor, reason FROM journal WHERE act = 'read' AND reason = '查看迟到的答复'"
    )
    assert [row["actor"] for row in looks] == ["officer:officer-lin"]

"""Can everybody involved learn why a department was asked, and why a matter came out so?"""

from typing import Any

import pytest

from services.intake.model import Verdict
from tests.intake.test_give_verdict import (
    REGISTRY,
    answer_as_service,
    say,
    submitted_death,
    submitted_marriage,
    submitted_relief,
    tasks_of,
)
from tests.support.corrections import TOWNSHIP, VILLAGE
from tests.support.forms import resident
from tests.support.window import Caller, Window


async def explained(caller: Caller, application: Any) -> Any:
    answer = await caller.get(f"/v1/applications/{application['id']}/explanation")
    assert answer.status_code == 200, answer.text
    return answer.json()


def record(explanation: Any, task: str) -> Any:
    return next(each for each in explanation["plan"] if each["task"] == task)


async def test_why_a_department_was_or_was_not_asked_with_the_inputs(window: Window) -> None:
    explanation = await explained(window.citizen("chen"), await submitted_relief(window))
    asked = record(explanation, "township_decision")
    passed_over = record(explanation, "county_decision")

    assert (asked["asked"], asked["reason"]) == (True, "condition-holds")
    assert (passed_over["asked"], passed_over["reason"]) == (False, "condition-fails")
    assert passed_over["expression"].startswith("form.requested_amount_fen >")
    assert {each["path"]: each["value"] for each in passed_over["inputs"]} == {
        "form.requested_amount_fen": 300_000,
        "params.temporary_relief_township_limit_fen": 360_000,
    }
    assert record(explanation, "fact_check")["reason"] == "always"


async def test_what_was_asked_stays_explained_by_the_numbers_of_its_day(window: Window) -> None:
    application = await submitted_relief(window)
    before = await explained(window.citizen("chen"), application)
    async with window.transaction() as store:
        await store.keep_parameters(2, [])
    assert await explained(window.citizen("chen"), application) == before


async def test_why_the_join_fell_so(window: Window) -> None:
    application = await submitted_marriage(window)
    tasks = tasks_of(application)
    liu = window.citizen("liu")
    pending = await explained(liu, application)
    assert {vote["vote"] for vote in pending["matters"][0]["votes"]} == {"pending"}

    assert await say(window.partner("police"), tasks["identity_check"]) == 200
    await answer_as_service(window, tasks["marital_status_check"], Verdict.REFUSE)
    [matter] = (await explained(liu, application))["matters"]
    assert (matter["join"]["rule"], matter["join"]["onRefusal"]) == ("all", "veto")
    assert matter["outcome"] == "refused"
    votes = {vote["task"]: (vote["vote"], vote["verdict"]) for vote in matter["votes"]}
    assert votes == {
        "identity_check": ("for", "approve"),
        "marital_status_check": ("against", "refuse"),
        "registrar_inquiry": ("absent", None),
    }
    assert matter["grounds"] == [{"task": "registration.marital_status_check", "verdict": "refuse"}]


async def test_every_matter_of_a_joint_case_is_explained(window: Window) -> None:
    application = await submitted_death(window)
    explanation = await explained(window.citizen("zhao"), application)
    keys = [matter["key"] for matter in application["matters"]]

    assert [matter["matter"] for matter in explanation["matters"]] == keys
    whole = {each["matter"]: each for each in explanation["plan"] if each["task"] is None}
    assert set(whole) >= set(keys)
    assert any(not each["asked"] for each in explanation["plan"])


async def test_an_explanation_names_nobody(window: Window) -> None:
    application = await submitted_death(window)
    zhao = window.citizen("zhao")
    answer = await zhao.get(f"/v1/applications/{application['id']}/explanation")
    for key in ("zhao", "zhao_father"):
        assert resident(key)["name"] not in answer.text
        assert resident(key)["id_no"] not in answer.text


async def test_due_dates_are_explained_day_by_day(window: Window) -> None:
    application = await submitted_marriage(window)
    task = tasks_of(application)["registrar_inquiry"]
    answer = await window.citizen("liu").get(f"/v1/tasks/{task['id']}/deadline")
    deadline = answer.json()

    assert (deadline["openedAt"], deadline["dueAt"]) == (
        "2026-11-23T12:00:00+08:00",
        "2026-11-25T00:00:00+08:00",
    )
    assert deadline["limit"] == {"length": 1, "unit": "working_day"}
    assert (deadline["calendarVersion"], deadline["provisional"]) != (None, True)
    days = [day["zh"] for day in deadline["days"]]
    assert len(days) == 3
    assert "11-23" in days[0]
    assert "第1个工作日" in days[1]
    explanation = await explained(window.citizen("liu"), application)
    assert deadline in explanation["deadlines"]


@pytest.mark.parametrize("path", ["explanation", "deadline"])
async def test_who_may_ask_why(window: Window, path: str) -> None:
    application = await submitted_relief(window)
    task = tasks_of(application)["fact_check"]
    address = {
        "explanation": f"/v1/applications/{application['id']}/explanation",
        "deadline": f"/v1/tasks/{task['id']}/deadline",
    }[path]
    may = [window.citizen("chen"), window.officer("lin", TOWNSHIP)]
    may_not = [
        window.citizen("liu"),
        window.officer("gao", "shuangpu-civil-affairs"),
        window.officer("xu", REGISTRY),
    ]

    assert {(await each.get(address)).status_code for each in may} == {200}
    assert {(await each.get(address)).status_code for each in may_not} == {404}


async def test_a_task_nobody_was_asked_yet_has_no_deadline_to_explain(window: Window) -> None:
    task = tasks_of(await submitted_relief(window))["township_decision"]
    answer = await window.citizen("chen").get(f"/v1/tasks/{task['id']}/deadline")
    assert (answer.status_code, answer.json()["code"]) == (404, "TASK_NOT_FOUND")


async def test_a_list_of_closed_tasks_counts_the_closed(window: Window) -> None:
    tasks = tasks_of(await submitted_relief(window))
    lin = window.officer("lin", TOWNSHIP, VILLAGE)
    assert (await lin.get("/v1/tasks?state=closed")).json()["total"] == 0
    await say(lin, tasks["fact_check"])
    await lin.post(f"/v1/tasks/{tasks['home_visit']['id']}:claim")
    totals = {
        state: (await lin.get(f"/v1/tasks?state={state}")).json()
        for state in ("open", "claimed", "closed")
    }

    assert {state: page["total"] for state, page in totals.items()} == {
        "open": 1,
        "claimed": 1,
        "closed": 1,
    }
    assert [task["key"] for task in totals["closed"]["items"]] == ["fact_check"]
    assert all(len(page["items"]) == page["total"] for page in totals.values())

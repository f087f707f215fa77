"""Does an open case go on under another version, whole or not at all, and say what changed?"""

import asyncio
import copy
from collections.abc import Mapping
from typing import Any

import pytest

from services.intake.actions.move_case import MoveCases, move_cases
from shared.auth import Actor, ActorKind
from shared.failpoints import Failpoints
from tests.intake.test_give_verdict import say, submitted_relief, tasks_of
from tests.support.corrections import (
    TOWNSHIP,
    VILLAGE,
    ask_correction,
    read,
    submit_relief,
    with_acceptance,
)
from tests.support.forms import item_definition, jz201_form
from tests.support.window import Caller, Window, publish_item


def relief_task(definition: dict[str, Any], key: str) -> dict[str, Any]:
    return next(task for task in definition["matters"][0]["tasks"] if task["key"] == key)


def next_version() -> dict[str, Any]:
    """The village is not asked any more, the county always is, and the facts may take a day."""
    definition = copy.deepcopy(dict(item_definition("JZ201")))
    relief = definition["matters"][0]
    relief["tasks"] = [task for task in relief["tasks"] if task["key"] != "home_visit"]
    for key in ("township_decision", "county_decision"):
        relief_task(definition, key)["needs"].remove("home_visit")
    county = copy.deepcopy(relief_task(definition, "fact_check"))
    county |= {
        "key": "county_check",
        "title": {"zh": "县级复核", "en": "Review by the county"},
        "office": {"function": "civil-affairs", "level": "county"},
    }
    relief["tasks"].append(county)
    relief_task(definition, "fact_check")["limit"] = {"length": 3, "unit": "working_day"}
    return definition


async def publish_next(window: Window, **changes: Any) -> None:
    await publish_item(window.transaction, {**next_version(), **changes}, version=2)


async def preview(window: Window) -> list[Mapping[str, Any]]:
    answer = await window.operator().get("/v1/items/JZ201/versions/2/moves")
    assert answer.status_code == 200, answer.text
    found: list[Mapping[str, Any]] = answer.json()["items"]
    return found


async def move(caller: Caller, application: Mapping[str, Any], *, key: str | None = None) -> Any:
    body = {"version": 2, "reason": "新标准自今日起施行"}
    return await caller.post(f"/v1/applications/{application['id']}:move", body, key=key)


async def test_a_preview_says_what_would_change_and_changes_nothing(window: Window) -> None:
    application = await submitted_relief(window)
    await say(window.officer("lin", TOWNSHIP), tasks_of(application)["fact_check"])
    await publish_next(window)
    before = await read(window.citizen("chen"), application)
    [found] = await preview(window)

    assert found["added"] == ["relief.county_check"]
    assert found["dropped"] == ["relief.home_visit"]
    assert found["kept"] == ["relief.fact_check"]
    assert "relief.township_decision" in found["changed"]
    assert (found["fromVersion"], found["toVersion"], found["obstacle"]) == (1, 2, None)
    assert await read(window.citizen("chen"), application) == before
    assert await window.value("SELECT count(*) FROM journal WHERE act = 'preview-move'") == 1


async def test_a_moved_case_keeps_its_verdicts_and_asks_only_whom_it_must(window: Window) -> None:
    application = await submitted_relief(window)
    lin = window.officer("lin", TOWNSHIP)
    await say(lin, tasks_of(application)["fact_check"])
    await publish_next(window)
    answer = await move(window.operator(), application)
    assert answer.status_code == 200, answer.text

    now = await read(window.citizen("chen"), application)
    tasks = tasks_of(now)
    assert now["item"]["version"] == 2
    assert tasks["fact_check"]["verdict"] == "approve"
    assert tasks["home_visit"]["cancelReason"] == "not-asked-any-more"
    assert tasks["county_check"]["state"] == "open"
    assert now["timeline"][-1]["act"] == "move-version"
    told = [data for type_, data in await window.events() if "application-moved" in type_]
    assert [each["added"] for each in told] == [["relief.county_check"]]
    gone = [data for type_, data in await window.events() if "task-cancelled" in type_]
    assert [each["task"] for each in gone] == ["home_visit"]


async def test_an_open_tasks_new_limit_is_counted_from_the_day_it_opened(window: Window) -> None:
    application = await submitted_relief(window)
    task = tasks_of(application)["fact_check"]
    await publish_next(window)
    await move(window.officer("lin", TOWNSHIP), application)

    moved = tasks_of(await read(window.citizen("chen"), application))["fact_check"]
    assert (task["dueAt"], moved["dueAt"]) == (
        "2026-11-24T12:00:00+08:00",
        "2026-11-27T00:00:00+08:00",
    )
    assert (moved["state"], moved["round"]) == ("open", 1)


async def test_moving_twice_and_at_once_moves_once(window: Window) -> None:
    application = await submitted_relief(window)
    await publish_next(window)
    answers = await asyncio.gather(*(move(window.operator(), application) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    again = await move(window.operator(), application, key="one-key")
    repeated = await move(window.operator(), application, key="one-key")
    assert again.json() == repeated.json()
    assert await window.value("SELECT count(*) FROM journal WHERE act = 'move-version'") == 1


async def test_a_case_that_lacks_what_the_version_asks_for_stays_where_it_is(
    window: Window,
) -> None:
    application = await submitted_relief(window)
    deed = {"key": "deed", "title": {"zh": "证", "en": "Deed"}, "required": "key"}
    await publish_next(window, materials=[deed])
    before = await read(window.citizen("chen"), application)
    refused = await move(window.operator(), application)

    assert (refused.status_code, refused.json()["code"]) == (409, "CASE_NOT_MOVABLE")
    assert (refused.json()["reason"], refused.json()["places"]) == ("material-missing", ["deed"])
    assert await read(window.citizen("chen"), application) == before
    assert (await preview(window))[0]["obstacle"]["places"] == ["deed"]


async def test_a_case_whose_form_the_version_refuses_says_which_fields(window: Window) -> None:
    application = await submitted_relief(window)
    definition = next_version()
    form = copy.deepcopy(definition["form"])
    form["required"] = [*form["required"], "household_note"]
    form["properties"]["household_note"] = {"type": "string", "title": "说明", "x-en": "Note"}
    await publish_next(window, form=form)
    refused = await move(window.operator(), application)
    assert refused.json()["reason"] == "form-needs-correction"
    assert refused.json()["places"] == ["/household_note"]


async def test_a_case_that_waits_for_a_correction_is_not_moved_under_the_applicant(
    window: Window,
) -> None:
    application = await submitted_relief(window)
    task = tasks_of(application)["fact_check"]
    await ask_correction(window.officer("lin", TOWNSHIP), task, "/event/kind")
    await publish_next(window)
    refused = await move(window.operator(), application)
    assert (refused.status_code, refused.json()["reason"]) == (409, "correction-open")


async def test_only_the_lead_office_or_an_operator_moves_a_case(window: Window) -> None:
    application = await submitted_relief(window)
    await publish_next(window)
    statuses = [
        (await move(caller, application)).status_code
        for caller in (
            window.officer("gao", "shuangpu-civil-affairs"),
            window.officer("he", VILLAGE),
            window.citizen("chen"),
        )
    ]
    assert statuses == [404, 403, 403]
    assert await window.value("SELECT item_version FROM application") == 1


async def test_a_run_that_was_killed_is_run_again_and_moves_the_rest(window: Window) -> None:
    first = await submitted_relief(window)
    await publish_next(window)
    command = MoveCases(
        actor=Actor(kind=ActorKind.OPERATOR, id="op"), code="JZ201", version=2, reason="施行"
    )
    wired = {"transaction": window.transaction, "desk": window.desk, "failpoints": Failpoints()}
    moved = [each async for each in move_cases(command, **wired)]
    again = [each async for each in move_cases(command, **wired)]

    assert [str(each.application_id) for each in moved] == [first["id"]]
    assert again == []


async def test_no_application_is_taken_under_a_withdrawn_version_and_open_cases_go_on(
    window: Window,
) -> None:
    application = await submitted_relief(window)
    path = "/v1/items/JZ201/versions/1:withdraw"
    withdrawn = await window.operator().post(path, {"reason": "标准停止执行"})
    assert withdrawn.status_code == 200, withdrawn.text
    assert withdrawn.json()["items"][0]["withdrawnAt"] is not None

    body = {"itemCode": "JZ201", "form": jz201_form(), "materials": []}
    refused = await window.citizen("chen").post("/v1/applications", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "ITEM_NOT_OPEN")
    assert await window.value("SELECT count(*) FROM application") == 1
    lin = window.officer("lin", TOWNSHIP)
    assert await say(lin, tasks_of(application)["fact_check"]) == 200
    again = await window.operator().post(path, {"reason": "再次"})
    assert (again.status_code, again.json()["code"]) == (409, "VERSION_WITHDRAWN")
    missing = await window.operator().post("/v1/items/JZ201/versions/9:withdraw", {"reason": "无"})
    assert (missing.status_code, missing.json()["code"]) == (404, "VERSION_NOT_FOUND")


async def test_what_was_published_cannot_be_changed_by_the_service(window: Window) -> None:
    for statement in (
        "UPDATE published_item SET hash = 'x'",
        "DELETE FROM published_item",
        "UPDATE item_withdrawal SET reason = 'x'",
    ):
        with pytest.raises(Exception, match="permission denied"):
            await window.rows(statement)


async def test_the_notice_between_two_versions_is_read_at_a_door(window: Window) -> None:
    await publish_next(window)
    lin = window.officer("lin", TOWNSHIP)
    answer = await lin.get("/v1/items/JZ201/changes?before=1&after=2")
    assert answer.status_code == 200, answer.text
    told = {(each["about"], each["place"]) for each in answer.json()["changes"]}
    assert ("departments", "relief.home_visit") in told
    assert ("limits", "relief.fact_check") in told
    unknown = await lin.get("/v1/items/JZ201/changes?before=1&after=7")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "VERSION_NOT_FOUND")


async def test_a_case_not_accepted_yet_is_simply_planned_anew(window: Window) -> None:
    await with_acceptance(window)
    application = await submit_relief(window)
    definition = {**next_version(), "acceptance": "officer"}
    await publish_item(window.transaction, definition, version=3)
    path = f"/v1/applications/{application['id']}:move"
    answer = await window.operator().post(path, {"version": 3, "reason": "施行"})
    assert answer.status_code == 200, answer.text
    now = await read(window.citizen("chen"), application)
    assert now["stage"] == "submitted"
    assert "county_check" in tasks_of(now)
    assert "home_visit" not in tasks_of(now)

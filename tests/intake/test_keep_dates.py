"""Does a notice go out without the silent, and what follows when its date is missed?"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.intake.actions.keep_dates import keep_dates
from tests.intake.test_correct_application import People, noticed, people, requested
from tests.intake.test_give_verdict import say, tasks_of
from tests.support.builders import a_definition, a_form, a_matter_definition, a_task_definition
from tests.support.corrections import (
    ask_correction,
    correct,
    mark,
    read,
    submit_relief,
    with_acceptance,
)
from tests.support.forms import resident
from tests.support.window import Window, publish_item

__all__ = ["people"]

DAY = timedelta(days=1)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


async def passed(window: Window) -> int:
    return await keep_dates(transaction=window.transaction, desk=window.desk)


async def heard(window: Window, fact: str) -> list[Any]:
    return [data for type_, data in await window.events() if type_.endswith(f"{fact}.v1")]


@pytest.mark.law("行政许可法", 32)
async def test_a_notice_goes_out_after_five_working_days_without_the_silent(
    window: Window, people: People
) -> None:
    application = await submit_relief(window)  # on Monday, 23 November
    tasks = tasks_of(application)
    await ask_correction(people.lin, tasks["fact_check"], "/event/kind")
    window.clock.set(shanghai("2026-11-30T23:59:59"))
    assert await passed(window) == 0
    window.clock.set(shanghai("2026-12-01T00:00:00"))
    assert await passed(window) == 1
    assert await passed(window) == 0

    [notice] = await requested(window)
    assert (notice["round"], notice["fields"]) == (1, 1)
    told = await read(people.chen, application)
    assert [item["pointer"] for item in told["correction"]["items"]] == ["/event/kind"]
    assert tasks_of(told)["home_visit"]["state"] == "open"


async def test_who_was_silent_until_the_notice_decides_on_what_is_there(
    window: Window, people: People
) -> None:
    application = await submit_relief(window)
    tasks = tasks_of(application)
    await ask_correction(people.lin, tasks["fact_check"], "/event/kind")
    window.clock.advance(9 * DAY)
    await passed(window)

    late = await ask_correction(people.he, tasks["home_visit"], "/narrative")
    assert late == (409, "NOTICE_ALREADY_GIVEN")
    assert (await correct(people.chen, application, form={"event": {"kind": "TRAFFIC"}}))[0] == 200
    again = await ask_correction(people.he, tasks["home_visit"], "/narrative")
    assert again == (409, "NOTICE_ALREADY_GIVEN")
    assert await ask_correction(people.he, tasks["home_visit"], "/event/kind") == (200, "")


async def test_four_clocks_send_a_waiting_notice_once(window: Window, people: People) -> None:
    application = await submit_relief(window)
    await ask_correction(people.lin, tasks_of(application)["fact_check"], "/event/kind")
    window.clock.advance(9 * DAY)
    assert sum(await asyncio.gather(*(passed(window) for _ in range(4)))) == 1
    assert len(await requested(window)) == 1


async def test_the_applicant_is_reminded_once_on_the_last_working_day_before(
    window: Window, people: People
) -> None:
    application = await noticed(window, people, "/event/kind")
    assert application["correction"]["dueOn"] == "2026-12-07"  # a Monday
    window.clock.set(shanghai("2026-12-03T09:00:00"))
    assert await passed(window) == 0
    window.clock.set(shanghai("2026-12-04T09:00:00"))
    assert (await passed(window), await passed(window)) == (1, 0)
    [told] = await heard(window, "applicant-reminded")
    assert (told["what"], told["dueOn"]) == ("correction", "2026-12-07")


async def test_a_date_missed_in_review_lets_departments_decide_on_the_papers_as_they_are(
    window: Window, people: People
) -> None:
    application = await noticed(window, people, "/event/kind")
    window.clock.set(shanghai("2026-12-07T23:59:59"))
    await passed(window)
    assert (await read(people.chen, application))["correction"] is not None
    window.clock.set(shanghai("2026-12-08T00:00:00"))
    assert await passed(window) == 1

    now = await read(people.chen, application)
    tasks = tasks_of(now)
    assert (now["stage"], now["correction"]) == ("in-review", None)
    assert (tasks["fact_check"]["state"], tasks["fact_check"]["round"]) == ("open", 2)
    assert tasks["home_visit"]["verdict"] == "approve"
    repeated = await ask_correction(people.lin, tasks["fact_check"], "/event/kind")
    assert repeated[0] == 409
    assert await say(people.lin, tasks["fact_check"], "refuse", opinion="逾期未补正") == 200
    assert len(await heard(window, "correction-missed")) == 1


async def test_a_date_missed_before_acceptance_lets_the_application_lapse_once(
    window: Window, people: People
) -> None:
    await with_acceptance(window)
    application = await submit_relief(window)
    acceptance = application["acceptance"]
    answer = await people.lin.post(
        f"/v1/tasks/{acceptance['id']}:verdict",
        {"verdict": "needs-correction", "opinion": "请补正", "marks": [mark("/event/kind")]},
    )
    assert answer.status_code == 200, answer.text
    due_on = (await read(people.chen, application))["correction"]["dueOn"]
    window.clock.set(shanghai(f"{due_on}T09:00:00") + DAY)
    assert sum(await asyncio.gather(*(passed(window) for _ in range(3)))) == 1

    now = await read(people.chen, application)
    assert (now["stage"], now["correction"]) == ("withdrawn", None)
    assert now["timeline"][-1]["act"] == "lapse"
    assert len(await heard(window, "application-lapsed")) == 1
    assert (await correct(people.chen, application, form={}))[0] == 409
    # Nothing was decided: the same person may apply again at once.
    assert (await submit_relief(window))["stage"] == "submitted"


async def test_a_corrected_form_asks_the_department_it_newly_needs_and_drops_the_other(
    window: Window, people: People
) -> None:
    application = await noticed(window, people, "/requested_amount_fen")
    changed = {"requested_amount_fen": 800_000}
    status, _ = await correct(people.chen, application, form=changed)
    assert status == 200

    now = await read(people.chen, application)
    tasks = tasks_of(now)
    assert tasks["township_decision"]["cancelReason"] == "not-asked-any-more"
    assert tasks["county_decision"]["state"] == "waiting"
    assert tasks["home_visit"]["verdict"] == "approve"
    zhou = window.officer("zhou", "xihu-civil-affairs")
    assert await say(people.lin, tasks["fact_check"]) == 200
    assert await say(zhou, tasks["county_decision"]) == 200
    decided = await read(people.chen, application)
    assert (decided["stage"], decided["outcome"]) == ("decided", "granted")
    explained = (await people.chen.get(f"/v1/applications/{application['id']}/explanation")).json()
    county = next(each for each in explained["plan"] if each["task"] == "county_decision")
    assert county["asked"] is True


async def test_a_department_dropped_by_one_correction_is_asked_by_the_next(
    window: Window, people: People
) -> None:
    application = await noticed(window, people, "/requested_amount_fen")
    await correct(people.chen, application, form={"requested_amount_fen": 800_000})
    tasks = tasks_of(application)
    again = await ask_correction(people.lin, tasks["fact_check"], "/requested_amount_fen")
    assert again == (200, "")
    assert (await correct(people.chen, application, form={"requested_amount_fen": 1000}))[0] == 200

    now = tasks_of(await read(people.chen, application))
    assert (now["township_decision"]["state"], now["township_decision"]["round"]) == ("waiting", 2)
    assert now["county_decision"]["cancelReason"] == "not-asked-any-more"
    assert now["duplicate_relief_check"]["verdict"] == "approve"


@pytest.mark.parametrize("before_acceptance", [False, True])
async def test_the_date_of_a_withdrawn_application_is_nobodys_any_more(
    window: Window, people: People, before_acceptance: bool
) -> None:
    if before_acceptance:
        await with_acceptance(window)
        application = await submit_relief(window)
        await ask_correction(people.lin, application["acceptance"], "/event/kind")
    else:
        application = await noticed(window, people, "/event/kind")
    await people.chen.post(f"/v1/applications/{application['id']}:withdraw")
    before = await window.rows("SELECT state, round, cancel_reason FROM approval_task ORDER BY id")
    window.clock.set(shanghai("2027-01-15T09:00:00"))
    assert await passed(window) == 0
    after = await window.rows("SELECT state, round, cancel_reason FROM approval_task ORDER BY id")
    assert after == before
    assert await heard(window, "correction-missed") == []


async def test_who_is_asked_only_after_the_notice_can_ask_once_it_is_answered(
    window: Window,
) -> None:
    """The notice went out without B; B's approval opens C while the applicant still reads it."""
    application = await applied_for_three(window)
    tasks = tasks_of(application)
    assert await ask_correction(window.partner("a"), tasks["a"], "/amount_fen") == (200, "")
    window.clock.set(shanghai("2026-12-01T00:00:00"))
    assert await passed(window) == 1
    assert await say(window.partner("b"), tasks["b"]) == 200
    c = window.partner("c")
    assert await ask_correction(c, tasks["c"], "/choices") == (409, "NOTICE_ALREADY_GIVEN")
    assert await ask_correction(c, tasks["c"]) == (409, "NOTICE_ALREADY_GIVEN")

    chen = window.citizen("chen")
    assert (await correct(chen, application, form={"amount_fen": 2_000}))[0] == 200
    assert await ask_correction(c, tasks["c"], "/choices") == (200, "")
    assert await say(window.partner("a"), tasks["a"]) == 200
    assert len(await requested(window)) == 2


async def applied_for_three(window: Window) -> Mapping[str, Any]:
    """Chen applies for something that A and B are asked about, and C once B has approved."""
    asked = [
        a_task_definition(
            key, handler=f"partner:{key}", limit={"length": 20, "unit": "working_day"}
        )
        for key in ("a", "b")
    ]
    last = a_task_definition("c", handler="partner:c", needs=["b:approved"])
    definition = a_definition(a_matter_definition("m", *asked, last), code="TS303")
    await publish_item(window.transaction, definition)
    chen = resident("chen")
    form = a_form(applicant={"name": chen["name"], "id_no": chen["id_no"]}, choices=["x"])
    body = {"itemCode": "TS303", "form": form, "materials": []}
    answer = await window.citizen("chen").post("/v1/applications", body)
    assert answer.status_code == 201, answer.text
    found: Mapping[str, Any] = answer.json()
    return found

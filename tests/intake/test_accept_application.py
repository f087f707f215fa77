"""What happens between handing in and acceptance, where an officer accepts?"""

import asyncio
from datetime import datetime, timedelta

import pytest

from services.intake.actions.deem_accepted import deem_accepted
from services.intake.actions.follow_registry import follow_calendar
from shared.calendar import calendar_as_data
from tests.intake.test_give_verdict import say
from tests.support.calendars import official_calendar
from tests.support.corrections import (
    TOWNSHIP,
    VILLAGE,
    ask_correction,
    correct,
    mark,
    read,
    submit_relief,
    with_acceptance,
)
from tests.support.forms import jz201_form, person
from tests.support.window import Window

REMEDY = "可在六十日内向区人民政府申请行政复议，或在六个月内提起行政诉讼"


@pytest.fixture(autouse=True)
async def acceptance_by_an_officer(window: Window) -> None:
    await with_acceptance(window)


def types_of(events: list) -> list[str]:
    return [type_.removeprefix("civil.intake.").removesuffix(".v1") for type_, _ in events]


async def test_an_application_waits_for_acceptance_in_the_inbox_of_the_township(
    window: Window,
) -> None:
    application = await submit_relief(window)
    inbox = (await window.officer("lin", TOWNSHIP).get("/v1/tasks")).json()

    assert (application["stage"], application["acceptedAt"]) == ("submitted", None)
    assert application["clocks"] == []
    [task] = inbox["items"]
    assert (task["matter"], task["key"], task["state"]) == ("acceptance", "acceptance", "open")
    assert task["dueAt"] == "2026-12-01T00:00:00+08:00"
    assert inbox["counts"]["open"] == inbox["total"] == 1
    assert application["acceptance"]["id"] == task["id"]
    states = {each["state"] for each in application["matters"][0]["tasks"]}
    assert states == {"waiting"}
    assert types_of(await window.events()) == ["application-submitted", "task-opened"]
    assert (await window.officer("he", VILLAGE).get("/v1/tasks")).json()["total"] == 0


async def test_the_officer_who_accepts_sees_the_whole_form_and_the_look_is_journalled(
    window: Window,
) -> None:
    task = (await submit_relief(window))["acceptance"]
    answer = await window.officer("lin", TOWNSHIP).get(f"/v1/tasks/{task['id']}/disclosure")

    assert set(answer.json()["fields"]) == set(jz201_form())
    assert await window.value("SELECT count(*) FROM journal WHERE act = 'read'") == 1


async def test_acceptance_starts_the_clock_and_asks_everybody_now(window: Window) -> None:
    application = await submit_relief(window)
    window.clock.advance(timedelta(days=1))
    assert await say(window.officer("lin", TOWNSHIP), application["acceptance"]) == 200

    accepted = await read(window.citizen("chen"), application)
    assert accepted["stage"] == "in-review"
    assert accepted["acceptedAt"] == "2026-11-24T12:00:00+08:00"
    assert {clock["lastDay"] for clock in accepted["clocks"]} == {"2026-11-26", "2026-12-01"}
    late = {each["key"]: each["dueOn"] for each in accepted["missingMaterials"]}
    assert late == {"identity_card": "2026-12-08", "event_proof": "2026-12-08"}
    open_tasks = [t for t in accepted["matters"][0]["tasks"] if t["state"] == "open"]
    assert len(open_tasks) == 3
    types = types_of(await window.events())
    assert types.count("application-accepted") == 1
    assert types.count("task-opened") == 4
    assert "accept" in [line["act"] for line in accepted["timeline"]]


async def test_six_officers_accept_at_once_and_it_is_accepted_once(window: Window) -> None:
    application = await submit_relief(window)
    officers = [window.officer(f"o{n}", TOWNSHIP) for n in range(6)]
    codes = await asyncio.gather(*(say(each, application["acceptance"]) for each in officers))

    assert sorted(codes) == [200] + [409] * 5
    assert types_of(await window.events()).count("application-accepted") == 1


async def test_an_officer_of_another_office_cannot_accept(window: Window) -> None:
    application = await submit_relief(window)
    assert (
        await say(window.officer("gao", "shuangpu-civil-affairs"), application["acceptance"]) == 404
    )
    assert (await read(window.citizen("chen"), application))["stage"] == "submitted"


@pytest.mark.law("行政许可法", 32)
async def test_a_refusal_to_accept_is_final_and_says_why_and_where_to_turn(window: Window) -> None:
    application = await submit_relief(window)
    lin, task = window.officer("lin", TOWNSHIP), application["acceptance"]
    without = await say(lin, task, "refuse", opinion="不属于本机关职权范围")
    assert without == 422
    assert await say(lin, task, "refuse", opinion="不属于本机关职权范围", remedy=REMEDY) == 200

    refused = await read(window.citizen("chen"), application)
    assert (refused["stage"], refused["outcome"]) == ("not-accepted", None)
    assert refused["acceptance"]["opinion"] == "不属于本机关职权范围"
    assert refused["remedy"] == REMEDY
    assert refused["matters"][0]["status"] == "not-accepted"
    assert {t["state"] for t in refused["matters"][0]["tasks"]} == {"cancelled"}
    assert types_of(await window.events())[-1] == "application-not-accepted"
    dumped = str(await window.rows("SELECT a::text FROM application a")) + str(
        await window.rows("SELECT payload::text FROM outbox")
    )
    assert REMEDY not in dumped
    assert (await submit_relief(window))["stage"] == "submitted"


async def test_the_one_time_notice_is_answered_and_the_officer_looks_again(window: Window) -> None:
    application = await submit_relief(window)
    lin, chen = window.officer("lin", TOWNSHIP), window.citizen("chen")
    assert (await ask_correction(lin, application["acceptance"], "/event/kind"))[0] == 200

    told = await read(chen, application)
    assert told["stage"] == "correcting"
    assert told["correction"]["round"] == 1
    assert told["correction"]["phase"] == "acceptance"
    assert told["correction"]["dueOn"] == "2026-12-07"
    [item] = told["correction"]["items"]
    assert (item["pointer"], item["message"]) == ("/event/kind", "与所附证明不一致")

    window.clock.advance(timedelta(days=2))
    status, corrected = await correct(chen, application, form={"event": {"kind": "TRAFFIC"}})
    assert status == 200, corrected
    assert (corrected["stage"], corrected["correction"]) == ("submitted", None)
    assert (corrected["acceptance"]["round"], corrected["acceptance"]["state"]) == (2, "open")
    # The time to speak runs anew from the day the corrected papers came in.
    assert corrected["acceptance"]["dueAt"] == "2026-12-03T00:00:00+08:00"
    fields = (await lin.get(f"/v1/tasks/{application['acceptance']['id']}/disclosure")).json()
    assert fields["fields"]["event"]["kind"] == "TRAFFIC"
    assert await say(lin, application["acceptance"], round=2) == 200
    assert (await read(chen, application))["acceptedAt"] == "2026-11-25T12:00:00+08:00"


@pytest.mark.law("行政许可法", 32)
async def test_a_second_notice_about_what_was_already_visible_is_refused(window: Window) -> None:
    application = await submit_relief(window)
    lin, chen = window.officer("lin", TOWNSHIP), window.citizen("chen")
    task = application["acceptance"]
    await ask_correction(lin, task, "/event/kind")
    await correct(chen, application, form={"event": {"kind": "TRAFFIC"}})

    assert await ask_correction(lin, task, "/narrative") == (409, "NOTICE_ALREADY_GIVEN")
    assert await ask_correction(lin, task) == (409, "NOTICE_ALREADY_GIVEN")
    assert (await read(chen, application))["stage"] == "submitted"
    assert await ask_correction(lin, task, "/event/kind") == (200, "")
    assert (await read(chen, application))["correction"]["round"] == 2


async def test_a_corrected_form_makes_the_plan_anew_while_nobody_has_been_asked(
    window: Window,
) -> None:
    application = await submit_relief(window)
    lin, chen = window.officer("lin", TOWNSHIP), window.citizen("chen")
    await ask_correction(lin, application["acceptance"], "/requested_amount_fen")
    status, corrected = await correct(chen, application, form={"requested_amount_fen": 800_000})

    assert status == 200, corrected
    keys = {task["key"] for task in corrected["matters"][0]["tasks"]}
    assert "county_decision" in keys
    assert "township_decision" not in keys
    assert await say(lin, application["acceptance"]) == 200
    explained = (await chen.get(f"/v1/applications/{application['id']}/explanation")).json()
    county = next(each for each in explained["plan"] if each["task"] == "county_decision")
    assert {"path": "form.requested_amount_fen", "value": 800_000, "withheld": False} in county[
        "inputs"
    ]


@pytest.mark.parametrize("is_correcting", [False, True])
async def test_a_withdrawal_before_acceptance_closes_the_acceptance_task(
    window: Window, is_correcting: bool
) -> None:
    application = await submit_relief(window)
    lin, chen = window.officer("lin", TOWNSHIP), window.citizen("chen")
    if is_correcting:
        await ask_correction(lin, application["acceptance"], "/event/kind")
    withdrawn = await chen.post(f"/v1/applications/{application['id']}:withdraw")

    assert withdrawn.json()["stage"] == "withdrawn"
    assert withdrawn.json()["acceptance"]["state"] == ("closed" if is_correcting else "cancelled")
    assert withdrawn.json()["correction"] is None
    assert (await lin.get("/v1/tasks")).json()["total"] == 0
    assert await window.value("SELECT count(*) FROM clock_entry") == 0
    status, problem = await correct(chen, application, form={"event": {"kind": "TRAFFIC"}})
    assert (status, problem["code"]) == (409, "ACT_NOT_ALLOWED")


async def test_marks_that_name_nothing_change_nothing(window: Window) -> None:
    application = await submit_relief(window)
    lin, task = window.officer("lin", TOWNSHIP), application["acceptance"]

    assert await ask_correction(lin, task, "/event/colour") == (422, "MARK_INVALID")
    approve = await lin.post(
        f"/v1/tasks/{task['id']}:verdict", {"verdict": "approve", "marks": [mark("/event")]}
    )
    assert (approve.status_code, approve.json()["code"]) == (422, "MARK_INVALID")
    assert await window.value("SELECT count(*) FROM correction") == 0
    assert (await read(window.citizen("chen"), application))["stage"] == "submitted"


# --- silence ----------------------------------------------------------------------------


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.law("行政许可法", 32)
@pytest.mark.parametrize(
    ("received_at", "last_moment", "accepted_on"),
    [
        ("2026-02-13T15:00:00", "2026-02-27T23:59:59", "2026-02-13"),
        ("2026-09-29T10:00:00", "2026-10-12T23:59:59", "2026-09-29"),
        ("2026-04-30T10:00:00", "2026-05-11T23:59:59", "2026-04-30"),
    ],
)
async def test_silence_accepts_on_the_day_received(
    window: Window, received_at: str, last_moment: str, accepted_on: str
) -> None:
    window.clock.set(shanghai(received_at))
    event = {"kind": "FIRE", "occurred_at": "2026-01-20T21:30:00+08:00"}
    application = await submit_relief(window, event=event)

    window.clock.set(shanghai(last_moment))
    assert await deem_accepted(transaction=window.transaction, desk=window.desk) == 0
    window.clock.advance(timedelta(seconds=1))
    assert await deem_accepted(transaction=window.transaction, desk=window.desk) == 1

    accepted = await read(window.citizen("chen"), application)
    assert accepted["stage"] == "in-review"
    assert accepted["acceptedAt"] == accepted["submittedAt"]
    assert accepted["acceptedAt"].startswith(accepted_on)
    assert accepted["acceptance"]["cancelReason"] == "deemed-accepted"
    [(_, data)] = [each for each in await window.events() if "application-accepted" in each[0]]
    assert data["deemed"] is True
    [line] = await window.rows("SELECT actor, reason FROM journal WHERE act = 'deem-accepted'")
    assert line["actor"] == "service:intake"
    assert "第32条" in line["reason"]


async def test_a_working_calendar_published_meanwhile_moves_the_end_of_silence(
    window: Window,
) -> None:
    application = await submit_relief(window)
    calendar = calendar_as_data(official_calendar())
    rest = {"date": "2026-11-30", "isWorking": False, "kind": "holiday", "zh": "假", "en": "Rest"}
    days = sorted([*calendar["days"], rest], key=lambda day: str(day["date"]))
    changed = {**calendar, "version": "cn-2026.2", "days": days}
    await follow_calendar({"version": 2, "calendar": changed}, transaction=window.transaction)

    window.clock.set(shanghai("2026-12-01T12:00:00"))
    assert await deem_accepted(transaction=window.transaction, desk=window.desk) == 0
    waiting = await read(window.citizen("chen"), application)
    assert waiting["acceptance"]["dueAt"] == "2026-12-02T00:00:00+08:00"
    window.clock.set(shanghai("2026-12-02T00:00:00"))
    assert await deem_accepted(transaction=window.transaction, desk=window.desk) == 1
    accepted = await read(window.citizen("chen"), application)
    assert accepted["acceptedAt"] == accepted["submittedAt"]


async def test_several_clock_processes_accept_each_application_once(window: Window) -> None:
    applications = [await submit_relief(window)]
    for key in ("liu", "wang", "zhao"):
        body = {"itemCode": "JZ201", "form": jz201_form(applicant=person(key)), "materials": []}
        answer = await window.citizen(key).post("/v1/applications", body)
        assert answer.status_code == 201, answer.text
        applications.append(answer.json())
    window.clock.advance(timedelta(days=30))
    counts = await asyncio.gather(
        *(deem_accepted(transaction=window.transaction, desk=window.desk) for _ in range(6))
    )

    assert sum(counts) == len(applications)
    assert types_of(await window.events()).count("application-accepted") == len(applications)
    assert await window.value("SELECT count(*) FROM clock_entry WHERE kind = 'start'") == 4
    assert await deem_accepted(transaction=window.transaction, desk=window.desk) == 0


async def test_an_officer_and_the_clock_at_the_same_instant_accept_once(window: Window) -> None:
    application = await submit_relief(window)
    window.clock.advance(timedelta(days=30))
    lin = window.officer("lin", TOWNSHIP)
    await asyncio.gather(
        say(lin, application["acceptance"]),
        deem_accepted(transaction=window.transaction, desk=window.desk),
        deem_accepted(transaction=window.transaction, desk=window.desk),
    )

    assert types_of(await window.events()).count("application-accepted") == 1
    assert (await read(window.citizen("chen"), application))["stage"] == "in-review"


async def test_a_notice_stops_silence_from_accepting(window: Window) -> None:
    application = await submit_relief(window)
    await ask_correction(window.officer("lin", TOWNSHIP), application["acceptance"], "/event/kind")
    window.clock.advance(timedelta(days=60))

    assert await deem_accepted(transaction=window.transaction, desk=window.desk) == 0
    assert (await read(window.citizen("chen"), application))["stage"] == "correcting"


async def test_silence_after_a_correction_accepts_on_the_day_of_the_corrected_papers(
    window: Window,
) -> None:
    application = await submit_relief(window)
    chen = window.citizen("chen")
    await ask_correction(window.officer("lin", TOWNSHIP), application["acceptance"], "/event/kind")
    window.clock.advance(timedelta(days=2))
    await correct(chen, application, form={"event": {"kind": "TRAFFIC"}})
    window.clock.advance(timedelta(days=30))
    assert await deem_accepted(transaction=window.transaction, desk=window.desk) == 1

    assert (await read(chen, application))["acceptedAt"] == "2026-11-25T12:00:00+08:00"


async def test_an_item_without_an_office_here_is_refused_when_handed_in(window: Window) -> None:
    nobody = {"function": "nobody", "level": "city"}
    await with_acceptance(window, version=3, acceptance_office=nobody)
    body = {"itemCode": "JZ201", "form": jz201_form(), "materials": []}
    answer = await window.citizen("chen").post("/v1/applications", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "OFFICE_NOT_FOUND")
    assert await window.value("SELECT count(*) FROM application") == 0

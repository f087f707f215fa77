"""Who may stop a case's clock, let it run on or extend it, why, and what moves with it?"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.intake.actions.raise_cards import raise_cards
from shared.failpoints import Failpoints
from tests.intake.test_give_verdict import COUNTY, TOWNSHIP, VILLAGE, submitted_relief, tasks_of
from tests.support.calendars import beijing
from tests.support.forms import item_definition, jz201_form
from tests.support.window import Caller, Window, publish_item

HEARING = {"reason": "hearing", "days": 10}
TEN_MORE = {
    "clock": "statutory",
    "days": 10,
    "basis": "licensing",
    "reason": "案情复杂，经批准延长",
}


@pytest.fixture
async def case(window: Window) -> Mapping[str, Any]:
    """Relief accepted on Monday 14 September 2026, with twenty working days by statute."""
    window.clock.set(beijing("2026-09-14 10:00"))
    definition = item_definition("JZ201") | {
        "limits": {"statutory": {"length": 20, "unit": "working_day"}}
    }
    await publish_item(window.transaction, definition, version=2)
    form = jz201_form(event={"kind": "FIRE", "occurred_at": "2026-09-13T21:30:00+08:00"})
    answer = await window.citizen("chen").post(
        "/v1/applications", {"itemCode": "JZ201", "form": form, "materials": []}
    )
    assert answer.status_code == 201, answer.text
    found: Mapping[str, Any] = answer.json()
    return found


def lin(window: Window) -> Caller:
    """The clerk of the township office, which leads the case."""
    return window.officer("lin", TOWNSHIP)


async def act(
    caller: Caller, case: Mapping[str, Any], verb: str, body: Any = None, **more: Any
) -> httpx.Response:
    return await caller.post(f"/v1/applications/{case['id']}:{verb}", body or {}, **more)


async def clocks(window: Window, case: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    answer = await lin(window).get(f"/v1/applications/{case['id']}/clocks")
    assert answer.status_code == 200, answer.text
    return {clock["name"]: clock for clock in answer.json()["clocks"]}


async def cards_of_case(window: Window) -> list[str]:
    while await raise_cards(
        transaction=window.transaction, desk=window.desk, failpoints=Failpoints()
    ):
        pass
    rows = await window.rows(
        "SELECT level FROM supervision_card WHERE clock = 'statutory' ORDER BY since"
    )
    return [row["level"] for row in rows]


async def paused_for_three_weeks(window: Window, case: Mapping[str, Any]) -> None:
    window.clock.set(beijing("2026-09-22 09:00"))
    assert (await act(lin(window), case, "pause", HEARING)).status_code == 200
    window.clock.set(beijing("2026-10-12 17:00"))
    assert (await act(lin(window), case, "resume")).status_code == 200


@pytest.mark.law("行政许可法", 45)
async def test_a_special_procedure_and_an_extension_move_the_statutory_day(
    window: Window, case: Mapping[str, Any]
) -> None:
    assert (await clocks(window, case))["statutory"]["dueAt"] == "2026-10-17T00:00:00+08:00"
    await paused_for_three_weeks(window, case)
    paused = (await clocks(window, case))["statutory"]
    extended = (await act(lin(window), case, "extend", TEN_MORE)).json()["clocks"][0]

    assert (paused["dueAt"], paused["used"]) == ("2026-10-31T00:00:00+08:00", 6)
    assert extended["dueAt"] == "2026-11-14T00:00:00+08:00"
    assert (extended["extendedBy"], extended["length"]) == (10, 30)


async def test_the_applicant_sees_the_new_day_and_why(
    window: Window, case: Mapping[str, Any]
) -> None:
    await paused_for_three_weeks(window, case)
    seen = (await window.citizen("chen").get(f"/v1/applications/{case['id']}")).json()

    assert seen["clocks"][0]["dueAt"] == "2026-10-31T00:00:00+08:00"
    assert any("期限中止" in line for line in seen["clocks"][0]["explanation"])
    assert [line["title"] for line in seen["timeline"]][-2:] == ["期限中止", "期限恢复计算"]


async def test_no_card_is_raised_while_the_clock_stands_still(
    window: Window, case: Mapping[str, Any]
) -> None:
    window.clock.set(beijing("2026-09-22 09:00"))
    await cards_of_case(window)
    await act(lin(window), case, "pause", HEARING)
    for _ in range(90):
        window.clock.advance(timedelta(days=1))
        assert await cards_of_case(window) == []
    await act(lin(window), case, "resume")
    window.clock.set(beijing("2027-02-01 09:00"))
    await cards_of_case(window)
    since = await window.rows(
        "SELECT level, since FROM supervision_card WHERE clock = 'statutory' ORDER BY since"
    )

    # Six days were used before, and the 22nd of December is the seventh.
    assert [(card["level"], card["since"]) for card in since] == [
        ("warning", beijing("2026-12-26 00:00")),
        ("yellow", beijing("2027-01-05 00:00")),
        ("red", beijing("2027-01-09 00:00")),
    ]


async def test_open_tasks_are_due_later_by_as_much_hours_are_not(
    window: Window, case: Mapping[str, Any]
) -> None:
    await act(lin(window), case, "pause", HEARING)
    window.clock.set(beijing("2026-09-18 09:00"))
    await act(lin(window), case, "resume")
    after = tasks_of((await window.citizen("chen").get(f"/v1/applications/{case['id']}")).json())

    assert tasks_of(case)["home_visit"]["dueAt"] == "2026-09-16T00:00:00+08:00"
    # The 19th rests; Sunday the 20th is worked.
    assert after["home_visit"]["dueAt"] == "2026-09-21T00:00:00+08:00"
    assert after["fact_check"]["dueAt"] == tasks_of(case)["fact_check"]["dueAt"]


async def test_the_ledger_says_what_happened_when_why_and_by_whom(
    window: Window, case: Mapping[str, Any]
) -> None:
    await paused_for_three_weeks(window, case)
    await act(lin(window), case, "extend", TEN_MORE)
    lines = await window.rows(
        "SELECT kind, basis, days, recorded_by FROM clock_entry ORDER BY at, kind DESC"
    )
    noted = await window.rows(
        "SELECT act, actor, reason FROM journal WHERE act LIKE '%-clock' ORDER BY seq"
    )

    assert [(line["kind"], line["basis"], line["days"]) for line in lines] == [
        ("start", None, None),
        ("pause", "行政许可法 第45条", 10),
        ("resume", None, None),
        ("extend", "行政许可法 第42条第1款", 10),
    ]
    assert {line["recorded_by"] for line in lines[1:]} == {"officer:officer-lin"}
    assert [line["act"] for line in noted] == ["pause-clock", "resume-clock", "extend-clock"]


async def test_the_officers_own_words_are_read_by_readers_and_kept_sealed(
    window: Window, case: Mapping[str, Any]
) -> None:
    await act(lin(window), case, "extend", TEN_MORE)
    shown = (await window.citizen("chen").get(f"/v1/applications/{case['id']}/clocks")).json()
    kept = await window.rows("SELECT * FROM clock_entry WHERE kind = 'extend'")

    assert [line["note"] for line in shown["ledger"]] == [None, TEN_MORE["reason"]]
    assert TEN_MORE["reason"] not in str(kept)
    assert TEN_MORE["reason"].encode() not in kept[0]["note_sealed"]


async def test_only_the_lead_office_may_and_others_see_no_more_than_before(
    window: Window, case: Mapping[str, Any]
) -> None:
    answers = {
        "he": await act(window.officer("he", VILLAGE), case, "pause", HEARING),
        "zhou": await act(window.officer("zhou", COUNTY), case, "pause", HEARING),
        "chen": await act(window.citizen("chen"), case, "pause", HEARING),
        "police": await act(window.partner("police"), case, "extend", TEN_MORE),
    }

    assert {who: answer.status_code for who, answer in answers.items()} == {
        "he": 403,
        "zhou": 404,
        "chen": 403,
        "police": 403,
    }
    assert answers["he"].json()["code"] == "NOT_LEAD_OFFICE"
    assert await window.value("SELECT count(*) FROM clock_entry") == 1


@pytest.mark.parametrize(
    ("verb", "body", "status", "code"),
    [
        ("resume", {}, 409, "CLOCK_NOT_PAUSED"),
        ("pause", {"reason": "announcement", "days": 7}, 422, "PAUSE_BASIS_REQUIRED"),
        ("pause", {"reason": "holiday", "days": 7}, 422, "BODY_INVALID"),
        ("pause", {"reason": "announcement", "days": 7, "basis": "因为"}, 422, "BODY_INVALID"),
        ("extend", TEN_MORE | {"days": 11}, 422, "EXTENSION_NOT_ALLOWED"),
        ("extend", TEN_MORE | {"clock": "promised"}, 404, "CLOCK_NOT_FOUND"),
        ("extend", TEN_MORE | {"basis": "because"}, 422, "BODY_INVALID"),
        ("extend", TEN_MORE | {"reason": ""}, 422, "BODY_INVALID"),
    ],
)
async def test_what_the_law_does_not_know_changes_nothing(
    window: Window, case: Mapping[str, Any], verb: str, body: Any, status: int, code: str
) -> None:
    answer = await act(lin(window), case, verb, body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await window.value("SELECT count(*) FROM clock_entry") == 1


async def test_an_announcement_stops_the_clock_where_the_items_rule_says_so(
    window: Window, case: Mapping[str, Any]
) -> None:
    basis = "民发〔2021〕43号 第14条"
    body = {"reason": "announcement", "days": 7, "basis": basis}
    answer = await act(lin(window), case, "pause", body)

    assert answer.status_code == 200
    assert (answer.json()["ledger"][-1]["basis"], answer.json()["ledger"][-1]["days"]) == (basis, 7)


async def test_a_clock_is_paused_once_at_a_time_and_extended_once(
    window: Window, case: Mapping[str, Any]
) -> None:
    same = await asyncio.gather(*(act(lin(window), case, "pause", HEARING) for _ in range(4)))
    more = await asyncio.gather(*(act(lin(window), case, "extend", TEN_MORE) for _ in range(4)))

    assert sorted(answer.status_code for answer in same) == [200, 409, 409, 409]
    assert sorted(answer.status_code for answer in more) == [200, 409, 409, 409]
    assert {a.json()["code"] for a in more if a.status_code == 409} == {"CLOCK_ALREADY_EXTENDED"}


async def test_a_repeated_request_is_one_pause(window: Window, case: Mapping[str, Any]) -> None:
    key = uuid4().hex
    answers = [await act(lin(window), case, "pause", HEARING, key=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert await window.value("SELECT count(*) FROM clock_entry WHERE kind = 'pause'") == 1


async def test_a_late_case_is_not_extended(window: Window, case: Mapping[str, Any]) -> None:
    window.clock.set(beijing("2026-10-17 00:00"))
    answer = await act(lin(window), case, "extend", TEN_MORE)

    assert (answer.status_code, answer.json()["code"]) == (409, "EXTENSION_TOO_LATE")


async def test_a_case_that_is_over_has_no_clock_to_pause(
    window: Window, case: Mapping[str, Any]
) -> None:
    await act(window.citizen("chen"), case, "withdraw")
    answer = await act(lin(window), case, "pause", HEARING)

    assert (answer.status_code, answer.json()["code"]) == (409, "CLOCK_NOT_RUNNING")


async def test_a_promise_is_not_extended_beyond_the_statute(window: Window) -> None:
    case = await submitted_relief(window)
    three = TEN_MORE | {"clock": "promised", "days": 3}
    four = await act(lin(window), case, "extend", three | {"days": 4})
    answer = await act(lin(window), case, "extend", three)

    assert (four.status_code, four.json()["code"]) == (422, "PROMISE_BEYOND_STATUTE")
    assert answer.status_code == 200
    due = {clock["name"]: clock["dueAt"] for clock in answer.json()["clocks"]}
    assert due["promised"] == due["statutory"]


async def test_the_share_used_is_shown_and_stands_still(
    window: Window, case: Mapping[str, Any]
) -> None:
    window.clock.set(beijing("2026-09-22 09:00"))
    before = (await clocks(window, case))["statutory"]
    await act(lin(window), case, "pause", HEARING)
    window.clock.set(beijing("2026-10-09 09:00"))
    after = (await clocks(window, case))["statutory"]

    assert (before["percentUsed"], before["isPaused"]) == (30, False)
    assert (after["percentUsed"], after["isPaused"], after["isOverdue"]) == (30, True, False)


async def test_a_pause_its_end_and_an_extension_are_told_without_anybodys_words(
    window: Window, case: Mapping[str, Any]
) -> None:
    await paused_for_three_weeks(window, case)
    await act(lin(window), case, "extend", TEN_MORE)
    told = {name: data for name, data in await window.events() if ".clock-" in name}

    assert list(told) == [
        "civil.intake.clock-paused.v1",
        "civil.intake.clock-resumed.v1",
        "civil.intake.clock-extended.v1",
    ]
    paused, resumed, extended = told.values()
    assert (paused["reason"], paused["days"]) == ("hearing", 10)
    assert resumed["at"] == "2026-10-12T17:00:00+08:00"
    assert (extended["clock"], extended["basis"], extended["days"]) == (
        "statutory",
        "licensing",
        10,
    )
    assert TEN_MORE["reason"] not in str(told)


async def test_a_refused_pause_is_not_told(window: Window, case: Mapping[str, Any]) -> None:
    assert (await act(window.officer("he", VILLAGE), case, "pause", HEARING)).status_code == 403
    assert [name for name, _ in await window.events() if ".clock-" in name] == []

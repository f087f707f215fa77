"""Which cards are raised when, and is each raised once, whoever races and whatever crashes?"""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.intake.actions.follow_registry import follow_calendar
from services.intake.actions.raise_cards import raise_cards
from services.intake.app import create
from services.intake.settings import IntakeSettings
from services.intake.store import cards as statements
from shared.calendar import calendar_as_data
from shared.failpoints import Failpoints
from tests.conftest import TestDatabase
from tests.intake.test_give_verdict import (
    COUNTY,
    TOWNSHIP,
    VILLAGE,
    say,
    submitted_death,
    submitted_marriage,
    submitted_relief,
    tasks_of,
)
from tests.intake.test_statements import counted
from tests.support.apps import department_settings, running
from tests.support.calendars import beijing, official_calendar
from tests.support.clockwork import run_out
from tests.support.town import until
from tests.support.window import Window

WEEKS = timedelta(days=60)
RAISED = "civil.intake.card-raised.v1"


async def look(window: Window, *, limit: int = 100) -> int:
    return await raise_cards(
        transaction=window.transaction, desk=window.desk, failpoints=Failpoints(), limit=limit
    )


async def at(window: Window, instant: str) -> None:
    window.clock.set(beijing(instant))
    while await look(window):
        pass


async def cards(window: Window) -> list[tuple[str, str]]:
    rows = await window.rows("SELECT clock, level FROM supervision_card ORDER BY since, clock")
    return [(row["clock"], row["level"]) for row in rows]


async def execute(window: Window, statement: str, **values: Any) -> None:
    async with window.transaction() as store:
        await store.connection.execute(text(statement), values)


async def assert_each_once(window: Window) -> int:
    """Every card has one event and one journal line, and there is none of them too many."""
    kept = Counter(str(row["id"]) for row in await window.rows("SELECT id FROM supervision_card"))
    told = Counter(data["cardId"] for kind, data in await window.events() if kind == RAISED)
    noted = await window.value("SELECT count(*) FROM journal WHERE act = 'raise-card'")
    assert kept == told
    assert noted == len(kept)
    return len(kept)


async def test_cards_follow_each_clock_of_a_case_at_its_own_pace(window: Window) -> None:
    await submitted_relief(window)
    seen: list[list[tuple[str, str]]] = []
    for instant in ("2026-11-23 23:59", "2026-11-24 00:00", "2026-11-24 12:00", "2026-11-25 00:00"):
        await at(window, instant)
        seen.append(await cards(window))

    assert seen[0] == []
    assert seen[1] == [
        ("relief.duplicate_relief_check", "warning"),
        ("relief.fact_check", "warning"),
        ("relief.home_visit", "yellow"),
    ]
    assert seen[2][3:] == [
        ("relief.duplicate_relief_check", "yellow"),
        ("relief.fact_check", "yellow"),
        ("relief.duplicate_relief_check", "red"),
        ("relief.fact_check", "red"),
    ]
    assert seen[3][7:] == [("promised", "yellow"), ("relief.home_visit", "red")]


async def test_the_statute_is_measured_beside_the_promise(window: Window) -> None:
    await submitted_relief(window)
    await at(window, "2026-12-01 00:00")

    of_case = [each for each in await cards(window) if "." not in each[0]]
    assert of_case == [
        ("promised", "yellow"),
        ("promised", "red"),
        ("statutory", "yellow"),
        ("statutory", "red"),
    ]
    assert await assert_each_once(window) == 12


async def test_what_has_just_opened_is_left_in_peace(window: Window) -> None:
    await submitted_relief(window)
    with counted(window) as idle:
        assert await look(window) == 0
    window.clock.advance(timedelta(seconds=31))
    looked = [await look(window), await look(window)]

    assert looked == [4, 0]
    assert len(idle) == 4


async def test_a_batch_takes_as_many_statements_however_many_clocks_are_in_it(
    window: Window,
) -> None:
    await submitted_relief(window)
    await submitted_death(window)
    await submitted_marriage(window)
    window.clock.advance(WEEKS)
    await look(window, limit=1)
    with counted(window) as statements:
        assert await look(window) > 10

    assert len(await cards(window)) > 30
    assert len(statements) <= 16


async def test_a_card_tells_codes_and_ids_only(window: Window) -> None:
    application = await submitted_relief(window)
    await at(window, "2026-11-24 00:00")
    raised = [data for kind, data in await window.events() if kind == RAISED]

    told = next(data for data in raised if data["clock"] == "relief.fact_check")
    assert told == {
        "applicationId": application["id"],
        "number": application["number"],
        "cardId": told["cardId"],
        "taskId": tasks_of(application)["fact_check"]["id"],
        "clock": "relief.fact_check",
        "round": 1,
        "level": "warning",
        "officeId": told["officeId"],
        "division": "330106109201",
        "dueAt": "2026-11-24T12:00:00+08:00",
    }


async def test_what_is_answered_or_decided_raises_nothing_more(window: Window) -> None:
    tasks = tasks_of(await submitted_relief(window))
    window.clock.advance(timedelta(minutes=1))
    await look(window)
    assert await say(window.officer("lin", TOWNSHIP), tasks["fact_check"]) == 200
    withdrawn = await submitted_marriage(window)
    window.clock.advance(timedelta(minutes=1))
    await look(window)
    await window.citizen("liu").post(f"/v1/applications/{withdrawn['id']}:withdraw", {})
    window.clock.advance(WEEKS)
    while await look(window):
        pass

    raised = {clock for clock, _ in await cards(window)}
    assert raised == {
        "relief.duplicate_relief_check",
        "relief.home_visit",
        "promised",
        "statutory",
    }
    assert await window.value("SELECT count(DISTINCT application_id) FROM supervision_card") == 1


async def test_a_new_round_of_a_task_is_measured_anew(window: Window) -> None:
    task = tasks_of(await submitted_relief(window))["home_visit"]
    await at(window, "2026-11-26 09:00")
    again = "UPDATE approval_task SET round = 2, opened_at = :at WHERE id = :id"
    await execute(window, again, id=task["id"], at=window.clock.now())
    await at(window, "2026-11-28 09:00")

    rows = await window.rows(
        "SELECT round, level FROM supervision_card WHERE task_id = :id ORDER BY since",
        id=task["id"],
    )
    assert [(row["round"], row["level"]) for row in rows] == [
        (1, "yellow"),
        (1, "red"),
        (2, "yellow"),
        (2, "red"),
    ]


async def test_five_clocks_that_race_raise_each_card_once(
    window: Window, database: TestDatabase
) -> None:
    await submitted_relief(window)
    await submitted_marriage(window)
    await submitted_death(window)
    now = window.clock.now() + WEEKS
    url = database.url("intake")
    looked = await asyncio.gather(*(run_out(url, now, limit=2) for _ in range(5)))
    # A case another clock was at is skipped; whoever comes by next finds it.
    last = await run_out(url, now)

    tasks = await window.value("SELECT count(*) FROM approval_task WHERE state = 'open'")
    assert sum(looked) + last == tasks + 3
    assert await assert_each_once(window) > 2 * tasks
    assert await run_out(url, now + WEEKS) == 0


@pytest.mark.parametrize("failpoint", ["cards.before_commit", "cards.after_commit"])
async def test_a_clock_that_is_killed_loses_nothing_and_doubles_nothing(
    window: Window, database: TestDatabase, failpoint: str
) -> None:
    await submitted_relief(window)
    now = window.clock.now() + WEEKS
    url = database.url("intake")
    environment = {
        **os.environ,
        "DATABASE": url,
        "NOW": now.isoformat(),
        "FAILPOINTS": f"{failpoint}=kill",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.clockwork", env=environment
    )
    assert await process.wait() == -signal.SIGKILL
    kept = await assert_each_once(window)
    assert kept == (0 if failpoint == "cards.before_commit" else 12)
    await run_out(url, now)

    assert await assert_each_once(window) == 12


async def test_a_case_somebody_is_at_work_on_is_left_for_the_next_round(window: Window) -> None:
    application = await submitted_relief(window)
    window.clock.advance(WEEKS)
    async with window.transaction() as store:
        await store.lock_case(application["id"])
        assert await look(window) == 0

    assert await look(window) == 4


async def test_a_corrected_calendar_moves_due_dates_within_a_week(window: Window) -> None:
    task = tasks_of(await submitted_death(window))["survivor_review"]
    await at(window, "2026-11-24 09:00")
    await publish_holiday(window, "2026-12-15")
    await at(window, "2026-12-01 09:00")

    found = await window.value("SELECT due_at FROM approval_task WHERE id = :id", id=task["id"])
    assert found == beijing(task["dueAt"][:10] + " 00:00") + timedelta(days=1)


async def publish_holiday(window: Window, day: str) -> None:
    calendar = calendar_as_data(official_calendar())
    holiday = {"date": day, "isWorking": False, "kind": "holiday", "zh": "停工", "en": "Closed"}
    corrected = {**calendar, "version": "corrected", "days": [*calendar["days"], holiday]}
    await follow_calendar({"version": 2, "calendar": corrected}, transaction=window.transaction)


LOOKS: list[tuple[Any, Mapping[str, Any], str]] = [
    (
        statements._NEW_TASKS,
        {"settled": beijing("2026-11-23 12:00")},
        "approval_task_unwatched_idx",
    ),
    (statements._DUE_TASKS, {"now": beijing("2026-11-23 12:00")}, "approval_task_next_look_idx"),
    (statements._NEW_CASES, {"settled": beijing("2026-11-23 12:00")}, "application_unwatched_idx"),
    (statements._DUE_CASES, {"now": beijing("2026-11-23 12:00")}, "application_next_look_idx"),
]


@pytest.mark.parametrize(("statement", "values", "index"), LOOKS)
async def test_a_clock_finds_its_work_by_a_range_of_an_index(
    window: Window, statement: Any, values: Mapping[str, Any], index: str
) -> None:
    async with window.transaction() as store:
        await store.connection.execute(text("SET LOCAL enable_seqscan = off"))
        await store.connection.execute(text("SET LOCAL enable_sort = off"))
        plan = await store.connection.execute(
            text(f"EXPLAIN {statement.text}"), {**values, "limit": 100}
        )
        lines = "\n".join(row[0] for row in plan)

    assert f"Index Scan using {index}" in lines
    assert "Seq Scan" not in lines
    assert "Sort" not in lines


async def test_an_office_sees_its_cards_and_a_supervisor_the_divisions(window: Window) -> None:
    await submitted_relief(window)
    await at(window, "2026-11-24 12:00")
    lin = (await window.officer("lin", TOWNSHIP).get("/v1/cards")).json()
    he = (await window.officer("he", VILLAGE).get("/v1/cards?level=yellow")).json()
    zhou = (await window.officer("zhou", COUNTY).get("/v1/cards")).json()

    assert {card["clock"] for card in lin["items"]} == {
        "relief.fact_check",
        "relief.duplicate_relief_check",
    }
    assert [(card["clock"], card["isSettled"]) for card in he["items"]] == [
        ("relief.home_visit", False)
    ]
    assert zhou["items"] == []
    assert len(await supervised(window, "330106000000")) == 7
    assert await supervised(window, "330105000000") == []
    assert (await window.citizen("chen").get("/v1/cards")).status_code == 403


async def supervised(window: Window, division: str) -> list[Mapping[str, Any]]:
    supervisor = window.supervisor("sun", division)
    found: list[Mapping[str, Any]] = (await supervisor.get("/v1/cards?limit=50")).json()["items"]
    return found


async def test_cards_page_through_everything_once(window: Window) -> None:
    await submitted_relief(window)
    await at(window, "2026-12-01 00:00")
    lin, ids, cursor = window.officer("lin", TOWNSHIP), [], ""
    while cursor is not None:
        page = (await lin.get(f"/v1/cards?limit=3{cursor and f'&cursor={cursor}'}")).json()
        ids += [card["id"] for card in page["items"]]
        cursor = page["nextCursor"]

    assert len(ids) == len(set(ids)) == 10
    assert (await lin.get("/v1/cards?cursor=bm90aGluZw")).status_code == 422


async def test_the_clock_role_of_the_service_raises_them_by_itself(
    window: Window, database: TestDatabase
) -> None:
    await submitted_relief(window)
    await execute(window, "UPDATE approval_task SET opened_at = now() - interval '90 days'")
    settings = IntakeSettings(**department_settings(database.url("intake"), roles="clock"))

    async def raised() -> bool:
        return bool(await window.value("SELECT count(*) FROM supervision_card WHERE level = 'red'"))

    async with running(create(settings)):
        await until(raised)

    assert await assert_each_once(window) >= 8

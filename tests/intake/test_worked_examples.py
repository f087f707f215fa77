"""Does the window do what the worked examples say where departments work side by side?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from services.intake.model import Limit
from services.intake.rules.clock import clocks_of_item, read_clock
from services.intake.rules.deadline import latest_deferral_day
from shared.calendar import Unit
from tests.intake.test_give_verdict import say, tasks_of
from tests.support.builders import a_form, catalogue_item
from tests.support.calendars import beijing, official_calendar, on
from tests.support.forms import resident
from tests.support.window import Window, publish_item

CALENDAR = official_calendar()
DEPARTMENTS = {"disability": 3, "means": 5, "home": 10}
"""残联 3 工作日, 核对 5 工作日, 入户 10 工作日."""


def side_by_side() -> dict[str, Any]:
    """E18's item: three departments with their own limits, a promise and a statute."""
    text = {"type": "string"}
    tasks = [
        {
            "key": key,
            "title": {"zh": "核查", "en": "Check"},
            "handler": f"partner:{key}",
            "check": "check",
            "limit": {"length": days, "unit": "working_day"},
            "discloses": ["applicant.name"],
        }
        for key, days in DEPARTMENTS.items()
    ]
    person = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "id_no"],
        "properties": {"name": text, "id_no": text},
    }
    fields = {
        "applicant": person,
        "place": {"type": "string", "format": "division"},
        "amount_fen": {"type": "integer", "minimum": 1},
    }
    return {
        "code": "TS918",
        "title": {"zh": "并联示例", "en": "Side by side"},
        "owner": "relief",
        "category": 1,
        "kind": "benefit",
        "legal_basis": ["示例办法 第1条"],
        "applicant": {"id_no": "applicant.id_no", "name": "applicant.name"},
        "subject": None,
        "division": "place",
        "summary": ["place"],
        "form": {
            "type": "object",
            "additionalProperties": False,
            "required": sorted(fields),
            "properties": fields,
        },
        "limits": {
            "statutory": {"length": 30, "unit": "working_day"},
            "promised": {"length": 20, "unit": "working_day"},
        },
        "acceptance": "automatic",
        "matters": [{"key": "m", "title": {"zh": "事项", "en": "Matter"}, "tasks": tasks}],
    }


async def applied_for(window: Window) -> Mapping[str, Any]:
    window.clock.set(beijing("2026-04-28 10:00"))
    await publish_item(window.transaction, side_by_side())
    applicant = {"name": resident("chen")["name"], "id_no": resident("chen")["id_no"]}
    body = {"itemCode": "TS918", "form": a_form(applicant=applicant), "materials": []}
    answer = await window.citizen("chen").post("/v1/applications", body)
    assert answer.status_code == 201, answer.text
    found: Mapping[str, Any] = answer.json()
    return found


async def test_e18_departments_side_by_side_count_from_the_same_day(window: Window) -> None:
    application = await applied_for(window)
    due = {key: task["dueAt"][:10] for key, task in tasks_of(application).items()}
    assert due == {"disability": "2026-05-07", "means": "2026-05-09", "home": "2026-05-15"}, (
        "24:00 of 05-06, 05-08 and 05-14"
    )
    clocks = {clock["name"]: clock["lastDay"] for clock in application["clocks"]}
    assert clocks == {"promised": "2026-05-28", "statutory": "2026-06-11"}


async def test_e18_the_join_is_at_the_last_answer_and_not_after_the_sum(window: Window) -> None:
    application = await applied_for(window)
    tasks = tasks_of(application)
    for key, day in (("home", "05-11"), ("disability", "05-12"), ("means", "05-13")):
        window.clock.set(beijing(f"2026-{day} 15:00"))
        assert await say(window.partner(key), tasks[key]) == 200
    [row] = await window.rows("SELECT outcome, decided_at FROM application")
    assert (row["outcome"], row["decided_at"]) == ("granted", beijing("2026-05-13 15:00"))


def test_e18_a_deferred_paper_is_promised_two_working_days_before_the_promise() -> None:
    accepted = beijing("2026-04-28 10:00")
    twenty = Limit(length=20, unit=Unit.WORKING_DAY)
    assert latest_deferral_day(twenty, accepted_at=accepted, calendar=CALENDAR) == on("05-26")
    sixty = Limit(length=60, unit=Unit.WORKING_DAY)
    assert latest_deferral_day(sixty, accepted_at=accepted, calendar=CALENDAR) == on("05-28")
    for nothing_left in (Limit(length=2, unit=Unit.WORKING_DAY), Limit(length=9, unit=Unit.HOUR)):
        with pytest.raises(ValueError):
            latest_deferral_day(nothing_left, accepted_at=accepted, calendar=CALENDAR)


def test_e07_the_clocks_of_minimum_living_relief_are_those_of_the_example() -> None:
    accepted = datetime.fromisoformat("2026-09-17T09:00:00+08:00")
    clocks = clocks_of_item(catalogue_item("JZ101"), accepted_at=accepted)
    last = {
        clock.name: read_clock(clock, (), at=accepted, calendar=CALENDAR).deadline.last_day
        for clock in clocks
    }
    assert last == {"statutory": on("11-04"), "promised": on("10-21")}

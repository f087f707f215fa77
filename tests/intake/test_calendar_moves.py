"""Does a calendar that is published late move what is due, at once and with a trace?"""

from datetime import timedelta
from typing import Any

from services.intake.actions.follow_registry import follow_calendar
from services.intake.actions.raise_cards import raise_cards
from shared.calendar import calendar_as_data
from shared.failpoints import Failpoints
from tests.intake.test_give_verdict import submitted_relief, tasks_of
from tests.support.calendars import official_calendar
from tests.support.corrections import read
from tests.support.window import Window


def with_rest_day(day: str) -> dict[str, Any]:
    calendar = calendar_as_data(official_calendar())
    rest = {"date": day, "isWorking": False, "kind": "holiday", "zh": "假", "en": "Rest"}
    days = sorted([*calendar["days"], rest], key=lambda each: str(each["date"]))
    return {**calendar, "version": "cn-2026.2", "days": days}


async def look(window: Window) -> int:
    return await raise_cards(
        transaction=window.transaction, desk=window.desk, failpoints=Failpoints()
    )


async def test_a_day_that_became_a_rest_day_moves_open_due_dates_and_says_so(
    window: Window,
) -> None:
    application = await submitted_relief(window)
    window.clock.advance(timedelta(minutes=1))
    await look(window)
    assert await look(window) == 0
    before = tasks_of(await read(window.citizen("chen"), application))["home_visit"]
    assert before["dueAt"] == "2026-11-25T00:00:00+08:00"

    news = {"version": 2, "calendar": with_rest_day("2026-11-24")}
    await follow_calendar(news, transaction=window.transaction)
    await follow_calendar(news, transaction=window.transaction)
    assert await look(window) > 0
    assert await look(window) == 0

    after = tasks_of(await read(window.citizen("chen"), application))["home_visit"]
    assert after["dueAt"] == "2026-11-26T00:00:00+08:00"
    [moved] = await window.rows("SELECT target, facts FROM journal WHERE act = 'move-due-date'")
    assert moved["target"] == "task:relief.home_visit"
    assert moved["facts"]["calendar"] == "cn-2026.2"
    assert moved["facts"]["before"].startswith("2026-11-24T16:00")
    told = await window.rows("SELECT actor FROM journal WHERE act = 'publish-calendar'")
    assert [row["actor"] for row in told] == ["service:registry"]

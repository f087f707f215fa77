"""Is every service rated once, by its own applicant, and every bad rating put right?"""

import asyncio
from datetime import timedelta
from typing import Any

from services.intake.actions.watch_redress import watch_redress
from tests.intake.test_give_verdict import TOWNSHIP, submitted_relief
from tests.support.calendars import beijing
from tests.support.concluded import decided, granted
from tests.support.window import Caller, Window

DIVISION = "330106000000"


def code(value: int, **more: Any) -> dict[str, Any]:
    return {"matter": "relief", "scale": "satisfaction-code", "value": value, **more}


async def rate(caller: Caller, application: Any, **body: Any) -> tuple[int, Any]:
    answer = await caller.post(f"/v1/applications/{application['id']}:rate", code(5) | body)
    return answer.status_code, answer.json()


async def act(caller: Caller, redress: Any, name: str, **more: Any) -> tuple[int, Any]:
    body = {"act": name, **more}
    answer = await caller.post(f"/v1/redress/{redress['id']}:step", body)
    return answer.status_code, answer.json()


async def loops(caller: Caller) -> Any:
    return (await caller.get("/v1/redress")).json()["items"]


async def test_only_what_is_over_is_rated_and_only_by_its_applicant(window: Window) -> None:
    application = await submitted_relief(window)
    chen = window.citizen("chen")
    assert (await rate(chen, application))[1]["code"] == "MATTER_NOT_RATEABLE"
    assert (await rate(window.citizen("liu"), application))[0] == 404
    assert (await rate(window.officer("lin", TOWNSHIP), application))[0] == 403
    assert (await chen.get("/v1/rating-invitations")).json()["items"] == []


async def test_a_rating_says_on_which_scale_and_stars_are_mapped(window: Window) -> None:
    application = await granted(window)
    chen = window.citizen("chen")
    path = f"/v1/applications/{application['id']}:rate"
    unsaid = await chen.post(path, {"matter": "relief", "value": 1})
    status, rated = await rate(chen, application, scale="stars", value=1)

    assert unsaid.status_code == 400 or unsaid.status_code == 422
    assert (status, rated["satisfaction"], rated["title"]["zh"]) == (201, 5, "非常不满意")
    assert await window.value("SELECT satisfaction FROM rating") == 5


async def test_of_two_ratings_at_once_one_is_kept(window: Window) -> None:
    application = await granted(window)
    chen = window.citizen("chen")
    invited = (await chen.get("/v1/rating-invitations")).json()["items"]
    assert [each["matter"] for each in invited] == ["relief"]
    answers = await asyncio.gather(*(rate(chen, application, value=each) for each in (1, 5)))

    assert sorted(status for status, _ in answers) == [201, 409]
    assert await window.value("SELECT count(*) FROM rating") == 1
    bad = await window.value("SELECT count(*) FROM rating WHERE satisfaction >= 4")
    assert len(await loops(window.officer("lin", TOWNSHIP))) == bad
    assert (await chen.get("/v1/rating-invitations")).json()["items"] == []


async def test_a_bad_rating_is_taken_up_mended_answered_and_called_back(window: Window) -> None:
    application = await granted(window)
    window.clock.set(beijing("2026-09-30 16:00"))
    chen, lin = window.citizen("chen"), window.officer("lin", TOWNSHIP)
    await rate(chen, application, remark="窗口让我跑了三趟")
    [loop] = await loops(lin)
    assert loop["dueAt"] == "2026-10-09T00:00:00+08:00"
    seen = (await lin.get(f"/v1/redress/{loop['id']}")).json()
    assert (seen["text"], seen["allowed"]) == ("窗口让我跑了三趟", ["take-up"])
    assert chen.actor.id not in str(seen)
    window.clock.set(beijing("2026-10-08 10:00"))
    assert (await act(lin, loop, "take-up"))[0] == 200
    fixing = (await act(lin, loop, "fix-now"))[1]
    assert fixing["dueAt"] == "2026-10-14T00:00:00+08:00"
    assert (await act(lin, loop, "satisfied"))[1]["code"] == "REDRESS_ACT_NOT_ALLOWED"
    answered = (await act(lin, loop, "answer", note="已当面致歉并改为一次告知"))[1]
    assert answered["stage"] == "answered"
    assert (await act(lin, loop, "satisfied"))[1]["code"] == "NOT_YOUR_HAND"
    closed = (await act(chen, loop, "satisfied"))[1]
    assert (closed["stage"], closed["outcome"]) == ("closed", "satisfied")
    again = await chen.post(f"/v1/applications/{application['id']}:change-rating", code(2))
    assert again.status_code == 200
    [kept] = await window.rows("SELECT satisfaction, rerated FROM rating")
    assert (kept["satisfaction"], kept["rerated"]) == (5, 2)


async def test_an_anonymous_rating_names_nobody_anywhere(window: Window) -> None:
    application = await granted(window)
    chen, lin = window.citizen("chen"), window.officer("lin", TOWNSHIP)
    await rate(chen, application, value=4, isAnonymous=True)
    [loop] = await loops(lin)
    seen = (await lin.get(f"/v1/redress/{loop['id']}")).json()

    assert seen["applicationId"] is None
    told = [
        data for type_, data in await window.events() if "rating-" in type_ or "redress-" in type_
    ]
    assert len(told) == 2
    assert application["id"] not in str(told)
    for table in ("journal WHERE stream LIKE 'r%'", "redress", "redress_step", "rating"):
        assert chen.actor.id not in str(await window.rows(f"SELECT * FROM {table}"))
    await act(lin, loop, "take-up")
    await act(lin, loop, "fix-now")
    closed = (await act(lin, loop, "answer", note="已整改"))[1]
    assert (closed["stage"], closed["outcome"]) == ("closed", "answered")


async def test_a_malicious_rating_is_taken_out_by_the_supervisor_only_and_kept(
    window: Window,
) -> None:
    application = await granted(window)
    lin = window.officer("lin", TOWNSHIP)
    he = window.supervisor("qian", DIVISION)
    await rate(window.citizen("chen"), application)
    [loop] = await loops(lin)
    before = (await he.get("/v1/ratings/summary?by=item")).json()["items"]
    await act(lin, loop, "take-up")
    await act(lin, loop, "contest", note="评价内容与本次办理无关")
    assert (await act(lin, loop, "uphold", note="同意"))[1]["code"] == "NOT_YOUR_HAND"
    assert (await act(he, loop, "uphold", note="经核实不属于本事项"))[1]["outcome"] == "excluded"

    assert before == [{"key": "JZ201", "count": 1, "bad": 1, "average": 5.0}]
    assert (await he.get("/v1/ratings/summary?by=office")).json()["items"] == []
    assert (await lin.get("/v1/ratings/summary")).json()["items"] == []
    assert await window.value("SELECT count(*) FROM rating") == 1


async def test_a_rating_is_changed_once_and_ends_the_loop_only_while_nobody_is_at_it(
    window: Window,
) -> None:
    application = await granted(window)
    chen, lin = window.citizen("chen"), window.officer("lin", TOWNSHIP)
    path = f"/v1/applications/{application['id']}:change-rating"
    assert (await chen.post(path, code(2))).json()["code"] == "RATING_NOT_FOUND"
    await rate(chen, application)
    [loop] = await loops(lin)
    assert (await chen.post(path, code(2))).status_code == 200
    retracted = (await lin.get(f"/v1/redress/{loop['id']}")).json()
    assert (retracted["stage"], retracted["outcome"]) == ("closed", "retracted")


async def test_a_rating_nobody_takes_up_raises_each_card_once(window: Window) -> None:
    application = await granted(window)
    window.clock.set(beijing("2026-09-30 16:00"))
    await rate(window.citizen("chen"), application)
    lin = window.officer("lin", TOWNSHIP)
    [loop] = await loops(lin)
    window.clock.set(beijing("2026-10-09 00:00"))
    for _ in range(2):
        looks = (watch_redress(transaction=window.transaction, desk=window.desk) for _ in range(3))
        await asyncio.gather(*looks)
        window.clock.advance(timedelta(days=1))

    seen = (await lin.get(f"/v1/redress/{loop['id']}")).json()
    assert [card["level"] for card in seen["cards"]].count("red") == 1
    assert seen["stage"] == "open"
    raised = [data["level"] for type_, data in await window.events() if "redress-card" in type_]
    assert len(raised) == len(set(raised)) == len(seen["cards"])


async def test_a_refused_applicant_rates_too(window: Window) -> None:
    application = await decided(window)

    assert (await rate(window.citizen("chen"), application, value=3))[0] == 201
    assert await loops(window.officer("lin", TOWNSHIP)) == []

"""Whose is an application that an officer entered at the window, and who may confirm it?"""

from typing import Any

import httpx

from tests.intake.test_give_verdict import COUNTY, TOWNSHIP, say, tasks_of
from tests.support.forms import jz201_form, resident
from tests.support.window import Caller, Window, office_id


async def enter(by: Caller, *, key: str | None = None, **more: Any) -> httpx.Response:
    body = {
        "itemCode": "JZ201",
        "form": jz201_form(),
        "officeId": str(office_id(TOWNSHIP)),
        "identityCheck": "card-reader",
    }
    return await by.post("/v1/applications:enter", body | more, key=key)


async def test_a_citizen_follows_and_withdraws_what_was_entered_for_them(window: Window) -> None:
    lin, chen = window.officer("lin", TOWNSHIP), window.citizen("chen")
    entered = await enter(lin, key="enter-once")
    again = await enter(lin, key="enter-once")

    assert (entered.status_code, again.status_code) == (201, 201)
    application = entered.json()
    assert again.json()["id"] == application["id"]
    assert application["channel"] == "WINDOW"
    listed = (await chen.get("/v1/applications")).json()
    assert [each["id"] for each in listed["items"]] == [application["id"]]
    assert (await window.citizen("zhao").get("/v1/applications")).json()["items"] == []
    path = f"/v1/applications/{application['id']}"
    assert (await chen.get(path)).status_code == 200
    assert (await chen.post(f"{path}:withdraw", {})).status_code == 200
    [kept] = await window.rows("SELECT entered_by, identity_check FROM window_entry")
    assert kept == {"entered_by": "officer:officer-lin", "identity_check": "card-reader"}
    acts = await window.rows("SELECT act FROM journal WHERE actor = 'officer:officer-lin'")
    assert {"submit", "enter"} <= {row["act"] for row in acts}


async def test_who_entered_does_not_confirm_and_alone_hands_it_to_the_county(
    window: Window,
) -> None:
    lin, zhou = window.officer("lin", TOWNSHIP), window.officer("zhou", COUNTY)
    task = tasks_of((await enter(lin)).json())["fact_check"]

    refused = await lin.post(f"/v1/tasks/{task['id']}:verdict", {"verdict": "approve"})
    assert (refused.status_code, refused.json()["conflict"]) == (403, "entered")
    recused = await lin.post(f"/v1/tasks/{task['id']}:recuse", {"reason": "entered"})
    assert recused.json() == {"movedTo": str(office_id(COUNTY))}
    assert await say(zhou, task) == 200


async def test_a_colleague_confirms_what_another_entered(window: Window) -> None:
    task = tasks_of((await enter(window.officer("lin", TOWNSHIP))).json())["fact_check"]

    assert await say(window.officer("mei", TOWNSHIP), task) == 200


async def test_an_officer_enters_neither_the_own_application_nor_a_relatives(
    window: Window,
) -> None:
    lin = window.officer("lin", TOWNSHIP)
    await lin.post("/v1/relations", {"kind": "sibling", "idNo": resident("chen")["id_no"]})
    refused = await enter(lin)

    assert (refused.status_code, refused.json()["code"]) == (403, "CONFLICT_OF_INTEREST")
    elsewhere = await enter(window.officer("zhou", COUNTY))
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "NOT_A_COLLEAGUE")
    assert await window.value("SELECT count(*) FROM application") == 0


async def test_a_refused_entry_leaves_nothing_and_papers_are_the_officers_scans(
    window: Window,
) -> None:
    lin = window.officer("lin", TOWNSHIP)
    bad = await enter(lin, form=jz201_form(household_size=0))
    assert (bad.status_code, bad.json()["code"]) == (422, "FORM_INVALID")
    scan = await lin.upload()
    strange = await enter(lin, materials=[{"key": "no_such_paper", "fileId": scan}])
    assert strange.json()["code"] == "MATERIAL_UNKNOWN"
    unchecked = await enter(lin, identityCheck="by-sight")
    assert unchecked.status_code == 422
    counts = [await window.value(f"SELECT count(*) FROM {name}") for name in ENTERED]
    assert counts == [0, 0, 0, 0]
    assert (await enter(lin)).status_code == 201
    second = await enter(lin)
    assert (second.status_code, second.json()["code"]) == (409, "OPEN_APPLICATION_EXISTS")


ENTERED = ("application", "window_entry", "representation", "outbox")

"""Can a paper that was still to come be brought, and what follows when it is not?"""

import asyncio
from collections.abc import Mapping
from typing import Any

from services.intake.actions.keep_papers import keep_papers
from tests.intake.test_keep_dates import heard, shanghai
from tests.support.corrections import read
from tests.support.forms import item_definition, jz201_form
from tests.support.window import Caller, Window, publish_item

PAPER = {
    "key": "late_proof",
    "title": {"zh": "补交证明", "en": "Late proof"},
    "required": "deferrable",
    "limit": {"length": 3, "unit": "working_day"},
}


async def submitted(window: Window) -> Mapping[str, Any]:
    """Chen's application, accepted without a paper due on Thursday, 26 November."""
    definition = {**item_definition("JZ201"), "materials": [PAPER]}
    await publish_item(window.transaction, definition, version=2)
    body = {"itemCode": "JZ201", "form": jz201_form(), "materials": []}
    answer = await window.citizen("chen").post("/v1/applications", body)
    assert answer.status_code == 201, answer.text
    found: Mapping[str, Any] = answer.json()
    return found


async def bring(caller: Caller, application: Mapping[str, Any], *keys: str) -> Any:
    materials = [{"key": key, "fileId": await caller.upload()} for key in keys]
    path = f"/v1/applications/{application['id']}:hand-in"
    return await caller.post(path, {"materials": materials})


async def passed(window: Window) -> int:
    return await keep_papers(transaction=window.transaction, desk=window.desk)


async def kept(window: Window) -> Mapping[str, Any]:
    [row] = await window.rows("SELECT status, due_on, reminded_at, missed_at FROM material")
    return row


async def test_a_paper_still_to_come_is_brought_and_told(window: Window) -> None:
    application = await submitted(window)
    assert (await kept(window))["status"] == "deferred"
    answer = await bring(window.citizen("chen"), application, "late_proof")

    assert answer.status_code == 200, answer.text
    assert (await kept(window))["status"] == "received"
    [told] = await heard(window, "materials-handed-in")
    assert (told["materials"], told["late"]) == (["late_proof"], False)
    assert await passed(window) == 0


async def test_a_paper_nobody_waits_for_is_not_taken_and_nothing_is_written(
    window: Window,
) -> None:
    application = await submitted(window)
    chen = window.citizen("chen")
    strange = await bring(chen, application, "late_proof", "deed")
    assert (strange.status_code, strange.json()["code"]) == (409, "MATERIAL_NOT_AWAITED")
    assert strange.json()["keys"] == []  # the case knows of no deed; it is not repeated
    assert (await kept(window))["status"] == "deferred"
    assert (await bring(chen, application, "late_proof")).status_code == 200
    again = await bring(chen, application, "late_proof")
    assert (again.status_code, again.json()["keys"]) == (409, ["late_proof"])


async def test_nobody_brings_papers_into_anothers_case(window: Window) -> None:
    application = await submitted(window)
    other = await bring(window.citizen("liu"), application, "late_proof")
    assert (other.status_code, other.json()["code"]) == (404, "APPLICATION_NOT_FOUND")
    chen, liu = window.citizen("chen"), window.citizen("liu")
    body = {"materials": [{"key": "late_proof", "fileId": await liu.upload()}]}
    theirs = await chen.post(f"/v1/applications/{application['id']}:hand-in", body)
    assert (theirs.status_code, theirs.json()["code"]) == (404, "FILE_NOT_FOUND")


async def test_no_paper_is_taken_once_the_application_is_over(window: Window) -> None:
    application = await submitted(window)
    chen = window.citizen("chen")
    await chen.post(f"/v1/applications/{application['id']}:withdraw")
    over = await bring(chen, application, "late_proof")
    assert (over.status_code, over.json()["code"]) == (409, "ACT_NOT_ALLOWED")


async def test_the_applicant_is_reminded_once_and_a_missed_date_is_noted_once(
    window: Window,
) -> None:
    application = await submitted(window)
    assert str((await kept(window))["due_on"]) == "2026-11-26"
    assert await passed(window) == 0
    window.clock.set(shanghai("2026-11-25T09:00:00"))
    assert sum(await asyncio.gather(*(passed(window) for _ in range(3)))) == 1
    [reminded] = await heard(window, "applicant-reminded")
    assert (reminded["what"], reminded["material"]) == ("material", "late_proof")

    window.clock.set(shanghai("2026-11-26T23:59:59"))
    assert await passed(window) == 0
    window.clock.set(shanghai("2026-11-27T00:00:00"))
    assert sum(await asyncio.gather(*(passed(window) for _ in range(3)))) == 1
    [missed] = await heard(window, "material-missed")
    assert (missed["material"], missed["dueOn"]) == ("late_proof", "2026-11-26")
    now = await read(window.citizen("chen"), application)
    assert now["stage"] == "in-review"
    assert now["timeline"][-1]["act"] == "miss-material"


async def test_a_paper_that_comes_late_is_taken_and_known_to_be_late(window: Window) -> None:
    application = await submitted(window)
    window.clock.set(shanghai("2026-11-30T09:00:00"))
    await passed(window)
    assert (await bring(window.citizen("chen"), application, "late_proof")).status_code == 200
    [told] = await heard(window, "materials-handed-in")
    assert told["late"] is True

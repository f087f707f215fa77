"""Does what somebody fills in survive, and is everything that is missing told at once?"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from services.intake.actions.end_draft import keep_drafts
from tests.intake.test_keep_dates import shanghai
from tests.support.forms import bnd02_form, jz201_form
from tests.support.window import Caller, Window

DRAFT = "/v1/drafts/JZ201"


async def send(
    caller: Caller, act: str, body: Any = None, *, read: int | None, key: str | None = None
) -> httpx.Response:
    headers = {"Idempotency-Key": key or uuid4().hex, "Content-Type": "application/json"}
    if read is not None:
        headers["If-Match"] = f'"{read}"'
    return await caller.client.post(
        f"{DRAFT}:{act}", content=orjson.dumps(body or {}), headers=headers
    )


async def save(caller: Caller, *, read: int, **changes: Any) -> httpx.Response:
    return await send(caller, "save", {"form": jz201_form(**changes), "materials": []}, read=read)


async def counted(window: Window) -> int:
    return int(await window.value("SELECT count(*) FROM draft"))


async def test_a_draft_is_kept_sealed_and_read_again_by_whoever_filled_it_in(
    window: Window,
) -> None:
    chen = window.citizen("chen")
    half = {"form": {"applicant": {"name": "陈"}}, "materials": [{"key": "late_proof"}]}
    saved = await send(chen, "save", half, read=0)
    assert (saved.status_code, saved.headers["etag"]) == (200, '"1"'), saved.text
    assert saved.json()["expiresAt"] == "2027-02-21T12:00:00+08:00"

    shown = await chen.get(DRAFT)
    assert shown.headers["etag"] == '"1"'
    assert shown.json()["form"] == half["form"]
    assert shown.json()["materials"] == [{"key": "late_proof", "fileId": None}]
    [row] = await window.rows("SELECT content_sealed, data_key FROM draft")
    assert "陈".encode() not in bytes(row["content_sealed"])
    assert row["data_key"]
    kept = await window.rows("SELECT body::text AS body FROM request_answer")
    assert "陈" not in str(kept)
    listed = (await chen.get("/v1/drafts")).json()["items"]
    assert [(each["itemCode"], each["version"]) for each in listed] == [("JZ201", 1)]
    assert "form" not in listed[0]


async def test_nobody_sees_or_ends_anothers_draft(window: Window) -> None:
    await save(window.citizen("chen"), read=0)
    liu = window.citizen("liu")
    for answer in (
        await liu.get(DRAFT),
        await send(liu, "discard", read=1),
        await send(liu, "submit", read=1),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "DRAFT_NOT_FOUND")
    assert (await liu.get("/v1/drafts")).json()["items"] == []
    assert await counted(window) == 1


async def test_a_save_says_which_version_it_read_and_loses_against_another(
    window: Window,
) -> None:
    chen = window.citizen("chen")
    without = await send(chen, "save", {"form": {}}, read=None)
    assert (without.status_code, without.json()["code"]) == (428, "VERSION_MISSING")
    firsts = await asyncio.gather(*(save(chen, read=0, household_size=n) for n in (1, 2, 3, 4)))
    assert sorted(each.status_code for each in firsts) == [200, 412, 412, 412]
    nexts = await asyncio.gather(*(save(chen, read=1, household_size=n) for n in (1, 2, 3, 4)))
    assert sorted(each.status_code for each in nexts) == [200, 412, 412, 412]
    assert (await chen.get(DRAFT)).json()["version"] == 2
    stale = await send(chen, "discard", read=1)
    assert (stale.status_code, stale.json()["code"]) == (412, "STALE_VERSION")


async def test_a_draft_for_an_item_there_is_not_is_not_kept(window: Window) -> None:
    headers = {"Idempotency-Key": uuid4().hex, "If-Match": '"0"'}
    answer = await window.citizen("chen").client.post(
        "/v1/drafts/XX999:save", json={"form": {}}, headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "ITEM_NOT_FOUND")
    assert await counted(window) == 0


async def test_a_draft_ends_as_the_application_begins_and_a_retry_is_answered_the_same(
    window: Window,
) -> None:
    chen, key = window.citizen("chen"), uuid4().hex
    await save(chen, read=0)
    taken = await send(chen, "submit", {"channel": "APP"}, read=1, key=key)
    assert taken.status_code == 201, taken.text
    assert await counted(window) == 0
    again = await send(chen, "submit", {"channel": "APP"}, read=1, key=key)
    assert (again.status_code, again.json()["id"]) == (201, taken.json()["id"])
    acts = await window.rows("SELECT act, reason FROM journal WHERE stream LIKE 'draft:%'")
    assert [each["act"] for each in acts] == ["save-draft", "end-draft"]


async def test_of_two_submissions_of_one_draft_one_takes_effect(window: Window) -> None:
    chen = window.citizen("chen")
    await save(chen, read=0)
    answers = await asyncio.gather(*(send(chen, "submit", read=1) for _ in range(3)))
    assert min(each.status_code for each in answers) == 201
    assert {each.status_code for each in answers if each.status_code != 201} <= {404, 409, 412}
    assert await window.value("SELECT count(*) FROM application") == 1


async def test_a_refused_submission_leaves_the_draft_as_it_is(window: Window) -> None:
    chen = window.citizen("chen")
    await save(chen, read=0, household_size="three")
    refused = await send(chen, "submit", read=1)
    assert (refused.status_code, refused.json()["code"]) == (422, "FORM_INVALID")
    assert (await chen.get(DRAFT)).json()["version"] == 1
    assert await window.value("SELECT count(*) FROM application") == 0


async def test_a_draft_is_destroyed_ninety_days_after_its_last_save(window: Window) -> None:
    chen = window.citizen("chen")
    await save(chen, read=0)
    window.clock.set(shanghai("2027-02-21T11:59:59"))
    assert await keep_drafts(transaction=window.transaction, desk=window.desk) == 0
    window.clock.set(shanghai("2027-02-21T12:00:00"))
    assert (await chen.get(DRAFT)).status_code == 404
    passes = (keep_drafts(transaction=window.transaction, desk=window.desk) for _ in range(3))
    assert sum(await asyncio.gather(*passes)) == 1
    assert await counted(window) == 0


async def test_a_discarded_draft_is_gone_and_a_new_one_begins_anew(window: Window) -> None:
    chen = window.citizen("chen")
    await save(chen, read=0)
    gone = await send(chen, "discard", read=1)
    assert (gone.status_code, gone.json()) == (200, {"items": []})
    assert (await save(chen, read=0)).json()["version"] == 1


async def look(caller: Caller, body: Mapping[str, Any]) -> Mapping[str, Any]:
    answer = await caller.client.post("/v1/applications:validate", json=body)
    assert answer.status_code == 200, answer.text
    found: Mapping[str, Any] = answer.json()
    return found


async def test_an_application_with_nothing_wrong_is_ready_and_nothing_is_written(
    window: Window,
) -> None:
    body = {"itemCode": "JZ201", "form": jz201_form()}
    found = await look(window.citizen("chen"), body)
    assert (found["isReady"], found["problems"]) == (True, [])
    for table in ("application", "draft", "journal", "outbox", "request_answer", "job"):
        assert await window.value(f"SELECT count(*) FROM {table}") == 0


async def test_everything_that_stands_in_the_way_is_told_at_once(window: Window) -> None:
    form = bnd02_form(place="x")
    form["applicant"] = {**form["applicant"], "phone": "12"}
    body = {"itemCode": "BND-02", "form": form, "materials": [{"key": "deed"}]}
    found = await look(window.citizen("chen"), body)
    told = {(each["kind"], each["code"]) for each in found["problems"]}
    assert ("form", "unknown-field") in told
    assert "/applicant/phone" in {each["pointer"] for each in found["problems"]}
    assert ("material", "MATERIAL_MISSING") in told
    assert ("material", "MATERIAL_UNKNOWN") in told
    assert ("person", "NOT_YOURSELF") in told
    assert all(each["message"]["zh"] for each in found["problems"])
    assert found["isReady"] is False
    assert form["applicant"]["id_no"] not in str(found)


async def test_a_place_without_an_office_is_told_before_anything_is_handed_in(
    window: Window,
) -> None:
    nowhere = jz201_form(place_division="330108002005")
    found = await look(window.citizen("chen"), {"itemCode": "JZ201", "form": nowhere})
    codes = [each["code"] for each in found["problems"]]
    assert "OFFICE_NOT_FOUND" in codes
    assert set(codes) == {"OFFICE_NOT_FOUND"}


async def test_an_open_application_of_ones_own_is_told(window: Window) -> None:
    chen = window.citizen("chen")
    body = {"itemCode": "JZ201", "form": jz201_form()}
    assert (await chen.post("/v1/applications", body)).status_code == 201
    [problem] = (await look(chen, body))["problems"]
    assert problem["code"] == "OPEN_APPLICATION_EXISTS"


@pytest.mark.parametrize(
    "wrong", [{}, {"applicant": "x"}, {"applicant": {"id_no": 5}}, {"type": 1}]
)
async def test_a_form_of_any_shape_is_answered(window: Window, wrong: dict[str, Any]) -> None:
    for item in ("JZ201", "BND-02", "HY601"):
        found = await look(window.citizen("chen"), {"itemCode": item, "form": wrong})
        assert found["isReady"] is False

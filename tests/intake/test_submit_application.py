"""What happens, and what does not, when an application comes in?"""

import asyncio
from uuid import uuid4

import httpx
import pytest

from tests.support.forms import bnd02_form, hy601_form, item_definition, jz201_form, resident
from tests.support.window import INDEX, Caller, Window, publish_item

SUBMIT = "/v1/applications"


def jz201(**changes: object) -> dict[str, object]:
    return {"itemCode": "JZ201", "form": jz201_form(), "materials": [], **changes}


async def bnd02(applicant: Caller) -> dict[str, object]:
    certificate = await applicant.upload()
    return {
        "itemCode": "BND-02",
        "form": bnd02_form(),
        "materials": [
            {"key": "death_certificate", "fileId": certificate},
            {"key": "kinship_proof"},
        ],
    }


async def test_an_application_is_numbered_planned_and_fanned_out_at_once(window: Window) -> None:
    answer = await window.citizen("chen").post(SUBMIT, jz201())

    assert answer.status_code == 201, answer.text
    application = answer.json()
    assert application["stage"] == "in-review"
    assert application["number"].startswith("330106")
    [matter] = application["matters"]
    states = {task["key"]: task["state"] for task in matter["tasks"]}
    assert states == {
        "fact_check": "open",
        "duplicate_relief_check": "open",
        "home_visit": "open",
        "township_decision": "waiting",
    }
    types = [type_ for type_, _ in await window.events()]
    assert types == ["civil.intake.application-submitted.v1"] + ["civil.intake.task-opened.v1"] * 3


async def test_at_least_eight_departments_are_asked_at_once_after_a_death(window: Window) -> None:
    zhao = window.citizen("zhao")
    answer = await zhao.post(SUBMIT, await bnd02(zhao))

    assert answer.status_code == 201, answer.text
    opened = [data for type_, data in await window.events() if "task-opened" in type_]
    assert len({data["handler"] for data in opened}) >= 7
    assert len(opened) >= 8
    jobs = await window.rows("SELECT payload->>'system' AS system FROM job")
    assert {"police", "human-resources", "medical-insurance"} <= {j["system"] for j in jobs}


async def test_the_applicant_sees_masked_data_due_dates_and_why(window: Window) -> None:
    application = (await window.citizen("chen").post(SUBMIT, jz201())).json()

    assert application["applicant"]["idNo"].count("*") >= 8
    assert application["applicant"]["name"][1:] == "*" * (len(resident("chen")["name"]) - 1)
    assert {clock["name"] for clock in application["clocks"]} == {"statutory", "promised"}
    fact_check = application["matters"][0]["tasks"][0]
    assert fact_check["dueAt"] == "2026-11-24T12:00:00+08:00"
    decision = next(
        task for task in application["matters"][0]["tasks"] if task["state"] == "waiting"
    )
    assert len(decision["waitingFor"]) == 3
    assert {material["key"] for material in application["missingMaterials"]} == {
        "identity_card",
        "event_proof",
    }


async def test_nothing_personal_is_kept_in_the_clear(window: Window) -> None:
    await window.citizen("chen").post(SUBMIT, jz201())
    dumped = ""
    for table in ("application", "matter", "approval_task", "outbox", "job", "journal"):
        dumped += str(await window.rows(f"SELECT t::text FROM {table} t"))

    chen = resident("chen")
    for secret in (chen["id_no"], chen["name"], chen["phone"], chen["account"]["number"]):
        assert secret not in dumped


async def test_the_same_key_and_body_get_the_same_answer_and_one_application(
    window: Window,
) -> None:
    chen = window.citizen("chen")
    answers = [await chen.post(SUBMIT, jz201(), key="same-key-1") for _ in range(3)]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await window.value("SELECT count(*) FROM application") == 1


async def test_the_same_key_with_another_body_is_refused(window: Window) -> None:
    chen = window.citizen("chen")
    await chen.post(SUBMIT, jz201(), key="same-key-1")
    answer = await chen.post(SUBMIT, jz201(channel="APP"), key="same-key-1")

    assert answer.status_code == 422
    assert answer.json()["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_fifty_at_once_with_one_key_make_one_application(window: Window) -> None:
    chen = window.citizen("chen")
    answers = await asyncio.gather(
        *(chen.post(SUBMIT, jz201(), key="raced-key-1") for _ in range(50))
    )

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert await window.value("SELECT count(*) FROM application") == 1


async def test_one_open_application_per_person_and_item_even_when_raced(window: Window) -> None:
    chen = window.citizen("chen")
    answers = await asyncio.gather(*(chen.post(SUBMIT, jz201()) for _ in range(8)))

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201] + [409] * 7
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["code"] == "OPEN_APPLICATION_EXISTS"


async def test_another_person_is_not_applied_for_without_a_grant(window: Window) -> None:
    answer = await window.citizen("liu").post(SUBMIT, jz201())

    assert answer.status_code == 403
    assert answer.json()["code"] == "NOT_YOURSELF"
    assert await window.value("SELECT count(*) FROM application") == 0


async def test_an_agent_applies_under_a_grant_and_only_under_it(window: Window) -> None:
    agent, grant = window.citizen("liu"), uuid4()
    refused = await agent.post(SUBMIT, jz201(onBehalfOf=str(grant)))
    window.grants.granted.add((grant, agent.actor.id, INDEX.of(resident("chen")["id_no"]), "JZ201"))
    taken = await agent.post(SUBMIT, jz201(onBehalfOf=str(grant)))

    assert refused.json()["code"] == "GRANT_REQUIRED"
    assert taken.status_code == 201, taken.text


async def test_a_missing_key_material_is_named_and_nothing_is_written(window: Window) -> None:
    body = {"itemCode": "BND-02", "form": bnd02_form(), "materials": []}
    answer = await window.citizen("zhao").post(SUBMIT, body)

    assert answer.status_code == 422
    assert answer.json()["code"] == "MATERIAL_MISSING"
    assert "death_certificate" in answer.json()["keys"]
    assert await window.value("SELECT count(*) FROM application") == 0
    assert await window.value("SELECT count(*) FROM request_answer") == 0


async def test_another_persons_file_answers_as_if_it_did_not_exist(window: Window) -> None:
    theirs = await window.citizen("liu").upload()
    zhao = window.citizen("zhao")
    body = await bnd02(zhao) | {
        "materials": [
            {"key": "death_certificate", "fileId": theirs},
            {"key": "kinship_proof"},
        ]
    }
    answer = await zhao.post(SUBMIT, body)

    assert answer.status_code == 404
    assert answer.json()["code"] == "FILE_NOT_FOUND"


async def test_adding_a_department_is_a_change_of_data(window: Window) -> None:
    """The plan comes from the catalogue, not from code."""
    definition = dict(item_definition("HY601"))
    [matter] = definition["matters"]
    added = {
        "key": "courtesy_call",
        "title": {"zh": "乡镇告知", "en": "Courtesy call"},
        "handler": "partner:housing-fund",
        "check": "courtesy-call",
        "limit": {"length": 1, "unit": "working_day"},
    }
    definition["matters"] = [{**matter, "tasks": [*matter["tasks"], added]}]
    await publish_item(window.transaction, definition, version=2)

    liu = window.citizen("liu")
    body = {"itemCode": "HY601", "form": hy601_form(), "materials": []}
    answer = await liu.post(SUBMIT, body)

    assert answer.status_code == 201, answer.text
    assert answer.json()["item"]["version"] == 2
    keys = [task["key"] for task in answer.json()["matters"][0]["tasks"]]
    assert "courtesy_call" in keys


BAD_BODIES = {
    "nul_byte": (b'{"itemCode":"JZ201","form":{"narrative":"a\\u0000b"}}', 400),
    "lone_surrogate": (b'{"itemCode":"JZ201","form":{"narrative":"\\ud800"}}', 400),
    "not_a_number": (b'{"itemCode":"JZ201","form":{"requested_amount_fen":NaN}}', 400),
    "infinity": (b'{"itemCode":"JZ201","form":{"requested_amount_fen":1e999}}', 400),
    "duplicate_name": (b'{"itemCode":"JZ201","itemCode":"HY601","form":{}}', 400),
    "too_deep": (b'{"itemCode":"JZ201","form":' + b'{"a":' * 900 + b"1" + b"}" * 901, 400),
    "truncated": (b'{"itemCode":"JZ201"', 400),
    "utf_16": ('{"itemCode":"JZ201","form":{}}'.encode("utf-16"), 400),
    "unknown_member": (b'{"itemCode":"JZ201","form":{},"stage":"decided"}', 422),
    "number_for_text": (b'{"itemCode":201,"form":{}}', 422),
    "unknown_channel": (b'{"itemCode":"JZ201","form":{},"channel":"PIGEON"}', 422),
}


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_a_bad_body_is_refused_clearly(window: Window, name: str) -> None:
    content, status = BAD_BODIES[name]
    answer = await _raw(window.citizen("chen"), content)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"]
    assert await window.value("SELECT count(*) FROM application") == 0


FORM_MISTAKES = {
    "wrong_check_digit": {"applicant": {"id_no": "330106198803120012"}},
    "unknown_field": {"amount_approved": 1},
    "negative_amount": {"requested_amount_fen": -1},
    "fraction": {"requested_amount_fen": 0.5},
    "text_for_amount": {"requested_amount_fen": "3000"},
    "future_event": {"event": {"kind": "FIRE", "occurred_at": "2031-01-01T00:00:00+08:00"}},
    "naive_time": {"event": {"kind": "FIRE", "occurred_at": "2026-11-20T21:30:00"}},
}


@pytest.mark.parametrize("name", FORM_MISTAKES)
async def test_a_mistake_in_the_form_is_pointed_out_without_repeating_it(
    window: Window, name: str
) -> None:
    form = jz201_form()
    for field, value in FORM_MISTAKES[name].items():
        form[field] = form[field] | value if isinstance(value, dict) else value
    answer = await window.citizen("chen").post(SUBMIT, jz201(form=form))

    assert answer.status_code in (403, 422), answer.text
    problem = answer.json()
    assert problem["code"] == "FORM_INVALID", problem
    assert all(error["code"] and error["message"]["zh"] for error in problem["errors"])
    assert resident("chen")["name"] not in answer.text
    assert "330106198803120012" not in answer.text


async def test_an_unknown_item_and_a_place_without_offices_are_told_apart(
    window: Window,
) -> None:
    chen = window.citizen("chen")
    unknown = await chen.post(SUBMIT, jz201(itemCode="ZZ999"))
    nowhere = await chen.post(SUBMIT, jz201(form=jz201_form(place_division="110101001001")))

    assert (unknown.status_code, unknown.json()["code"]) == (404, "ITEM_NOT_FOUND")
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "OFFICE_NOT_FOUND")


async def test_without_a_token_or_a_key_nothing_is_taken(window: Window) -> None:
    chen = window.citizen("chen")
    keyless = await chen.client.post(SUBMIT, json=jz201())
    chen.client.headers["Authorization"] = "Bearer nobody"
    stranger = await chen.post(SUBMIT, jz201())

    assert (keyless.status_code, keyless.json()["code"]) == (400, "IDEMPOTENCY_KEY_MISSING")
    assert (stranger.status_code, stranger.json()["code"]) == (401, "UNAUTHENTICATED")


async def _raw(caller: Caller, content: bytes) -> httpx.Response:
    return await caller.client.post(
        SUBMIT,
        content=content,
        headers={"Content-Type": "application/json", "Idempotency-Key": uuid4().hex},
    )

"""Who may hand a task to whom, stand in for whom, and who must keep away?"""

import asyncio
from typing import Any

import httpx

from services.intake.actions.release_lapsed import release_lapsed_claims
from tests.intake.test_give_verdict import COUNTY, TOWNSHIP, say, submitted_relief, tasks_of
from tests.support.forms import resident
from tests.support.window import Caller, Window, office_id

TODAY, FRIDAY = "2026-11-23", "2026-11-27"


async def fact_check(window: Window) -> str:
    return str(tasks_of(await submitted_relief(window))["fact_check"]["id"])


async def reassign(by: Caller, task: str, to: str, **more: Any) -> httpx.Response:
    body = {"to": f"officer-{to}", "reason": "workload", "note": "张三今日排满"} | more
    return await by.post(f"/v1/tasks/{task}:reassign", body)


async def delegate(by: Caller, to: str, **more: Any) -> httpx.Response:
    body = {
        "officeId": str(office_id(TOWNSHIP)),
        "to": f"officer-{to}",
        "startsOn": TODAY,
        "endsOn": FRIDAY,
    }
    return await by.post("/v1/delegations", body | more)


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def holder(window: Window, task: str) -> tuple[str, str | None]:
    [row] = await window.rows("SELECT state, claimed_by FROM approval_task WHERE id = :id", id=task)
    return row["state"], row["claimed_by"]


async def test_a_lead_gives_a_task_to_a_colleague_and_its_due_date_stays(window: Window) -> None:
    task = await fact_check(window)
    lin, mei = window.officer("lin", TOWNSHIP), window.officer("mei", TOWNSHIP)
    lead = window.lead("bao", TOWNSHIP)
    due = await window.value("SELECT due_at FROM approval_task WHERE id = :id", id=task)
    await lin.post(f"/v1/tasks/{task}:claim")

    assert (await reassign(lead, task, "mei")).status_code == 204

    assert await holder(window, task) == ("claimed", "officer:officer-mei")
    assert await window.value("SELECT due_at FROM approval_task WHERE id = :id", id=task) == due
    assert code_of(await lin.post(f"/v1/tasks/{task}:claim")) == (409, "TASK_CLAIMED_BY_ANOTHER")
    assert (await mei.post(f"/v1/tasks/{task}:verdict", {"verdict": "approve"})).status_code == 200
    [kept] = await window.rows("SELECT from_officer, reason, note_sealed FROM reassignment")
    assert (kept["from_officer"], kept["reason"]) == ("officer:officer-lin", "workload")
    assert "张三".encode() not in kept["note_sealed"]
    [line] = await window.rows("SELECT reason, facts FROM journal WHERE act = 'reassign'")
    assert line["facts"]["to"] == "officer:officer-mei"
    assert code_of(await reassign(lead, task, "lin")) == (409, "TASK_ALREADY_CLOSED")


async def test_only_who_directs_the_office_reassigns_and_only_within_it(window: Window) -> None:
    task = await fact_check(window)
    window.officer("mei", TOWNSHIP)
    lin, stranger = window.officer("lin", TOWNSHIP), window.lead("zhou", COUNTY)
    lead = window.lead("bao", TOWNSHIP)

    assert code_of(await reassign(lin, task, "mei")) == (403, "NOT_OFFICE_LEAD")
    assert code_of(await reassign(stranger, task, "mei")) == (404, "TASK_NOT_FOUND")
    assert code_of(await reassign(lead, task, "zhou")) == (422, "NOT_A_COLLEAGUE")
    assert (await reassign(window.supervisor("su", "330106000000"), task, "mei")).status_code == 204


async def test_nobody_is_given_work_on_a_day_of_absence(window: Window) -> None:
    task = await fact_check(window)
    mei, lead = window.officer("mei", TOWNSHIP), window.lead("bao", TOWNSHIP)
    noted = await mei.post("/v1/absences", {"startsOn": TODAY, "endsOn": FRIDAY})
    assert noted.status_code == 201, noted.text

    assert code_of(await reassign(lead, task, "mei")) == (409, "OFFICER_ABSENT")
    assert code_of(await mei.post(f"/v1/tasks/{task}:claim")) == (409, "OFFICER_ABSENT")
    [absence] = noted.json()["items"]
    assert (await mei.post(f"/v1/absences/{absence['id']}:end")).status_code == 200
    assert (await reassign(lead, task, "mei")).status_code == 204


async def test_what_an_absent_officer_holds_returns_unless_a_delegate_goes_on(
    window: Window,
) -> None:
    task = await fact_check(window)
    lin, mei = window.officer("lin", TOWNSHIP), window.officer("mei", TOWNSHIP)
    await lin.post(f"/v1/tasks/{task}:claim")
    [given] = (await delegate(lin, "mei")).json()["items"]
    await lin.post("/v1/absences", {"startsOn": TODAY, "endsOn": FRIDAY})

    assert await release_lapsed_claims(transaction=window.transaction, desk=window.desk) == 0
    await lin.post(f"/v1/delegations/{given['id']}:revoke")
    assert await release_lapsed_claims(transaction=window.transaction, desk=window.desk) == 1
    assert await holder(window, task) == ("open", None)
    assert (await mei.post(f"/v1/tasks/{task}:claim")).status_code == 200


async def test_a_delegate_answers_and_the_verdict_says_for_whom(window: Window) -> None:
    task = await fact_check(window)
    lin, mei = window.officer("lin", TOWNSHIP), window.officer("mei", TOWNSHIP)
    await lin.post(f"/v1/tasks/{task}:claim")
    verdict = {"verdict": "approve"}
    early = await mei.post(f"/v1/tasks/{task}:verdict", verdict)
    assert code_of(early) == (409, "TASK_CLAIMED_BY_ANOTHER")
    assert (await delegate(lin, "mei")).status_code == 201

    assert (await mei.post(f"/v1/tasks/{task}:verdict", verdict)).status_code == 200

    [kept] = await window.rows("SELECT given_by, on_behalf_of FROM verdict")
    assert kept == {"given_by": "officer:officer-mei", "on_behalf_of": "officer:officer-lin"}
    facts = await window.value("SELECT facts FROM journal WHERE act = 'answer-on-behalf'")
    assert facts == {"onBehalfOf": "officer:officer-lin", "round": 1}
    assert [each["delegate"] for each in (await mei.get("/v1/delegations")).json()["items"]] == [
        "officer-mei"
    ]


async def test_a_delegation_holds_from_its_first_day_to_its_last(window: Window) -> None:
    task = await fact_check(window)
    lin, mei = window.officer("lin", TOWNSHIP), window.officer("mei", TOWNSHIP)
    await lin.post(f"/v1/tasks/{task}:claim")
    assert (await delegate(lin, "mei", startsOn="2026-11-24")).status_code == 201

    refused = await mei.post(f"/v1/tasks/{task}:verdict", {"verdict": "approve"})
    assert code_of(refused) == (409, "TASK_CLAIMED_BY_ANOTHER")
    assert code_of(await delegate(lin, "lin")) == (422, "DELEGATE_TO_ONESELF")
    assert code_of(await delegate(lin, "nobody")) == (422, "NOT_A_COLLEAGUE")
    assert code_of(await delegate(lin, "mei", endsOn="2026-11-01")) == (422, "PERIOD_INVALID")


async def test_a_delegation_revoked_while_a_verdict_is_in_flight_never_half_holds(
    window: Window,
) -> None:
    lin, mei = window.officer("lin", TOWNSHIP), window.officer("mei", TOWNSHIP)
    task = await fact_check(window)
    await lin.post(f"/v1/tasks/{task}:claim")
    [given] = (await delegate(lin, "mei")).json()["items"]

    answered, revoked = await asyncio.gather(
        mei.post(f"/v1/tasks/{task}:verdict", {"verdict": "approve"}),
        lin.post(f"/v1/delegations/{given['id']}:revoke"),
    )

    assert revoked.status_code == 200
    kept = await window.rows("SELECT on_behalf_of FROM verdict")
    if answered.status_code == 200:
        assert kept == [{"on_behalf_of": "officer:officer-lin"}]
    else:
        assert code_of(answered) == (409, "TASK_CLAIMED_BY_ANOTHER")
        assert kept == []


async def test_of_a_claim_and_two_hand_overs_at_once_one_officer_has_the_task(
    window: Window,
) -> None:
    task = await fact_check(window)
    lin, lead = window.officer("lin", TOWNSHIP), window.lead("bao", TOWNSHIP)
    window.officer("mei", TOWNSHIP)
    window.officer("tao", TOWNSHIP)

    claimed, *given = await asyncio.gather(
        lin.post(f"/v1/tasks/{task}:claim"),
        reassign(lead, task, "mei"),
        reassign(lead, task, "tao"),
    )

    assert [each.status_code for each in given] == [204, 204]
    assert claimed.status_code in (200, 409)
    rows = await window.rows("SELECT from_officer, to_officer FROM reassignment ORDER BY given_at")
    state, claimed_by = await holder(window, task)
    assert (state, claimed_by) == ("claimed", rows[-1]["to_officer"])
    assert len(rows) == 2


async def test_an_officer_keeps_away_from_relatives_and_from_the_own_case(window: Window) -> None:
    task = await fact_check(window)
    for name, kind in (("lin", "self"), ("mei", "spouse")):
        officer = window.officer(name, TOWNSHIP)
        number = resident("chen")["id_no"]
        declared = await officer.post("/v1/relations", {"kind": kind, "idNo": number})
        assert declared.status_code == 201
        assert number not in declared.text

        answers = [
            await officer.post(f"/v1/tasks/{task}:claim"),
            await officer.get(f"/v1/tasks/{task}/disclosure"),
            await officer.post(f"/v1/tasks/{task}:verdict", {"verdict": "approve"}),
            await reassign(window.lead("bao", TOWNSHIP), task, name),
        ]
        assert {code_of(each) for each in answers} == {(403, "CONFLICT_OF_INTEREST")}
        conflict = "own-case" if kind == "self" else "relative"
        assert {each.json()["conflict"] for each in answers} == {conflict}
    assert await window.value("SELECT count(*) FROM verdict") == 0
    assert await holder(window, task) == ("open", None)


async def test_a_declaration_taken_back_no_longer_counts_but_stays_on_record(
    window: Window,
) -> None:
    task = await fact_check(window)
    lin = window.officer("lin", TOWNSHIP)
    body = {"kind": "child", "idNo": resident("chen")["id_no"]}
    [relation] = (await lin.post("/v1/relations", body)).json()["items"]
    other = await window.officer("mei", TOWNSHIP).post(f"/v1/relations/{relation['id']}:withdraw")
    assert code_of(other) == (404, "RELATION_NOT_FOUND")
    assert (await lin.post(f"/v1/relations/{relation['id']}:withdraw")).json() == {"items": []}

    assert (await lin.post(f"/v1/tasks/{task}:claim")).status_code == 200
    assert await window.value("SELECT count(*) FROM officer_relation") == 1
    unreadable = await lin.post("/v1/relations", {"kind": "child", "idNo": "330106198803120012"})
    assert code_of(unreadable) == (422, "ID_NUMBER_UNREADABLE")


async def test_a_recused_task_stays_in_the_office_while_a_colleague_can_take_it(
    window: Window,
) -> None:
    task = await fact_check(window)
    lin, mei = window.officer("lin", TOWNSHIP), window.officer("mei", TOWNSHIP)
    await lin.post(f"/v1/tasks/{task}:claim")

    answer = await lin.post(f"/v1/tasks/{task}:recuse", {"reason": "relative"})

    assert (answer.status_code, answer.json()) == (200, {"movedTo": None})
    assert code_of(await lin.post(f"/v1/tasks/{task}:claim")) == (403, "CONFLICT_OF_INTEREST")
    assert (await mei.post(f"/v1/tasks/{task}:claim")).status_code == 200


async def test_a_clerk_alone_in_the_township_recuses_and_the_county_takes_it(
    window: Window,
) -> None:
    task = await fact_check(window)
    lin, zhou = window.officer("lin", TOWNSHIP), window.officer("zhou", COUNTY)
    due = await window.value("SELECT due_at FROM approval_task WHERE id = :id", id=task)
    asked = await lin.post(f"/v1/tasks/{task}:recuse", {"reason": "relative"}, key="recuse-once")
    again = await lin.post(f"/v1/tasks/{task}:recuse", {"reason": "relative"}, key="recuse-once")

    assert asked.json() == again.json() == {"movedTo": str(office_id(COUNTY))}
    assert (await lin.get(f"/v1/tasks/{task}")).status_code == 404
    shown = (await zhou.get(f"/v1/tasks/{task}")).json()
    assert (shown["officeName"], shown["state"]) == ("西湖区民政局", "open")
    assert await window.value("SELECT due_at FROM approval_task WHERE id = :id", id=task) == due
    told = [data for kind, data in await window.events() if "task-opened" in kind]
    assert told[-1]["officeId"] == str(office_id(COUNTY))
    assert await say(zhou, {"id": task}) == 200

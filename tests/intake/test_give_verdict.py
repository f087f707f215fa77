"""Who may answer a task, what follows from an answer, and what races cannot break?"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from services.intake.actions.give_verdict import GiveVerdict, give_verdict
from services.intake.actions.record_performance import RecordPerformance, record_performance
from services.intake.model import Answer, MatterId, TaskId, Verdict
from shared.auth import Actor, ActorKind
from tests.support.forms import bnd02_form, hy601_form, jz201_form
from tests.support.window import Caller, Window

TOWNSHIP, VILLAGE, COUNTY = "sandun-civil-affairs", "sandun-example-village", "xihu-civil-affairs"
REGISTRY = "xihu-marriage-registry"


async def submitted_relief(window: Window) -> Mapping[str, Any]:
    body = {"itemCode": "JZ201", "form": jz201_form(), "materials": []}
    answer = await window.citizen("chen").post("/v1/applications", body)
    assert answer.status_code == 201, answer.text
    found: Mapping[str, Any] = answer.json()
    return found


async def submitted_marriage(window: Window) -> Mapping[str, Any]:
    body = {"itemCode": "HY601", "form": hy601_form(), "materials": []}
    answer = await window.citizen("liu").post("/v1/applications", body)
    assert answer.status_code == 201, answer.text
    found: Mapping[str, Any] = answer.json()
    return found


async def submitted_death(window: Window) -> Mapping[str, Any]:
    zhao = window.citizen("zhao")
    materials = [
        {"key": "death_certificate", "fileId": await zhao.upload()},
        {"key": "kinship_proof"},
    ]
    body = {"itemCode": "BND-02", "form": bnd02_form(), "materials": materials}
    answer = await zhao.post("/v1/applications", body)
    assert answer.status_code == 201, answer.text
    found: Mapping[str, Any] = answer.json()
    return found


def tasks_of(application: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {task["key"]: task for matter in application["matters"] for task in matter["tasks"]}


async def answer_as_service(
    window: Window, task: Mapping[str, Any], verdict: Verdict = Verdict.APPROVE
) -> None:
    service = task["handler"].removeprefix("service:")
    opinion = None if verdict is Verdict.APPROVE else "与核查结果不符"
    command = GiveVerdict(
        actor=Actor(kind=ActorKind.SERVICE, id=service, system=service),
        task_id=TaskId(UUID(task["id"])),
        answer=Answer(verdict=verdict, opinion=opinion),
    )
    await give_verdict(command, transaction=window.transaction, desk=window.desk)


async def say(
    caller: Caller, task: Mapping[str, Any], verdict: str = "approve", **more: Any
) -> int:
    answer = await caller.post(
        f"/v1/tasks/{task['id']}:verdict", {"verdict": verdict, "facts": {}, **more}
    )
    return answer.status_code


async def test_a_case_of_relief_is_answered_joined_made_real_and_concluded(
    window: Window,
) -> None:
    application = await submitted_relief(window)
    tasks = tasks_of(application)
    lin, he = window.officer("lin", TOWNSHIP), window.officer("he", VILLAGE)
    assert await say(lin, tasks["fact_check"]) == 200
    assert await say(he, tasks["home_visit"]) == 200
    await answer_as_service(window, tasks["duplicate_relief_check"])
    assert await say(lin, tasks["township_decision"]) == 200

    chen = window.citizen("chen")
    decided = (await chen.get(f"/v1/applications/{application['id']}")).json()
    assert (decided["stage"], decided["outcome"]) == ("decided", "granted")

    document = {"kind": "decision", "number": "L330106-2026-000001", "facts": {}}
    command = RecordPerformance(
        service="relief",
        matter_id=MatterId(UUID(decided["matters"][0]["id"])),
        document=document,
    )
    await record_performance(command, transaction=window.transaction, desk=window.desk)
    await record_performance(command, transaction=window.transaction, desk=window.desk)
    concluded = (await chen.get(f"/v1/applications/{application['id']}")).json()
    assert concluded["stage"] == "concluded"
    assert concluded["matters"][0]["document"]["number"] == "L330106-2026-000001"
    types = [type_ for type_, _ in await window.events()]
    assert types.count("civil.intake.application-concluded.v1") == 1
    assert [line["act"] for line in concluded["timeline"]][-1] == "conclude"


async def test_another_offices_officer_is_told_there_is_no_such_task(window: Window) -> None:
    tasks = tasks_of(await submitted_relief(window))
    other = window.officer("gao", "shuangpu-civil-affairs")
    task = tasks["fact_check"]

    statuses = {
        (await other.get(f"/v1/tasks/{task['id']}")).status_code,
        (await other.get(f"/v1/tasks/{task['id']}/disclosure")).status_code,
        (await other.post(f"/v1/tasks/{task['id']}:claim")).status_code,
        await say(other, task),
    }
    assert statuses == {404}
    assert (await other.get("/v1/tasks")).json()["total"] == 0
    assert await window.value("SELECT count(*) FROM verdict") == 0


async def test_a_closed_task_takes_no_second_verdict(window: Window) -> None:
    tasks = tasks_of(await submitted_relief(window))
    lin = window.officer("lin", TOWNSHIP)
    assert await say(lin, tasks["fact_check"]) == 200
    answer = await lin.post(
        f"/v1/tasks/{tasks['fact_check']['id']}:verdict", {"verdict": "approve"}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "TASK_ALREADY_CLOSED")


async def test_a_repeated_verdict_with_its_key_is_answered_alike(window: Window) -> None:
    tasks = tasks_of(await submitted_relief(window))
    lin = window.officer("lin", TOWNSHIP)
    path = f"/v1/tasks/{tasks['fact_check']['id']}:verdict"
    first = await lin.post(path, {"verdict": "approve"}, key="verdict-key")
    again = await lin.post(path, {"verdict": "approve"}, key="verdict-key")
    other = await lin.post(path, {"verdict": "refuse", "opinion": "否"}, key="verdict-key")

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 422)
    assert first.json()["verdict"] == again.json()["verdict"] == "approve"


async def test_two_officers_answer_at_once_and_one_answer_counts(window: Window) -> None:
    tasks = tasks_of(await submitted_relief(window))
    officers = [window.officer(f"o{n}", TOWNSHIP) for n in range(6)]
    codes = await asyncio.gather(*(say(each, tasks["fact_check"]) for each in officers))

    assert sorted(codes) == [200] + [409] * 5
    assert await window.value("SELECT count(*) FROM verdict") == 1


async def test_a_colleagues_claim_is_respected_until_its_lease_ends(window: Window) -> None:
    tasks = tasks_of(await submitted_relief(window))
    lin, lu = window.officer("lin", TOWNSHIP), window.officer("lu", TOWNSHIP)
    path = f"/v1/tasks/{tasks['fact_check']['id']}"
    assert (await lin.post(f"{path}:claim")).json()["claimedByMe"] is True
    assert (await lu.post(f"{path}:claim")).json()["code"] == "TASK_CLAIMED_BY_ANOTHER"
    assert await say(lu, tasks["fact_check"]) == 409
    assert (await lin.post(f"{path}:release")).json()["state"] == "open"
    assert await say(lu, tasks["fact_check"]) == 200


@pytest.mark.parametrize("verdict", ["refuse", "needs-correction", "not-applicable"])
async def test_a_verdict_that_needs_reasons_is_not_taken_without(
    window: Window, verdict: str
) -> None:
    tasks = tasks_of(await submitted_relief(window))
    lin = window.officer("lin", TOWNSHIP)
    answer = await lin.post(f"/v1/tasks/{tasks['fact_check']['id']}:verdict", {"verdict": verdict})

    assert (answer.status_code, answer.json()["code"]) == (422, "OPINION_REQUIRED")
    assert await window.value("SELECT count(*) FROM verdict") == 0


async def test_one_veto_refuses_a_marriage_and_closes_what_is_open(window: Window) -> None:
    application = await submitted_marriage(window)
    tasks = tasks_of(application)
    await answer_as_service(window, tasks["marital_status_check"], Verdict.REFUSE)

    after = (await window.citizen("liu").get(f"/v1/applications/{application['id']}")).json()
    assert (after["stage"], after["outcome"]) == ("concluded", "refused")
    states = {task["state"] for task in after["matters"][0]["tasks"]}
    assert states == {"closed", "cancelled"}
    assert after["matters"][0]["tasks"]
    late = await say(window.officer("xu", REGISTRY), tasks["registrar_inquiry"])
    assert late == 409


async def test_every_verdict_of_a_joint_case_at_the_same_instant_loses_no_join(
    window: Window,
) -> None:
    application = await submitted_death(window)
    tasks = [task for task in tasks_of(application).values() if task["state"] == "open"]
    assert len(tasks) >= 8

    async def answer(task: Mapping[str, Any]) -> None:
        kind, _, system = task["handler"].partition(":")
        if kind == "service":
            await answer_as_service(window, task)
        else:
            assert await say(window.partner(system), task) == 200

    await asyncio.gather(*(answer(task) for task in tasks))
    after = (await window.citizen("zhao").get(f"/v1/applications/{application['id']}")).json()
    undecided = [
        matter["key"]
        for matter in after["matters"]
        if matter["outcome"] is None and all(t["state"] == "closed" for t in matter["tasks"])
    ]
    assert undecided == []
    assert await window.value("SELECT count(*) FROM verdict") == len(tasks)
    waves = [t for t in tasks_of(after).values() if t["key"] not in {x["key"] for x in tasks}]
    assert {task["state"] for task in waves} == {"open"}


async def test_a_withdrawal_closes_every_open_task_and_is_too_late_after_the_decision(
    window: Window,
) -> None:
    application = await submitted_relief(window)
    chen = window.citizen("chen")
    path = f"/v1/applications/{application['id']}:withdraw"
    stranger = await window.citizen("liu").post(path)
    withdrawn = await chen.post(path)
    again = await chen.post(path)

    assert stranger.status_code == 404
    assert withdrawn.json()["stage"] == "withdrawn"
    assert {t["state"] for t in withdrawn.json()["matters"][0]["tasks"]} == {"cancelled"}
    assert again.status_code == 409
    cancelled = [t for t, _ in await window.events() if "task-cancelled" in t]
    assert len(cancelled) == 3


async def test_a_department_sees_the_fields_of_its_task_and_the_look_is_journalled(
    window: Window,
) -> None:
    application = await submitted_relief(window)
    tasks = tasks_of(application)
    he, relief = window.officer("he", VILLAGE), window.service("relief")
    visit = (await he.get(f"/v1/tasks/{tasks['home_visit']['id']}/disclosure")).json()
    check = await relief.get(f"/v1/tasks/{tasks['duplicate_relief_check']['id']}/disclosure")

    assert "id_no" not in visit["fields"]["applicant"]
    assert "account" not in visit["fields"]
    assert set(check.json()["fields"]) == {"applicant", "type", "event"}
    looks = await window.rows("SELECT actor, reason FROM journal WHERE act = 'read'")
    assert [look["actor"] for look in looks] == ["officer:officer-he", "service:relief"]
    assert all(look["reason"] for look in looks)


async def test_an_officers_look_at_a_whole_case_is_journalled_the_applicants_own_is_not(
    window: Window,
) -> None:
    path = f"/v1/applications/{(await submitted_relief(window))['id']}"
    assert (await window.citizen("chen").get(path)).status_code == 200
    assert (await window.officer("lin", TOWNSHIP).get(path)).status_code == 200
    assert (await window.officer("gao", "shuangpu-civil-affairs").get(path)).status_code == 404

    looks = await window.rows("SELECT actor, facts FROM journal WHERE act = 'read'")
    assert looks == [{"actor": "officer:officer-lin", "facts": {"masked": True}}]


async def test_a_matter_that_cannot_be_made_real_says_so(window: Window) -> None:
    application = await submitted_marriage(window)
    tasks = tasks_of(application)
    await answer_as_service(window, tasks["marital_status_check"])
    assert await say(window.partner("police"), tasks["identity_check"]) == 200
    assert await say(window.officer("xu", REGISTRY), tasks["registrar_inquiry"]) == 200
    liu = window.citizen("liu")
    [matter] = (await liu.get(f"/v1/applications/{application['id']}")).json()["matters"]
    await record_performance(
        RecordPerformance(
            service="marriage",
            matter_id=MatterId(UUID(matter["id"])),
            failure="PERSON_STATUS_CHANGED",
        ),
        transaction=window.transaction,
        desk=window.desk,
    )
    after = (await liu.get(f"/v1/applications/{application['id']}")).json()

    assert after["stage"] == "decided"
    assert after["matters"][0]["status"] == "failed"
    assert after["matters"][0]["failure"] == "PERSON_STATUS_CHANGED"


async def test_an_inbox_pages_through_everything_once(window: Window) -> None:
    await submitted_relief(window)
    await submitted_marriage(window)
    lin = window.officer("lin", TOWNSHIP, COUNTY, VILLAGE, REGISTRY)
    first = (await lin.get("/v1/tasks?limit=2")).json()
    second = (await lin.get(f"/v1/tasks?limit=2&cursor={first['nextCursor']}")).json()

    ids = [task["id"] for task in first["items"] + second["items"]]
    assert first["counts"]["open"] == first["total"] == len(ids) == len(set(ids)) == 3
    assert second["nextCursor"] is None
    assert (await lin.get("/v1/tasks?cursor=bm90aGluZw")).status_code == 422

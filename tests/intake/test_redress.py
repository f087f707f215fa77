"""Do complaints, work orders and inspections run their own course beside the cases?"""

import asyncio
from typing import Any
from uuid import uuid4

from services.intake.actions.tell_hotline import tell_hotline
from services.intake.store.webhooks import WebhookEndpoint
from shared.jobs import Job
from tests.intake.test_give_verdict import TOWNSHIP, submitted_relief
from tests.intake.test_rate_matter import DIVISION, act, loops
from tests.intake.test_withdraw_application import Listening
from tests.support.corrections import read
from tests.support.window import CIPHER, Window, office_id

PLACE = "330106109000"
HOTLINE = "hotline-12345"


def order(**more: Any) -> dict[str, Any]:
    return {
        "externalNumber": "HZ202611230001",
        "category": "complaint",
        "text": "来电反映救助申请迟迟没有答复",
        **more,
    }


async def test_a_complaint_about_a_case_goes_to_the_office_that_leads_it(window: Window) -> None:
    application = await submitted_relief(window)
    body = {"category": "complaint", "text": "受理窗口态度差", "applicationId": application["id"]}
    assert (await window.citizen("liu").post("/v1/complaints", body)).status_code == 404
    chen, lin = window.citizen("chen"), window.officer("lin", TOWNSHIP)
    opened = (await chen.post("/v1/complaints", body)).json()

    assert (opened["stage"], opened["applicationId"]) == ("dispatched", application["id"])
    lead = opened["officeId"]
    office = next(
        each for each in ("sandun-example-village", TOWNSHIP) if str(office_id(each)) == lead
    )
    handler = window.officer("lead", office)
    for name, note in (("sign", None), ("begin", None), ("answer", "已批评教育并致歉")):
        assert (await act(handler, opened, name, note=note))[0] == 200
    assert (await act(chen, opened, "satisfied"))[1]["stage"] == "closed"
    assert (await read(chen, application))["stage"] == "in-review", "two loops, two ends"
    assert lin.actor.id


async def test_a_complaint_about_a_place_waits_for_its_supervisor_to_dispatch_it(
    window: Window,
) -> None:
    chen, qian = window.citizen("chen"), window.supervisor("qian", DIVISION)
    body = {"category": "help", "text": "村口的便民服务点常常没人", "division": PLACE}
    nowhere = await chen.post("/v1/complaints", {**body, "division": "990000000000"})
    opened = (await chen.post("/v1/complaints", body)).json()
    lin = window.officer("lin", TOWNSHIP)

    assert nowhere.json()["code"] == "OFFICE_NOT_FOUND"
    assert (opened["stage"], await loops(lin)) == ("received", [])
    assert (await act(qian, opened, "dispatch"))[1]["code"] == "OFFICE_REQUIRED"
    sent = await act(qian, opened, "dispatch", officeId=str(office_id(TOWNSHIP)))
    assert sent[1]["stage"] == "dispatched"
    assert [each["id"] for each in await loops(lin)] == [opened["id"]]
    assert (await window.officer("liu", "xihu-marriage-registry").get("/v1/redress")).json()[
        "items"
    ] == []
    assert [each["id"] for each in await loops(chen)] == [opened["id"]]


async def test_a_work_order_is_handed_in_once_and_its_platform_is_told_by_webhook(
    window: Window,
) -> None:
    application = await submitted_relief(window)
    hotline = window.partner(HOTLINE)
    body = order(applicationNumber=application["number"], isUrgent=True)
    opened = (await hotline.post("/v1/work-orders", body)).json()
    again = await hotline.post("/v1/work-orders", body)
    unknown = order(externalNumber="HZ2", applicationNumber="no-such-number")
    assert opened["dueAt"] == "2026-11-23T14:00:00+08:00", "urgent: two hours"
    assert (again.status_code, again.json()["code"]) == (409, "WORK_ORDER_KNOWN")
    assert (await hotline.post("/v1/work-orders", unknown)).status_code in (404, 422)
    assert (await window.partner("police").get(f"/v1/redress/{opened['id']}")).status_code == 404
    offices = ("sandun-example-village", TOWNSHIP)
    office = next(each for each in offices if str(office_id(each)) == opened["officeId"])
    handler = window.officer("lead", office)
    await act(handler, opened, "sign")
    await act(handler, opened, "begin")
    await act(handler, opened, "answer", note="已电话答复来电人")
    await _heard(window)


async def _heard(window: Window) -> None:
    [row] = await window.rows("SELECT * FROM job WHERE kind = 'tell-hotline'")
    place = f"webhook_endpoint.secret:{HOTLINE}"
    async with window.transaction() as store:
        await store.keep_endpoint(
            WebhookEndpoint(
                system=HOTLINE,
                url="https://12345.example",
                secret_sealed=CIPHER.seal(b"whsec_c2VjcmV0", place=place),
            )
        )
    job = Job(id=row["id"], kind=row["kind"], key=row["key"], payload=row["payload"], attempts=1)
    partner = Listening()
    await tell_hotline(job, transaction=window.transaction, desk=window.desk, partners=partner)
    [heard] = partner.heard
    assert b'"work-order.answered"' in heard
    assert "来电".encode() not in heard


async def test_an_unhappy_caller_sends_the_work_order_back_into_work(window: Window) -> None:
    hotline, qian = window.partner(HOTLINE), window.supervisor("qian", DIVISION)
    opened = (await hotline.post("/v1/work-orders", order(division=PLACE))).json()
    lin = window.officer("lin", TOWNSHIP)
    await act(qian, opened, "dispatch", officeId=str(office_id(TOWNSHIP)))
    for name, more in (
        ("sign", {}),
        ("begin", {}),
        ("ask-extension", {"days": 3, "note": "需要入户核实"}),
    ):
        assert (await act(lin, opened, name, **more))[0] == 200
    assert (await act(lin, opened, "grant-extension"))[1]["code"] == "NOT_YOUR_HAND"
    extended = (await act(qian, opened, "grant-extension"))[1]
    assert extended["dueAt"] == "2026-12-04T00:00:00+08:00"
    await act(lin, opened, "answer", note="正在核实")
    rework = (await act(hotline, opened, "still-bad"))[1]

    assert (rework["stage"], rework["round"]) == ("rework", 2)
    assert [each["hand"] for each in rework["steps"]][-1] == "reporter"


async def test_of_two_acts_at_once_one_finds_the_stage_moved_on(window: Window) -> None:
    hotline, qian = window.partner(HOTLINE), window.supervisor("qian", DIVISION)
    opened = (await hotline.post("/v1/work-orders", order(division=PLACE))).json()
    office = str(office_id(TOWNSHIP))
    answers = await asyncio.gather(
        *(act(qian, opened, "dispatch", officeId=office) for _ in range(4))
    )

    assert sorted(status for status, _ in answers) == [200, 409, 409, 409]
    assert await window.value("SELECT max(seq) FROM redress_step") == 2


async def test_an_inspection_is_reported_on_others_planned_mended_and_looked_at_again(
    window: Window,
) -> None:
    qian, lin = window.supervisor("qian", DIVISION), window.officer("lin", TOWNSHIP)
    finding = {
        "officeId": str(office_id(TOWNSHIP)),
        "division": PLACE,
        "text": "三份低保档案缺少入户调查表",
    }
    assert (await lin.post("/v1/inspections", finding)).json()["code"] == "NOT_YOUR_HAND"
    elsewhere = {**finding, "officeId": str(uuid4())}
    assert (await qian.post("/v1/inspections", elsewhere)).json()["code"] == "OFFICE_NOT_FOUND"
    opened = (await qian.post("/v1/inspections", finding)).json()
    assert opened["dueAt"] == "2026-12-09T00:00:00+08:00"
    planned = (await act(lin, opened, "plan", note="逐户补做调查"))[1]
    assert planned["dueAt"] == "2026-12-24T00:00:00+08:00"
    await act(lin, opened, "fix", note="已补齐")
    assert (await act(lin, opened, "pass"))[1]["code"] == "NOT_YOUR_HAND"
    failed = (await act(qian, opened, "fail", note="仍缺一份"))[1]
    assert (failed["stage"], failed["round"]) == ("found", 2)
    await act(lin, opened, "plan", note="补最后一份")
    await act(lin, opened, "fix", note="已补")
    passed = (await act(qian, opened, "pass"))[1]
    assert (passed["outcome"], passed["dueAt"]) == ("passed", None)

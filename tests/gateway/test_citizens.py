"""What does a citizen see and do through the gateway, and what does it cost the window?"""

from datetime import date

import pytest

from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents
from shared.identifiers import ApplicationNumber
from tests.support.gateway import (
    CITIZEN,
    KEY,
    STRANGER,
    application_id,
    codes,
    concluded,
    problem,
    text,
)

SCREENS = read_documents(DOCS / "operations")
SUBMIT = SCREENS["SubmitApplication"]


def submission(**given):
    return {
        "input": {
            "itemCode": "JZ201",
            "form": {"type": "EMERGENCY"},
            "channel": "WECHAT",
            "idempotencyKey": KEY,
            **given,
        }
    }


async def test_the_whole_case_is_one_call_to_the_window(house):
    case = house.intake.add()
    shown = await house.data(SCREENS["Case"], {"id": application_id(case)})
    assert house.intake.requests == [f"GET /v1/applications/{case['id']}"]
    assert house.registry.requests == []
    assert shown["application"]["number"] == case["number"]


async def test_a_case_shows_who_holds_it_until_when_and_why(house):
    case = house.intake.add()
    shown = (await house.data(SCREENS["Case"], {"id": application_id(case)}))["application"]
    held = shown["waitingOn"]
    assert [task["handlerName"]["text"] for task in held] == ["三墩镇社会事务办"]
    assert held[0]["dueAt"] == "2026-11-24T17:30:00+08:00"
    open_task = shown["matters"][0]["tasks"][1]
    assert open_task["dueExplanation"] == [{"text": "自受理次日起二个工作日"}]
    assert open_task["waitingFor"] == [{"text": "重复救助核查"}]
    assert shown["clocks"][0]["explanation"] == [{"text": "受理次日起算"}, {"text": "二个工作日"}]
    assert shown["missingMaterials"][0]["dueOn"] == "2026-12-04"


async def test_a_concluded_case_shows_its_document(house):
    case = house.intake.add()
    house.intake.cases[case["id"]] = concluded(case)
    shown = (await house.data(SCREENS["Case"], {"id": application_id(case)}))["application"]
    assert shown["isFinal"] is True
    assert shown["outcome"] == "GRANTED"
    assert shown["documents"][0]["number"] == "JZ-330106-2026-000001"
    assert shown["matters"][0]["grounds"][0]["verdict"] == "APPROVE"


async def test_the_same_case_asked_for_twice_is_read_once(house):
    case = house.intake.add()
    given = {"id": application_id(case)}
    await house.data(
        "query($id: ID!) { a: application(id: $id) { id } b: node(id: $id) { id } }", given
    )
    assert len(house.intake.requests) == 1


async def test_a_case_is_found_by_its_public_number(house):
    number = str(
        ApplicationNumber(region="330106", received_on=date(2026, 11, 22), channel="WEB", serial=7)
    )
    case = house.intake.add(number=number)
    found = await house.data(
        "query($n: String!) { application(number: $n) { uuid } }", {"n": f" {number.lower()} "}
    )
    assert found["application"]["uuid"] == case["id"]


async def test_a_case_is_asked_for_by_id_or_by_number_and_not_by_both(house):
    for arguments in ("", '(id: "a", number: "b")'):
        answer = await house.ask(f"{{ application{arguments} {{ id }} }}")
        assert codes(answer) == ["BAD_USER_INPUT"]


async def test_someone_else_s_case_answers_like_one_that_does_not_exist(house):
    case = house.intake.add()
    query = "query($id: ID!) { node(id: $id) { id } }"
    other = await house.ask(query, {"id": application_id(case)}, token=STRANGER)
    none = await house.ask(
        query, {"id": application_id({"id": "0" * 8 + "-0000-7000-8000-" + "0" * 12})}
    )
    assert other == none
    assert other["data"] == {"node": None}
    assert codes(other) == ["NOT_FOUND"]


async def test_titles_come_in_the_language_of_the_caller_and_in_both(house):
    case = house.intake.add()
    query = "query($id: ID!) { application(id: $id) { item { title { zh en text } } } }"
    given = {"id": application_id(case)}
    chinese = await house.data(query, given)
    english = await house.data(query, given, accept_language="en-GB,en;q=0.9,zh;q=0.5")
    assert chinese["application"]["item"]["title"]["text"] == "临时救助"
    assert english["application"]["item"]["title"] == {
        "zh": "临时救助",
        "en": "Temporary relief",
        "text": "Temporary relief",
    }


async def test_pages_put_together_are_the_whole_list(house):
    for _ in range(7):
        house.intake.add()
    seen, after = [], None
    for _ in range(4):
        page = (await house.data(SCREENS["MyApplications"], {"first": 2, "after": after}))[
            "applications"
        ]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        assert page["totalCount"] == 7
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [application_id(case) for case in house.intake.cases.values()]
    assert len(house.intake.requests) == 4


async def test_a_list_goes_on_after_any_of_its_rows(house):
    for _ in range(4):
        house.intake.add()
    page = (await house.data(SCREENS["MyApplications"], {"first": 4}))["applications"]
    second = page["edges"][1]["cursor"]
    rest = (await house.data(SCREENS["MyApplications"], {"after": second}))["applications"]
    assert [e["node"]["id"] for e in rest["edges"]] == [e["node"]["id"] for e in page["edges"][2:]]


async def test_an_application_is_handed_in_with_the_caller_s_token_and_key(house):
    answer = (await house.data(SUBMIT, submission()))["submitApplication"]
    assert answer["__typename"] == "SubmitApplicationSuccess"
    assert answer["application"]["number"]
    assert house.intake.bodies == [
        {"itemCode": "JZ201", "form": {"type": "EMERGENCY"}, "materials": [], "channel": "WECHAT"}
    ]
    assert house.intake.headers[0]["idempotency-key"] == KEY
    assert house.intake.headers[0]["authorization"] == CITIZEN


async def test_materials_and_a_grant_are_passed_on(house):
    file, grant = "0192f0c0-0000-7000-8000-000000000001", "0192f0c0-0000-7000-8000-000000000002"
    materials = [{"key": "application_form", "fileId": file}, {"key": "commitment"}]
    await house.data(SUBMIT, submission(materials=materials, onBehalfOf=grant))
    assert house.intake.bodies[0]["materials"] == materials
    assert house.intake.bodies[0]["onBehalfOf"] == grant


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (
            problem(
                422,
                "FORM_INVALID",
                errors=[
                    {
                        "pointer": "/applicant/id_no",
                        "code": "FORMAT",
                        "message": text("号码有误", "Not a number"),
                    }
                ],
            ),
            {
                "__typename": "ValidationFailed",
                "code": "FORM_INVALID",
                "message": "不能办理",
                "path": ["input", "form"],
                "errors": [
                    {"pointer": "/applicant/id_no", "code": "FORMAT", "message": "号码有误"}
                ],
            },
        ),
        (
            problem(422, "MATERIAL_MISSING", keys=["bills"]),
            {
                "__typename": "ValidationFailed",
                "code": "MATERIAL_MISSING",
                "message": "不能办理",
                "path": ["input", "materials"],
                "errors": [
                    {"pointer": "/bills", "code": "MATERIAL_MISSING", "message": "不能办理"}
                ],
            },
        ),
        (
            problem(422, "OFFICE_NOT_FOUND"),
            {
                "__typename": "NotEligible",
                "code": "OFFICE_NOT_FOUND",
                "message": "不能办理",
                "path": ["input"],
            },
        ),
        (
            problem(403, "GRANT_REQUIRED", detail="请先取得授权"),
            {
                "__typename": "Forbidden",
                "code": "GRANT_REQUIRED",
                "message": "请先取得授权",
                "path": ["input", "onBehalfOf"],
            },
        ),
        (
            problem(404, "ITEM_NOT_FOUND"),
            {
                "__typename": "NotFound",
                "code": "ITEM_NOT_FOUND",
                "message": "不能办理",
                "path": ["input", "itemCode"],
            },
        ),
        (
            problem(422, "IDEMPOTENCY_KEY_REUSED"),
            {
                "__typename": "Conflict",
                "code": "IDEMPOTENCY_KEY_REUSED",
                "message": "不能办理",
                "path": ["input", "idempotencyKey"],
                "applicationId": None,
            },
        ),
    ],
)
async def test_an_expected_refusal_is_a_member_of_the_result(house, refusal, expected):
    house.intake.refuse_with = refusal
    answer = await house.data(SUBMIT, submission())
    assert answer["submitApplication"] == expected


async def test_a_refusal_is_told_in_english_on_request(house):
    house.intake.refuse_with = problem(403, "NOT_YOURSELF")
    answer = await house.data(SUBMIT, submission(), accept_language="en")
    assert answer["submitApplication"]["message"] == "This cannot be done"


async def test_an_open_application_in_the_way_is_named_by_its_id(house):
    case = house.intake.add()
    house.intake.refuse_with = problem(409, "OPEN_APPLICATION_EXISTS", applicationId=case["id"])
    answer = (await house.data(SUBMIT, submission()))["submitApplication"]
    assert answer["applicationId"] == application_id(case)


async def test_an_application_is_withdrawn(house):
    case = house.intake.add()
    given = {"applicationId": application_id(case), "reason": "不再需要", "idempotencyKey": KEY}
    answer = await house.data(SCREENS["WithdrawApplication"], {"input": given})
    assert answer["withdrawApplication"]["application"]["stage"] == "WITHDRAWN"
    assert house.intake.bodies == [{"reason": "不再需要"}]


async def test_a_withdrawal_that_comes_too_late_is_a_conflict(house):
    case = house.intake.add()
    house.intake.refuse_with = problem(409, "WITHDRAWAL_TOO_LATE")
    given = {"applicationId": application_id(case), "reason": "", "idempotencyKey": KEY}
    answer = await house.data(SCREENS["WithdrawApplication"], {"input": given})
    assert answer["withdrawApplication"]["__typename"] == "Conflict"


async def test_without_a_token_the_window_says_who_may_not_see_it(house):
    case = house.intake.add()
    answer = await house.ask(SCREENS["Case"], {"id": application_id(case)}, token=None)
    assert answer["data"] == {"application": None}
    assert codes(answer) == ["UNAUTHENTICATED"]


async def test_a_window_that_does_not_answer_is_unavailable_and_never_a_no(house):
    house.intake.refuse_with = problem(503, "UNAVAILABLE")
    assert codes(await house.ask(SUBMIT, submission())) == ["UNAVAILABLE"]


async def test_a_window_that_speaks_of_an_unknown_stage_is_unavailable(house):
    case = house.intake.add(stage="stage-of-the-future")
    answer = await house.ask(SCREENS["Case"], {"id": application_id(case)})
    assert codes(answer) == ["UNAVAILABLE"]


NOTICE = {
    "round": 1,
    "phase": "review",
    "issuedAt": "2026-11-23T09:00:00+08:00",
    "dueOn": "2026-11-30",
    "items": [
        {
            "task": "fact_check",
            "taskTitle": {"zh": "困难事实核查", "en": "Check of the facts"},
            "by": "三墩镇社会事务办公室",
            "pointer": "/narrative",
            "material": None,
            "message": "请写明起火时间",
        }
    ],
}


async def test_a_correction_notice_is_shown_and_answered(house):
    case = house.intake.add(stage="correcting", correction=NOTICE)
    shown = await house.data(SCREENS["Case"], {"id": application_id(case)})
    [item] = shown["application"]["correction"]["items"]
    assert (item["pointer"], item["message"]) == ("/narrative", "请写明起火时间")

    given = {
        "applicationId": application_id(case),
        "form": {"narrative": "十一月二十日晚九时厨房起火。"},
        "materials": [],
        "idempotencyKey": KEY,
    }
    answer = await house.data(SCREENS["CorrectApplication"], {"input": given})
    assert answer["correctApplication"]["application"]["correction"] is None
    assert house.intake.bodies == [{"form": given["form"], "materials": []}]


async def test_a_correction_of_what_was_not_marked_is_told(house):
    case = house.intake.add(stage="correcting", correction=NOTICE)
    house.intake.refuse_with = problem(409, "CORRECTION_NOT_ASKED")
    given = {"applicationId": application_id(case), "idempotencyKey": KEY}
    answer = await house.data(SCREENS["CorrectApplication"], {"input": given})
    assert answer["correctApplication"]["__typename"] == "Conflict"

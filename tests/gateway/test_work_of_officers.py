"""What do officers find, hand over and do in bulk through the gateway?"""

import pytest

from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents
from tests.support.gateway import KEY, OFFICER, application_id, codes, problem, task_id

SCREENS = read_documents(DOCS / "operations")
OFFICE = "e0222e44-1c65-5437-abb1-c4ecf9740346"
DELEGATION = "01a20511-1c10-71b7-8b9e-24189e80e4b5"


@pytest.fixture
def tasks(house):
    return house.intake.add()["matters"][0]["tasks"]


async def test_a_search_is_one_call_whose_body_says_whom_and_for_what(house):
    case = house.intake.add()
    wanted = {
        "applicantIdNo": "330106198803120011",
        "stages": ["IN_REVIEW"],
        "dueFrom": "2026-11-23",
        "purpose": "ENQUIRY",
    }
    found = await house.data(SCREENS["SearchCases"], {"wanted": wanted}, token=OFFICER)

    page = found["searchCases"]
    assert (page["totalCount"], page["isTotalExact"]) == (1000, False)
    node = page["edges"][0]["node"]
    assert node["applicationId"] == application_id(case)
    assert (node["applicantName"], node["stage"]) == ("陈*", "IN_REVIEW")
    assert house.intake.requests == ["POST /v1/applications:search"]
    assert house.intake.bodies == [
        {
            "applicantIdNo": "330106198803120011",
            "stages": ["in-review"],
            "dueFrom": "2026-11-23",
            "purpose": "enquiry",
            "limit": 20,
        }
    ]


async def test_a_search_without_a_purpose_is_told_so(house):
    house.intake.refuse_with = problem(422, "PURPOSE_REQUIRED")
    given = {"wanted": {"applicantName": "陈示例"}}
    refused = (await house.data(SCREENS["SearchCases"], given, token=OFFICER))["searchCases"]
    assert (refused["__typename"], refused["code"]) == ("ValidationFailed", "PURPOSE_REQUIRED")
    assert refused["path"] == ["wanted", "purpose"]


async def test_a_task_is_given_to_a_colleague(house, tasks):
    given = {
        "input": {
            "taskId": task_id(tasks[1]),
            "handOver": {"officer": "mei", "reason": "WORKLOAD"},
            "idempotencyKey": KEY,
        }
    }
    done = await house.data(SCREENS["ReassignTask"], given, token=OFFICER)
    assert done["reassignTask"]["taskId"] == task_id(tasks[1])
    assert house.intake.bodies == [{"to": "mei", "reason": "workload", "note": ""}]
    assert house.intake.headers[0]["idempotency-key"] == KEY
    house.intake.refuse_with = problem(422, "NOT_A_COLLEAGUE")
    refused = (await house.data(SCREENS["ReassignTask"], given, token=OFFICER))["reassignTask"]
    assert refused["code"] == "NOT_A_COLLEAGUE"
    assert refused["path"] == ["input", "officer"]


async def test_many_tasks_have_a_result_each(house, tasks):
    given = {
        "input": {
            "act": "VERDICT",
            "taskIds": [task_id(each) for each in tasks],
            "verdict": {"verdict": "APPROVE"},
            "idempotencyKey": KEY,
        }
    }
    done = (await house.data(SCREENS["BulkTasks"], given, token=OFFICER))["bulkTasks"]
    assert [each["code"] for each in done["results"]] == ["TASK_CLAIMED_BY_ANOTHER", None]
    assert done["results"][0]["message"] == {"text": "已被领取"}
    assert house.intake.bodies[0]["taskIds"] == [each["id"] for each in tasks]
    assert house.intake.bodies[0]["mode"] == "each"
    house.intake.refuse_with = problem(409, "BULK_REFUSED")
    refused = (await house.data(SCREENS["BulkTasks"], given, token=OFFICER))["bulkTasks"]
    assert (refused["__typename"], refused["code"]) == ("Conflict", "BULK_REFUSED")


async def test_an_act_without_what_belongs_to_it_reaches_nobody(house, tasks):
    given = {"act": "REASSIGN", "taskIds": [task_id(tasks[1])], "idempotencyKey": KEY}
    answer = await house.ask(SCREENS["BulkTasks"], {"input": given}, token=OFFICER)
    assert codes(answer) == ["BAD_USER_INPUT"]
    assert house.intake.requests == []


async def test_work_is_delegated_listed_and_taken_back(house):
    given = {
        "officeId": OFFICE,
        "officer": "mei",
        "startsOn": "2026-11-23",
        "endsOn": "2026-11-27",
        "idempotencyKey": KEY,
    }
    done = await house.data(SCREENS["DelegateWork"], {"input": given}, token=OFFICER)
    [delegation] = done["delegateWork"]["delegations"]
    assert (delegation["delegate"], delegation["revoked"]) == ("mei", False)
    assert house.intake.bodies == [
        {"officeId": OFFICE, "to": "mei", "startsOn": "2026-11-23", "endsOn": "2026-11-27"}
    ]
    listed = await house.data(SCREENS["Delegations"], {}, token=OFFICER)
    assert listed["delegations"] == [delegation]
    end = {"input": {"delegationId": DELEGATION, "idempotencyKey": KEY}}
    ended = await house.data(SCREENS["RevokeDelegation"], end, token=OFFICER)
    assert ended["revokeDelegation"]["delegations"][0]["revoked"] is True

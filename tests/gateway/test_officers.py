"""What does an officer see and do through the gateway?"""

import pytest

from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents
from tests.support.gateway import KEY, OFFICER, application_id, codes, problem, task_id

SCREENS = read_documents(DOCS / "operations")


@pytest.fixture
def task(house):
    return house.intake.add()["matters"][0]["tasks"][1]


def verdict(task, **given):
    return {
        "input": {"taskId": task_id(task), "verdict": "APPROVE", "idempotencyKey": KEY, **given}
    }


async def test_an_inbox_is_one_call_however_many_tasks_it_shows(house):
    for _ in range(5):
        house.intake.add()
    inbox = (await house.data(SCREENS["Inbox"], {"first": 3}, token=OFFICER))["inbox"]
    assert len(inbox["edges"]) == 3
    assert inbox["counts"] == {"open": 5, "claimed": 0, "overdue": 1}
    assert inbox["edges"][0]["node"]["summary"] == {"type": "EMERGENCY"}
    assert house.intake.requests == ["GET /v1/tasks"]


async def test_the_cases_of_several_tasks_are_read_once_each(house, task):
    case = next(iter(house.intake.cases.values()))
    for each in case["matters"][0]["tasks"]:
        each["state"] = "open"
    query = "{ inbox(first: 2) { edges { node { application { id } } } } }"
    shown = await house.data(query, token=OFFICER)
    assert [edge["node"]["application"]["id"] for edge in shown["inbox"]["edges"]] == [
        application_id(case)
    ] * 2
    assert len(house.intake.requests) == 2


async def test_a_task_shows_what_it_discloses(house, task):
    shown = (await house.data(SCREENS["Task"], {"id": task_id(task)}, token=OFFICER))["task"]
    assert shown["disclosure"]["fields"] == {"type": "EMERGENCY"}
    assert shown["disclosure"]["answers"][0]["verdict"] == "APPROVE"
    assert len(house.intake.requests) == 2


async def test_a_task_is_claimed_and_released(house, task):
    given = {"input": {"taskId": task_id(task), "idempotencyKey": KEY}}
    claimed = await house.data(SCREENS["ClaimTask"], given, token=OFFICER)
    assert claimed["claimTask"]["task"]["state"] == "CLAIMED"
    assert claimed["claimTask"]["task"]["claimedByMe"] is True
    released = await house.data(SCREENS["ReleaseTask"], given, token=OFFICER)
    assert released["releaseTask"]["task"]["state"] == "OPEN"


async def test_an_answer_goes_on_with_everything_it_says_and_nothing_more(house, task):
    given = verdict(
        task, verdict="CONDITIONAL", conditions=["补交票据"], facts={"amount_fen": 120000}, round=1
    )
    answer = await house.data(SCREENS["GiveVerdict"], given, token=OFFICER)
    assert answer["giveVerdict"]["task"]["state"] == "CLOSED"
    assert house.intake.bodies == [
        {
            "verdict": "conditional",
            "conditions": ["补交票据"],
            "facts": {"amount_fen": 120000},
            "round": 1,
        }
    ]
    assert house.intake.headers[0]["idempotency-key"] == KEY


@pytest.mark.parametrize(
    ("status", "code", "member"),
    [
        (409, "TASK_ALREADY_CLOSED", "Conflict"),
        (409, "TASK_CLAIMED_BY_ANOTHER", "Conflict"),
        (403, "FORBIDDEN", "Forbidden"),
        (404, "TASK_NOT_FOUND", "NotFound"),
        (422, "OPINION_REQUIRED", "ValidationFailed"),
    ],
)
async def test_a_refused_answer_is_a_member_of_the_result(house, task, status, code, member):
    house.intake.refuse_with = problem(status, code)
    answer = (await house.data(SCREENS["GiveVerdict"], verdict(task), token=OFFICER))["giveVerdict"]
    assert (answer["__typename"], answer["code"]) == (member, code)


async def test_a_cursor_of_one_inbox_is_none_of_another(house, task):
    query = "query($after: String) { inbox(state: CLOSED, after: $after) { totalCount } }"
    page = await house.data("{ inbox(state: OPEN) { pageInfo { endCursor } } }", token=OFFICER)
    answer = await house.ask(
        query, {"after": page["inbox"]["pageInfo"]["endCursor"]}, token=OFFICER
    )
    assert codes(answer) == ["BAD_USER_INPUT"]

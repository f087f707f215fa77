"""Are the simulated services like the real ones, and does what we send fit their doors?"""

import pytest

from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents
from services.intake import schemas as intake
from services.registry import schemas as registry
from shared.schemas import View
from tests.support.gateway import (
    CITIZEN,
    KEY,
    OFFICER,
    application_id,
    client_of,
    concluded,
    item_body,
    task_id,
)

SCREENS = read_documents(DOCS / "operations")
FILE = "0192f0c0-0000-7000-8000-000000000001"


def like(view: type[View], body) -> bool:
    """Whether a simulated body is one that the real door could have given."""
    return set(view.model_validate(body).as_json()) <= set(body)


async def ask(client, path, token=CITIZEN):
    return (await client.get(path, headers={"authorization": token})).json()


@pytest.fixture
def case(house):
    return house.intake.add()


@pytest.fixture
def window(house):
    return client_of(house.intake.app())


async def test_a_simulated_case_is_like_a_real_one(house, case):
    assert like(intake.ApplicationView, case)
    assert like(intake.ApplicationView, concluded(case))
    assert like(intake.TaskView, case["matters"][0]["tasks"][0])


async def test_simulated_pages_and_tasks_are_like_real_ones(house, case, window):
    page = await ask(window, "/v1/applications?limit=5")
    inbox = await ask(window, "/v1/tasks?limit=5&state=open", OFFICER)
    disclosure = await ask(window, f"/v1/tasks/{inbox['items'][0]['id']}/disclosure", OFFICER)
    assert like(intake.ApplicationPageView, page)
    assert like(intake.ApplicationLineView, page["items"][0])
    assert like(intake.TaskPageView, inbox)
    assert like(intake.InboxTaskView, inbox["items"][0])
    assert like(intake.EarlierAnswerView, disclosure["answers"][0])


async def test_the_simulated_registry_is_like_the_real_one(house):
    client = client_of(house.registry.app())
    sign_in = {"provider": "DEVELOPMENT", "code": "resident:chen"}
    session = (await client.post("/v1/sign-in", json=sign_in)).json()
    offices = await ask(client, "/v1/offices")
    assert like(registry.ItemGuide, item_body())
    assert like(registry.OfficePage, offices)
    assert like(registry.OfficeView, offices["items"][0])
    assert set(session) | {"tokenType"} == set(
        registry.SignInResponse.model_validate(session).as_json()
    )


async def test_what_is_submitted_fits_the_window_s_door(house):
    given = {
        "itemCode": "BND-02",
        "form": {"applicant": {"name": "示例"}},
        "channel": "WECHAT",
        "materials": [{"key": "bills", "fileId": FILE}, {"key": "commitment"}],
        "onBehalfOf": FILE,
        "idempotencyKey": KEY,
    }
    await house.data(SCREENS["SubmitApplication"], {"input": given})
    assert intake.SubmitBody.model_validate(house.intake.bodies[0]).materials[0].key == "bills"


async def test_what_is_withdrawn_fits_the_window_s_door(house, case):
    given = {"applicationId": application_id(case), "reason": "不再需要", "idempotencyKey": KEY}
    await house.data(SCREENS["WithdrawApplication"], {"input": given})
    assert intake.WithdrawBody.model_validate(house.intake.bodies[0]).reason == "不再需要"


@pytest.mark.parametrize(
    "answer",
    [
        {"verdict": "APPROVE"},
        {"verdict": "NEEDS_CORRECTION", "opinion": "请补交票据"},
        {"verdict": "CONDITIONAL", "conditions": ["一"], "facts": {"amount_fen": 1}, "round": 2},
    ],
)
async def test_what_is_answered_fits_the_window_s_door(house, case, answer):
    task = case["matters"][0]["tasks"][1]
    given = {"taskId": task_id(task), "idempotencyKey": KEY, **answer}
    await house.data(SCREENS["GiveVerdict"], {"input": given}, token=OFFICER)
    read = intake.VerdictBody.model_validate(house.intake.bodies[0])
    assert read.verdict.name == answer["verdict"]


def test_what_signs_in_fits_the_registry_s_door():
    registry.SignInRequest.model_validate({"provider": "DEVELOPMENT", "code": "officer:lin"})
    registry.RefreshRequest.model_validate({"refreshToken": "x" * 43})

"""Can a citizen have a decision delivered, contest it, rate it and complain, over GraphQL?"""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.gateway.app import assemble
from services.gateway.schema.documents import read_documents
from tests.gateway.test_documents import DOCS
from tests.support.gateway import (
    KEY,
    House,
    application_id,
    client_of,
    gateway_settings,
    make_house,
    problem,
    text,
)

SCREENS = read_documents(DOCS / "operations")
COMPLAINT = {
    "id": str(uuid4()),
    "kind": "complaint",
    "stage": "answered",
    "outcome": None,
    "dueAt": "2026-12-01T00:00:00+08:00",
    "text": "窗口常常没人",
    "allowed": ["satisfied", "still-bad"],
}


@pytest.fixture
def house() -> House:
    return make_house()


def in_front_of(window: Starlette) -> House:
    """A gateway before another window than the usual one."""
    house = make_house()
    settings = gateway_settings()
    api = assemble(
        settings,
        intake=client_of(window),
        registry=client_of(house.registry.app()),
        hub=house.hub,
    )
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://gateway")
    return replace(house, api=api, client=client)


async def tell(house: House, screen: str, answer: Any, **given: Any) -> Any:
    """Send a command about a case that the window answers with this."""
    case = house.intake.add()
    house.intake.refuse_with = answer
    command = {"applicationId": application_id(case), "matter": "relief", **given}
    sent = await house.data(SCREENS[screen], {"input": {**command, "idempotencyKey": KEY}})
    [[_, told]] = sent.items()
    return told


async def test_a_rating_goes_on_with_its_scale_and_comes_back_in_words(house: House) -> None:
    kept = {"matter": "relief", "satisfaction": 5, "title": text("非常不满意", "Very dissatisfied")}
    answer = JSONResponse(kept, status_code=201)
    told = await tell(house, "RateMatter", answer, scale="STARS", value=1)

    assert told["satisfaction"] == 5
    [sent] = house.intake.bodies
    assert (sent["scale"], sent["value"], sent["isAnonymous"]) == ("stars", 1, False)
    assert house.intake.requests[-1].endswith(":rate")


async def test_a_second_rating_is_a_conflict(house: House) -> None:
    refused = problem(409, "ALREADY_RATED")
    told = await tell(house, "RateMatter", refused, scale="SATISFACTION_CODE", value=1)

    assert (told["__typename"], told["code"]) == ("Conflict", "ALREADY_RATED")


async def test_a_delivery_by_post_takes_its_address_along(house: House) -> None:
    row = {"matter": "relief", "method": "post", "state": "prepared", "trackingNumber": None}
    answer = JSONResponse({"items": [{**row, "deliveredAt": None}]}, status_code=201)
    address = {"name": "陈*", "phone": "13800000001", "division": "330106109000", "detail": "示例"}
    told = await tell(house, "DeliverOutcome", answer, method="POST", address=address)

    assert [each["state"] for each in told["deliveries"]] == ["prepared"]
    assert house.intake.bodies[0]["address"] == address


async def test_an_appeal_is_filed_and_says_by_when_it_is_answered(house: House) -> None:
    filed = {"id": str(uuid4()), "matter": "relief", "stage": "filed", "outcome": None}
    body = {**filed, "dueAt": "2026-12-01T00:00:00+08:00", "reasons": None}
    answer = JSONResponse(body, status_code=201)
    told = await tell(house, "AppealDecision", answer, grounds="计算有误")

    assert told["appeal"]["dueAt"] == "2026-12-01T00:00:00+08:00"
    assert house.intake.bodies == [{"matter": "relief", "grounds": "计算有误"}]


async def test_what_may_be_rated_and_a_complaint_are_read_filed_and_answered() -> None:
    sent: list[Any] = []

    async def complain(request: Request) -> JSONResponse:
        if request.method == "POST":
            sent.append(await request.json())
        return JSONResponse(COMPLAINT)

    async def invitations(_request: Request) -> JSONResponse:
        row = {"applicationId": str(uuid4()), "number": "n", "matter": "relief"}
        title = text("临时救助", "Temporary relief")
        return JSONResponse({"items": [{**row, "title": title, "concludedAt": None}]})

    window = Starlette(
        routes=[
            Route("/v1/rating-invitations", invitations),
            Route("/v1/complaints", complain, methods=["POST"]),
            Route("/v1/redress/{id}:step", complain, methods=["POST"]),
            Route("/v1/redress/{id}", complain),
        ]
    )
    house = in_front_of(window)
    listed = await house.data(SCREENS["RatingInvitations"])
    filed = {"category": "HELP", "text": "窗口常常没人", "division": "330106109000"}
    await house.data(SCREENS["FileComplaint"], {"input": {**filed, "idempotencyKey": KEY}})
    shown = await house.data(SCREENS["Complaint"], {"uuid": COMPLAINT["id"]})
    answer = {"complaintId": COMPLAINT["id"], "isSatisfied": False, "idempotencyKey": KEY}
    await house.data(SCREENS["AnswerCallback"], {"input": answer})

    assert [each["matter"] for each in listed["ratingInvitations"]] == ["relief"]
    assert shown["complaint"]["allowed"] == ["satisfied", "still-bad"]
    assert [each.get("category") or each["act"] for each in sent] == ["help", "still-bad"]

"""Does the registry learn whose an event is, and tell "no" from "no answer"?"""

from collections.abc import AsyncIterator
from datetime import date
from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.registry.clients.owners import HttpOwners
from shared.errors import Unavailable
from shared.http import Refused

HERS, HIS = "a" * 64, "b" * 64


class OtherServices:
    """Marriage registry and relief, simulated: they answer what the test puts here."""

    def __init__(self) -> None:
        self.status = 200
        self.body: object = {}
        self.asked: list[str] = []

    def client(self) -> httpx.AsyncClient:
        routes = [Route("/{path:path}", self._answer)]
        transport = httpx.ASGITransport(Starlette(routes=routes))
        return httpx.AsyncClient(transport=transport, base_url="http://other")

    async def _answer(self, request: Request) -> JSONResponse:
        self.asked.append(request.url.path)
        return JSONResponse(self.body, status_code=self.status)


@pytest.fixture
def others() -> OtherServices:
    return OtherServices()


@pytest.fixture
async def owners(others: OtherServices) -> AsyncIterator[HttpOwners]:
    marriage, relief = others.client(), others.client()
    yield HttpOwners(marriage=marriage, relief=relief)
    await marriage.aclose()
    await relief.aclose()


async def test_the_parties_of_a_marriage_come_as_hashes(others, owners):
    marriage, others.body = uuid4(), {"parties": [HERS, HIS]}
    assert await owners.parties_of(marriage) == [HERS, HIS]
    assert others.asked == [f"/v1/marriages/{marriage}/parties"]


async def test_the_people_of_a_benefit_come_with_the_day_they_left(others, owners):
    others.body = {
        "people": [{"person": HERS, "leftOn": None}, {"person": HIS, "leftOn": "2026-11-20"}]
    }
    assert await owners.people_of(uuid4()) == {HERS: None, HIS: date(2026, 11, 20)}


@pytest.mark.parametrize("status", [403, 404])
async def test_a_refusal_is_for_an_operator_to_look_at(others, owners, status):
    others.status, others.body = status, {"code": "FORBIDDEN"}
    for ask in (owners.parties_of, owners.people_of):
        with pytest.raises(Refused):
            await ask(uuid4())


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, {}),
        (500, {}),
        (429, {}),
        (200, {}),
        (200, {"parties": None, "people": None}),
        (200, {"parties": 7, "people": [{"person": HERS}]}),
        (200, {"parties": None, "people": [{"person": HERS, "leftOn": "yesterday"}]}),
    ],
)
async def test_no_answer_and_one_that_nobody_can_read_are_asked_again(others, owners, status, body):
    others.status, others.body = status, body
    for ask in (owners.parties_of, owners.people_of):
        with pytest.raises(Unavailable):
            await ask(uuid4())

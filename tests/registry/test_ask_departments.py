"""Are other departments asked at once, for a stated purpose, until they have answered?"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from deploy.simulated.faults import Faults, faults_of
from deploy.simulated.shared_data import HELD, sharing_doors, sharing_routes
from services.registry.actions.ask_departments import (
    SCHEDULE,
    ask_supplier,
    erase_what_is_over,
)
from services.registry.clients.suppliers import HttpSuppliers, SupplierDoor
from shared.errors import CivilError, Unavailable
from shared.jobs import Job
from shared.problems import problem_of
from tests.support.registry import CHEN, TestRegistry

SECRETS = {supplier: f"{supplier}-secret".encode() for supplier in HELD}
CASE = uuid4()
SUBJECT = {"name": "陈示例", "idNo": CHEN}
CANARY = "陈示例"


class Departments:
    """All simulated departments behind one address, and the registry's way to them."""

    def __init__(self, registry: TestRegistry) -> None:
        self.registry = registry
        self.faults = {supplier: Faults() for supplier in SECRETS}
        self.asked: list[str] = []
        api = FastAPI(openapi_url=None)
        doors = list(sharing_doors(SECRETS, self.faults))
        for door in doors:
            door.seconds = (0.0, 0.0)
        api.include_router(sharing_routes({door.supplier: door for door in doors}))
        api.exception_handler(CivilError)(self._refused)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(api), event_hooks={"request": [self._heard]}
        )

    async def _refused(self, request: Any, error: CivilError) -> Any:
        return JSONResponse(problem_of(error), status_code=error.status)

    async def _heard(self, request: httpx.Request) -> None:
        self.asked.append(request.url.path)

    def suppliers(self, **doors: SupplierDoor) -> HttpSuppliers:
        every = {
            supplier: SupplierDoor(url=f"http://x/shared-data/{supplier}", secret=secret)
            for supplier, secret in SECRETS.items()
        }
        return HttpSuppliers(every | doors, self.http, self.registry.clock)

    async def work(self, *, attempts: int = 1, suppliers: HttpSuppliers | None = None) -> list[str]:
        """Do every job that waits, all at once; the codes of those that were put off."""
        rows = await self.registry.rows(
            "SELECT id, kind, key, payload, application_id FROM job"
            " WHERE kind = 'ask-supplier' AND finished_at IS NULL"
        )
        done = await asyncio.gather(
            *(self._do(row, attempts, suppliers or self.suppliers()) for row in rows)
        )
        return [code for code in done if code]

    async def _do(self, row: Mapping[str, Any], attempts: int, suppliers: HttpSuppliers) -> str:
        try:
            await ask_supplier(
                Job(**row, attempts=attempts),
                transaction=self.registry.transaction,
                clock=self.registry.clock,
                suppliers=suppliers,
            )
        except Unavailable as error:
            return error.code
        return ""

    async def ask(self, *facts: str, key: str | None = None, **changed: Any) -> httpx.Response:
        body = {
            "applicationId": str(CASE),
            "itemCode": "JZ101",
            "purpose": "最低生活保障信息核对",
            "facts": list(facts),
            "subject": SUBJECT,
            **changed,
        }
        return await self.registry.http.post(
            "/v1/enquiries", json=body, headers=await self._headers(key=key)
        )

    async def read(self, enquiry: str, *, service: str = "relief") -> httpx.Response:
        return await self.registry.http.get(
            f"/v1/enquiries/{enquiry}", headers=await self._headers(service)
        )

    async def _headers(self, service: str = "relief", *, key: str | None = None) -> dict[str, str]:
        token = await self.registry.service_token(service)
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": key or uuid4().hex}


@pytest.fixture
async def departments(registry: TestRegistry) -> AsyncIterator[Departments]:
    made = Departments(registry)
    yield made
    await made.http.aclose()


def statuses(answer: httpx.Response) -> dict[str, str]:
    return {each["fact"]: each["status"] for each in answer.json()["items"]}


async def test_everybody_concerned_is_asked_and_each_answer_is_its_own(
    departments: Departments,
) -> None:
    asked = await departments.ask("life-status", "vehicles", "social-insurance")
    assert asked.status_code == 202
    assert set(statuses(asked).values()) == {"PENDING"}

    assert await departments.work() == []

    found = [(await departments.read(each["id"])).json() for each in asked.json()["items"]]
    assert [each["status"] for each in found] == ["OK", "OK", "OK"]
    life, vehicles, insurance = found
    assert [each["payload"] for each in life["answers"]] == [{"alive": True}] * 2
    assert vehicles["answers"][0]["payload"].keys() == {"count"}
    assert insurance["basis"]
    assert CANARY not in str(found)
    told = await departments.registry.events("civil.registry.enquiry-answered.v1")
    assert [each["data"]["status"] for each in told] == ["OK"] * 3
    assert all(CANARY not in str(each) and CHEN not in str(each) for each in told)


async def test_nobody_is_asked_twice_for_a_request_that_comes_twice(
    departments: Departments,
) -> None:
    answers = await asyncio.gather(*(departments.ask("vehicles", key="same" * 8) for _ in range(4)))

    taken = [answer for answer in answers if answer.status_code == 202]
    assert {answer.json()["items"][0]["id"] for answer in taken} == {
        taken[0].json()["items"][0]["id"]
    }
    await departments.work()
    await departments.work()
    assert departments.asked == ["/shared-data/police/vehicles"]


@pytest.mark.parametrize("fault", ["unavailable", "wrong"])
async def test_a_department_that_fails_is_asked_again_and_never_read_as_no(
    departments: Departments, fault: str
) -> None:
    asked = await departments.ask("vehicles")
    enquiry = asked.json()["items"][0]["id"]
    departments.faults["police"].left = faults_of([fault]).left

    assert await departments.work() == ["UNAVAILABLE"]
    assert (await departments.read(enquiry)).json()["status"] == "PENDING"
    await departments.work(attempts=len(SCHEDULE) + 1)

    told = (await departments.read(enquiry)).json()
    assert told["status"] == "UNAVAILABLE"
    assert told["answers"][0]["payload"] is None


async def test_a_wrong_address_is_not_an_unknown_person(departments: Departments) -> None:
    asked = await departments.ask("vehicles")
    moved = SupplierDoor(url="http://x/nowhere", secret=SECRETS["police"])

    await departments.work(
        attempts=len(SCHEDULE) + 1, suppliers=departments.suppliers(police=moved)
    )

    told = (await departments.read(asked.json()["items"][0]["id"])).json()
    assert told["status"] == "UNAVAILABLE"


async def test_a_department_that_is_not_connected_is_told_at_once(
    departments: Departments,
) -> None:
    asked = await departments.ask("vehicles")

    await departments.work(
        suppliers=HttpSuppliers({}, departments.http, departments.registry.clock)
    )

    told = (await departments.read(asked.json()["items"][0]["id"])).json()
    assert (told["status"], told["answers"][0]["reason"]) == ("UNAVAILABLE", "not-connected")


async def test_a_number_that_is_anothers_is_a_conflict(departments: Departments) -> None:
    asked = await departments.ask("vehicles", subject={"name": "异名者", "idNo": CHEN})

    await departments.work()

    told = (await departments.read(asked.json()["items"][0]["id"])).json()
    assert (told["status"], told["answers"][0]["reason"]) == ("CONFLICT", "other-name")


async def test_what_a_bank_knows_needs_the_persons_authorisation(
    departments: Departments,
) -> None:
    refused = await departments.ask("deposits", "vehicles")

    assert refused.status_code == 422
    assert refused.json()["code"] == "ENQUIRY_NOT_PERMITTED"
    assert refused.json()["refusals"] == {"deposits": "CONSENT_MISSING"}
    assert await departments.registry.rows("SELECT id FROM enquiry") == []
    assert (await departments.ask("deposits", consent="HDSQ-2026-0001")).status_code == 202


async def test_bad_questions_each_have_their_own_answer(departments: Departments) -> None:
    unknown = await departments.ask("shoe-size")
    other_item = await departments.ask("vehicles", itemCode="HY601")
    nobody = await departments.ask("vehicles", subject={"name": "陈示例", "idNo": "1"})

    mistyped = await departments.ask(
        "vehicles", subject={"name": "陈示例", "idNo": CHEN[:-1] + "5"}
    )

    assert "ID_NUMBER_CHECK" in mistyped.text.upper()
    assert CHEN[:-1] not in mistyped.text
    assert unknown.json()["code"] == "SHARED_FACT_UNKNOWN"
    assert other_item.json()["refusals"] == {"vehicles": "NOT_FOR_THIS_ITEM"}
    assert nobody.status_code == 422
    assert departments.asked == []


async def test_another_services_enquiry_does_not_exist(departments: Departments) -> None:
    asked = await departments.ask("vehicles")
    enquiry = asked.json()["items"][0]["id"]

    answer = await departments.read(enquiry, service="intake")
    random = await departments.read(str(UUID(int=5)), service="intake")

    assert (answer.status_code, answer.json()["code"]) == (404, "ENQUIRY_NOT_FOUND")
    assert random.json()["code"] == answer.json()["code"]


async def test_every_question_and_every_look_is_in_the_journal_without_a_value(
    departments: Departments,
) -> None:
    asked = await departments.ask("vehicles")
    await departments.work()
    await departments.read(asked.json()["items"][0]["id"])

    entries = await departments.registry.rows(
        "SELECT act, reason, facts FROM journal WHERE target LIKE 'enquiry:%' ORDER BY seq"
    )
    assert [each["act"] for each in entries] == ["ask-department", "answer-enquiry", "read-enquiry"]
    assert all(each["reason"] for each in entries)
    assert CHEN not in str(entries)
    assert CANARY not in str(entries)


async def test_an_answer_is_erased_when_its_use_is_over_and_the_record_stays_three_years(
    departments: Departments,
) -> None:
    registry = departments.registry
    asked = await departments.ask("vehicles")
    enquiry = asked.json()["items"][0]["id"]
    await departments.work()

    registry.clock.advance(timedelta(days=91))
    assert await erase_what_is_over(transaction=registry.transaction, clock=registry.clock) == 1
    rows = await registry.rows("SELECT data_key, subject_sealed, purpose FROM enquiry")
    sealed = await registry.rows("SELECT payload_sealed, status FROM enquiry_answer")
    registry.clock.advance(timedelta(days=365 * 3 - 91))
    kept = await erase_what_is_over(transaction=registry.transaction, clock=registry.clock)
    registry.clock.advance(timedelta(days=2))
    gone = await erase_what_is_over(transaction=registry.transaction, clock=registry.clock)

    assert [each["data_key"] for each in rows] == [None]
    assert (rows[0]["subject_sealed"], rows[0]["purpose"]) == (None, "最低生活保障信息核对")
    assert [(each["payload_sealed"], each["status"]) for each in sealed] == [(None, "OK")]
    assert (kept, gone) == (0, 1)
    assert await registry.rows("SELECT id FROM enquiry WHERE id = :id", id=UUID(enquiry)) == []


@pytest.mark.parametrize("header", ["X-Signature", "X-Timestamp", "X-Nonce"])
async def test_a_department_refuses_a_question_that_was_tampered_with(
    departments: Departments, header: str
) -> None:
    sent: list[httpx.Request] = []

    async def keep(request: httpx.Request) -> None:
        sent.append(request)

    departments.http.event_hooks["request"].append(keep)
    await departments.ask("vehicles")
    await departments.work()
    request = sent[0]
    again = await departments.http.send(request)
    changed = dict(request.headers) | {header: "1"}
    altered = await departments.http.post(request.url, content=request.content, headers=changed)

    assert again.status_code == 401
    assert altered.status_code == 401

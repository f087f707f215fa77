"""A window with one record of every kind, and the people who knock at its doors."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import httpx

from services.intake.store import Store
from shared.connection import Connection
from shared.database import joined
from tests.intake.test_deliver_outcome import ADDRESS, deliver
from tests.intake.test_give_verdict import TOWNSHIP, VILLAGE, tasks_of
from tests.support.access_oracle import NOBODY
from tests.support.concluded import decided, granted
from tests.support.corrections import submit_relief
from tests.support.doors import Operation
from tests.support.forms import jz103_form, jz201_form, person, resident
from tests.support.window import INDEX, Caller, Window, office_id

XIHU, ELSEWHERE = "330106000000", "330200000000"
SHUANGPU, COUNTY = "shuangpu-civil-affairs", "xihu-civil-affairs"
CONTESTED = {"matter": "relief"}

BODIES: Mapping[str, Mapping[str, Any]] = {
    "deliver": CONTESTED | {"method": "window"},
    "rate": CONTESTED | {"scale": "satisfaction-code", "value": 1},
    "change": CONTESTED | {"scale": "satisfaction-code", "value": 1},
    "appeal": CONTESTED | {"grounds": "收入核算有误"},
    "moveApplication": {"version": 1, "reason": "新版本"},
    "workInBulk": {"act": "claim", "taskIds": [str(uuid4())]},
    "step": {"act": "satisfied"},
    "extend": {"clock": "statutory", "days": 1, "basis": "licensing", "reason": "复杂"},
    "pause": {"reason": "inspection", "days": 5},
    "search": {},
    "export": {"purpose": "handling"},
    "submitFromDraft": {"channel": "WEB"},
    "validate": {"itemCode": "JZ201", "form": jz201_form(), "materials": []},
    "submit": {"itemCode": "JZ201", "form": jz201_form(), "materials": []},
    "reassign": {"to": "officer-lin", "reason": "workload"},
    "track": {"state": "in-transit", "eventId": "e-1"},
    "handInWorkOrder": {
        "externalNumber": "HZ-2026-1",
        "category": "complaint",
        "text": "办事窗口排队太久",
        "division": "330106109000",
    },
}
"""What gets past the form of a body, where a made-up one does not reach the record."""


@dataclass
class Town:
    """The window, who is there, and what there is, by name."""

    window: Window
    people: Mapping[str, Caller]
    records: dict[str, str]
    anonymous: httpx.AsyncClient
    _held: list[Connection]

    async def knock(self, operation: Operation, who: str, record: str | None) -> httpx.Response:
        """Do it for real, see what is answered, and let nothing of it stay."""
        client = self.anonymous if who == NOBODY else self.people[who].client
        headers = {"Idempotency-Key": uuid4().hex} if operation.takes_key else {}
        if operation.parameters("header"):
            headers["If-Match"] = '"1"'
        url, body = self._url(operation, record), self._body(operation, record)
        more: dict[str, Any] = {} if body is None else {"json": body}
        if operation.media_type == "multipart/form-data":
            more = {"files": {"file": ("paper.pdf", b"%PDF-1.7 test", "application/pdf")}}
        async with self._undone():
            return await client.request(operation.method.upper(), url, headers=headers, **more)

    @asynccontextmanager
    async def _undone(self) -> AsyncIterator[None]:
        async with self.window.database.connection() as connection:
            self._held.append(connection)
            try:
                async with connection.transaction():
                    yield
                    raise _Undo
            except _Undo:
                pass
            finally:
                self._held.pop()

    def _url(self, operation: Operation, record: str | None) -> str:
        found = self.records.get(record or "", str(uuid4()))
        if "{number}" in operation.path:
            return operation.url(number=self.records.get(f"number of {record}", "no-number"))
        url = operation.url(
            **{
                each["name"]: found
                for each in operation.parameters("path")
                if each["name"].endswith("_id")
            },
            code="JZ201",
        )
        path, _, _asked = url.partition("?")
        return f"{path}?before=1&after=1" if path.endswith("/changes") else url

    def _body(self, operation: Operation, record: str | None) -> Any:
        body = BODIES.get(operation.id, operation.good_body)
        if operation.id == "complain":
            return {
                "category": "complaint",
                "text": "受理窗口态度差",
                "applicationId": self.records.get(record or "", str(uuid4())),
            }
        if operation.id == "reportFinding":
            return {
                "officeId": str(office_id(COUNTY)),
                "division": XIHU,
                "text": "公示期不足",
            }
        return body


class _Undo(Exception):
    """What happened is taken back."""


@asynccontextmanager
async def furnished(window: Window) -> AsyncIterator[Town]:
    """A window in which everything has happened once, and from now on nothing stays."""
    people = _people(window)
    records = await _records(window, people)
    held: list[Connection] = []

    def transaction(*, is_reading: bool = False) -> AbstractAsyncContextManager[Store]:
        return joined(Store, held[-1])(is_reading=is_reading)

    window.api.state.counter = replace(window.api.state.counter, transaction=transaction)
    transport = httpx.ASGITransport(app=window.api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://intake") as anonymous:
        yield Town(window, people, records, anonymous, held)


def _people(window: Window) -> Mapping[str, Caller]:
    return {
        **{key: window.citizen(key) for key in ("chen", "liu", "wang", "gu", "zhao")},
        "lin": window.officer("lin", TOWNSHIP),
        "lead": window.lead("lead", TOWNSHIP),
        "he": window.officer("he", VILLAGE),
        "gao": window.officer("gao", SHUANGPU),
        "county": window.officer("county", COUNTY),
        "supervisor": window.supervisor("supervisor", XIHU),
        "far-supervisor": window.supervisor("far-supervisor", ELSEWHERE),
        "reviewer": window.reviewer("reviewer", XIHU),
        "far-reviewer": window.reviewer("far-reviewer", ELSEWHERE),
        **{name: window.service(name) for name in ("relief", "funeral", "registry")},
        **{
            name: window.partner(name)
            for name in ("police", "education", "postal-carrier", "hotline")
        },
        "operator": window.operator(),
    }


async def _records(window: Window, people: Mapping[str, Caller]) -> dict[str, str]:
    refused = await decided(window)
    made_real = await granted(window)
    withdrawn = await submit_relief(window)
    await posted(people["chen"], f"/v1/applications/{withdrawn['id']}:withdraw")
    own = await submit_relief(window)
    represented = await _represented(window, agent="liu", principal="gu")
    ended = await _represented(window, agent="wang", principal="zhao", is_over=True)
    await _draft(people["chen"])
    allowance = await _allowance(people["chen"], people["lin"])
    cases = {
        "own": own,
        "refused": refused,
        "granted": made_real,
        "withdrawn": withdrawn,
        "represented": represented,
        "ended": ended,
    }
    return {
        **{name: case["id"] for name, case in cases.items()},
        **{f"number of {name}": case["number"] for name, case in cases.items()},
        **_tasks(own, refused, allowance),
        "matter": own["matters"][0]["id"],
        "granted-matter": made_real["matters"][0]["id"],
        **await _afterwards(people, own, refused, made_real),
        **await _of_lin(people["lin"]),
    }


async def _draft(chen: Caller) -> None:
    """The one draft there is: everybody else's door to it leads nowhere."""
    headers = {"Idempotency-Key": uuid4().hex, "If-Match": '"0"'}
    answer = await chen.client.post(
        "/v1/drafts/JZ201:save", json={"form": jz201_form()}, headers=headers
    )
    assert answer.is_success, answer.text


async def _allowance(chen: Caller, lin: Caller) -> Any:
    """A case that asks the police."""
    keys = ("application_form", "authorisation", "means_statement")
    materials = [{"key": key, "fileId": await chen.upload()} for key in keys]
    body = {"itemCode": "JZ103", "form": jz103_form(), "materials": materials}
    found = await posted(chen, "/v1/applications", body)
    await posted(lin, f"/v1/tasks/{found['acceptance']['id']}:verdict", {"verdict": "approve"})
    answer = await chen.get(f"/v1/applications/{found['id']}")
    return answer.json()


def _tasks(own: Any, refused: Any, allowance: Any) -> dict[str, str]:
    tasks, answered, asked = tasks_of(own), tasks_of(refused), tasks_of(allowance)
    for_police = next(each for each in asked.values() if each["handler"] == "partner:police")
    return {
        "fact-check": tasks["fact_check"]["id"],
        "home-visit": tasks["home_visit"]["id"],
        "for-relief": tasks["duplicate_relief_check"]["id"],
        "waiting": tasks["township_decision"]["id"],
        "answered": answered["fact_check"]["id"],
        "for-police": for_police["id"],
    }


async def _afterwards(
    people: Mapping[str, Caller], own: Any, refused: Any, made_real: Any
) -> dict[str, str]:
    chen = people["chen"]
    _, parcels = await deliver(chen, made_real, "post", address=ADDRESS)
    appeal = await posted(chen, f"/v1/applications/{refused['id']}:appeal", BODIES["appeal"])
    about = {"category": "complaint", "text": "受理窗口态度差", "applicationId": own["id"]}
    order = {**BODIES["handInWorkOrder"], "externalNumber": "HZ-2026-0"}
    del order["division"]
    order["applicationNumber"] = own["number"]
    return {
        "parcel": parcels["items"][0]["id"],
        "appeal": appeal["id"],
        "complaint": (await posted(chen, "/v1/complaints", about))["id"],
        "work-order": (await posted(people["hotline"], "/v1/work-orders", order))["id"],
    }


async def _of_lin(lin: Caller) -> dict[str, str]:
    days = {"startsOn": "2026-12-01", "endsOn": "2026-12-03"}
    handed = await posted(
        lin,
        "/v1/delegations",
        {**days, "officeId": str(office_id(TOWNSHIP)), "to": "officer-lead"},
    )
    away = await posted(lin, "/v1/absences", days)
    related = await posted(
        lin, "/v1/relations", {"kind": "parent", "idNo": resident("ye")["id_no"]}
    )
    return {
        "lins-delegation": handed["items"][0]["id"],
        "lins-absence": away["items"][0]["id"],
        "lins-relation": related["items"][0]["id"],
    }


async def _represented(
    window: Window, *, agent: str, principal: str, is_over: bool = False
) -> Mapping[str, Any]:
    caller, grant = window.citizen(agent), uuid4()
    given = (grant, caller.actor.id, INDEX.of(resident(principal)["id_no"]), "JZ201")
    window.grants.granted.add(given)
    form = jz201_form(applicant=person(principal))
    body = {"itemCode": "JZ201", "form": form, "materials": [], "onBehalfOf": str(grant)}
    found = await posted(caller, "/v1/applications", body)
    if is_over:
        window.grants.granted.discard(given)
    return found


async def posted(caller: Caller, path: str, body: Any = None) -> Any:
    """What a command that succeeds is answered."""
    answer = await caller.post(path, body)
    assert answer.is_success, (path, answer.text)
    return answer.json()

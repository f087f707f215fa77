"""A simulated window and registry for the gateway's tests: real HTTP shapes, made-up cases.

They keep a few records in memory and answer as the services' doors do, refusals included;
every request that reached them is kept in `requests`, so that a test can count.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.app import assemble
from services.gateway.consumers import ProgressHub
from services.gateway.schema.ids import to_global_id
from services.gateway.settings import GatewaySettings
from tests.support.officers_at_gateway import officer_routes
from tests.support.simulated_residents import resident_routes
from tests.support.ways_in import ways_in

CITIZEN = "Bearer citizen-token"
STRANGER = "Bearer stranger-token"
OFFICER = "Bearer officer-token"
SIGNED_IN = (CITIZEN, STRANGER, OFFICER)
KEY = "key-of-a-test-0001"

SUBMITTED_AT = "2026-11-22T09:00:00+08:00"
DUE_AT = "2026-11-24T17:30:00+08:00"

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def task_body(key: str = "fact_check", **given: Any) -> dict[str, Any]:
    """An approval task inside a case."""
    return {
        "id": str(uuid4()),
        "key": key,
        "matter": "relief",
        "title": text("核实情况", "Verify the facts"),
        "round": 1,
        "handler": "officer",
        "handlerName": "三墩镇社会事务办",
        "officeName": "三墩镇社会事务办",
        "check": None,
        "state": "open",
        "verdict": None,
        "opinion": None,
        "conditions": [],
        "facts": {},
        "cancelReason": None,
        "openedAt": SUBMITTED_AT,
        "claimedAt": None,
        "closedAt": None,
        "dueAt": DUE_AT,
        "dueProvisional": False,
        "dueExplanation": ["自受理次日起二个工作日"],
        "waitingFor": [],
        "memberOfTheFuture": {"ignored": True},
        **given,
    }


def case_body(**given: Any) -> dict[str, Any]:
    """A whole case of temporary relief, with one closed and one open task."""
    return {
        "id": str(uuid4()),
        "number": "33010620261122W0000001X",
        "item": {"code": "JZ201", "version": 3, "title": text("临时救助", "Temporary relief")},
        "stage": "in-review",
        "outcome": None,
        "channel": "WECHAT",
        "division": "330106109000",
        "version": 4,
        "submittedAt": SUBMITTED_AT,
        "acceptedAt": SUBMITTED_AT,
        **dict.fromkeys(("decidedAt", "concludedAt", "acceptance", "remedy", "correction")),
        "applicant": {"name": "陈*", "idNo": "3301**********1234", "phone": "138****0001"},
        "clocks": [
            {
                "name": "promised",
                "dueAt": DUE_AT,
                "lastDay": "2026-11-24",
                "provisional": False,
                "source": "承诺 2 个工作日",
                "explanation": ["受理次日起算", "二个工作日"],
            }
        ],
        "missingMaterials": [
            {"key": "identity_card", "title": text("身份证明", "Identity"), "dueOn": "2026-12-04"}
        ],
        "matters": [
            {
                "id": str(uuid4()),
                "key": "relief",
                "title": text("临时救助", "Temporary relief"),
                "status": "in-review",
                "outcome": None,
                "grounds": [],
                "conditions": [],
                "document": None,
                "failure": None,
                "tasks": [
                    task_body("fact_check", state="closed", verdict="approve"),
                    task_body("township_decision", waitingFor=["重复救助核查"]),
                ],
            }
        ],
        "timeline": [{"at": SUBMITTED_AT, "act": "submit", "title": "提交申请", "by": "申请人"}],
        "memberOfTheFuture": [1, 2, 3],
        **given,
    }


def concluded(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case after its good end, with the document it led to."""
    document = {
        "kind": "temporary-relief-decision",
        "title": text("临时救助审批通知书", "Decision"),
        "number": "JZ-330106-2026-000001",
        "facts": {"amountFen": 120000},
    }
    matters = [
        {
            **matter,
            "status": "concluded",
            "outcome": "granted",
            "document": document,
            "grounds": [{"task": "relief.township_decision", "verdict": "approve"}],
        }
        for matter in case["matters"]
    ]
    return {
        **case,
        "stage": "concluded",
        "outcome": "granted",
        "version": case["version"] + 1,
        "matters": matters,
    }


def item_body(code: str = "JZ201", **given: Any) -> dict[str, Any]:
    """The guide of a published service item."""
    return {
        "code": code,
        "version": 3,
        "hash": "0" * 64,
        "publishedAt": SUBMITTED_AT,
        "title": text("临时救助", "Temporary relief"),
        "owner": "relief",
        "category": 2,
        "kind": "benefit",
        "legalBasis": ["社会救助暂行办法 第47-50条"],
        "agentAllowed": True,
        "form": {"type": "object", "properties": {"type": {"enum": ["EMERGENCY"]}}},
        "materials": [
            {"key": "application_form", "title": text("申请书", "Form"), "required": "key"}
        ],
        "limits": {
            "statutory": {"length": 5, "unit": "working_day", "source": "地方规定"},
            "promised": {"length": 2, "unit": "working_day"},
        },
        "acceptance": "automatic",
        "matters": [
            {
                "key": "relief",
                "title": text("临时救助", "Temporary relief"),
                "tasks": [
                    {
                        "key": "fact_check",
                        "title": text("核实情况", "Verify the facts"),
                        "handler": "officer",
                        "limit": {"length": 24, "unit": "hour"},
                    }
                ],
            }
        ],
        **given,
    }


def office_body(id: str) -> dict[str, Any]:
    """A published office."""
    return {
        "id": id,
        "name": text("三墩镇社会事务办", "Sandun civil affairs office"),
        "division": "330106109000",
        "level": "township",
        "functions": ["civil-affairs"],
        "items": [],
    }


def problem(status: int, code: str, **facts: Any) -> JSONResponse:
    """A refusal as the services tell it."""
    body = {
        "type": f"/problems/intake/{code.lower().replace('_', '-')}",
        "title": "不能办理",
        "titleEn": "This cannot be done",
        "status": status,
        "code": code,
        "instance": "/v1/somewhere/secret-canary",
        **facts,
    }
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


class _Records:
    """Middleware that keeps each request, and refuses those without a known token."""

    def __init__(self, app: ASGIApp, *, kept: list[str], headers: list[Any], open_to_all: bool):
        self._app, self._kept, self._headers, self._open = app, kept, headers, open_to_all

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        self._kept.append(f"{request.method} {request.url.path}")
        self._headers.append(request.headers)
        if not self._open and request.headers.get("authorization") not in SIGNED_IN:
            await problem(401, "UNAUTHENTICATED")(scope, receive, send)
            return
        await self._app(scope, receive, send)


@dataclass
class SimulatedIntake:
    """The window, simulated: one citizen's cases, one office's tasks."""

    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    headers: list[Any] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    refuse_with: JSONResponse | None = None
    """Answer of every command, instead of carrying it out."""
    delay: float = 0.0

    def add(self, **given: Any) -> dict[str, Any]:
        case = case_body(**given)
        self.cases[case["id"]] = case
        return case

    def app(self) -> Starlette:
        routes = [
            *officer_routes(self),
            Route("/v1/applications", self._submit, methods=["POST"]),
            Route("/v1/applications", self._list, methods=["GET"]),
            Route("/v1/applications/by-number/{number}", self._by_number, methods=["GET"]),
            Route("/v1/applications/{id}:{act}", self._change, methods=["POST"]),
            Route("/v1/applications/{id}", self._show, methods=["GET"]),
            Route("/v1/tasks", self._inbox, methods=["GET"]),
            Route("/v1/tasks/{id}/disclosure", self._disclose, methods=["GET"]),
            Route("/v1/tasks/{id}:{act}", self._act, methods=["POST"]),
            Route("/v1/tasks/{id}", self._task, methods=["GET"]),
            Route("/v1/files", self._file, methods=["POST"]),
        ]
        watch = Middleware(_Records, kept=self.requests, headers=self.headers, open_to_all=False)
        return Starlette(routes=routes, middleware=[watch])

    async def _submit(self, request: Request) -> JSONResponse:
        await asyncio.sleep(self.delay)
        self.bodies.append(await request.json())
        return self.refuse_with or JSONResponse(self.add(stage="accepted"), status_code=201)

    async def _list(self, request: Request) -> JSONResponse:
        limit = int(request.query_params["limit"])
        start = request.query_params.get("cursor", "0")
        if not start.isdecimal():
            return problem(422, "CURSOR_UNUSABLE")
        lines = [
            {
                **{name: case[name] for name in ("id", "number", "stage", "outcome")},
                "itemCode": case["item"]["code"],
                "itemTitle": case["item"]["title"],
                "submittedAt": case["submittedAt"],
                "concludedAt": case["concludedAt"],
                "cursor": str(index + 1),
            }
            for index, case in enumerate(self.cases.values())
        ]
        end = int(start) + limit
        following = str(end) if end < len(lines) else None
        shown = lines[int(start) : end]
        return JSONResponse({"items": shown, "nextCursor": following, "total": len(lines)})

    async def _show(self, request: Request) -> JSONResponse:
        await asyncio.sleep(self.delay)
        case = self.cases.get(request.path_params["id"])
        if case is None or request.headers["authorization"] == STRANGER:
            return problem(404, "APPLICATION_NOT_FOUND")
        return JSONResponse(case)

    async def _by_number(self, request: Request) -> JSONResponse:
        for case in self.cases.values():
            if case["number"] == request.path_params["number"]:
                return JSONResponse(case)
        return problem(404, "APPLICATION_NOT_FOUND")

    async def _change(self, request: Request) -> JSONResponse:
        self.bodies.append(await request.json())
        case = self.cases[request.path_params["id"]]
        if self.refuse_with is None:
            stage = {"withdraw": "withdrawn", "correct": "in-review"}[request.path_params["act"]]
            case.update(stage=stage, correction=None, version=case["version"] + 1)
        return self.refuse_with or JSONResponse(case)

    async def _inbox(self, request: Request) -> JSONResponse:
        rows = [self._row(case, task) for case, task in self._tasks()]
        wanted = [row for row in rows if row["state"] == request.query_params["state"]]
        counts = {"open": len(wanted), "claimed": 0, "overdue": 1}
        shown = wanted[: int(request.query_params["limit"])]
        return JSONResponse(
            {"items": shown, "nextCursor": None, "total": len(wanted), "counts": counts}
        )

    async def _task(self, request: Request) -> JSONResponse:
        for case, task in self._tasks():
            if task["id"] == request.path_params["id"]:
                return JSONResponse(self._row(case, task))
        return problem(404, "TASK_NOT_FOUND")

    async def _disclose(self, request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "fields": {"type": "EMERGENCY"},
                "params": {"township_limit_fen": 100000},
                "facts": {},
                "answers": [
                    {
                        "task": "relief.fact_check",
                        "title": "核实情况",
                        "verdict": "approve",
                        "opinion": None,
                        "facts": {},
                    }
                ],
            }
        )

    async def _act(self, request: Request) -> JSONResponse:
        if request.path_params["act"] == "verdict":
            self.bodies.append(await request.json())
        if self.refuse_with is not None:
            return self.refuse_with
        states = {"claim": "claimed", "release": "open", "verdict": "closed"}
        for case, task in self._tasks():
            if task["id"] == request.path_params["id"]:
                task["state"] = states[request.path_params["act"]]
                return JSONResponse(self._row(case, task))
        return problem(404, "TASK_NOT_FOUND")

    async def _file(self, request: Request) -> JSONResponse:
        async with request.form() as form:
            part = form["file"]
            content = await part.read()
            named = {"name": part.filename, "mediaType": part.content_type, "size": len(content)}
        self.bodies.append(named)
        kept = {"id": str(uuid4()), "sha256": "0" * 64, **named}
        return self.refuse_with or JSONResponse(kept, status_code=201)

    def _tasks(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return [
            (case, task)
            for case in self.cases.values()
            for matter in case["matters"]
            for task in matter["tasks"]
        ]

    def _row(self, case: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
        return {
            **task,
            "applicationId": case["id"],
            "applicationNumber": case["number"],
            "itemCode": case["item"]["code"],
            "itemTitle": case["item"]["title"],
            "division": case["division"],
            "summary": {"type": "EMERGENCY"},
            "submittedAt": case["submittedAt"],
            "claimedByMe": task["state"] == "claimed",
            "cursor": task["id"],
        }


@dataclass
class SimulatedRegistry:
    """The registry, simulated: two items, one person of the development seed."""

    requests: list[str] = field(default_factory=list)
    headers: list[Any] = field(default_factory=list)
    items: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {code: item_body(code) for code in ("JZ201", "HY601")}
    )
    keys: dict[str, Any] = field(default_factory=lambda: {"keys": []})
    offices: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"office-1": office_body("office-1")}
    )
    page: int = 200
    """How many offices a page has."""
    sessions: int = 0

    def app(self) -> Starlette:
        routes = [
            *ways_in(self._session, problem),
            Route("/v1/token:refresh", self._refresh, methods=["POST"]),
            Route("/v1/items", self._items, methods=["GET"]),
            Route("/v1/items/{code}", self._item, methods=["GET"]),
            Route("/v1/offices", self._offices, methods=["GET"]),
            *resident_routes(problem),
            Route("/.well-known/jwks.json", self._keys, methods=["GET"]),
        ]
        watch = Middleware(_Records, kept=self.requests, headers=self.headers, open_to_all=True)
        return Starlette(routes=routes, middleware=[watch])

    async def _refresh(self, request: Request) -> JSONResponse:
        if (await request.json())["refreshToken"] != f"refresh-{self.sessions}":
            return problem(401, "REFRESH_REFUSED")
        return self._session()

    def _session(self) -> JSONResponse:
        self.sessions += 1
        actor = {
            "kind": "citizen",
            "id": str(uuid4()),
            "name": "陈*",
            "offices": ["office-1"],
            "division": None,
            "roles": [],
        }
        tokens = {"accessToken": "citizen-token", "refreshToken": f"refresh-{self.sessions}"}
        return JSONResponse({**tokens, "expiresIn": 900, "actor": actor})

    async def _items(self, request: Request) -> JSONResponse:
        return JSONResponse({"items": list(self.items.values())})

    async def _item(self, request: Request) -> JSONResponse:
        found = self.items.get(request.path_params["code"])
        return problem(404, "ITEM_NOT_FOUND") if found is None else JSONResponse(found)

    async def _offices(self, request: Request) -> JSONResponse:
        offices = sorted(self.offices)
        after = request.query_params.get("cursor", "")
        shown = [self.offices[id] for id in offices if id > after][: self.page]
        more = bool(shown) and shown[-1]["id"] != offices[-1]
        return JSONResponse({"items": shown, "nextCursor": shown[-1]["id"] if more else None})

    async def _keys(self, request: Request) -> JSONResponse:
        return JSONResponse(self.keys)


@dataclass
class House:
    """A gateway between the simulated services, and a client at its door."""

    api: FastAPI
    client: httpx.AsyncClient
    intake: SimulatedIntake
    registry: SimulatedRegistry
    hub: ProgressHub

    async def post(
        self, body: Any, *, token: str | None = CITIZEN, **headers: str
    ) -> httpx.Response:
        """Send a GraphQL request that prefers GraphQL's own media type."""
        sent = {"accept": GRAPHQL_JSON, **{k.replace("_", "-"): v for k, v in headers.items()}}
        if token is not None:
            sent["authorization"] = token
        return await self.client.post("/graphql", json=body, headers=sent)

    async def ask(
        self, query: str, variables: Any = None, *, token: str | None = CITIZEN, **headers: str
    ) -> dict[str, Any]:
        """Carry out an operation and read the answer."""
        body = {"query": query} if variables is None else {"query": query, "variables": variables}
        answer: dict[str, Any] = (await self.post(body, token=token, **headers)).json()
        return answer

    async def data(self, query: str, variables: Any = None, **given: Any) -> dict[str, Any]:
        """Carry out an operation that has no errors."""
        answer = await self.ask(query, variables, **given)
        assert "errors" not in answer, answer
        found: dict[str, Any] = answer["data"]
        return found


def gateway_settings(**given: Any) -> GatewaySettings:
    """Settings of a gateway in development, far from any real broker."""
    values = {
        "ENVIRONMENT": "development",
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "progress_seconds": 60.0,
        **given,
    }
    return GatewaySettings(**values)


def make_house(**given: Any) -> House:
    """A gateway in front of simulated services, without a network."""
    settings = gateway_settings(**given)
    intake, registry = SimulatedIntake(), SimulatedRegistry()
    hub = ProgressHub(most=settings.max_watchers, every=settings.progress_seconds)
    api = assemble(
        settings,
        intake=client_of(intake.app()),
        registry=client_of(registry.app()),
        hub=hub,
    )
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://gateway")
    return House(api=api, client=client, intake=intake, registry=registry, hub=hub)


def client_of(app: ASGIApp) -> httpx.AsyncClient:
    """A client of a simulated service, without a network."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://simulated")


def application_id(case: Mapping[str, Any]) -> str:
    """The global id of a case."""
    return str(to_global_id("Application", case["id"]))


def task_id(task: Mapping[str, Any]) -> str:
    """The global id of a task."""
    return str(to_global_id("Task", task["id"]))


def codes(answer: Mapping[str, Any]) -> list[str]:
    """The codes of the top-level errors of an answer."""
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


@asynccontextmanager
async def served(api: FastAPI) -> AsyncIterator[str]:
    """The gateway on a free port of this machine; yields `127.0.0.1:<port>`."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(api, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listener.close()

"""Can a citizen keep a draft, look it over and hand it in over GraphQL?"""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents
from tests.gateway.test_afterwards import in_front_of
from tests.support.gateway import KEY, case_body, problem, text

SCREENS = read_documents(DOCS / "operations")
LINE = {
    "itemCode": "JZ201",
    "version": 1,
    "savedAt": "2026-11-23T12:00:00+08:00",
    "expiresAt": "2027-02-21T12:00:00+08:00",
}
GIVEN = {"itemCode": "JZ201", "idempotencyKey": KEY}


class Drafts:
    """A simulated window: one draft, and every request that reached it."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str | None, Any]] = []
        self.refusal: JSONResponse | None = None

    async def act(self, request: Request) -> JSONResponse:
        name = request.url.path.rpartition(":")[2]
        self.sent.append((name, request.headers.get("if-match"), await request.json()))
        if self.refusal is not None:
            return self.refusal
        if name == "submit":
            return JSONResponse(case_body(), status_code=201)
        return JSONResponse(LINE if name == "save" else {"items": []})

    async def show(self, _request: Request) -> JSONResponse:
        if self.refusal is not None:
            return self.refusal
        papers = [{"key": "proof", "fileId": None}]
        return JSONResponse({**LINE, "form": {"type": "EMERGENCY"}, "materials": papers})

    async def look(self, request: Request) -> JSONResponse:
        self.sent.append(("validate", None, await request.json()))
        lack = {"kind": "form", "code": "required", "pointer": "/applicant", "material": None}
        body = {"itemCode": "JZ201", "itemVersion": 3, "isReady": False, "undecided": ["proof"]}
        words = text("请填写申请人", "The applicant is required")
        return JSONResponse({**body, "problems": [{**lack, "message": words}], "deferrable": []})

    async def listed(self, _request: Request) -> JSONResponse:
        return JSONResponse({"items": [LINE]})

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/applications:validate", self.look, methods=["POST"]),
                Route("/v1/drafts", self.listed),
                Route("/v1/drafts/{code}", self.show),
                Route("/v1/drafts/{code}", self.act, methods=["POST"]),
            ]
        )


async def test_a_draft_is_saved_shown_and_handed_in_by_the_version_that_was_read() -> None:
    window = Drafts()
    house = in_front_of(window.app())
    saved = await house.data(
        SCREENS["SaveDraft"], {"input": {**GIVEN, "form": {"type": "EMERGENCY"}, "version": 0}}
    )
    shown = await house.data(SCREENS["Draft"], {"itemCode": "JZ201"})
    listed = await house.data(SCREENS["Drafts"])
    taken = await house.data(
        SCREENS["SubmitDraft"], {"input": {**GIVEN, "version": 1, "channel": "WECHAT"}}
    )
    gone = await house.data(SCREENS["DiscardDraft"], {"input": {**GIVEN, "version": 1}})

    assert saved["saveDraft"]["draft"]["version"] == 1
    assert shown["draft"]["form"] == {"type": "EMERGENCY"}
    assert [each["itemCode"] for each in listed["drafts"]] == ["JZ201"]
    assert taken["submitDraft"]["application"]["stage"] == "IN_REVIEW"
    assert gone["discardDraft"]["drafts"] == []
    assert [each[:2] for each in window.sent] == [
        ("save", '"0"'),
        ("submit", '"1"'),
        ("discard", '"1"'),
    ]


async def test_a_draft_saved_elsewhere_meanwhile_is_a_conflict_and_none_is_null() -> None:
    window = Drafts()
    house = in_front_of(window.app())
    window.refusal = problem(412, "STALE_VERSION")
    saved = await house.data(SCREENS["SaveDraft"], {"input": {**GIVEN, "form": {}, "version": 1}})
    window.refusal = problem(404, "DRAFT_NOT_FOUND")
    shown = await house.data(SCREENS["Draft"], {"itemCode": "JZ201"})

    assert (saved["saveDraft"]["__typename"], saved["saveDraft"]["code"]) == (
        "Conflict",
        "STALE_VERSION",
    )
    assert shown["draft"] is None


async def test_everything_that_stands_in_the_way_is_shown_at_once() -> None:
    window = Drafts()
    house = in_front_of(window.app())
    asked = {"itemCode": "JZ201", "form": {}, "materials": [{"key": "proof"}]}
    shown = await house.data(SCREENS["ApplicationReadiness"], {"input": asked})

    [lack] = shown["applicationReadiness"]["problems"]
    assert (lack["pointer"], lack["message"]["text"]) == ("/applicant", "请填写申请人")
    assert shown["applicationReadiness"]["undecided"] == ["proof"]
    assert window.sent[0][2]["materials"] == [{"key": "proof"}]

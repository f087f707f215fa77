"""The page on which anybody verifies a paper, without an account and without a script."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from services.registry.actions.verify_certificate import Scanned, Typed, verify_paper
from services.registry.api.wiring import Wired
from services.registry.errors import VerifiedTooOften
from services.registry.schemas.certificate_page import (
    paced_page,
    page_headers,
    question_page,
    unknown_page,
    verified_page,
)
from shared.identifiers.reading import tidy
from shared.web import open_to_all

VERIFY_PATH = "/verify"
FORM = "application/x-www-form-urlencoded"
FORM_BYTES = 4 * 1024
RETRY_SECONDS = "600"

_HTML: dict[int | str, dict[str, Any]] = {
    status: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": words}
    for status, words in (
        (200, "What the paper is worth now."),
        (404, "Stands on no paper."),
        (429, "Too many."),
    )
}


def routes() -> APIRouter:
    """The page, its form, and the address in the QR code."""
    router = APIRouter(tags=["verification"], dependencies=[Depends(open_to_all())])
    for path, door, method in (
        (VERIFY_PATH, ask_for_paper, "GET"),
        (VERIFY_PATH, verify_typed, "POST"),
        (f"{VERIFY_PATH}/{{token}}", verify_scanned, "GET"),
    ):
        router.add_api_route(
            path, door, methods=[method], response_class=HTMLResponse, responses=_HTML
        )
    return router


async def ask_for_paper() -> HTMLResponse:
    """Where one types what stands on the paper."""
    return _html(question_page())


async def verify_scanned(token: str, request: Request, wired: Wired) -> HTMLResponse:
    """What the paper is worth whose QR code was scanned."""
    return await _verified(Scanned(token=token), request, wired)


async def verify_typed(
    request: Request,
    wired: Wired,
    identifier: Annotated[str, Form(max_length=200)] = "",
    code: Annotated[str, Form(max_length=20)] = "",
) -> HTMLResponse:
    """What the paper is worth whose identifier and code were typed."""
    return await _verified(Typed(identifier=tidy(identifier), code=tidy(code)), request, wired)


async def _verified(given: Scanned | Typed, request: Request, wired: Wired) -> HTMLResponse:
    address = request.client.host if request.client else ""
    try:
        found = await verify_paper(
            given,
            address=address,
            transaction=wired.transaction,
            clock=wired.clock,
            index=wired.index,
        )
    except VerifiedTooOften:
        return _html(paced_page(), status=429, more={"Retry-After": RETRY_SECONDS})
    if found is None:
        return _html(unknown_page(), status=404)
    return _html(verified_page(found))


def _html(page: str, *, status: int = 200, more: dict[str, str] | None = None) -> HTMLResponse:
    return HTMLResponse(page, status_code=status, headers=page_headers() | (more or {}))

"""The HTTP door that all services share: problems, strict bodies, health, who is asking."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from opentelemetry import trace
from starlette.exceptions import HTTPException

from shared.auth import Actor, ActorKind, TokenVerifier
from shared.denials import DENIED, note_denial
from shared.errors import (
    CivilError,
    Forbidden,
    IdempotencyKeyMissing,
    Malformed,
    NotFound,
    Unauthenticated,
    VersionMissing,
)
from shared.openapi import KEY_SHAPE, VERSION_SHAPE, declared_names, describe, operation_id
from shared.problems import MEDIA_TYPE, problem_of, unexpected
from shared.store import RequestKey
from shared.strictness import BodyInvalid, StrictBodies
from shared.wall import PerRequest, asker, asks

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
Readiness = Callable[[], Awaitable[Mapping[str, bool]]]

KEY_PATTERN = re.compile(KEY_SHAPE)
VERSION_PATTERN = re.compile(VERSION_SHAPE)

PLACES = ("body", "path", "query", "header")

HEALTH_PATHS = ("/livez", "/readyz")


class MethodNotAllowed(Malformed):
    """There is something here, but not with this method."""

    status = 405
    title = "不支持该请求方法"
    title_en = "This method is not allowed here"


def create_api(
    *,
    title: str,
    description: str,
    verifier: TokenVerifier,
    readiness: Readiness,
    lifespan: Lifespan | None = None,
    other_types: Mapping[str, tuple[str, int]] | None = None,
) -> FastAPI:
    """A FastAPI application with everything a door of ours must have.

    Args:
        verifier: Verifies the bearer tokens of `current_actor`.
        readiness: Names what the service needs and says whether each is there.
        other_types: Paths that take another media type than JSON, with their size limit.
    """
    api = FastAPI(
        title=title,
        description=description,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        generate_unique_id_function=operation_id,
        telemetry={
            "operation_spans": False,
            "logs": False,
            "metrics": False,
            "exclude": lambda scope: scope.get("path") in HEALTH_PATHS,
        },
    )
    api.state.verifier = verifier
    api.add_middleware(StrictBodies, other_types=other_types)
    api.add_middleware(PerRequest)
    _add_problem_handlers(api)
    _add_health(api, readiness)
    describe(api)
    return api


async def current_actor(
    request: Request, authorization: Annotated[str | None, Header()] = None
) -> Actor:
    """The actor of the request's bearer token.

    Raises:
        Unauthenticated: There is no token, or not one to believe.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > 8192:
        raise Unauthenticated
    if len(request.headers.getlist("authorization")) > 1:
        # Two readers could believe different ones.
        raise Unauthenticated
    verifier: TokenVerifier = request.app.state.verifier
    actor = await verifier.verify(token)
    asks(actor)
    trace.get_current_span().set_attribute("ow.actor.kind", str(actor.kind))
    return actor


CurrentActor = Annotated[Actor, Depends(current_actor)]


@dataclass(frozen=True, slots=True)
class Permission:
    """Which classes of actors a door is for; a dependency that turns everybody else away.

    The declaration stands beside the route, where a test and the papers read it. Which
    records an actor finds behind the door is asked by the action, in the query.
    """

    kinds: tuple[ActorKind, ...]

    async def __call__(self, actor: CurrentActor) -> Actor:
        """The actor, if the door is for them.

        Raises:
            Forbidden: It is for other classes of actors.
        """
        if actor.kind not in self.kinds:
            raise Forbidden
        return actor


@dataclass(frozen=True, slots=True)
class OpenToAll:
    """Says that a door asks nobody who they are: what is behind it is public."""

    async def __call__(self) -> None:
        """Let everybody through."""


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Says that a door decides nothing: it carries the caller's own token to one that does."""

    async def __call__(self) -> None:
        """Let everybody through; the service behind refuses."""


def only(*kinds: ActorKind) -> Permission:
    """A dependency that lets only some classes of actors through."""
    return Permission(kinds)


def open_to_all() -> OpenToAll:
    """A dependency that declares a door to be open, so that none is open by oversight."""
    return OpenToAll()


def passed_on() -> PassedOn:
    """A dependency that declares a door to leave the decision to the service behind it."""
    return PassedOn()


async def request_key(
    request: Request,
    actor: CurrentActor,
    idempotency_key: Annotated[str | None, Header()] = None,
) -> RequestKey:
    """What makes a command repeatable: who, where, which key, which body.

    Raises:
        IdempotencyKeyMissing: The header is missing, shorter than 8 or longer than 128.
    """
    if idempotency_key is None or not KEY_PATTERN.match(idempotency_key):
        raise IdempotencyKeyMissing
    if len(request.headers.getlist("idempotency-key")) > 1:
        raise IdempotencyKeyMissing
    return RequestKey(
        subject=actor.subject,
        route=f"{request.method} {request.url.path}",
        # A digest: a caller may have put anything into a key, and it is kept for long.
        key=hashlib.sha256(idempotency_key.encode()).hexdigest(),
        fingerprint=request.state.fingerprint,
    )


CurrentRequestKey = Annotated[RequestKey, Depends(request_key)]


async def version_read(request: Request, if_match: Annotated[str | None, Header()] = None) -> int:
    """The version of a record that the caller read, as its `ETag` said; `"0"` where none was.

    Raises:
        VersionMissing: The header is missing, or is no version of ours.
    """
    if if_match is None or not VERSION_PATTERN.fullmatch(if_match):
        raise VersionMissing
    if len(request.headers.getlist("if-match")) > 1:
        raise VersionMissing
    return int(if_match.strip('"'))


VersionRead = Annotated[int, Depends(version_read)]


def problem_response(error: CivilError, request: Request) -> JSONResponse:
    """The HTTP answer of an expected refusal."""
    headers = None
    if error.status in (429, 503):
        headers = {"Retry-After": str(error.facts.get("retryAfterSeconds", 2))}
    if isinstance(error, Unauthenticated):
        headers = {"WWW-Authenticate": error.challenge}
    return JSONResponse(
        problem_of(error, instance=_door(request)),
        status_code=error.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def _add_problem_handlers(api: FastAPI) -> None:
    @api.exception_handler(CivilError)
    async def refused(request: Request, error: CivilError) -> JSONResponse:
        try:
            await _note_denial(error, request)
        except CivilError as unnoted:
            return problem_response(unnoted, request)
        return problem_response(error, request)

    @api.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        known = declared_names(request.app)
        return problem_response(BodyInvalid(errors=_pointers(error, known)), request)

    @api.exception_handler(HTTPException)
    async def by_the_framework(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 404:
            return problem_response(NotFound(), request)
        if error.status_code == 405:
            response = problem_response(MethodNotAllowed(), request)
            response.headers.update(error.headers or {})
            return response
        return problem_response(Malformed(), request)

    @api.exception_handler(Exception)
    async def bug(request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse(unexpected(_door(request)), status_code=500, media_type=MEDIA_TYPE)


async def _note_denial(error: CivilError, request: Request) -> None:
    """Journal an attempt in vain, where the service keeps personal files and said where."""
    actor, transaction = asker(), getattr(request.app.state, "denials", None)
    if actor is None or transaction is None or error.status not in DENIED:
        return
    await note_denial(
        actor,
        error,
        door=f"{request.method} {_door(request)}",
        named=request.path_params,
        transaction=transaction,
    )


def _door(request: Request) -> str | None:
    """The path as we declare it: what a caller put into the URL is shown as `*`."""
    declared = getattr(request.scope.get("route"), "path_format", None)
    return re.sub(r"\{[^}]*\}", "*", declared) if declared else None


def _pointers(error: RequestValidationError, known: Collection[str]) -> list[dict[str, str]]:
    """JSON pointers of what is wrong; never what was sent.

    Args:
        known: Names we declare. A name that a caller made up is shown as `*`.
    """
    return [
        {
            "pointer": "".join(f"/{_part(part, known)}" for part in each["loc"]),
            "code": str(each["type"]).upper(),
            "message": _message(each),
        }
        for each in error.errors()[:50]
    ]


def _part(part: object, known: Collection[str]) -> str:
    is_ours = isinstance(part, int) or part in known or part in PLACES
    return str(part) if is_ours else "*"


def _message(error: Mapping[str, Any]) -> str:
    """What is wrong in words; the words of a parser may quote what it could not read."""
    if "error" in error.get("ctx", {}):
        return "Input is not acceptable here"
    return str(error["msg"])


def _add_health(api: FastAPI, readiness: Readiness) -> None:
    @api.get("/livez", include_in_schema=False)
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @api.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        found = dict(await readiness())
        ready = all(found.values())
        content: dict[str, Any] = {"status": "ready" if ready else "not-ready", "checks": found}
        return JSONResponse(content, status_code=200 if ready else 503)

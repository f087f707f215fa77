"""What no door lets in: bodies that are too large, ambiguous, or not quite JSON."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import CivilError, Malformed, TooMuch
from shared.problems import MEDIA_TYPE, problem_of

MAX_BODY_BYTES = 256 * 1024
MAX_DEPTH = 24
MAX_INTEGER_DIGITS = 18
MAX_QUERY_BYTES = 4 * 1024

HEADERS_OUT = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000"),
)


class UnsupportedMediaType(Malformed):
    """The body is of a type, or encoded in a way, that this door does not take."""

    status = 415
    title = "不支持的内容类型"
    title_en = "This content type is not supported here"


class BodyTooLarge(TooMuch):
    """The body is larger than this door takes."""

    title = "提交内容过大"
    title_en = "The body is too large"


class NotStrictJson(Malformed):
    """The body is not JSON that every reader would read alike."""

    title = "JSON 格式有误"
    title_en = "The body is not acceptable JSON"


class BodyInvalid(Malformed):
    """The body or a parameter does not have the shape this door takes."""

    status = 422
    title = "填写内容有误"
    title_en = "The request does not have the expected shape"


class StrictBodies:
    """ASGI middleware: reads each body once, refuses the unreadable, fingerprints the rest.

    Addresses are held to the same: what two readers could read differently is refused.

    The SHA-256 of the body is left at `request.state.fingerprint` for idempotency.

    Args:
        other_types: Path to the media type it takes instead of JSON, and its size limit.
    """

    def __init__(
        self, app: ASGIApp, *, other_types: Mapping[str, tuple[str, int]] | None = None
    ) -> None:
        self._app = app
        self._other_types = dict(other_types or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = _with_headers(send)
        reads_body = scope["method"] not in ("GET", "HEAD", "OPTIONS")
        try:
            _check_url(scope)
            body = await self._body(scope, receive) if reads_body else b""
        except CivilError as error:
            await _refuse(error, scope, receive, send)
            return
        if reads_body:
            scope.setdefault("state", {})["fingerprint"] = hashlib.sha256(body).hexdigest()
            receive = _replayed(body, receive)
        await self._app(scope, receive, send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        headers = Headers(scope=scope)
        media_type, limit = self._other_types.get(
            scope["path"], ("application/json", MAX_BODY_BYTES)
        )
        if headers.get("content-encoding", "identity") != "identity":
            raise UnsupportedMediaType
        body = await _read(headers, receive, limit)
        given = headers.get("content-type", "").split(";")[0].strip().lower()
        if (body or given) and given != media_type:
            raise UnsupportedMediaType
        if body and media_type == "application/json":
            strict_json(body)
        return body


def _check_url(scope: Scope) -> None:
    """Refuse NUL, text that is not UTF-8, and a parameter that is given twice."""
    query: bytes = scope["query_string"]
    if len(query) > MAX_QUERY_BYTES or "\x00" in scope["path"] or "\ufffd" in scope["path"]:
        raise BodyInvalid
    names = [_query_text(pair.partition(b"=")[0]) for pair in query.split(b"&") if pair]
    _query_text(query)
    if len(set(names)) != len(names):
        raise BodyInvalid


def _query_text(raw: bytes) -> str:
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except ValueError:
        raise BodyInvalid from None
    if "\x00" in text:
        raise BodyInvalid
    return text


def strict_json(body: bytes) -> Any:  # noqa: ANN401 - JSON is what it is
    """Parse JSON that means one thing only.

    Raises:
        NotStrictJson: Duplicate names, NaN, NUL or surrogate characters, numbers out of
            range, too deep, or no JSON at all.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_bounded_int,
            parse_float=_finite,
        )
    except (ValueError, RecursionError):
        raise NotStrictJson from None
    _check(value, depth=0)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("duplicate name")
    return names


def _no_constant(_name: str) -> object:
    raise ValueError("not a number")


def _bounded_int(digits: str) -> int:
    if len(digits) > MAX_INTEGER_DIGITS:
        raise ValueError("integer out of range")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError("number out of range")
    return number


def _check(value: object, *, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise NotStrictJson("too deeply nested")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict):
        for name, member in value.items():
            _check_text(name)
            _check(member, depth=depth + 1)
    elif isinstance(value, list):
        for member in value:
            _check(member, depth=depth + 1)


def _check_text(value: str) -> None:
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise NotStrictJson("contains a character that text cannot hold")


async def _read(headers: Headers, receive: Receive, limit: int) -> bytes:
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise BodyTooLarge
    chunks = bytearray()
    while True:
        message = await receive()
        chunks += message.get("body", b"")
        if len(chunks) > limit:
            raise BodyTooLarge
        if not message.get("more_body"):
            return bytes(chunks)


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *(pair for pair in HEADERS_OUT if pair[0] not in present),
            ]
        await send(message)

    return with_headers


async def _refuse(error: CivilError, scope: Scope, receive: Receive, send: Send) -> None:
    # No instance: nothing has been matched yet, and what was sent is not repeated.
    problem = problem_of(error)
    response = JSONResponse(problem, status_code=error.status, media_type=MEDIA_TYPE)
    await response(scope, receive, send)

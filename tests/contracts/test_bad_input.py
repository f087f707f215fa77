"""Does any door of any service stumble over what it should refuse, or repeat what was sent?

The doors are those of the committed OpenAPI documents; a new route is tried without a word here.
"""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.support.doors import (
    GOOD_BODIES,
    GOOD_FORM,
    Door,
    Doors,
    Operation,
    forged_cursor,
    operations,
)

CANARY = "canary-330106198803120011"
JSON = {"Content-Type": "application/json"}

OPERATIONS = [each for each in operations() if not each.is_page]
"""Pages for people answer in HTML; their own tests send them nonsense."""

COMMANDS = [each for each in OPERATIONS if each.method == "post"]
WITH_JSON = [each for each in COMMANDS if each.media_type == "application/json"]
TAKES_JSON = [each for each in COMMANDS if each.media_type in (None, "application/json")]

ANSWERS_ANYTHING_WELL_FORMED = {"leaveSession", "checkGrant"}
"""Signing out tells nobody whether a token was known; a question has an answer."""


def each(chosen: list[Operation]) -> Any:
    return pytest.mark.parametrize("operation", chosen, ids=map(str, chosen))


@pytest.fixture
async def door(doors: Doors, operation: Operation) -> AsyncIterator[Door]:
    """The operation's service; whatever the test sends must leave no row behind."""
    chosen = doors[operation.service]
    before = await chosen.rows()
    yield chosen
    assert await chosen.rows() == before, "bad input was written down"


def check_refusal(answer: httpx.Response, what: object) -> None:
    """A clear no, in our form, that repeats nothing."""
    assert 400 <= answer.status_code < 500, (what, answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json", what
    problem = answer.json()
    assert problem["code"], what
    assert problem["status"] == answer.status_code, what
    assert problem["type"].startswith("/problems/"), what
    check_silence(answer, what)


def check_silence(answer: httpx.Response, what: object) -> None:
    sent = CANARY.lower()
    assert sent not in answer.text.lower(), (what, answer.text)
    assert sent not in str(answer.headers).lower(), what


# --- bodies that are not, or not quite, JSON -----------------------------------------------

C = CANARY.encode()
UNREADABLE = {
    "NUL, escaped": b'{"x": "' + C + b'\\u0000"}',
    "NUL, raw": b'{"x": "' + C + b'\x00"}',
    "NUL in a name": b'{"' + C + b'\\u0000": 1}',
    "a lone surrogate": b'{"x": "' + C + b'\\ud800"}',
    "NaN": b'{"x": NaN, "y": "' + C + b'"}',
    "Infinity": b'{"x": Infinity, "y": "' + C + b'"}',
    "1e400": b'{"x": 1e400, "y": "' + C + b'"}',
    "an integer of 5000 digits": b'{"x": ' + b"9" * 5000 + b"}",
    "an integer beyond 64 bits": b'{"x": 99999999999999999999}',
    "nested 900 deep": b"[" * 900 + b"]" * 900,
    "nested 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "objects nested 100 deep": b'{"x":' * 100 + b"1" + b"}" * 100,
    "a name twice": b'{"x": "' + C + b'", "x": 2}',
    "a name twice, deep inside": b'{"y": [{"x": "' + C + b'", "x": 2}]}',
    "not UTF-8": b'{"x": "' + C + b'\xff"}',
    "UTF-16": json.dumps({"x": CANARY}).encode("utf-16"),
    "UTF-32": json.dumps({"x": CANARY}).encode("utf-32"),
    "a byte order mark": b'\xef\xbb\xbf{"x": "' + C + b'"}',
    "cut off": b'{"x": "' + C,
    "something after it": b'{} "' + C + b'"',
    "a comment": b"{} // " + C,
    "single quotes": b"{'x': '" + C + b"'}",
    "XML": b"<x>" + C + b"</x>",
}


@each(TAKES_JSON)
async def test_a_body_that_is_not_quite_json_is_refused(operation: Operation, door: Door) -> None:
    actor = await door.actor_for(operation)
    for what, body in UNREADABLE.items():
        answer = await door.ask(operation, actor=actor, content=body, headers=JSON)
        check_refusal(answer, what)
        assert answer.status_code == 400, what


@each(COMMANDS)
async def test_a_body_too_large_is_refused_before_it_is_understood(
    operation: Operation, door: Door
) -> None:
    actor = await door.actor_for(operation)
    headers = {"Content-Type": operation.media_type or "application/json"}
    for size in (10 * 1024 * 1024, 100 * 1024 * 1024):
        told = {**headers, "Content-Length": str(size)}
        answer = await door.ask(operation, actor=actor, content=b'{"x": "', headers=told)
        check_refusal(answer, size)
        assert answer.status_code == 413
    body = b'{"x": "' + b"x" * 10 * 1024 * 1024 + b'"}'
    answer = await door.ask(operation, actor=actor, content=body, headers=headers)
    check_refusal(answer, "10 MB")
    assert answer.status_code == 413


@each(COMMANDS)
async def test_another_type_of_body_or_a_packed_one_is_refused(
    operation: Operation, door: Door
) -> None:
    actor = await door.actor_for(operation)
    others = [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/xml"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": f"application/{CANARY}"},
        {"Content-Type": "application/json, text/plain"},
        {"Content-Type": "application/json"},
        {},
    ]
    for headers in others:
        given = headers.get("Content-Type", "").split(";")[0]
        if given == (operation.media_type or "application/json"):
            continue
        answer = await door.ask(operation, actor=actor, content=b"x=1", headers=headers)
        check_refusal(answer, headers)
        assert answer.status_code == 415, headers
    for coding in ("gzip", "br", "identity, gzip", CANARY):
        headers = {
            "Content-Type": operation.media_type or "application/json",
            "Content-Encoding": coding,
        }
        answer = await door.ask(operation, actor=actor, content=b"{}", headers=headers)
        check_refusal(answer, coding)
        assert answer.status_code == 415, coding


# --- JSON that says the wrong thing --------------------------------------------------------

BAD_VALUES: Mapping[str, Any] = {
    "true": True,
    "a number": 12,
    "a fraction": 1.5,
    "a negative number": -1,
    "a number beyond 32 bits": 99_999_999_999,
    "a number as text": "12",
    "null": None,
    "a list": [CANARY],
    "an object": {CANARY: CANARY},
    "nothing": "",
    "other words": CANARY,
    "the wrong way round": f"\u202e{CANARY}",
    "an invisible letter": f"{CANARY}\u200b",
    "two lines": f"{CANARY}\r\nSet-Cookie: {CANARY}",
    "a wildcard": "%" * 300,
    "a quotation": f"' OR 1=1--{CANARY}",
    "far too long": CANARY * 1000,
    "a day that is none": "2026-02-30",
    "the last instant": "9999-12-31T23:59:59-14:00",
    "full-width digits": "３３０１０６１９８８０３１２００１１",
}


def spoilt(body: Any) -> Iterator[tuple[str, Any]]:
    """The body with each of its values replaced by each bad one, and with members more and less."""
    if isinstance(body, dict):
        yield "an extra member", {**body, CANARY: CANARY}
        yield "another's member", {**body, "status": "approved", "ownerId": CANARY}
        for name in body:
            yield f"without {name}", {k: v for k, v in body.items() if k != name}
            for what, value in _spoilt_value(body[name]):
                yield f"{name}: {what}", {**body, name: value}
    elif isinstance(body, list):
        for index, entry in enumerate(body):
            for what, value in _spoilt_value(entry):
                yield f"{index}: {what}", [*body[:index], value, *body[index + 1 :]]
        yield "500 entries", body[:1] * 500


def _spoilt_value(value: Any) -> Iterator[tuple[str, Any]]:
    yield from BAD_VALUES.items()
    yield from spoilt(value)


@each(WITH_JSON)
def test_what_is_spoilt_was_well_formed(operation: Operation) -> None:
    schema = {**operation.body_schema, "components": operation.document["components"]}

    assert operation.good_body is not None
    assert [
        found.message for found in Draft202012Validator(schema).iter_errors(operation.good_body)
    ] == []


def test_no_body_is_kept_for_an_operation_that_is_gone() -> None:
    assert {(op.service, op.id) for op in WITH_JSON} >= GOOD_BODIES.keys()


@each(WITH_JSON)
async def test_a_body_that_says_the_wrong_thing_is_refused(
    operation: Operation, door: Door
) -> None:
    actor = await door.actor_for(operation)
    for what, body in spoilt(operation.good_body):
        answer = await door.ask(operation, actor=actor, json=body)
        if answer.status_code < 300 and operation.id in ANSWERS_ANYTHING_WELL_FORMED:
            check_silence(answer, what)
            continue
        check_refusal(answer, what)


@each(WITH_JSON)
async def test_a_member_nobody_asked_for_is_named_as_unknown(
    operation: Operation, door: Door
) -> None:
    actor = await door.actor_for(operation)
    body = {**operation.good_body, CANARY: CANARY}
    answer = await door.ask(operation, actor=actor, json=body)

    check_refusal(answer, "an extra member")
    assert answer.status_code == 422
    named = {(found["pointer"], found["code"]) for found in answer.json()["errors"]}
    assert ("/body/*", "EXTRA_FORBIDDEN") in named


@each(WITH_JSON)
async def test_a_body_of_another_kind_is_refused(operation: Operation, door: Door) -> None:
    actor = await door.actor_for(operation)
    for body in (b"null", b"[]", b'"' + C + b'"', b"1", b"true", b"[{}]", b""):
        answer = await door.ask(operation, actor=actor, content=body, headers=JSON)
        check_refusal(answer, body)
        assert answer.status_code == 422, body


async def test_a_token_form_that_is_not_one_is_refused(doors: Doors) -> None:
    door = doors["registry"]
    [operation] = [op for op in OPERATIONS if op.id == "giveToken"]
    before = await door.rows()
    for name in GOOD_FORM:
        for value in (CANARY, "", "\x00", "\u202e", "%", "x" * 9000, f"' OR 1=1--{CANARY}"):
            answer = await door.ask(operation, actor=None, data={**GOOD_FORM, name: value})
            check_refusal(answer, (name, value))
        without = {key: value for key, value in GOOD_FORM.items() if key != name}
        check_refusal(await door.ask(operation, actor=None, data=without), name)
        twice = {**GOOD_FORM, name: [GOOD_FORM[name], GOOD_FORM[name]]}
        check_refusal(await door.ask(operation, actor=None, data=twice), name)
    extra = {**GOOD_FORM, CANARY: CANARY}
    check_refusal(await door.ask(operation, actor=None, data=extra), "extra")
    assert await door.rows() == before


# --- addresses -----------------------------------------------------------------------------

BAD_SEGMENTS = {
    "not an id": CANARY,
    "NUL": f"{CANARY}%00",
    "not UTF-8": f"{CANARY}%FF",
    "up the tree": "..%2F..%2Fetc%2Fpasswd",
    "wildcards": "%25" * 60,
    "a quotation": f"%27%20OR%201=1--{CANARY}",
    "full-width digits": "%EF%BC%93" * 12,
    "Arabic digits": "%D9%A1" * 12,
    "endless": "9" * 3000,
    "a huge number": "99999999999999999999",
    "negative": "-1",
    "the wrong way round": f"%E2%80%AE{CANARY}",
    "a line break": f"{CANARY}%0D%0ASet-Cookie:%20x",
    "an emoji": "%F0%9F%98%80",
}


@each([op for op in OPERATIONS if op.parameters("path")])
async def test_an_address_that_leads_nowhere_is_refused(operation: Operation, door: Door) -> None:
    actor = await door.actor_for(operation)
    body = {"json": operation.good_body} if operation.good_body else {}
    for parameter in operation.parameters("path"):
        for what, segment in BAD_SEGMENTS.items():
            url = operation.url(**{parameter["name"]: segment})
            answer = await door.ask(operation, actor=actor, url=url, **body)
            check_refusal(answer, (parameter["name"], what))
            assert answer.status_code in (400, 404, 422), what


BAD_NUMBERS = ("-1", "0x10", "1e3", "1.5", "99999999999999999999", "", CANARY, "١", "true", "NaN")
BAD_TEXTS = (
    CANARY,
    "%00",
    "%FF",
    "%27%20OR%201=1--",
    "%25" * 1000,
    "%E2%80%AE",
    "x" * 5000,
    forged_cursor(CANARY),
    forged_cursor("2026-11-22", CANARY),
    forged_cursor("x", str(uuid4())),
    forged_cursor("9999-12-31T23:59:59-14:00", str(uuid4())),
    forged_cursor("0001-01-01T00:00:00+14:00", str(uuid4())),
    forged_cursor("2026-11-22T12:00:00", str(uuid4())),
    forged_cursor(1, 2),
    forged_cursor("\x00", "\x00"),
    forged_cursor({"a": 1}),
)


@each([op for op in OPERATIONS if op.parameters("query")])
async def test_a_parameter_that_is_none_is_refused(operation: Operation, door: Door) -> None:
    actor = await door.actor_for(operation)
    for parameter in operation.parameters("query"):
        is_number = parameter["schema"].get("type") == "integer"
        for value in BAD_NUMBERS if is_number else BAD_TEXTS:
            url = f"{operation.url().partition('?')[0]}?{parameter['name']}={value}"
            answer = await door.ask(operation, actor=actor, url=url)
            check_refusal(answer, (parameter["name"], value))


@each([op for op in OPERATIONS if op.parameters("query")])
async def test_a_parameter_given_twice_is_refused(operation: Operation, door: Door) -> None:
    actor = await door.actor_for(operation)
    for parameter in operation.parameters("query"):
        name = parameter["name"]
        for pair in (f"{name}=1&{name}=2", f"{name}=1&%{ord(name[0]):x}{name[1:]}=1"):
            url = f"{operation.url().partition('?')[0]}?{pair}"
            answer = await door.ask(operation, actor=actor, url=url)
            check_refusal(answer, pair)
            assert answer.status_code == 422


# --- who is asking -------------------------------------------------------------------------


@each([op for op in OPERATIONS if not op.is_open])
async def test_a_token_that_is_not_quite_one_opens_nothing(
    operation: Operation, door: Door
) -> None:
    actor = await door.actor_for(operation)
    assert actor is not None
    body = {"json": operation.good_body} if operation.good_body else {}
    bad = door.signer.bad_tokens(actor, audience=door.service)
    answers = {
        what: await door.ask(operation, actor=None, headers={"Authorization": token}, **body)
        for what, token in bad.items()
    }
    for what, answer in answers.items():
        check_refusal(answer, what)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED"), what
        assert answer.headers["www-authenticate"] == "Bearer"
    told = {json.dumps({**answer.json(), "traceId": ""}) for answer in answers.values()}
    assert len(told) == 1, "an attacker must not learn what was wrong"


@each([op for op in OPERATIONS if not op.is_open])
async def test_saying_who_one_is_in_another_header_opens_nothing(
    operation: Operation, door: Door
) -> None:
    actor = await door.actor_for(operation)
    assert actor is not None
    pretended = {
        "X-User-Id": "lin",
        "X-Forwarded-User": "lin",
        "X-Actor": actor.subject,
        "X-Forwarded-For": "127.0.0.1",
        "Forwarded": "for=127.0.0.1",
        "Cookie": f"token={door.bearer(actor)}",
    }
    answer = await door.ask(operation, actor=None, headers=pretended)
    check_refusal(answer, "pretended")
    assert answer.status_code == 401

    twice = [("Authorization", door.bearer(actor)), ("Authorization", door.bearer(actor))]
    answer = await door.client.request(operation.method.upper(), operation.url(), headers=twice)
    check_refusal(answer, "two tokens")
    assert answer.status_code == 401


@each(OPERATIONS)
async def test_a_method_is_what_it_is_and_a_host_changes_nothing(
    operation: Operation, door: Door
) -> None:
    actor = await door.actor_for(operation)
    body = {"json": {"x": CANARY}} if operation.method == "post" else {}
    url = operation.url()
    plain = await door.ask(operation, actor=actor, url=url, **body)
    for headers in (
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-HTTP-Method": "PUT"},
        {"X-Original-URL": "/openapi.json"},
        {"X-Forwarded-Host": f"{CANARY}.example"},
        {"Host": f"{CANARY}.example"},
    ):
        answer = await door.ask(operation, actor=actor, url=url, headers=headers, **body)
        assert answer.status_code == plain.status_code, headers
        check_silence(answer, headers)


@each(OPERATIONS)
async def test_another_method_is_refused(operation: Operation, door: Door) -> None:
    actor = await door.actor_for(operation)
    for method in ("DELETE", "PUT", "PATCH", "TRACE", "PROPFIND"):
        bearer = {"Authorization": door.bearer(actor)} if actor else {}
        answer = await door.client.request(method, operation.url(), headers=bearer)
        check_refusal(answer, method)
        assert answer.status_code == 405
        assert answer.headers["allow"]


@each([op for op in OPERATIONS if op.takes_key])
async def test_a_command_without_a_usable_key_is_refused(operation: Operation, door: Door) -> None:
    actor = await door.actor_for(operation)
    body: dict[str, Any] = {"json": operation.good_body} if operation.good_body else {}
    if operation.media_type == "multipart/form-data":
        body = {"files": {"file": ("x.pdf", b"%PDF-1.7", "application/pdf")}}
    for key in ("", "short", CANARY * 20, "with a space", "tab\tinside", "日本語日本語日本語"):
        headers = {"Idempotency-Key": key.encode()}
        answer = await door.ask(operation, actor=actor, headers=headers, **body)  # type: ignore[arg-type]
        check_refusal(answer, key)
        assert answer.json()["code"] == "IDEMPOTENCY_KEY_MISSING"


async def test_what_is_not_there_is_told_in_the_same_form(doors: Doors) -> None:
    for door in doors.values():
        for path in (f"/{CANARY}", f"/v1/{CANARY}", "/v1", "/docs", "/admin", "/v1/../.env"):
            answer = await door.client.get(path)
            check_refusal(answer, path)
            assert answer.status_code == 404

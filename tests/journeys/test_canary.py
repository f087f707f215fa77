"""Does anything that a person typed stand where it should not, after a whole town typed it?"""

import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import httpx
import pytest
from graphql import build_schema

from deploy.local.stack import LocalStack
from services.gateway.schema.__main__ import DOCS
from tests.support.canary import (
    ACCOUNT,
    CODE,
    FORGED,
    ID_NUMBER,
    MARKS,
    NAME,
    OTHER_ID_NUMBER,
    PHONE,
    SENTENCE,
    WORD,
    field_document,
    found_in_files,
    found_in_tables,
    marked,
    needles,
    root_fields,
)
from tests.support.doors import Operation, operations
from tests.support.forms import jz201_form, read_catalogue
from tests.support.town import Town, until

pytestmark = pytest.mark.journey

REASON = {"reason": SENTENCE}
SIGNED_IN = ("resident:chen", "officer:lin", "officer:bao")
PNG = b"\x89PNG\r\n\x1a\n" + SENTENCE.encode()

PLANTED = {
    "applications",
    "applications:search",
    "complaints",
    "correct",
    "files",
    "households",
    "relations",
    "residents",
    "residents:find",
    "sign-in",
    "twice",
    "verdict",
    "withdraw",
}
"""Doors at which marks were not only typed but taken in; without them this would show little."""


@dataclass
class Planter:
    """Types marks into every input, keeps what was answered, and knows what came of it."""

    town: Town
    client: httpx.AsyncClient
    accepted: set[str] = field(default_factory=set)
    told: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    async def say(
        self, who: str, what: str, url: str, *, method: str = "POST", **more: Any
    ) -> httpx.Response:
        """One request; whatever is refused is kept, to be looked through."""
        headers = {
            "Authorization": f"Bearer {await self.town.token(who)}",
            "Idempotency-Key": uuid4().hex,
            **more.pop("headers", {}),
        }
        answer = await self.client.request(method, url, headers=headers, **more)
        if answer.is_success:
            self.accepted.add(what)
        else:
            self.told[f"{what} as {who}: {answer.status_code}"] = answer.text
        return answer

    async def must(
        self, who: str, path: str, body: Any = None, *, service: str = "intake", **more: Any
    ) -> Mapping[str, Any]:
        """A request that has to succeed."""
        url = self.town.stack.url(service) + path
        given = {"json": body} if body is not None else {}
        # A verb that follows an id is the name of the door; one that follows a noun is not.
        last = path.rpartition("/")[2].partition("?")[0]
        door = last.rpartition(":")[2] if last[:1].isdigit() or "-" in last else last
        answer = await self.say(who, door, url, **given, **more)
        assert answer.is_success, answer.text
        found: Mapping[str, Any] = answer.json()
        return found

    async def knock(self, operation: Operation, who: str, **more: Any) -> None:
        """One operation of a service, with marks in its address and its body."""
        base = self.town.stack.url(operation.service)
        path = operation.url(**self.known).partition("?")[0]
        method = operation.method.upper()
        asked = operation.parameters("query")
        fitting = {
            each["name"]: marked(each["schema"], operation.document, each["name"])
            for each in asked
            if each["name"] not in ("cursor", "after")
        }
        await self.say(who, str(operation), base + path, method=method, params=fitting, **more)
        if who != SIGNED_IN[0] or ("{" not in operation.path and not asked):
            return
        named = {each["name"]: quote(SENTENCE) for each in operation.parameters("path")}
        typed = {each["name"]: SENTENCE for each in asked}
        path = operation.url(**named).partition("?")[0]
        await self.say(who, str(operation), base + path, method=method, params=typed, **more)


@pytest.fixture
async def planter(stack: LocalStack) -> AsyncIterator[Planter]:
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        yield Planter(Town(stack), client)


async def test_no_mark_is_found_where_none_belongs(stack: LocalStack, planter: Planter) -> None:
    """Plant, let the background work finish, and look through everything that was written."""
    began = time.time()
    await live(planter)
    await knock_everywhere(planter)
    await ask_graphql(planter)
    await be_refused(planter)
    await planter.town.rows("CHECKPOINT")

    looked_for = needles([*MARKS, *numbers_of_residents()])
    leaks: dict[str, object] = {
        what: text for what, text in planter.told.items() if holds(text, looked_for)
    }
    connection = await asyncpg.connect(stack.admin_url)
    try:
        columns = await found_in_tables(connection, looked_for)
    finally:
        await connection.close()
    leaks |= columns
    leaks["files"] = found_in_files([stack.home, *temporary_files(since=began)], looked_for)
    assert not {what: found for what, found in leaks.items() if found}
    assert planter.accepted >= PLANTED


async def live(planter: Planter) -> None:
    """Whole cases in which everybody types marks: form, files, opinions, answers, reasons."""
    stored = await planter.must(
        "resident:chen", "/v1/files", files={"file": (f"{NAME}.png", PNG, "image/png")}
    )
    planter.known["file_id"] = stored["id"]
    chen = jz201_form()
    form = jz201_form(
        narrative=SENTENCE,
        account=chen["account"] | {"bank": NAME, "number": ACCOUNT},
        applicant=chen["applicant"] | {"phone": PHONE},
    )
    body = {"itemCode": "JZ201", "form": form, "materials": []}
    withdrawn = await submit(planter, body)
    intake = planter.town.stack.url("intake")
    same = await planter.say("resident:chen", "same", f"{intake}/v1/applications", json=body)
    assert same.json()["code"] == "OPEN_APPLICATION_EXISTS"  # a unique violation underneath
    await planter.must("resident:chen", f"/v1/applications/{withdrawn['id']}:withdraw", REASON)
    first = await submit(planter, body)
    await answer_first_task(
        planter,
        first,
        {
            "verdict": "needs-correction",
            "opinion": SENTENCE,
            "marks": [{"pointer": "/narrative", "message": SENTENCE}],
        },
    )
    corrected = {"form": {"narrative": f"{SENTENCE}{NAME}"}, "materials": []}
    correct = f"{intake}/v1/applications/{first['id']}:correct"

    async def is_corrected() -> bool:
        """The notice goes out when every department has spoken."""
        await planter.town.officers_approve()
        answer = await planter.say("resident:chen", "correct", correct, json=corrected)
        return answer.is_success

    await until(is_corrected)
    planter.known |= {"application_id": first["id"], "number": first["number"]}
    await answer_first_task(planter, first, {"verdict": "refuse", "opinion": SENTENCE})
    person = {"applicantName": NAME, "applicantIdNo": ID_NUMBER, "purpose": "enquiry"}
    await planter.must("officer:lin", "/v1/applications:search", person)
    complaint = {"category": "complaint", "text": SENTENCE, "division": "330106109201"}
    await planter.must("resident:chen", "/v1/complaints", complaint)
    relation = {"kind": "spouse", "idNo": OTHER_ID_NUMBER}
    await planter.must("officer:lin", "/v1/relations", relation)
    await be_registered(planter)


async def be_registered(planter: Planter) -> None:
    """The registry takes in a household of marks."""
    since = {"since": "2026-11-20", "division": "330106109201", "address": SENTENCE}
    household = await planter.must("officer:lin", "/v1/households", since, service="registry")
    person = {"name": NAME, "idNo": ID_NUMBER, "on": "2026-11-20"}
    living = person | {"householdId": household["id"]}
    await planter.must("officer:lin", "/v1/residents", living, service="registry")
    asked = {"idNo": ID_NUMBER}
    find = "/v1/residents:find?purpose=HOME_VISIT"
    await planter.must("officer:lin", find, asked, service="registry")


async def submit(planter: Planter, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Hand in, as soon as the catalogue has come to the window."""
    answer = await planter.town.submit("resident:chen", body)
    assert answer.status_code == 201, answer.text
    planter.accepted.add("applications")
    found: Mapping[str, Any] = answer.json()
    return found


async def answer_first_task(
    planter: Planter, application: Mapping[str, Any], verdict: Mapping[str, Any]
) -> None:
    """Whoever of the officers may answers the first open task of a case."""
    now = await planter.town.read("resident:chen", application)
    [task, *_] = [
        task for matter in now["matters"] for task in matter["tasks"] if task["state"] == "open"
    ]
    planter.known["task_id"] = task["id"]
    await planter.must("officer:lin", f"/v1/tasks/{task['id']}:verdict", verdict)


async def knock_everywhere(planter: Planter) -> None:
    """Every operation of every service, by a citizen and by officers, marks in every place."""
    for operation in operations():
        body = None
        if operation.media_type == "application/json":
            body = {"json": marked(operation.body_schema, operation.document)}
        elif operation.media_type is not None and "form" in operation.media_type:
            body = {"data": dict.fromkeys(("grant_type", "client_id", "client_secret"), SENTENCE)}
        for who in SIGNED_IN:
            await planter.knock(operation, who, **(body or {}))


async def ask_graphql(planter: Planter) -> None:
    """Every query and every mutation, with a mark for each text."""
    schema = build_schema((DOCS / "schema.graphql").read_text(encoding="utf-8"))
    url = planter.town.stack.url("gateway") + "/graphql"
    for kind, name, root in root_fields(schema):
        query, variables = field_document(kind, name, root)
        for who in SIGNED_IN[:2]:
            answer = await planter.say(
                who, f"{kind} {name}", url, json={"query": query, "variables": variables}
            )
            planter.told[f"{kind} {name} as {who}"] = answer.text


async def be_refused(planter: Planter) -> None:
    """What no door takes: another content type, too much, forged lines, a key used twice."""
    url = planter.town.stack.url("intake") + "/v1/applications"
    registry = planter.town.stack.url("registry")
    say = planter.say
    name = jz201_form()["applicant"] | {"name": FORGED}
    forged = {"itemCode": "JZ201", "form": jz201_form(applicant=name), "materials": []}
    twice = {"Idempotency-Key": uuid4().hex}
    complaint = {"category": "complaint", "text": SENTENCE, "division": "330106109201"}
    complain = planter.town.stack.url("intake") + "/v1/complaints"
    chen = "resident:chen"
    await say(chen, "text", url, content=SENTENCE, headers={"Content-Type": "text/plain"})
    await say(chen, "xml", url, content=NAME, headers={"Content-Type": f"text/{WORD}"})
    await say(chen, "half", url, content='{"form": "' + SENTENCE)
    await say(chen, "huge", url, json={"form": SENTENCE * 20_000})
    await say(chen, "forged", url, json=forged)
    await say(chen, "twice", complain, json=complaint, headers=twice)
    await say(chen, "twice", complain, json=complaint | {"text": SENTENCE * 2}, headers=twice)
    await say(chen, "key", complain, json=complaint, headers={"Idempotency-Key": CODE + WORD})
    await say(chen, "made-up names", url, json={SENTENCE: {NAME: ID_NUMBER}})
    await say(chen, "address", f"{url}/{NAME}?{WORD}={ID_NUMBER}", method="GET")
    await say(chen, "language", url, method="GET", headers={"Accept-Language": WORD})
    for provider, code in (
        ("DEVELOPMENT", chen),
        ("DEVELOPMENT", f"resident:{NAME}"),
        (CODE, SENTENCE),
    ):
        sent = {"provider": provider, "code": code}
        await say(chen, "sign-in", f"{registry}/v1/sign-in", json=sent)
    bearer = {"Authorization": f"Bearer {WORD}.{WORD}.{WORD}"}
    await say(chen, "token", url, method="GET", headers=bearer)
    files = {"file": (f"{NAME}.exe", SENTENCE.encode(), f"text/{WORD}")}
    for service, path in (("intake", "/v1/files"), ("gateway", "/files")):
        await say(chen, "file", planter.town.stack.url(service) + path, files=files)


def numbers_of_residents() -> set[str]:
    """Numbers and phones of everybody in the development seed."""
    return {
        str(resident[name])
        for resident in read_catalogue("places/residents.yaml")["residents"]
        for name in ("id_no", "phone")
        if resident.get(name)
    }


def holds(text: str, looked_for: list[bytes]) -> bool:
    return any(needle in text.encode() for needle in looked_for)


def temporary_files(*, since: float) -> list[Path]:
    """Files that somebody left in the system's folder for such files since an instant."""
    return [
        path
        for path in Path(tempfile.gettempdir()).iterdir()
        if path.is_file() and path.stat().st_mtime >= since
    ]

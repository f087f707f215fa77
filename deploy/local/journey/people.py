"""People at the doors of the platform: what a citizen and an officer can do from outside.

They know nothing but the gateway's address and the documents of the published screens.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

Case = Mapping[str, Any]
"""An application as a screen shows it."""
Task = Mapping[str, Any]
"""An approval task as an officer's screen shows it."""

SCREENS = Path(__file__).resolve().parents[3] / "docs" / "graphql" / "operations"
DEVELOPMENT = "DEVELOPMENT"
SUBPROTOCOL = Subprotocol("graphql-transport-ws")
LOOK_AGAIN_SECONDS = 0.5

SMALL_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj
trailer<</Size 4/Root 1 0 R>>
%%EOF
"""


class DoorRefused(Exception):
    """The platform answered that it will not do this."""

    def __init__(
        self, code: str, message: str = "", *, facts: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code} {message}".strip())
        self.code = code
        self.facts = dict(facts or {})


@dataclass(frozen=True, slots=True)
class Screens:
    """The operations that mini-programs and apps send, by name."""

    texts: Mapping[str, str]

    @classmethod
    def published(cls, folder: Path = SCREENS) -> Self:
        """Those in the documentation's folder."""
        files = sorted(folder.glob("*.graphql"))
        return cls({file.stem: file.read_text(encoding="utf-8").strip() for file in files})

    def request(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """A request that names its document by the hash, as a published app does."""
        digest = hashlib.sha256(self.texts[name].encode()).hexdigest()
        return {
            "documentId": f"sha256:{digest}",
            "operationName": name,
            "variables": dict(variables),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The gateway, as one person's device reaches it.

    Args:
        http: Its base address is the gateway's.
        token: The person's access token; empty before signing in.
    """

    http: httpx.AsyncClient
    screens: Screens
    token: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What the device sends along."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def ask(self, name: str, **variables: object) -> Any:  # noqa: ANN401 - it is JSON
        """Carry out one operation and return its only field.

        Raises:
            DoorRefused: The answer is an error, or a refusal that the screen must tell.
        """
        request = self.screens.request(name, variables)
        response = await self.http.post("/graphql", json=request, headers=self.headers)
        return field_of(response.json())

    async def sign_in(self, code: str) -> "Door":
        """The same door for a person whom the development provider vouches for."""
        given = {"provider": DEVELOPMENT, "code": code}
        session = await self.ask("SignIn", input=given)
        return Door(http=self.http, screens=self.screens, token=session["accessToken"])


class Citizen:
    """A person with a mini-program in the hand."""

    def __init__(self, key: str, door: Door) -> None:
        self.key = key
        self.door = door

    @classmethod
    async def sign_in(cls, key: str, door: Door) -> Self:
        """Sign in as a resident of the development seed."""
        return cls(key, await door.sign_in(f"resident:{key}"))

    async def my_applications(self) -> list[Mapping[str, Any]]:
        """The citizen's list, newest first."""
        page = await self.door.ask("MyApplications", first=100)
        return [edge["node"] for edge in page["edges"]]

    async def upload(self, name: str, content: bytes = SMALL_PDF) -> str:
        """Hand in a file; returns its id.

        Raises:
            DoorRefused: The file was not taken.
        """
        response = await self.door.http.post(
            "/files",
            files={"file": (name, content, "application/pdf")},
            headers={**self.door.headers, "Idempotency-Key": str(uuid4())},
        )
        body = response.json()
        if response.status_code != httpx.codes.CREATED:
            raise DoorRefused(str(body.get("code", response.status_code)))
        return str(body["id"])

    async def submit(
        self,
        item_code: str,
        form: Mapping[str, Any],
        *,
        materials: Sequence[Mapping[str, Any]] = (),
        key: str | None = None,
    ) -> Case:
        """Hand in an application.

        Args:
            key: Idempotency key; the same one on a repeat.

        Raises:
            DoorRefused: It was not taken; `facts` names an open application in the way.
        """
        given = {
            "itemCode": item_code,
            "form": dict(form),
            "channel": "WECHAT",
            "idempotencyKey": key or str(uuid4()),
            "materials": [dict(material) for material in materials],
        }
        taken = await self.door.ask("SubmitApplication", input=given)
        application: Case = taken["application"]
        return application

    async def case(self, case_id: str) -> Case:
        """The whole case, in one round trip."""
        shown: Case = await self.door.ask("Case", id=case_id)
        return shown

    async def follow(self, case_id: str) -> AsyncIterator[Case]:
        """The case now and each time it changes, to its end.

        Where the subscription breaks, the screen falls back to looking again.
        """
        try:
            async for shown in self._subscribed(case_id):
                yield shown
                if shown["isFinal"]:
                    return
        except (WebSocketException, OSError):
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        while True:
            shown = await self.case(case_id)
            yield shown
            if shown["isFinal"]:
                return
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _subscribed(self, case_id: str) -> AsyncIterator[Case]:
        address = str(self.door.http.base_url).replace("http", "ws", 1).rstrip("/")
        async with connect(f"{address}/graphql", subprotocols=[SUBPROTOCOL], proxy=None) as socket:
            await _say(socket, type="connection_init", payload=self._parameters())
            request = self.door.screens.request("CaseProgress", {"id": case_id})
            async for raw in socket:
                message = orjson.loads(raw)
                match message["type"]:
                    case "connection_ack":
                        await _say(socket, type="subscribe", id="1", payload=request)
                    case "ping":
                        await _say(socket, type="pong")
                    case "next":
                        yield field_of(message["payload"])
                    case "error":
                        raise refusal_of(message["payload"])
                    case "complete":
                        return

    def _parameters(self) -> dict[str, str]:
        # A browser cannot set headers on a WebSocket, so the token goes in the first message.
        return {"authorization": f"Bearer {self.door.token}"}


class Officer:
    """A person at a desk, with the inbox of their offices."""

    def __init__(self, key: str, door: Door) -> None:
        self.key = key
        self.door = door

    @classmethod
    async def sign_in(cls, key: str, door: Door) -> Self:
        """Sign in as an officer of the development seed."""
        return cls(key, await door.sign_in(f"officer:{key}"))

    async def inbox(self) -> list[Task]:
        """What waits for the officer's offices, the most urgent first."""
        page = await self.door.ask("Inbox", first=100)
        return [edge["node"] for edge in page["edges"]]

    async def claim(self, task_id: str) -> Task:
        """Take a task.

        Raises:
            DoorRefused: A colleague has it, or it is answered.
        """
        given = {"taskId": task_id, "idempotencyKey": str(uuid4())}
        claimed: Task = (await self.door.ask("ClaimTask", input=given))["task"]
        return claimed

    async def read(self, task_id: str) -> Mapping[str, Any]:
        """What the task discloses, and what others have answered."""
        task = await self.door.ask("Task", id=task_id)
        disclosure: Mapping[str, Any] = task["disclosure"]
        return disclosure

    async def answer(
        self, task: Task, *, verdict: str = "APPROVE", opinion: str, key: str | None = None
    ) -> Task:
        """Give a verdict on a task in the round that was looked at.

        Raises:
            DoorRefused: The answer cannot stand.
        """
        given = {
            "taskId": task["id"],
            "verdict": verdict,
            "opinion": opinion,
            "round": task["round"],
            "idempotencyKey": key or str(uuid4()),
        }
        answered: Task = (await self.door.ask("GiveVerdict", input=given))["task"]
        return answered


def field_of(body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - it is JSON
    """The only field of a GraphQL answer.

    Raises:
        DoorRefused: It is an error, or a member of a result union that tells a refusal.
    """
    if body.get("errors"):
        raise refusal_of(body["errors"])
    if not body.get("data"):
        raise DoorRefused(str(body.get("code", "NO_ANSWER")), str(body.get("title", "")))
    (field,) = body["data"].values()
    if isinstance(field, Mapping) and "__typename" in field and "code" in field:
        raise DoorRefused(field["code"], field.get("message", ""), facts=field)
    return field


def refusal_of(errors: Sequence[Mapping[str, Any]]) -> DoorRefused:
    """The first of several top-level errors."""
    extensions = errors[0].get("extensions") or {}
    return DoorRefused(
        str(extensions.get("code", "GRAPHQL_ERROR")), str(errors[0].get("message", ""))
    )


async def _say(socket: ClientConnection, **message: object) -> None:
    await socket.send(orjson.dumps(message).decode())

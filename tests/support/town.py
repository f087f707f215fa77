"""A town's people at a running stack: they sign in, apply, answer, and see how it ends."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from deploy.local.stack import LocalStack
from tests.support.forms import bnd02_form, hy601_form, jz201_form

OFFICERS = ("lin", "he", "zhou", "xu")
ENDED = frozenset({"concluded", "withdrawn"})


@dataclass
class Town:
    """Everybody who has something to do at the counter of one stack."""

    stack: LocalStack
    tokens: dict[str, str] = field(default_factory=dict)

    async def token(self, code: str) -> str:
        if code not in self.tokens:
            answer = await self._sign_in(code)
            assert answer.status_code == 200, answer.text
            self.tokens[code] = answer.json()["accessToken"]
        return self.tokens[code]

    async def _sign_in(self, code: str) -> httpx.Response:
        """Sign in; told to try again in a moment (503), people do."""
        body = {"provider": "DEVELOPMENT", "code": code}
        async with asyncio.timeout(30):
            while True:
                answer = await self._send("registry", "POST", "/v1/sign-in", json=body)
                if answer.status_code != 503:
                    return answer
                assert answer.headers["Retry-After"]
                await asyncio.sleep(0.3)

    async def ask(
        self, code: str, method: str, path: str, *, key: str | None = None, **more: Any
    ) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {await self.token(code)}",
            "Idempotency-Key": key or uuid4().hex,
        }
        return await self._send("intake", method, path, headers=headers, **more)

    async def submit(
        self, code: str, body: Mapping[str, Any], *, key: str | None = None
    ) -> httpx.Response:
        """Submit as a phone does: the same key again for as long as nobody answers."""
        key = key or uuid4().hex
        async with asyncio.timeout(60):
            while True:
                try:
                    answer = await self.ask(code, "POST", "/v1/applications", key=key, json=body)
                except httpx.TransportError:
                    await asyncio.sleep(0.2)
                    continue
                if answer.status_code < 500 and answer.json().get("code") != "ITEM_NOT_FOUND":
                    return answer
                await asyncio.sleep(0.2)

    async def submit_relief(self, *, key: str | None = None) -> Mapping[str, Any]:
        body = {"itemCode": "JZ201", "form": jz201_form(), "materials": []}
        answer = await self.submit("resident:chen", body, key=key)
        assert answer.status_code == 201, answer.text
        found: Mapping[str, Any] = answer.json()
        return found

    async def submit_marriage(self) -> Mapping[str, Any]:
        body = {"itemCode": "HY601", "form": hy601_form(), "materials": []}
        answer = await self.submit("resident:liu", body)
        assert answer.status_code == 201, answer.text
        found: Mapping[str, Any] = answer.json()
        return found

    async def submit_after_death(self) -> Mapping[str, Any]:
        files = {"file": ("certificate.pdf", b"%PDF-1.7 certificate", "application/pdf")}
        stored = await self.ask("resident:zhao", "POST", "/v1/files", files=files)
        assert stored.status_code == 201, stored.text
        materials = [
            {"key": "death_certificate", "fileId": stored.json()["id"]},
            {"key": "kinship_proof"},
        ]
        body = {"itemCode": "BND-02", "form": bnd02_form(), "materials": materials}
        answer = await self.submit("resident:zhao", body)
        assert answer.status_code == 201, answer.text
        found: Mapping[str, Any] = answer.json()
        return found

    async def read(self, code: str, application: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = await self.ask(code, "GET", f"/v1/applications/{application['id']}")
        assert answer.status_code == 200, answer.text
        found: Mapping[str, Any] = answer.json()
        return found

    async def officers_approve(self) -> None:
        """Every officer approves whatever lies in the inbox; who is away is asked again."""
        for officer in OFFICERS:
            code = f"officer:{officer}"
            try:
                inbox = await self.ask(code, "GET", "/v1/tasks")
                for task in inbox.json().get("items", []):
                    path = f"/v1/tasks/{task['id']}:verdict"
                    body = {"verdict": "approve"}
                    await self.ask(code, "POST", path, key=f"approve-{task['id']}", json=body)
            except httpx.TransportError:
                await asyncio.sleep(0.2)

    async def concluded(
        self, code: str, application: Mapping[str, Any], *, seconds: float = 60
    ) -> Mapping[str, Any]:
        """Let everybody work until the application is over, and read how it ended."""
        async with asyncio.timeout(seconds):
            while True:
                await self.officers_approve()
                try:
                    now = await self.read(code, application)
                except (httpx.TransportError, AssertionError):
                    await asyncio.sleep(0.3)
                    continue
                if now["stage"] in ENDED:
                    return now
                await asyncio.sleep(0.3)

    async def rows(self, statement: str, *values: Any) -> list[Mapping[str, Any]]:
        """Look into the database, as only a test may."""
        connection = await asyncpg.connect(self.stack.admin_url)
        try:
            return [dict(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()

    async def count(self, statement: str, *values: Any) -> int:
        [row] = await self.rows(statement, *values)
        return int(next(iter(row.values())))

    async def _send(self, service: str, method: str, path: str, **more: Any) -> httpx.Response:
        async with httpx.AsyncClient(timeout=15, trust_env=False) as client:
            return await client.request(method, self.stack.url(service) + path, **more)


async def until(true: Callable[[], Awaitable[bool]], *, seconds: float = 30) -> None:
    """Wait until something is true of a running stack."""
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 - it happens in other processes
            await asyncio.sleep(0.1)

"""Real sign-in providers' shapes on real sockets: the simulated ones of the local stack."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from deploy.local.sign_in import SignInAccounts, sign_in_accounts
from deploy.secret_keeping import StackSecrets
from deploy.simulated.sign_in.doors import FORMS, add_sign_in_providers
from shared.strictness import StrictBodies
from tests.support.registry import CATALOGUE


@dataclass
class Providers:
    """The servers' address, both sides' accounts, and the person's phone."""

    url: str
    accounts: SignInAccounts
    http: httpx.AsyncClient

    @property
    def joined(self) -> Mapping[str, Mapping[str, str]]:
        return self.accounts.registry

    async def tap(self, provider: str, purpose: str, account: str = "chen") -> str:
        answer = await self.http.post(
            f"/sign-in/{provider}/simulated/tap", json={"account": account, "purpose": purpose}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["code"]

    async def go_wrong(self, provider: str, **faults: int) -> None:
        named = {name.replace("_", "-"): times for name, times in faults.items()}
        answer = await self.http.put(
            f"/sign-in/{provider}/simulated/faults", json={"faults": named}
        )
        assert answer.status_code == 200, answer.text


@asynccontextmanager
async def serving_providers(folder: Path) -> AsyncIterator[Providers]:
    """All simulated providers on one free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        accounts = sign_in_accounts(folder, StackSecrets(), simulated=url)
        api = FastAPI(openapi_url=None, telemetry={"operation_spans": False})
        api.add_middleware(StrictBodies, other_types=FORMS)
        add_sign_in_providers(api, accounts.providers, catalogue=CATALOGUE)
        server = uvicorn.Server(uvicorn.Config(api, lifespan="off", log_config=None))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        async with httpx.AsyncClient(base_url=url) as http:
            yield Providers(url, accounts, http)
        server.should_exit = True
        await running

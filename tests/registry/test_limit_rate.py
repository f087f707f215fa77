"""How often may one caller knock at the doors that hand out tokens?"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from tests.registry.conftest import PREPARED, _copied
from tests.support.registry import SECRETS, TestRegistry, registry_settings


@pytest.fixture
async def narrow(prepared_database, clock, catalogue) -> AsyncIterator[list[TestRegistry]]:
    """Two processes of one registry that lets few in."""
    async with _copied(prepared_database, PREPARED, "registry_narrow") as database:
        settings = registry_settings(
            database.url("registry"),
            address_requests_per_minute=6,
            client_requests_per_minute=3,
            session_requests_per_minute=2,
        )
        both = [TestRegistry(settings, clock, catalogue) for _ in range(2)]
        yield both
        for each in both:
            await each.close()


def from_address(registry: TestRegistry, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(registry.api, client=(address, 40_000))
    return httpx.AsyncClient(transport=transport, base_url="http://registry")


async def knock(client: httpx.AsyncClient, **headers: str) -> int:
    body = {"provider": "DEVELOPMENT", "code": "resident:nobody"}
    return (await client.post("/v1/sign-in", json=body, headers=headers)).status_code


async def test_the_limit_holds_over_several_processes_and_at_once(narrow):
    clients = [from_address(each, "192.0.2.7") for each in narrow]
    answers = await asyncio.gather(*(knock(clients[n % 2]) for n in range(20)))
    assert sorted(answers) == [401] * 6 + [429] * 14


async def test_two_addresses_do_not_share_and_a_forwarded_one_is_not_believed(narrow):
    one, other = (from_address(narrow[0], address) for address in ("192.0.2.7", "192.0.2.8"))
    for _ in range(6):
        await knock(one)
    assert await knock(one, **{"X-Forwarded-For": "203.0.113.9"}) == 429
    assert await knock(other) == 401


async def test_who_knocked_too_often_is_told_when_to_come_back(narrow, clock):
    client = from_address(narrow[0], "192.0.2.7")
    for _ in range(6):
        await knock(client)
    body = {"provider": "DEVELOPMENT", "code": "resident:chen"}
    refused = await client.post("/v1/sign-in", json=body)
    assert refused.json()["code"] == "TOO_MANY_REQUESTS"
    wait = int(refused.headers["retry-after"])
    assert 1 <= wait <= 10
    clock.advance(timedelta(seconds=wait))
    assert (await client.post("/v1/sign-in", json=body)).status_code == 200


async def test_a_program_has_a_limit_of_its_own_wherever_it_asks_from(narrow):
    form = {
        "grant_type": "client_credentials",
        "client_id": "intake",
        "client_secret": SECRETS["intake"],
        "audience": "relief",
    }
    told = [
        (await from_address(narrow[0], f"192.0.2.{n}").post("/v1/token", data=form)).status_code
        for n in range(5)
    ]
    assert told == [200, 200, 200, 429, 429]


async def test_wrong_secrets_use_up_nothing_of_the_programs_own(narrow):
    form = {
        "grant_type": "client_credentials",
        "client_id": "intake",
        "client_secret": "x" * 32,
        "audience": "relief",
    }
    for n in range(5):
        await from_address(narrow[0], f"192.0.2.{n}").post("/v1/token", data=form)
    form["client_secret"] = SECRETS["intake"]
    client = from_address(narrow[0], "192.0.2.99")
    assert (await client.post("/v1/token", data=form)).status_code == 200


async def test_a_session_refreshes_only_so_often_and_its_token_stays_good(narrow, clock):
    signed_in = await narrow[0].sign_in("resident:chen")
    token = signed_in["refreshToken"]
    for n in range(2):
        client = from_address(narrow[0], f"192.0.2.{n}")
        token = (await client.post("/v1/token:refresh", json={"refreshToken": token})).json()[
            "refreshToken"
        ]
    client = from_address(narrow[0], "192.0.2.9")
    answer = await client.post("/v1/token:refresh", json={"refreshToken": token})
    assert answer.status_code == 429
    clock.advance(timedelta(minutes=1))
    answer = await client.post("/v1/token:refresh", json={"refreshToken": token})
    assert answer.status_code == 200


async def test_addresses_are_kept_as_keyed_hashes(narrow):
    await knock(from_address(narrow[0], "192.0.2.7"))
    rows = await narrow[0].rows("SELECT subject FROM rate_limit WHERE door = 'address'")
    assert all("192" not in row["subject"] or len(row["subject"]) == 64 for row in rows)
    assert rows

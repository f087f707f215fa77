"""Where is somebody signed in, how does that end, and who hears of it?"""

import asyncio

import httpx
import pytest

from services.registry.actions.rotate_keys import rotate_keys
from shared.auth import TokenVerifier
from shared.errors import Unauthenticated
from tests.support.registry import TestRegistry, headers


async def sessions(registry: TestRegistry, token: str):
    answer = await registry.http.get("/v1/sessions", headers=headers(token))
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def revoke(registry: TestRegistry, token: str, session: str):
    return await registry.http.post(
        f"/v1/sessions/{session}:revoke", json={}, headers=headers(token, None)
    )


def a_verifier(registry: TestRegistry, audience: str = "intake") -> TokenVerifier:
    """Another service's verifier, which asks the registry over HTTP."""
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(registry.api), base_url="http://registry"
    )
    return TokenVerifier(audience=audience, client=client)


async def test_people_see_where_they_are_signed_in_and_which_is_this_one(registry):
    await registry.sign_in("resident:chen")
    token = await registry.token_of("resident:chen")
    await registry.sign_in("resident:liu")
    found = await sessions(registry, token)
    assert [each["isCurrent"] for each in found] == [True, False]
    assert {each["provider"] for each in found} == {"DEVELOPMENT"}


async def test_a_lost_phone_is_signed_out_from_another_device(registry):
    lost = await registry.sign_in("resident:chen")
    token = await registry.token_of("resident:chen")
    (other,) = [each for each in await sessions(registry, token) if not each["isCurrent"]]
    assert (await revoke(registry, token, other["id"])).status_code == 204
    assert (await revoke(registry, token, other["id"])).status_code == 204
    body = {"refreshToken": lost["refreshToken"]}
    assert (await registry.http.post("/v1/token:refresh", json=body)).status_code == 401


async def test_anothers_session_is_not_there(registry):
    token = await registry.token_of("resident:chen")
    (mine,) = await sessions(registry, token)
    answer = await revoke(registry, await registry.token_of("resident:liu"), mine["id"])
    assert (answer.status_code, answer.json()["code"]) == (404, "SESSION_NOT_FOUND")
    assert (await sessions(registry, token))[0]["id"] == mine["id"]


async def test_a_token_of_an_ended_session_is_refused_by_other_services(registry):
    signed_in = await registry.sign_in("officer:zhou")
    assert (await a_verifier(registry).verify(signed_in["accessToken"])).id == "zhou"
    await registry.http.post("/v1/token:revoke", json={"refreshToken": signed_in["refreshToken"]})
    with pytest.raises(Unauthenticated):
        await a_verifier(registry).verify(signed_in["accessToken"])


async def test_a_list_that_cannot_be_had_stops_nobody(registry):
    token = await registry.token_of("resident:chen")
    keys = (await registry.http.get("/.well-known/jwks.json")).json()

    def answer(request: httpx.Request) -> httpx.Response:
        is_keys = request.url.path.endswith("jwks.json")
        return httpx.Response(200, json=keys) if is_keys else httpx.Response(503)

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://r")
    verifier = TokenVerifier(audience="intake", client=client)
    assert (await verifier.verify(token)).session is not None


async def test_keys_rotate_under_traffic_and_nobody_is_signed_out(registry):
    verifiers = [a_verifier(registry) for _ in range(3)]
    is_over = asyncio.Event()
    seen: list[str] = []

    async def live(verifier: TokenVerifier) -> None:
        while not is_over.is_set():
            token = await registry.token_of("resident:chen")
            seen.append((await verifier.verify(token)).id)

    traffic = [asyncio.create_task(live(each)) for each in verifiers]
    await asyncio.sleep(0.4)
    # The next key was published before it signs, so no verifier has to ask again.
    await rotate_keys(transaction=registry.transaction, clock=registry.clock)
    before = len(seen)
    await asyncio.sleep(0.6)
    is_over.set()
    await asyncio.gather(*traffic)
    assert 0 < before < len(seen)
    rows = await registry.rows("SELECT status FROM signing_key")
    assert sorted(row["status"] for row in rows) == ["CURRENT", "NEXT", "RETIRED"]


async def test_a_refresh_token_used_at_once_by_two_ends_the_session_for_both(registry):
    session = await registry.sign_in("resident:chen")
    body = {"refreshToken": session["refreshToken"]}
    answers = await asyncio.gather(
        *(registry.http.post("/v1/token:refresh", json=body) for _ in range(6))
    )
    won = [answer for answer in answers if answer.status_code == 200]
    assert len(won) == 1
    body = {"refreshToken": won[0].json()["refreshToken"]}
    assert (await registry.http.post("/v1/token:refresh", json=body)).status_code == 401
    (row,) = await registry.rows("SELECT revoked_for FROM session")
    assert row["revoked_for"] == "refresh-token-reused"

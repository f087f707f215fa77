"""Who may sign in, what do they get, and how does a session go on and end?"""

import asyncio
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from services.registry.actions.register_death import register_death
from services.registry.rules.identity import SERVICES
from tests.support.registry import (
    CHEN,
    TestRegistry,
    a_matter,
    disclosed_death,
    headers,
    registry_settings,
)


async def claims_of(registry: TestRegistry, token: str):
    keys = (await registry.http.get("/.well-known/jwks.json")).json()
    return jwt.decode(token, KeySet.import_key_set(keys), algorithms=["ES256"]).claims


async def try_sign_in(registry: TestRegistry, **changes):
    body = {"provider": "DEVELOPMENT", "code": "resident:chen", **changes}
    return await registry.http.post("/v1/sign-in", json=body)


async def refresh(registry: TestRegistry, token: str):
    return await registry.http.post("/v1/token:refresh", json={"refreshToken": token})


async def test_a_citizen_is_known_by_id_and_index_and_never_by_number(quiet_registry):
    signed_in = await quiet_registry.sign_in("resident:chen")
    claims = await claims_of(quiet_registry, signed_in["accessToken"])
    assert claims["kind"] == "citizen"
    assert claims["person_index"] == quiet_registry.index.of(CHEN)
    assert set(claims["aud"]) == SERVICES
    assert claims["exp"] - claims["iat"] <= 600
    assert signed_in["actor"]["name"] == "陈**"
    assert CHEN not in str(signed_in) + str(claims)


async def test_one_clerk_signs_in_with_all_their_offices_and_roles(quiet_registry):
    signed_in = await quiet_registry.sign_in("officer:lin")
    claims = await claims_of(quiet_registry, signed_in["accessToken"])
    assert claims["kind"] == "officer"
    assert claims["division"] == "330106109000"
    assert {"verification", "decision"} <= set(claims["roles"])
    offices = (await quiet_registry.http.get("/v1/offices")).json()["items"]
    assert set(claims["offices"]) <= {office["id"] for office in offices}
    assert signed_in["actor"]["offices"] == claims["offices"]


@pytest.mark.parametrize("code", ["resident:nobody", "officer:chen", "chen", CHEN, "x" * 500])
async def test_a_code_that_stands_for_nobody_signs_nobody_in(quiet_registry, code):
    answer = await try_sign_in(quiet_registry, code=code)
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_IN_REFUSED")
    assert code not in answer.text


@pytest.mark.parametrize("provider", ["WECHAT", "ALIPAY", "PROVINCE"])
async def test_a_provider_that_is_not_joined_is_said_to_be_none(quiet_registry, provider):
    answer = await try_sign_in(quiet_registry, provider=provider, code="a real code")
    assert answer.status_code == 422
    assert answer.json()["code"] == "SIGN_IN_PROVIDER_NOT_CONFIGURED"


async def test_in_production_nobody_signs_in_with_a_development_code(database, clock):
    settings = registry_settings(
        database.url("registry"), ENVIRONMENT="production", client_secrets=None
    )
    production = TestRegistry(settings, clock)
    await production.prepare()
    answer = await try_sign_in(production)
    assert answer.json()["code"] == "SIGN_IN_PROVIDER_NOT_CONFIGURED"
    assert await production.rows("SELECT * FROM resident") == []
    await production.close()


async def test_the_dead_do_not_sign_in_and_their_sessions_end(registry):
    session = await registry.sign_in("resident:zhao_father")
    await register_death(
        a_matter(), transaction=registry.transaction, clock=registry.clock, index=registry.index
    )
    assert (await try_sign_in(registry, code="resident:zhao_father")).status_code == 401
    assert (await refresh(registry, session["refreshToken"])).status_code == 401


async def test_a_session_goes_on_with_the_next_pair(registry, clock):
    first = await registry.sign_in("resident:chen")
    clock.advance(timedelta(minutes=9))
    second = (await refresh(registry, first["refreshToken"])).json()
    assert second["refreshToken"] != first["refreshToken"]
    assert second["actor"] == first["actor"]
    assert (await refresh(registry, second["refreshToken"])).status_code == 200


async def test_a_refresh_token_that_comes_twice_ends_the_whole_session(registry):
    first = await registry.sign_in("resident:chen")
    second = (await refresh(registry, first["refreshToken"])).json()
    assert (await refresh(registry, first["refreshToken"])).status_code == 401
    assert (await refresh(registry, second["refreshToken"])).status_code == 401
    (session,) = await registry.rows("SELECT revoked_for FROM session")
    assert session["revoked_for"] == "refresh-token-reused"


async def test_another_session_of_the_same_person_goes_on(registry):
    stolen, other = [await registry.sign_in("resident:chen") for _ in range(2)]
    await refresh(registry, stolen["refreshToken"])
    await refresh(registry, stolen["refreshToken"])
    assert (await refresh(registry, other["refreshToken"])).status_code == 200


async def test_of_two_refreshes_at_once_one_wins_and_then_the_session_ends(registry):
    first = await registry.sign_in("resident:chen")
    answers = await asyncio.gather(*(refresh(registry, first["refreshToken"]) for _ in range(5)))
    won = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(won) == 1
    assert (await refresh(registry, won[0]["refreshToken"])).status_code == 401


async def test_an_officers_session_is_over_after_the_working_day(registry, clock):
    session = await registry.sign_in("officer:lin")
    clock.advance(timedelta(hours=12))
    assert (await refresh(registry, session["refreshToken"])).status_code == 401


async def test_an_officer_who_leaves_cannot_go_on(registry):
    session = await registry.sign_in("officer:lin")
    await registry.rows("UPDATE officer SET is_active = false WHERE id = 'lin' RETURNING id")
    assert (await refresh(registry, session["refreshToken"])).status_code == 401
    assert (await try_sign_in(registry, code="officer:lin")).status_code == 401


async def test_an_officer_who_changes_office_carries_the_new_one_from_the_next_refresh(registry):
    session = await registry.sign_in("officer:lin")
    await registry.rows("UPDATE officer SET offices = '{elsewhere}' WHERE id = 'lin' RETURNING id")
    renewed = (await refresh(registry, session["refreshToken"])).json()
    claims = await claims_of(registry, renewed["accessToken"])
    assert claims["offices"] == ["elsewhere"]


async def test_signing_out_ends_the_session_and_says_nothing_more(registry):
    session = await registry.sign_in("resident:chen")
    for token in (session["refreshToken"], "unknown-token-of-somebody"):
        answer = await registry.http.post("/v1/token:revoke", json={"refreshToken": token})
        assert (answer.status_code, answer.content) == (204, b"")
    assert (await refresh(registry, session["refreshToken"])).status_code == 401


async def test_an_unknown_refresh_token_is_refused_like_a_used_one(quiet_registry):
    answer = await refresh(quiet_registry, "a-token-that-was-never-given")
    assert (answer.status_code, answer.json()["code"]) == (401, "REFRESH_REFUSED")


async def test_refresh_tokens_are_not_kept(registry):
    session = await registry.sign_in("resident:chen")
    rows = await registry.rows("SELECT encode(hash, 'escape') AS hash FROM refresh_token")
    assert session["refreshToken"] not in str(rows)


@pytest.mark.parametrize(
    "body",
    [
        {"provider": "DEVELOPMENT"},
        {"provider": "DEVELOPMENT", "code": "resident:chen", "role": "officer"},
        {"provider": "DEVELOPMENT", "code": 7},
        {"provider": "development", "code": "resident:chen"},
        {"provider": "DEVELOPMENT", "code": "nul\x00"},
        [],
    ],
)
async def test_a_body_of_another_shape_is_refused(quiet_registry, body):
    answer = await quiet_registry.http.post("/v1/sign-in", json=body)
    assert answer.status_code in (400, 422)


async def test_signing_in_is_journalled_without_the_person(registry):
    await registry.sign_in("resident:chen")
    (entry,) = await registry.rows(
        "SELECT actor, facts::text AS facts FROM journal WHERE act = 'sign-in'"
    )
    assert entry["actor"].startswith("citizen:")
    assert "陈" not in entry["facts"]


async def test_an_access_token_opens_the_registrys_own_doors(quiet_registry):
    token = await quiet_registry.token_of("resident:chen")
    answer = await quiet_registry.http.get("/v1/grants", headers=headers(token))
    assert answer.json() == {"items": []}


async def test_a_death_elsewhere_does_not_end_others_sessions(registry):
    session = await registry.sign_in("resident:chen")
    await register_death(
        a_matter(fields=disclosed_death()),
        transaction=registry.transaction,
        clock=registry.clock,
        index=registry.index,
    )
    assert (await refresh(registry, session["refreshToken"])).status_code == 200

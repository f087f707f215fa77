"""Can keys change without anybody being signed out?"""

import asyncio
from datetime import timedelta

from services.registry.actions.rotate_keys import rotate_keys
from tests.support.registry import TestRegistry, headers


async def rotate(registry: TestRegistry, **options) -> bool:
    return await rotate_keys(transaction=registry.transaction, clock=registry.clock, **options)


async def published(registry: TestRegistry) -> list[str]:
    answer = await registry.http.get("/.well-known/jwks.json")
    assert answer.status_code == 200
    return [key["kid"] for key in answer.json()["keys"]]


async def status_of(registry: TestRegistry) -> dict[str, str]:
    return {row["status"]: row["id"] for row in await registry.rows("SELECT * FROM signing_key")}


async def test_two_keys_are_published_and_no_private_part_of_any(quiet_registry):
    answer = await quiet_registry.http.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    keys = answer.json()["keys"]
    assert len(keys) == 2
    for key in keys:
        assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")
        assert "d" not in key


async def test_the_key_that_takes_over_was_published_before(registry):
    before = await published(registry)
    coming = (await status_of(registry))["NEXT"]
    assert coming in before
    await rotate(registry)
    assert (await status_of(registry))["CURRENT"] == coming


async def test_tokens_from_before_and_after_a_rotation_are_believed(registry):
    old = await registry.token_of("resident:chen")
    await rotate(registry)
    new = await registry.token_of("resident:chen")
    for token in (old, new):
        answer = await registry.http.get("/v1/grants", headers=headers(token))
        assert answer.status_code == 200


async def test_a_retired_key_disappears_when_its_last_token_is_over(registry, clock):
    retiring = (await status_of(registry))["CURRENT"]
    await rotate(registry)
    assert len(await published(registry)) == 3
    clock.advance(timedelta(minutes=20))
    assert retiring not in await published(registry)


async def test_a_key_that_is_young_enough_stays(registry, clock):
    assert not await rotate(registry, older_than=timedelta(days=30))
    clock.advance(timedelta(days=30))
    assert await rotate(registry, older_than=timedelta(days=30))


async def test_several_copies_with_the_same_idea_rotate_once(registry, clock):
    clock.advance(timedelta(days=30))
    done = await asyncio.gather(
        *(rotate(registry, older_than=timedelta(days=30)) for _ in range(4))
    )
    assert sorted(done) == [False, False, False, True]


async def test_private_keys_are_sealed(quiet_registry):
    rows = await quiet_registry.rows("SELECT encode(private_jwk, 'escape') AS key FROM signing_key")
    assert all(row["key"].startswith("v1.k1.") for row in rows)

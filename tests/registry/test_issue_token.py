"""Which programs get which tokens, and what do the tokens say?"""

import asyncio
import time

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from services.registry.actions.register_client import RegisterClient, register_client
from services.registry.errors import ClientUnsuitable
from services.registry.model import ClientKind
from tests.support.registry import SECRETS, TestRegistry

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


async def published_keys(registry: TestRegistry) -> KeySet:
    answer = await registry.http.get("/.well-known/jwks.json")
    return KeySet.import_key_set(answer.json())


async def ask(registry: TestRegistry, **form: str):
    return await registry.ask_token(
        **{
            "client_id": "intake",
            "client_secret": SECRETS["intake"],
            "audience": "relief",
            **form,
        }
    )


async def test_a_service_gets_a_short_token_for_one_other_service(quiet_registry):
    answer = await ask(quiet_registry)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
    token = jwt.decode(
        body["access_token"], await published_keys(quiet_registry), algorithms=["ES256"]
    )
    assert token.header["typ"] == "at+jwt"
    claims = token.claims
    assert claims["exp"] - claims["iat"] == 600
    assert {
        name: claims[name] for name in ("iss", "aud", "sub", "kind", "system", "client_id")
    } == {
        "iss": "one-window",
        "aud": ["relief"],
        "sub": "intake",
        "kind": "service",
        "system": "intake",
        "client_id": "intake",
    }


async def test_a_partner_gets_a_token_for_the_window(quiet_registry):
    answer = await ask(
        quiet_registry, client_id="police", client_secret=SECRETS["police"], audience="intake"
    )
    token = jwt.decode(
        answer.json()["access_token"], await published_keys(quiet_registry), algorithms=["ES256"]
    )
    assert (token.claims["kind"], token.claims["system"]) == ("partner", "police")


@pytest.mark.parametrize("audience", ["relief", "registry", "treasury", "one-window"])
async def test_a_partner_gets_no_token_for_another_door(quiet_registry, audience):
    answer = await ask(
        quiet_registry, client_id="police", client_secret=SECRETS["police"], audience=audience
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_target")


@pytest.mark.parametrize(
    "form",
    [
        {"client_secret": "x" * 32},
        {"client_id": "nobody"},
        {"client_id": "police", "client_secret": SECRETS["intake"]},
    ],
    ids=["wrong secret", "unknown client", "another's secret"],
)
async def test_whoever_proves_nothing_is_told_the_same_nothing(quiet_registry, form):
    answer = await ask(quiet_registry, **form)
    body = answer.json()
    assert answer.status_code == 401
    assert (body["code"], body["error"]) == ("CLIENT_REFUSED", "invalid_client")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert not any(secret in answer.text for secret in SECRETS.values())


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_secret": ""}, "invalid_request"),
        ({"scope": "everything"}, None),
        ({"client_assertion": "a.b.c"}, "invalid_request"),
        ({"client_id": "nul\x00"}, None),
        ({"audience": "re\x00lief"}, None),
    ],
)
async def test_a_form_that_is_not_a_token_request_is_refused(quiet_registry, form, error):
    answer = await ask(quiet_registry, **form)
    assert answer.status_code in (400, 422)
    assert answer.json().get("error") == error


async def test_a_parameter_said_twice_is_refused(quiet_registry):
    form = (
        "grant_type=client_credentials&client_id=intake&audience=relief&audience=registry"
        f"&client_secret={SECRETS['intake']}"
    )
    answer = await quiet_registry.http.post(
        "/v1/token",
        content=form,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_the_token_door_takes_forms_only(quiet_registry):
    answer = await quiet_registry.http.post("/v1/token", json={"grant_type": "client_credentials"})
    assert answer.status_code == 415


# With a signature instead of a secret.


async def a_signing_partner(registry: TestRegistry, client_id: str = "housing-fund") -> ECKey:
    key = ECKey.generate_key("P-256", private=True)
    command = RegisterClient(
        id=client_id,
        kind=ClientKind.PARTNER,
        system=client_id,
        public_jwk=key.as_dict(private=True),
    )
    await register_client(
        command, transaction=registry.transaction, clock=registry.clock, actor="operator:test"
    )
    return key


def an_assertion(key: ECKey, *, alg: str = "ES256", **changes) -> str:
    claims = {
        "iss": "housing-fund",
        "sub": "housing-fund",
        "aud": "http://registry/v1/token",
        "jti": "assertion-number-1",
        "exp": int(time.time()) + 60,
        **changes,
    }
    return jwt.encode({"alg": alg}, claims, key, algorithms=[alg])


async def assert_oneself(registry: TestRegistry, assertion: str, **form: str):
    return await registry.ask_token(
        client_assertion_type=JWT_BEARER, client_assertion=assertion, audience="intake", **form
    )


async def test_a_partner_may_sign_instead_of_keeping_a_secret(registry):
    key = await a_signing_partner(registry)
    answer = await assert_oneself(registry, an_assertion(key))
    assert answer.status_code == 200


async def test_the_private_half_of_a_partners_key_is_never_kept(registry):
    await a_signing_partner(registry)
    (row,) = await registry.rows("SELECT public_jwk FROM client WHERE id = 'housing-fund'")
    assert "d" not in row["public_jwk"]


async def test_an_assertion_is_good_once(registry):
    assertion = an_assertion(await a_signing_partner(registry))
    answers = await asyncio.gather(*(assert_oneself(registry, assertion) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 60},
        {"exp": int(time.time()) + 3600},
        {"exp": "soon"},
        {"aud": "http://elsewhere/v1/token"},
        {"sub": "police"},
        {"iss": "police", "sub": "police"},
        {"iss": "nobody-here", "sub": "nobody-here"},
        {"jti": None},
    ],
    ids=["over", "far end", "no end", "other server", "two names", "other client", "nobody", "id"],
)
async def test_an_assertion_that_does_not_fit_is_refused(quiet_registry, changes):
    key = await a_signing_partner(quiet_registry)
    assert (await assert_oneself(quiet_registry, an_assertion(key, **changes))).status_code == 401


async def test_an_assertion_by_another_key_is_refused_and_not_used_up(registry):
    key = await a_signing_partner(registry)
    stolen = an_assertion(ECKey.generate_key("P-256", private=True))
    assert (await assert_oneself(registry, stolen)).status_code == 401
    assert (await assert_oneself(registry, an_assertion(key))).status_code == 200


async def test_an_unsigned_assertion_is_refused(quiet_registry):
    key = await a_signing_partner(quiet_registry)
    _, claims, _ = an_assertion(key).split(".")
    unsigned = f"eyJhbGciOiJub25lIn0.{claims}."
    assert (await assert_oneself(quiet_registry, unsigned)).status_code == 401


@pytest.mark.parametrize("assertion", ["x", "a.b.c", "...", "e30.e30.e30"])
async def test_an_assertion_nobody_can_read_is_refused(quiet_registry, assertion):
    assert (await assert_oneself(quiet_registry, assertion)).status_code == 401


async def test_the_client_named_beside_the_assertion_must_be_the_same(quiet_registry):
    assertion = an_assertion(await a_signing_partner(quiet_registry))
    answer = await assert_oneself(quiet_registry, assertion, client_id="police")
    assert answer.status_code == 401


# Registering.


async def register(registry: TestRegistry, **changes):
    command = RegisterClient(
        **{"id": "new", "kind": ClientKind.PARTNER, "system": "new", **changes}
    )
    return await register_client(
        command, transaction=registry.transaction, clock=registry.clock, actor="operator:test"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"secret": "too short"},
        {"public_jwk": {"kty": "oct", "k": "AAAA"}},
        {"public_jwk": {"nothing": True}},
        {"secret": "s" * 32, "audiences": frozenset({"treasury"})},
    ],
)
async def test_a_client_without_a_usable_proof_is_not_registered(quiet_registry, changes):
    with pytest.raises(ClientUnsuitable):
        await register(quiet_registry, **changes)


async def test_registering_the_same_again_changes_nothing(registry):
    first = await register(registry, secret="s" * 32)
    before = await registry.rows("SELECT * FROM client WHERE id = 'new'")
    assert await register(registry, secret="s" * 32) == first
    assert await registry.rows("SELECT * FROM client WHERE id = 'new'") == before


async def test_a_new_secret_replaces_the_old_one(registry):
    await register(registry, secret="s" * 32)
    await register(registry, secret="t" * 32)
    for secret, status in (("s" * 32, 401), ("t" * 32, 200)):
        answer = await ask(registry, client_id="new", client_secret=secret, audience="intake")
        assert answer.status_code == status

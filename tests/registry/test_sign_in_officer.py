"""Who signs in as an officer, with which two factors, and how often may one guess?"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from shared.clock import FakeClock
from tests.registry.conftest import sweep
from tests.support.registry import PASSWORD, TestRegistry, headers, registry_settings

STEP = timedelta(seconds=30)


async def enter(registry: TestRegistry, **changes):
    body = {"officer": "zhou", "password": PASSWORD, **changes}
    return await registry.http.post("/v1/officers:sign-in", json=body)


@pytest.fixture
async def registry(swept_database, clock, catalogue) -> AsyncIterator[TestRegistry]:
    made = TestRegistry(registry_settings(swept_database.url("registry")), clock, catalogue)
    yield made
    await sweep(made)
    await made.close()


@pytest.fixture
async def secret(registry: TestRegistry, clock: FakeClock) -> str:
    made, _codes = await registry.enrol("zhou")
    clock.advance(STEP)
    return made


async def test_password_and_code_together_begin_a_session(registry, secret):
    answer = await enter(registry, code=registry.code_of(secret))
    assert answer.status_code == 200, answer.text
    keys = (await registry.http.get("/.well-known/jwks.json")).json()
    token = answer.json()["accessToken"]
    claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["ES256"]).claims
    assert (claims["sub"], claims["amr"]) == ("zhou", ["otp", "pwd"])
    assert claims["auth_time"] == int(registry.clock.now().timestamp())
    assert claims["exp"] - claims["iat"] == 300


async def test_neither_factor_is_enough_and_which_one_failed_is_not_said(registry, secret):
    wrong = "000000" if registry.code_of(secret) != "000000" else "111111"
    told = [
        await enter(registry, code=wrong),
        await enter(registry, password="five unrelated herons", code=registry.code_of(secret)),
        await enter(registry, officer="nobody", code=registry.code_of(secret)),
        await enter(registry, officer="lin", code=registry.code_of(secret)),
    ]
    assert {answer.status_code for answer in told} == {401}
    assert len({answer.json()["code"] for answer in told}) == 1


@pytest.mark.parametrize("codes", [{}, {"code": "1" * 6, "recoveryCode": "A" * 16}])
async def test_exactly_one_kind_of_code_is_asked_for(quiet_registry, codes):
    assert (await enter(quiet_registry, **codes)).status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
async def test_a_clock_may_be_half_a_minute_wrong(registry, clock, secret, steps, status):
    clock.advance(4 * STEP)
    answer = await enter(registry, code=registry.code_of(secret, steps=steps))
    assert answer.status_code == status


async def test_a_code_is_good_once(registry, secret):
    code = registry.code_of(secret)
    assert (await enter(registry, code=code)).status_code == 200
    assert (await enter(registry, code=code)).status_code == 401


async def test_a_code_used_by_several_at_once_is_good_for_one(registry, secret):
    code = registry.code_of(secret)
    answers = await asyncio.gather(*(enter(registry, code=code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    assert len(await registry.rows("SELECT * FROM session")) == 1


async def test_a_recovery_code_stands_in_once_for_a_lost_authenticator(registry):
    _secret, codes = await registry.enrol("zhou")
    assert len(set(codes)) == 10
    answers = await asyncio.gather(*(enter(registry, recoveryCode=codes[0]) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401]
    kept = await registry.rows("SELECT encode(hash, 'escape') AS hash FROM recovery_code")
    assert not any(code in str(kept) for code in codes)


async def test_the_secret_is_sealed(registry, secret):
    (row,) = await registry.rows(
        "SELECT encode(totp_secret, 'escape') AS kept, password_hash FROM officer_credential"
    )
    assert secret not in row["kept"]
    assert row["kept"].startswith("v1.")
    assert row["password_hash"].startswith("scrypt$")


# Guessing.


async def test_the_sixth_wrong_guess_is_not_looked_at(registry, secret):
    for _ in range(5):
        assert (await enter(registry, code="000000", password="wrong")).status_code == 401
    answer = await enter(registry, code=registry.code_of(secret))
    assert (answer.status_code, answer.json()["code"]) == (429, "SIGN_IN_PAUSED")
    assert 25 <= int(answer.headers["retry-after"]) <= 31


async def test_an_account_that_does_not_exist_is_paused_like_one_that_does(registry):
    answers = [await enter(registry, officer="nobody", code="000000") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]


async def test_guesses_at_once_are_no_more_than_guesses_in_a_row(registry, secret):
    guesses = (enter(registry, code="000000", password=f"wrong {n}") for n in range(12))
    answers = await asyncio.gather(*guesses)
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7


async def test_a_pause_ends_by_itself_and_never_grows_beyond_a_quarter_hour(
    registry, clock, secret
):
    waits = []
    for _ in range(12):
        answer = await enter(registry, code="000000", password="wrong")
        if answer.status_code == 429:
            wait = int(answer.headers["retry-after"])
            waits.append(wait)
            clock.advance(timedelta(seconds=wait))
    assert waits == sorted(waits)
    assert max(waits) <= 901
    clock.advance(timedelta(minutes=16))
    assert (await enter(registry, code=registry.code_of(secret))).status_code == 200


async def test_knocking_during_a_pause_does_not_make_it_longer(registry, clock, secret):
    for _ in range(5):
        await enter(registry, code="000000", password="wrong")
    for _ in range(20):
        assert (await enter(registry, code="000000")).status_code == 429
    clock.advance(timedelta(seconds=31))
    assert (await enter(registry, code=registry.code_of(secret))).status_code == 200


async def test_an_attacker_does_not_lock_an_officer_out_of_a_device_that_is_known(
    registry, clock, secret
):
    known = (await enter(registry, code=registry.code_of(secret))).json()["deviceToken"]
    clock.advance(STEP)
    for _ in range(7):
        await enter(registry, code="000000", password="wrong")
    code = registry.code_of(secret)
    assert (await enter(registry, code=code)).status_code == 429
    assert (await enter(registry, code=code, deviceToken=known)).status_code == 200


async def test_one_officers_known_device_is_a_stranger_for_another(registry, clock, secret):
    known = (await enter(registry, code=registry.code_of(secret))).json()["deviceToken"]
    for _ in range(5):
        await enter(registry, officer="lin", code="000000", deviceToken=known)
    answer = await enter(registry, officer="lin", code="000000")
    assert answer.status_code == 429


async def test_a_success_takes_the_failures_back(registry, clock, secret):
    for _ in range(4):
        await enter(registry, code="000000", password="wrong")
    assert (await enter(registry, code=registry.code_of(secret))).status_code == 200
    for _ in range(4):
        assert (await enter(registry, code="000000", password="wrong")).status_code == 401


# Enrolling.


async def begin(registry: TestRegistry, invitation: str, password: str = PASSWORD):
    body = {"invitation": invitation, "password": password}
    return await registry.http.post("/v1/enrolments:begin", json=body)


async def confirm(registry: TestRegistry, invitation: str, code: str):
    body = {"invitation": invitation, "code": code}
    return await registry.http.post("/v1/enrolments:confirm", json=body)


async def test_factors_open_nothing_before_a_first_code_confirms_them(registry):
    secret = (await begin(registry, await registry.invite("zhou"))).json()["secret"]
    assert (await enter(registry, code=registry.code_of(secret))).status_code == 401


async def test_an_invitation_serves_once_even_for_two_at_once(registry):
    invitation = await registry.invite("zhou")
    secret = (await begin(registry, invitation)).json()["secret"]
    codes = [registry.code_of(secret), registry.code_of(secret, steps=1)]
    answers = await asyncio.gather(*(confirm(registry, invitation, code) for code in codes))
    assert sorted(answer.status_code for answer in answers) == [200, 401]
    assert (await begin(registry, invitation)).json()["code"] == "INVITATION_REFUSED"


async def test_an_invitation_ends_after_three_days_or_with_the_next_one(registry, clock):
    first, second = await registry.invite("zhou"), await registry.invite("zhou")
    assert (await begin(registry, first)).status_code == 401
    clock.advance(timedelta(days=3))
    assert (await begin(registry, second)).status_code == 401


async def test_enrolling_anew_ends_what_the_old_factors_began(registry, clock, secret):
    session = (await enter(registry, code=registry.code_of(secret))).json()
    clock.advance(STEP)
    await registry.enrol("zhou")
    answer = await registry.http.post(
        "/v1/token:refresh", json={"refreshToken": session["refreshToken"]}
    )
    assert answer.status_code == 401
    clock.advance(STEP)
    assert (await enter(registry, code=registry.code_of(secret))).status_code == 401


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("xk4 9q", "PASSWORD_TOO_SHORT"),
        ("passwordpassword", "PASSWORD_COMMON"),
        ("P@ssw0rd!12345678", "PASSWORD_COMMON"),
        ("qwertyuiop1234567890", "PASSWORD_COMMON"),
        ("aaaaaaaaaaaaaaaa", "PASSWORD_COMMON"),
        ("my name is zhou indeed", "PASSWORD_NAMES_OFFICER"),
        ("x" * 200, "PASSWORD_TOO_LONG"),
    ],
)
async def test_a_password_that_others_would_guess_is_refused_by_name(registry, password, fault):
    answer = await begin(registry, await registry.invite("zhou"), password)
    assert (answer.status_code, answer.json()["fault"]) == (422, fault)
    assert password not in answer.text


# Once inside.


async def signed_in(registry: TestRegistry, secret: str) -> dict[str, str]:
    return (await enter(registry, code=registry.code_of(secret))).json()


async def change(registry: TestRegistry, token: str, **changes):
    body = {"currentPassword": PASSWORD, "newPassword": "eleven purple kettles", **changes}
    return await registry.http.post(
        "/v1/officers/me:change-password", json=body, headers=headers(token, None)
    )


async def test_another_password_ends_the_other_sessions_and_not_this_one(registry, clock):
    secret, codes = await registry.enrol("zhou")
    other = (await enter(registry, recoveryCode=codes[0])).json()
    # Not further: verifiers look at the machine's clock.
    clock.advance(STEP)
    this = await signed_in(registry, secret)
    assert (await change(registry, this["accessToken"])).status_code == 204
    for session, status in ((other, 401), (this, 200)):
        body = {"refreshToken": session["refreshToken"]}
        assert (await registry.http.post("/v1/token:refresh", json=body)).status_code == status
    clock.advance(STEP)
    assert (await enter(registry, code=registry.code_of(secret))).status_code == 401
    answer = await enter(registry, password="eleven purple kettles", code=registry.code_of(secret))
    assert answer.status_code == 200


async def test_a_password_is_not_changed_without_the_one_before(registry, secret):
    token = (await signed_in(registry, secret))["accessToken"]
    answer = await change(registry, token, currentPassword="not mine")
    assert (answer.status_code, answer.json()["code"]) == (401, "OFFICER_REFUSED")


async def test_a_sensitive_act_asks_for_the_second_factor_again(registry):
    token = await registry.token_of("officer:zhou")
    answer = await change(registry, token)
    assert (answer.status_code, answer.json()["code"]) == (401, "STEP_UP_REQUIRED")
    assert "insufficient_user_authentication" in answer.headers["www-authenticate"]


async def test_stepping_up_gives_a_token_that_says_so(registry, clock, secret):
    session = await signed_in(registry, secret)
    clock.advance(STEP)
    answer = await registry.http.post(
        "/v1/session:step-up",
        json={"code": registry.code_of(secret)},
        headers=headers(session["accessToken"], None),
    )
    assert answer.status_code == 200, answer.text
    keys = (await registry.http.get("/.well-known/jwks.json")).json()
    claims = jwt.decode(
        answer.json()["accessToken"], KeySet.import_key_set(keys), algorithms=["ES256"]
    ).claims
    assert claims["auth_time"] == int(clock.now().timestamp())


async def test_stepping_up_counts_wrong_codes_in_this_session_only(registry, clock, secret):
    session = await signed_in(registry, secret)
    answers = [
        await registry.http.post(
            "/v1/session:step-up",
            json={"code": "000000"},
            headers=headers(session["accessToken"], None),
        )
        for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    clock.advance(STEP)
    assert (await enter(registry, code=registry.code_of(secret))).status_code == 200

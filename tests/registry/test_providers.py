"""Who comes in by WeChat, Alipay or the province, and what when those do not answer?"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.registry.conftest import sweep
from tests.support.providers import Providers, serving_providers
from tests.support.registry import CHEN, TestRegistry, headers, registry_settings

PURPOSES = {"wechat": ("login", "real-name"), "alipay": ("auth_base", "id_verify")}
BY_CODE = sorted(PURPOSES)
LIU = "330106200001150016"


@pytest.fixture(scope="session")
async def providers(tmp_path_factory) -> AsyncIterator[Providers]:
    async with serving_providers(tmp_path_factory.mktemp("sign-in")) as made:
        yield made


@pytest.fixture
async def joined(
    swept_database, clock, catalogue, providers: Providers
) -> AsyncIterator[TestRegistry]:
    url = swept_database.url("registry")
    made = TestRegistry(
        registry_settings(url, sign_in_providers=dict(providers.joined)), clock, catalogue
    )
    yield made
    await sweep(made)
    await made.close()
    for provider in (*BY_CODE, "province"):
        await providers.go_wrong(provider)


async def enter(registry: TestRegistry, provider: str, code: str, **more: str):
    body = {"provider": provider.upper(), "code": code, **more}
    return await registry.http.post("/v1/sign-in", json=body)


async def ticket_of(registry: TestRegistry, providers: Providers, provider: str) -> str:
    answer = await enter(registry, provider, await providers.tap(provider, PURPOSES[provider][0]))
    assert (answer.status_code, answer.json()["code"]) == (409, "BINDING_NEEDED"), answer.text
    return answer.json()["bindingTicket"]


async def bind(registry: TestRegistry, providers: Providers, provider: str, ticket: str, **other):
    code = other.pop("code", None) or await providers.tap(provider, PURPOSES[provider][1])
    person = {"name": "陈示例", "idNo": CHEN, **other}
    return await registry.http.post(
        "/v1/bindings", json={"bindingTicket": ticket, "code": code, **person}
    )


async def bound(registry: TestRegistry, providers: Providers, provider: str) -> dict:
    ticket = await ticket_of(registry, providers, provider)
    answer = await bind(registry, providers, provider, ticket)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("provider", BY_CODE)
async def test_a_strange_account_is_bound_by_real_name_and_then_known(joined, providers, provider):
    first = await bound(joined, providers, provider)
    again = await enter(joined, provider, await providers.tap(provider, PURPOSES[provider][0]))
    assert again.status_code == 200
    assert again.json()["actor"]["id"] == first["actor"]["id"]
    rows = await joined.rows("SELECT provider, assurance FROM account_binding")
    assert rows == [{"provider": provider.upper(), "assurance": "REAL_NAME"}]


@pytest.mark.parametrize("provider", BY_CODE)
async def test_a_code_is_good_once_and_only_for_what_it_was_given(joined, providers, provider):
    login, other = PURPOSES[provider]
    code = await providers.tap(provider, login)
    assert (await enter(joined, provider, code)).status_code == 409
    for bad in (code, "0" * 32):
        answer = await enter(joined, provider, bad)
        assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_IN_REFUSED")
    ticket = await ticket_of(joined, providers, provider)
    answer = await bind(joined, providers, provider, ticket, code="0" * 32)
    assert (answer.status_code, answer.json()["code"]) == (422, "REAL_NAME_NOT_CONFIRMED")
    assert other != login


@pytest.mark.parametrize("provider", BY_CODE)
@pytest.mark.parametrize(
    "person", [{"name": "刘示例"}, {"idNo": LIU}, {"name": "刘示例", "idNo": LIU}]
)
async def test_an_account_is_not_bound_to_somebody_else(joined, providers, provider, person):
    ticket = await ticket_of(joined, providers, provider)
    answer = await bind(joined, providers, provider, ticket, **person)
    assert (answer.status_code, answer.json()["code"]) == (422, "REAL_NAME_NOT_CONFIRMED")
    assert LIU not in answer.text
    assert await joined.rows("SELECT * FROM account_binding") == []


@pytest.mark.parametrize("provider", BY_CODE)
async def test_anothers_consent_binds_nothing(joined, providers, provider):
    ticket = await ticket_of(joined, providers, provider)
    code = await providers.tap(provider, PURPOSES[provider][1], account="liu")
    answer = await bind(joined, providers, provider, ticket, code=code)
    assert answer.status_code == 422


TROUBLES = ("unavailable", "busy", "garbage")


@pytest.mark.parametrize("provider", BY_CODE)
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_no_answer_is_never_a_no(joined, providers, provider, trouble):
    ticket = await ticket_of(joined, providers, provider)
    code = await providers.tap(provider, PURPOSES[provider][0])
    await providers.go_wrong(provider, **{trouble: 1})
    answer = await enter(joined, provider, code)
    assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
    await providers.go_wrong(provider, **{trouble: 1})
    answer = await bind(joined, providers, provider, ticket)
    assert answer.status_code == 503
    assert (await bind(joined, providers, provider, ticket)).status_code == 200


async def test_alipays_signature_is_looked_at(joined, providers):
    code = await providers.tap("alipay", "auth_base")
    await providers.go_wrong("alipay", forged=1)
    assert (await enter(joined, "alipay", code)).status_code == 503


async def test_wechats_answer_without_an_account_is_no_answer(joined, providers):
    code = await providers.tap("wechat", "login")
    await providers.go_wrong("wechat", wrong_person=1)
    assert (await enter(joined, "wechat", code)).status_code == 503


async def test_a_ticket_is_good_once_even_for_two_at_once(joined, providers):
    ticket = await ticket_of(joined, providers, "wechat")
    answers = await asyncio.gather(*(bind(joined, providers, "wechat", ticket) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_two_tickets_for_one_account_bind_it_to_one_person(joined, providers):
    tickets = [await ticket_of(joined, providers, "wechat") for _ in range(2)]
    answers = await asyncio.gather(*(bind(joined, providers, "wechat", each) for each in tickets))
    assert {answer.status_code for answer in answers} == {200}
    assert len(await joined.rows("SELECT * FROM account_binding")) == 1


async def test_a_ticket_ends_after_ten_minutes(joined, providers, clock):
    ticket = await ticket_of(joined, providers, "wechat")
    clock.advance(timedelta(minutes=10))
    answer = await bind(joined, providers, "wechat", ticket)
    assert (answer.status_code, answer.json()["code"]) == (401, "BINDING_TICKET_REFUSED")


async def test_a_ticket_is_not_for_trying_out_people(joined, providers):
    ticket = await ticket_of(joined, providers, "wechat")
    told = [
        (await bind(joined, providers, "wechat", ticket, name="某示例")).status_code
        for _ in range(6)
    ]
    assert told == [422] * 5 + [429]


async def test_one_person_may_have_many_bindings_and_take_each_back(joined, providers):
    by_wechat = await bound(joined, providers, "wechat")
    by_alipay = await bound(joined, providers, "alipay")
    token = by_alipay["accessToken"]
    listed = (await joined.http.get("/v1/bindings", headers=headers(token))).json()["items"]
    assert {each["provider"] for each in listed} == {"WECHAT", "ALIPAY"}
    (wechat,) = [each["id"] for each in listed if each["provider"] == "WECHAT"]
    stranger = await joined.token_of("resident:liu")
    for who, status in ((stranger, 404), (token, 204), (token, 204)):
        answer = await joined.http.post(
            f"/v1/bindings/{wechat}:unbind", json={}, headers=headers(who, None)
        )
        assert answer.status_code == status
    for session, status in ((by_wechat, 401), (by_alipay, 200)):
        body = {"refreshToken": session["refreshToken"]}
        assert (await joined.http.post("/v1/token:refresh", json=body)).status_code == status
    await ticket_of(joined, providers, "wechat")


async def test_nothing_of_an_account_is_kept_in_the_clear(joined, providers):
    await bound(joined, providers, "wechat")
    await ticket_of(joined, providers, "alipay")
    (row,) = await joined.rows("SELECT subject_index FROM account_binding")
    (ticket,) = await joined.rows("SELECT encode(subject, 'escape') AS kept FROM binding_ticket")
    assert "sim" not in row["subject_index"]
    assert ticket["kept"].startswith("v1.")


# The province.


async def begun(registry: TestRegistry) -> dict[str, str]:
    answer = await registry.http.post("/v1/sign-in:begin", json={"provider": "PROVINCE"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def at_the_province(address: str, account: str = "chen") -> tuple[str, str]:
    """What the browser brings back: code and state."""
    async with httpx.AsyncClient() as browser:
        answer = await browser.get(f"{address}&account={account}")
    assert answer.status_code == 302, answer.text
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    return back["code"][0], back["state"][0]


async def test_the_province_vouches_for_the_person_and_no_ticket_is_needed(joined):
    code, state = await at_the_province((await begun(joined))["address"])
    answer = await enter(joined, "province", code, state=state)
    assert answer.status_code == 200, answer.text
    keys = (await joined.http.get("/.well-known/jwks.json")).json()
    token = answer.json()["accessToken"]
    claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["ES256"]).claims
    assert (claims["amr"], claims["person_index"]) == (["fed"], joined.index.of(CHEN))
    (row,) = await joined.rows("SELECT assurance FROM account_binding")
    assert row["assurance"] == "REAL_PERSON"


async def test_a_stolen_code_is_worth_nothing_without_the_sign_in_it_belongs_to(joined):
    code, _state = await at_the_province((await begun(joined))["address"])
    other = await begun(joined)
    answer = await enter(joined, "province", code, state=other["state"])
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_IN_REFUSED")
    assert (await enter(joined, "province", code)).status_code == 401


async def test_a_state_is_good_once_and_for_ten_minutes(joined, clock):
    code, state = await at_the_province((await begun(joined))["address"])
    assert (await enter(joined, "province", code, state=state)).status_code == 200
    again = await enter(joined, "province", code, state=state)
    assert (again.status_code, again.json()["code"]) == (401, "SIGN_IN_NOT_BEGUN")
    late = await begun(joined)
    clock.advance(timedelta(minutes=10))
    assert (await enter(joined, "province", "x", state=late["state"])).status_code == 401


@pytest.mark.parametrize("trouble", ["unavailable", "garbage", "forged", "wrong_person"])
async def test_a_province_that_does_not_speak_as_itself_is_unavailable(joined, providers, trouble):
    code, state = await at_the_province((await begun(joined))["address"])
    await providers.go_wrong("province", **{trouble: 1})
    assert (await enter(joined, "province", code, state=state)).status_code == 503


async def test_a_provider_that_is_not_joined_is_not_pretended(quiet_registry):
    for provider in ("WECHAT", "PROVINCE"):
        answer = await enter(quiet_registry, provider, "x")
        assert answer.json()["code"] == "SIGN_IN_PROVIDER_NOT_CONFIGURED"
    begin = await quiet_registry.http.post("/v1/sign-in:begin", json={"provider": "DEVELOPMENT"})
    assert begin.status_code == 422


async def test_simulated_providers_say_so(providers):
    told = await providers.http.post(
        "/sign-in/wechat/simulated/tap", json={"account": "chen", "purpose": "login"}
    )
    assert told.json()["simulated"] is True
    answer = await providers.http.get(
        "/sign-in/wechat/sns/jscode2session",
        params={"appid": "x", "secret": "x", "js_code": "x", "grant_type": "x"},
    )
    assert "simulated" in answer.text
    assert answer.headers["content-type"].startswith("text/plain")

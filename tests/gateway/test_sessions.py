"""How does a session begin and go on, and who is signed in?"""

import time

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents
from tests.support.gateway import codes, office_body

SCREENS = read_documents(DOCS / "operations")


async def sign_in(house, code="resident:chen", provider="DEVELOPMENT"):
    given = {"input": {"provider": provider, "code": code}}
    return (await house.data(SCREENS["SignIn"], given, token=None))["signIn"]


def token_of(house, **claims):
    """An access token signed by a key that the simulated registry publishes."""
    key = ECKey.generate_key("P-256", parameters={"kid": "k1"})
    house.registry.keys = KeySet([key]).as_dict(private=False)
    now = int(time.time())
    header = {"alg": "ES256", "typ": "at+jwt", "kid": "k1"}
    issued = {"iss": "one-window", "aud": ["gateway", "intake"], "iat": now, "exp": now + 900}
    return "Bearer " + jwt.encode(
        header, {**issued, "sub": "lin", "kind": "officer", **claims}, key
    )


async def test_signing_in_gives_tokens_and_says_who_it_is(house):
    session = await sign_in(house)
    assert (session["accessToken"], session["expiresIn"]) == ("citizen-token", 900)
    assert session["actor"]["kind"] == "CITIZEN"
    assert session["actor"]["name"] == "陈*"
    assert session["actor"]["offices"] == [{"id": "office-1", "name": {"text": "三墩镇社会事务办"}}]


async def test_a_code_that_nobody_knows_is_refused_and_not_an_error(house):
    refused = await sign_in(house, code="resident:nobody")
    assert refused["__typename"] == "SignInRefused"
    assert refused["code"] == "SIGN_IN_REFUSED"
    assert refused["path"] == ["input", "code"]


async def test_a_provider_that_is_not_joined_is_refused_and_not_an_error(house):
    assert (await sign_in(house, provider="WECHAT"))["code"] == "SIGN_IN_PROVIDER_NOT_CONFIGURED"


async def test_a_session_goes_on_with_its_refresh_token_once(house):
    given = {"input": {"refreshToken": (await sign_in(house))["refreshToken"]}}
    renewed = await house.data(SCREENS["RefreshSession"], given, token=None)
    assert renewed["refreshSession"]["refreshToken"] == "refresh-2"
    again = await house.data(SCREENS["RefreshSession"], given, token=None)
    assert again["refreshSession"]["code"] == "REFRESH_REFUSED"


async def test_the_viewer_is_who_the_verified_token_says(house):
    token = token_of(house, offices=["office-1"], roles=["clerk"], division="330106109000")
    viewer = (await house.data(SCREENS["Viewer"], token=token))["viewer"]
    assert viewer == {
        "kind": "OFFICER",
        "id": "lin",
        "division": "330106109000",
        "roles": ["clerk"],
        "offices": [{"id": "office-1", "name": {"text": "三墩镇社会事务办"}}],
    }


async def test_a_token_for_another_door_says_nothing_here(house):
    token = token_of(house, aud=["relief"])
    answer = await house.ask(SCREENS["Viewer"], token=token)
    assert answer["data"] == {"viewer": None}
    assert codes(answer) == ["UNAUTHENTICATED"]


async def test_nobody_is_signed_in_without_a_token(house):
    assert codes(await house.ask(SCREENS["Viewer"], token=None)) == ["UNAUTHENTICATED"]


async def test_offices_on_later_pages_are_found_in_as_few_calls_as_there_are_pages(house):
    house.registry.offices = {f"office-{n}": office_body(f"office-{n}") for n in range(5)}
    house.registry.page = 2
    token = token_of(house, offices=["office-0", "office-3", "office-9"])
    viewer = (await house.data(SCREENS["Viewer"], token=token))["viewer"]
    names = [office["name"] and office["name"]["text"] for office in viewer["offices"]]
    assert names == ["三墩镇社会事务办", "三墩镇社会事务办", None]
    assert house.registry.requests.count("GET /v1/offices") == 3

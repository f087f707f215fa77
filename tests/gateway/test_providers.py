"""Do the ways in that take more than one step go through the one door, in the caller's name?"""

from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents

SCREENS = read_documents(DOCS / "operations")


async def test_a_sign_in_on_a_providers_page_begins_with_an_address(house):
    begun = await house.data(SCREENS["BeginSignIn"], {"provider": "PROVINCE"}, token=None)
    assert begun["beginSignIn"] == {
        "__typename": "SignInBegun",
        "address": "https://province.example/authorize",
        "state": "state-of-this-sign-in",
    }


async def test_an_account_that_is_nobodys_comes_back_with_a_ticket(house):
    given = {"input": {"provider": "WECHAT", "code": "strange-account"}}
    needed = (await house.data(SCREENS["SignIn"], given, token=None))["signIn"]
    assert needed["__typename"] == "BindingNeeded"
    given = {
        "input": {
            "bindingTicket": needed["bindingTicket"],
            "name": "陈示例",
            "idNumber": "330106198803120011",
            "code": "consent",
        }
    }
    session = (await house.data(SCREENS["BindAccount"], given, token=None))["bindAccount"]
    assert session["actor"]["name"] == "陈*"


async def test_an_officer_signs_in_with_two_factors(house):
    given = {"input": {"officer": "lin", "password": "four herons", "code": "123456"}}
    answer = (await house.data(SCREENS["SignInOfficer"], given, token=None))["signInOfficer"]
    assert (answer["deviceToken"], answer["session"]["expiresIn"]) == ("device-1", 900)
    given["input"]["code"] = "000000"
    refused = (await house.data(SCREENS["SignInOfficer"], given, token=None))["signInOfficer"]
    assert (refused["__typename"], refused["code"]) == ("SignInRefused", "OFFICER_REFUSED")


async def test_stepping_up_goes_in_the_officers_own_name(house):
    answer = await house.data(SCREENS["StepUp"], {"code": "123456"}, token="Bearer officer")
    assert answer["stepUp"]["accessToken"] == "fresh for Bearer officer"


async def test_the_registry_hears_whose_knock_it_is_and_a_forged_address_is_not_passed_on(house):
    given = {"input": {"provider": "DEVELOPMENT", "code": "resident:chen"}}
    await house.data(SCREENS["SignIn"], given, token=None, X_Forwarded_For="203.0.113.9")
    heard = [each for each in house.registry.headers if "x-forwarded-for" in each]
    assert heard
    assert all("203.0.113.9" not in each["x-forwarded-for"] for each in heard)

"""Joins the sign-in providers that an installation's settings name."""

from collections.abc import Callable, Mapping

import httpx

from services.registry.clients.alipay import AlipaySignIn
from services.registry.clients.provider_answers import provider_client
from services.registry.clients.province import ProvinceSignIn
from services.registry.clients.wechat import WeChatSignIn
from services.registry.ports import SignInProvider
from shared.clock import Clock

Account = Mapping[str, str]
Client = Callable[[str], httpx.AsyncClient]


def joined_providers(
    accounts: Mapping[str, Account], *, clock: Clock, client: Client = provider_client
) -> dict[str, SignInProvider]:
    """The providers by name.

    Args:
        accounts: Provider to what it gave us when we were joined; see the settings.

    Raises:
        KeyError: Something is missing in an account, or there is no such provider.
    """
    made: dict[str, SignInProvider] = {}
    for name, account in accounts.items():
        made[name] = _JOIN[name](account, client(account["base_url"]), clock)
    return made


def _wechat(account: Account, client: httpx.AsyncClient, _clock: Clock) -> SignInProvider:
    return WeChatSignIn(client, app_id=account["app_id"], app_secret=account["app_secret"])


def _alipay(account: Account, client: httpx.AsyncClient, clock: Clock) -> SignInProvider:
    return AlipaySignIn(
        client,
        clock=clock,
        app_id=account["app_id"],
        private_key=account["private_key"],
        alipay_public_key=account["alipay_public_key"],
    )


def _province(account: Account, client: httpx.AsyncClient, _clock: Clock) -> SignInProvider:
    return ProvinceSignIn(
        client,
        issuer=account["base_url"],
        client_id=account["client_id"],
        client_secret=account["client_secret"],
        redirect_uri=account["redirect_uri"],
    )


_JOIN: Mapping[str, Callable[[Account, httpx.AsyncClient, Clock], SignInProvider]] = {
    "WECHAT": _wechat,
    "ALIPAY": _alipay,
    "PROVINCE": _province,
}

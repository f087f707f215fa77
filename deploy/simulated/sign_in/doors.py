"""The doors of the simulated sign-in providers, beside those of the simulated departments."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import Field

from deploy.simulated.sign_in.accounts import Accounts, SignInFault
from deploy.simulated.sign_in.alipay import Alipay
from deploy.simulated.sign_in.province import Province
from deploy.simulated.sign_in.wechat import WeChat
from shared.residents import residents_in
from shared.schemas import Body

PREFIX = "/sign-in"
FORM = ("application/x-www-form-urlencoded", 64 * 1024)
FORMS = {
    f"{PREFIX}/alipay/gateway.do": FORM,
    f"{PREFIX}/province/token": FORM,
}
"""Paths that take a form instead of JSON."""
SLOW_SECONDS = 30.0


class TapBody(Body):
    """Who taps what: `login`, `real-name`, `auth_base`, `id_verify`."""

    account: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    purpose: str = Field(pattern=r"^[a-z_-]{1,40}$")


class FaultsBody(Body):
    """What goes wrong from now on, and how often."""

    faults: dict[str, int] = Field(max_length=10)


def add_sign_in_providers(
    api: FastAPI, joined: Mapping[str, Mapping[str, str]], *, catalogue: Path
) -> None:
    """Open the doors of the providers that the registry was joined to.

    Args:
        joined: Provider to what it gave the registry, as the provider itself keeps it.
        catalogue: Where the people of the development seed stand.
    """
    people = residents_in(catalogue)
    for name, given in joined.items():
        accounts = Accounts(name, people)
        provider = _MAKE[name](accounts, given)
        router = APIRouter(prefix=f"{PREFIX}/{name.lower()}")
        router.include_router(provider.routes())
        router.include_router(_simulation(accounts))
        api.include_router(router)
        api.middleware("http")(_troubles(accounts, f"{PREFIX}/{name.lower()}/"))


def _simulation(accounts: Accounts) -> APIRouter:
    router = APIRouter(prefix="/simulated")

    async def tap(body: TapBody) -> JSONResponse:
        try:
            code = accounts.tap(body.account, body.purpose)
        except KeyError:
            return JSONResponse({"simulated": True, "error": "no such account"}, 404)
        return JSONResponse({"simulated": True, "code": code})

    async def go_wrong(body: FaultsBody) -> JSONResponse:
        try:
            accounts.faults = {SignInFault(name): times for name, times in body.faults.items()}
        except ValueError:
            return JSONResponse({"simulated": True, "error": "no such fault"}, 400)
        return JSONResponse({"simulated": True, "faults": body.faults})

    router.add_api_route("/tap", tap, methods=["POST"])
    router.add_api_route("/faults", go_wrong, methods=["PUT"])
    return router


Next = Callable[[Request], Awaitable[Response]]


def _troubles(accounts: Accounts, prefix: str) -> Callable[[Request, Next], Awaitable[Response]]:
    async def trouble(request: Request, answer: Next) -> Response:
        path = request.url.path
        if path.startswith(prefix) and "/simulated/" not in path:
            if accounts.strikes(SignInFault.UNAVAILABLE):
                return JSONResponse({"simulated": True}, status_code=503)
            if accounts.strikes(SignInFault.GARBAGE):
                return HTMLResponse("<html>系统维护中（模拟）</html>")
            if accounts.strikes(SignInFault.SLOW):
                await asyncio.sleep(SLOW_SECONDS)
        return await answer(request)

    return trouble


def _wechat(accounts: Accounts, given: Mapping[str, str]) -> WeChat:
    return WeChat(accounts, app_id=given["app_id"], app_secret=given["app_secret"])


def _alipay(accounts: Accounts, given: Mapping[str, str]) -> Alipay:
    application_key = load_der_public_key(base64.b64decode(given["application_public_key"]))
    own_key = load_der_private_key(base64.b64decode(given["own_private_key"]), password=None)
    if not isinstance(application_key, RSAPublicKey) or not isinstance(own_key, RSAPrivateKey):
        raise TypeError("RSA keys")
    return Alipay(
        accounts, app_id=given["app_id"], application_key=application_key, own_key=own_key
    )


def _province(accounts: Accounts, given: Mapping[str, str]) -> Province:
    return Province(
        accounts,
        issuer=given["base_url"],
        client_id=given["client_id"],
        client_secret=given["client_secret"],
        redirect_uri=given["redirect_uri"],
    )


_MAKE: Mapping[str, Callable[[Accounts, Mapping[str, str]], WeChat | Alipay | Province]] = {
    "WECHAT": _wechat,
    "ALIPAY": _alipay,
    "PROVINCE": _province,
}

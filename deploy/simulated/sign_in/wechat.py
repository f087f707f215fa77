"""A simulated WeChat: the three doors that a mini-program's server uses."""

import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from orjson import dumps
from pydantic import BaseModel

from deploy.simulated.sign_in.accounts import Accounts, CodeUnknown, CodeUsed, SignInFault

LOGIN, REAL_NAME = "login", "real-name"
BUSY = {"errcode": -1, "errmsg": "system error (simulated)"}
INVALID_CODE = {"errcode": 40029, "errmsg": "invalid code (simulated)"}
USED_CODE = {"errcode": 40163, "errmsg": "code been used (simulated)"}


class TokenRequest(BaseModel):
    """What `stable_token` is asked."""

    grant_type: str
    appid: str
    secret: str


class RealNameQuestion(BaseModel):
    """What `checkrealnameinfo` is asked."""

    openid: str
    real_name: str
    cred_id: str
    cred_type: str
    code: str


class WeChat:
    """One mini-program's view of WeChat."""

    def __init__(self, accounts: Accounts, *, app_id: str, app_secret: str) -> None:
        self.accounts = accounts
        self.app_id = app_id
        self.app_secret = app_secret
        self.tokens: set[str] = set()

    def routes(self) -> APIRouter:
        """The doors; their answers are JSON that calls itself plain text, as WeChat's do."""
        router = APIRouter()
        router.add_api_route("/sns/jscode2session", self.session, methods=["GET"])
        router.add_api_route("/cgi-bin/stable_token", self.token, methods=["POST"])
        router.add_api_route("/intp/realname/checkrealnameinfo", self.check, methods=["POST"])
        return router

    async def session(
        self, appid: str, secret: str, js_code: str, grant_type: str
    ) -> PlainTextResponse:
        """The openid behind a `wx.login` code."""
        if fault := self._fault_of(appid, secret):
            return _told(fault)
        if grant_type != "authorization_code":
            return _told({"errcode": 40002, "errmsg": "invalid grant_type (simulated)"})
        try:
            account = self.accounts.use(js_code, LOGIN).account
        except CodeUsed:
            return _told(USED_CODE)
        except CodeUnknown:
            return _told(INVALID_CODE)
        if self.accounts.strikes(SignInFault.WRONG_PERSON):
            return _told({"session_key": secrets.token_urlsafe(18)})
        openid = self.accounts.subject(account)
        return _told({"openid": openid, "session_key": secrets.token_urlsafe(18)})

    async def token(self, body: TokenRequest) -> PlainTextResponse:
        """The program's own access token."""
        if fault := self._fault_of(body.appid, body.secret):
            return _told(fault)
        token = secrets.token_urlsafe(32)
        self.tokens.add(token)
        return _told({"access_token": token, "expires_in": 7200})

    async def check(self, access_token: str, body: RealNameQuestion) -> PlainTextResponse:
        """Whether name and number are those under which the account pays."""
        if access_token not in self.tokens:
            return _told({"errcode": 40001, "errmsg": "invalid credential (simulated)"})
        if self.accounts.strikes(SignInFault.BUSY):
            return _told(BUSY)
        try:
            account = self.accounts.use(body.code, REAL_NAME).account
        except (CodeUsed, CodeUnknown):
            return _told(INVALID_CODE)
        person = self.accounts.people[account]
        is_holder = self.accounts.subject(account) == body.openid
        is_name = is_holder and person.name == body.real_name
        is_number = is_name and person.id_number == body.cred_id
        return _told(
            {
                "errcode": 0,
                "errmsg": "ok (simulated)",
                "verify_openid": "V_OP_NM_MA" if is_name else "V_OP_NM_UM",
                "verify_real_name": "V_NM_ID_MA" if is_number else "V_NM_ID_UM",
            }
        )

    def _fault_of(self, app_id: str, secret: str) -> Mapping[str, Any] | None:
        if app_id != self.app_id:
            return {"errcode": 40013, "errmsg": "invalid appid (simulated)"}
        if secret != self.app_secret:
            return {"errcode": 40125, "errmsg": "invalid appsecret (simulated)"}
        return BUSY if self.accounts.strikes(SignInFault.BUSY) else None


def _told(answer: Mapping[str, Any]) -> PlainTextResponse:
    return PlainTextResponse(dumps(answer))

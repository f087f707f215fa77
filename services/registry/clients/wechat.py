"""Sign-in by a WeChat mini-program, and WeChat's real-name check.

Two codes, from two acts of the person: `wx.login` gives the one for `jscode2session`, the page
of the city services (城市服务实名信息校验) gives the one for `checkrealnameinfo`.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from services.registry.clients.provider_answers import answer_of, text_in
from services.registry.model.bindings import Assurance, ExternalAccount, PendingSignIn
from shared.errors import Unavailable
from shared.telemetry import logger

CODE_REFUSED = frozenset({40029, 40163, 40226})
"""Not a code of theirs, a used one, or a person WeChat itself keeps out."""
TOKEN_OVER = frozenset({40001, 40014, 42001})
TOKEN_MARGIN_SECONDS = 120.0
RESIDENT_CARD = "1"


@dataclass(slots=True)
class WeChatSignIn:
    """One mini-program at WeChat.

    Args:
        client: Its base address is `https://api.weixin.qq.com`, or a simulated one.
    """

    client: httpx.AsyncClient
    app_id: str
    app_secret: str = field(repr=False)
    name: str = "WECHAT"
    assurance: Assurance = Assurance.REAL_NAME
    _token: str = field(default="", repr=False)
    _token_until: float = -1e9

    async def identify(self, code: str, _pending: PendingSignIn | None) -> ExternalAccount | None:
        """The openid a `wx.login` code stands for.

        Raises:
            Unavailable: WeChat did not answer, was busy, or does not know this mini-program.
        """
        answer = await self._ask(
            "GET",
            "/sns/jscode2session",
            params={
                "appid": self.app_id,
                "secret": self.app_secret,
                "js_code": code,
                "grant_type": "authorization_code",
            },
        )
        # Success has no errcode at all; the session key that comes with it is not kept.
        fault = answer.get("errcode", 0)
        if fault in CODE_REFUSED:
            return None
        self._accept(fault, "jscode2session")
        return ExternalAccount(provider=self.name, subject=text_in(answer, "openid"))

    async def is_held_by(self, subject: str, *, name: str, id_number: str, code: str) -> bool:
        """Whether WeChat knows the holder of an openid by this name and number.

        Raises:
            Unavailable: WeChat did not say: that is not a no.
        """
        asked = {
            "openid": subject,
            "real_name": name,
            "cred_id": id_number,
            "cred_type": RESIDENT_CARD,
            "code": code,
        }
        answer = await self._ask_as_program("/intp/realname/checkrealnameinfo", asked)
        fault = answer.get("errcode")
        if fault in CODE_REFUSED:
            return False
        self._accept(fault, "checkrealnameinfo")
        return (
            text_in(answer, "verify_openid") == "V_OP_NM_MA"
            and text_in(answer, "verify_real_name") == "V_NM_ID_MA"
        )

    async def _ask_as_program(self, path: str, asked: Mapping[str, str]) -> dict[str, Any]:
        for _ in range(2):
            token = await self._access_token()
            answer = await self._ask("POST", path, params={"access_token": token}, json=asked)
            if answer.get("errcode") not in TOKEN_OVER:
                return answer
            self._token_until = -1e9
        raise Unavailable

    async def _access_token(self) -> str:
        """The program's own token. `stable_token` gives several processes the same one."""
        if time.monotonic() < self._token_until:
            return self._token
        asked = {
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self.app_secret,
        }
        answer = await self._ask("POST", "/cgi-bin/stable_token", json=asked)
        self._accept(answer.get("errcode", 0), "stable_token")
        life = answer.get("expires_in")
        if type(life) is not int:
            raise Unavailable
        self._token = text_in(answer, "access_token")
        self._token_until = time.monotonic() + life - TOKEN_MARGIN_SECONDS
        return self._token

    async def _ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        # WeChat calls its JSON text/plain, so the media type says nothing.
        try:
            answer = orjson.loads(await answer_of(self.client, method, path, **request))
        except ValueError:
            raise Unavailable from None
        if not isinstance(answer, dict):
            raise Unavailable
        return answer

    def _accept(self, fault: object, door: str) -> None:
        """Busy, over quota, a wrong secret: our trouble or theirs, never the person's no."""
        if fault != 0:
            logger("registry").warning("sign_in.wechat_refused", door=door, errcode=fault)
            raise Unavailable

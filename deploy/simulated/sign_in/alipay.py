"""A simulated Alipay: one gateway, signed both ways."""

import base64
import secrets
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from fastapi import APIRouter, Request
from fastapi.responses import Response

from deploy.simulated.sign_in.accounts import Accounts, CodeUnknown, CodeUsed, SignInFault

LOGIN, VERIFY = "auth_base", "id_verify"
ERROR = "error_response"


class Refusal(Exception):
    """The gateway says no, with the codes of the real one."""

    def __init__(self, code: str, sub_code: str) -> None:
        self.answer = {
            "code": code,
            "msg": "refused (simulated)",
            "sub_code": sub_code,
            "sub_msg": "模拟",
        }


class Alipay:
    """One application's view of Alipay.

    Args:
        application_key: The application's public key, which its requests are signed with.
        own_key: Signs the answers.
    """

    def __init__(
        self,
        accounts: Accounts,
        *,
        app_id: str,
        application_key: RSAPublicKey,
        own_key: RSAPrivateKey,
    ) -> None:
        self.accounts = accounts
        self.app_id = app_id
        self.application_key = application_key
        self.own_key = own_key
        self.tokens: dict[str, str] = {}
        self.questions: dict[str, dict[str, Any]] = {}

    def routes(self) -> APIRouter:
        """The one door."""
        router = APIRouter()
        router.add_api_route("/gateway.do", self.gateway, methods=["POST"])
        return router

    async def gateway(self, request: Request) -> Response:
        """Any method, by its name among the parameters."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        node = form.get("method", "").replace(".", "_") + "_response"
        try:
            self._check(form)
            answer = self._answer(form)
        except Refusal as refusal:
            is_broken = refusal.answer["sub_code"] == "isv.invalid-signature"
            node = ERROR if is_broken or node == "alipay_system_oauth_token_response" else node
            answer = refusal.answer
        return self._signed(node, answer)

    def _check(self, form: dict[str, str]) -> None:
        if form.get("app_id") != self.app_id:
            raise Refusal("40002", "isv.invalid-app-id")
        given = {name: value for name, value in form.items() if name != "sign" and value}
        text = "&".join(f"{name}={given[name]}" for name in sorted(given))
        try:
            signature = base64.b64decode(form.get("sign", ""), validate=True)
            self.application_key.verify(signature, text.encode(), PKCS1v15(), SHA256())
        except (ValueError, InvalidSignature):
            raise Refusal("40002", "isv.invalid-signature") from None
        if self.accounts.strikes(SignInFault.BUSY):
            raise Refusal("20000", "isp.unknow-error")

    def _answer(self, form: dict[str, str]) -> dict[str, Any]:
        match form["method"]:
            case "alipay.system.oauth.token":
                return self._tokens(form.get("code", ""))
            case "alipay.user.certdoc.certverify.preconsult":
                question = secrets.token_hex(16)
                self.questions[question] = orjson.loads(form["biz_content"])
                return {"code": "10000", "msg": "Success", "verify_id": question}
            case "alipay.user.certdoc.certverify.consult":
                return self._compared(form)
            case _:
                raise Refusal("40002", "isv.invalid-method")

    def _tokens(self, code: str) -> dict[str, Any]:
        for purpose in (LOGIN, VERIFY):
            try:
                account = self.accounts.use(code, purpose).account
            except CodeUnknown:
                continue
            except CodeUsed:
                raise Refusal("40002", "isv.code-is-used") from None
            token = secrets.token_hex(20)
            if purpose == VERIFY:
                self.tokens[token] = account
            subject = self.accounts.subject(account)
            # As text, the name has a brace and a quote: readers that cut badly find out.
            return {
                "user_id": subject,
                "access_token": token,
                "expires_in": 1296000,
                "nick": '模拟"}',
            }
        raise Refusal("40002", "isv.code-invalid")

    def _compared(self, form: dict[str, str]) -> dict[str, Any]:
        account = self.tokens.pop(form.get("auth_token", ""), None)
        question = self.questions.pop(orjson.loads(form["biz_content"])["verify_id"], None)
        if account is None or question is None:
            raise Refusal("40006", "isv.insufficient-user-permissions")
        person = self.accounts.people[account]
        fits = (question["user_name"], question["cert_no"]) == (person.name, person.id_number)
        return {"code": "10000", "msg": "Success", "passed": "T" if fits else "F"}

    def _signed(self, node: str, answer: dict[str, Any]) -> Response:
        # Spaces on purpose: who signs anew what was parsed gets another text.
        text = orjson.dumps(answer, option=orjson.OPT_INDENT_2)
        key = self.own_key
        if self.accounts.strikes(SignInFault.FORGED):
            key = generate_private_key(public_exponent=65537, key_size=2048)
        signature = base64.b64encode(key.sign(text, PKCS1v15(), SHA256()))
        body = b'{"' + node.encode() + b'":' + text + b',"sign":"' + signature + b'"}'
        return Response(body, media_type="text/html;charset=utf-8")

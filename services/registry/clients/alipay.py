"""Sign-in by Alipay, and Alipay's check of name and number.

Requests are signed with our RSA key, answers with Alipay's, both RSA2 (SHA256withRSA). What
Alipay signs is the text of the answer's node as it was sent: it is cut out of the body and never
written anew. Names of methods and members are from memory: check before go-live.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from services.registry.clients.provider_answers import answer_of, text_in
from services.registry.model.bindings import Assurance, ExternalAccount, PendingSignIn
from shared.clock import SHANGHAI, Clock
from shared.errors import Unavailable
from shared.telemetry import logger

SUCCESS = "10000"
CODE_REFUSED = frozenset({"isv.code-invalid", "isv.code-is-used", "isv.code-expired"})
GATEWAY = "/gateway.do"
_NODE = re.compile(rb'^\s*\{\s*"([a-z_]{1,100})"\s*:\s*')


@dataclass(slots=True)
class AlipaySignIn:
    """One application at Alipay.

    Args:
        client: Its base address is `https://openapi.alipay.com`, or a simulated one.
        private_key: Ours, PKCS#8 DER in base64.
        alipay_public_key: Alipay's for us, X.509 DER in base64.
    """

    client: httpx.AsyncClient
    clock: Clock
    app_id: str
    private_key: str = field(repr=False)
    alipay_public_key: str = field(repr=False)
    name: str = "ALIPAY"
    assurance: Assurance = Assurance.REAL_NAME

    async def identify(self, code: str, _pending: PendingSignIn | None) -> ExternalAccount | None:
        """The account an authorisation code stands for.

        Raises:
            Unavailable: Alipay did not answer, or not as Alipay.
        """
        answer = await self._exchange(code)
        if answer is None:
            return None
        subject = answer.get("open_id") or answer.get("user_id")
        if not isinstance(subject, str) or not subject:
            raise Unavailable
        return ExternalAccount(provider=self.name, subject=subject)

    async def is_held_by(self, subject: str, *, name: str, id_number: str, code: str) -> bool:
        """Whether Alipay knows the account's holder by this name and number.

        Args:
            code: A second authorisation code, of the scope that lets us ask.

        Raises:
            Unavailable: Alipay did not say: that is not a no.
        """
        authorised = await self._exchange(code)
        if authorised is None:
            return False
        if subject not in (authorised.get("open_id"), authorised.get("user_id")):
            # Somebody else's consent says nothing about this account.
            return False
        person = {"user_name": name, "cert_type": "IDENTITY_CARD", "cert_no": id_number}
        asked = await self._ask("alipay.user.certdoc.certverify.preconsult", content=person)
        told = await self._ask(
            "alipay.user.certdoc.certverify.consult",
            content={"verify_id": text_in(self._good(asked), "verify_id")},
            auth_token=text_in(authorised, "access_token"),
        )
        return text_in(self._good(told), "passed") == "T"

    async def _exchange(self, code: str) -> dict[str, Any] | None:
        answer = await self._ask(
            "alipay.system.oauth.token", grant_type="authorization_code", code=code
        )
        if answer.get("sub_code") in CODE_REFUSED:
            return None
        # This method alone says nothing of 10000 when it succeeds.
        return answer if "access_token" in answer else self._good(answer)

    def _good(self, answer: dict[str, Any]) -> dict[str, Any]:
        if answer.get("code") != SUCCESS:
            said = str(answer.get("sub_code") or answer.get("code"))[:60]
            logger("registry").warning("sign_in.alipay_refused", sub_code=said)
            raise Unavailable
        return answer

    async def _ask(
        self, method: str, *, content: Mapping[str, str] | None = None, **parameters: str
    ) -> dict[str, Any]:
        now = self.clock.now().astimezone(SHANGHAI)
        given = {
            "app_id": self.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": now.strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
            **parameters,
        }
        if content is not None:
            given["biz_content"] = orjson.dumps(content).decode()
        given["sign"] = signed(given, key=private_key(self.private_key))
        body = await answer_of(self.client, "POST", GATEWAY, data=given)
        return verified(body, method=method, key=public_key(self.alipay_public_key))


def signing_text(parameters: Mapping[str, str]) -> bytes:
    """What is signed of a request: all parameters that say something, sorted, joined raw."""
    parts = [f"{name}={value}" for name, value in sorted(parameters.items()) if value]
    return "&".join(part for part in parts if not part.startswith("sign=")).encode()


def signed(parameters: Mapping[str, str], *, key: RSAPrivateKey) -> str:
    """The RSA2 signature of a request, in base64."""
    signature = key.sign(signing_text(parameters), PKCS1v15(), SHA256())
    return base64.b64encode(signature).decode()


def verified(body: bytes, *, method: str, key: RSAPublicKey) -> dict[str, Any]:
    """The node of an answer that Alipay signed.

    Raises:
        Unavailable: It cannot be read, answers another question, or is not Alipay's.
    """
    expected = method.replace(".", "_") + "_response"
    try:
        whole = orjson.loads(body)
        begins = _NODE.match(body)
        if begins is None or begins.group(1).decode() not in (expected, "error_response"):
            raise Unavailable
        node = whole[begins.group(1).decode()]
        raw = _cut_out(body[begins.end() :])
        signature = base64.b64decode(text_in(whole, "sign"), validate=True)
        key.verify(signature, raw, PKCS1v15(), SHA256())
    except (ValueError, KeyError, TypeError, InvalidSignature):
        raise Unavailable from None
    if not isinstance(node, dict):
        raise Unavailable
    return node


def _cut_out(text: bytes) -> bytes:
    """The first JSON object of a text, as it stands there.

    Raises:
        ValueError: It does not begin with one.
    """
    depth, is_text, is_escaped = 0, False, False
    for at, byte in enumerate(text):
        if is_text:
            if is_escaped:
                is_escaped = False
            elif byte == 0x5C:
                is_escaped = True
            elif byte == 0x22:
                is_text = False
        elif byte == 0x22:
            is_text = True
        elif byte == 0x7B:
            depth += 1
        elif byte == 0x7D:
            depth -= 1
            if depth == 0:
                return text[: at + 1]
    raise ValueError("no object")


def private_key(encoded: str) -> RSAPrivateKey:
    """An RSA private key from base64 of PKCS#8 DER.

    Raises:
        ValueError: It is something else.
    """
    key = load_der_private_key(base64.b64decode(encoded), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("not an RSA key")
    return key


def public_key(encoded: str) -> RSAPublicKey:
    """An RSA public key from base64 of X.509 DER.

    Raises:
        ValueError: It is something else.
    """
    key = load_der_public_key(base64.b64decode(encoded))
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not an RSA key")
    return key

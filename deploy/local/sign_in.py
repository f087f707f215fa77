"""How the local stack's sign-in providers and registry come to know each other."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyotp
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from deploy.secret_keeping import StackSecrets, write_for_owner

OFFICER = "lin"
FRONT_END = "http://127.0.0.1:8600/signed-in"


@dataclass(frozen=True, slots=True)
class SignInAccounts:
    """Both sides of every provider, and one officer's two factors.

    Args:
        registry: What each provider gave the registry.
        providers: What each provider keeps of the registry.
        password: The officer's.
        totp_secret: The officer's authenticator's.
    """

    registry: Mapping[str, Mapping[str, str]]
    providers: Mapping[str, Mapping[str, str]]
    password: str
    totp_secret: str

    def for_registry(self) -> dict[str, str]:
        """The registry's environment variables."""
        factors = {OFFICER: {"password": self.password, "totp_secret": self.totp_secret}}
        return {
            "REGISTRY_SIGN_IN_PROVIDERS": json.dumps(self.registry),
            "REGISTRY_SEED_FACTORS": json.dumps(factors),
        }

    def for_simulated(self) -> dict[str, str]:
        """The simulated providers' environment variables."""
        return {"SIMULATED_SIGN_IN": json.dumps(self.providers)}


def sign_in_accounts(home: Path, secrets: StackSecrets, *, simulated: str) -> SignInAccounts:
    """The accounts of one stack; the same at every start from the same folder.

    Args:
        simulated: Address of the simulated systems.
    """
    keys = _kept_keys(home / "sign-in-keys.json")
    base = f"{simulated}/sign-in"
    wechat = {"app_id": "wx-simulated", "app_secret": secrets.client_secret("wechat")}
    alipay = {"app_id": "2026-simulated"}
    province = {
        "base_url": f"{base}/province",
        "client_id": "one-window",
        "client_secret": secrets.client_secret("province"),
        "redirect_uri": FRONT_END,
    }
    own = {name: keys[name] for name in ("private_key", "alipay_public_key")}
    theirs = {name: keys[name] for name in ("own_private_key", "application_public_key")}
    seed = bytes.fromhex(secrets.client_secret("officer-authenticator"))[:20]
    return SignInAccounts(
        registry={
            "WECHAT": {"base_url": f"{base}/wechat", **wechat},
            "ALIPAY": {"base_url": f"{base}/alipay", **alipay, **own},
            "PROVINCE": province,
        },
        providers={"WECHAT": wechat, "ALIPAY": {**alipay, **theirs}, "PROVINCE": province},
        password=f"heron {secrets.client_secret('officer-password')[:16]}",
        totp_secret=base64.b32encode(seed).decode(),
    )


def new_keys() -> dict[str, str]:
    """The two RSA pairs between an application and Alipay, DER in base64."""
    made: dict[str, str] = {}
    for private, public in (
        ("own_private_key", "alipay_public_key"),
        ("private_key", "application_public_key"),
    ):
        key = generate_private_key(public_exponent=65537, key_size=2048)
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        shown = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        made[private] = base64.b64encode(der).decode()
        made[public] = base64.b64encode(shown).decode()
    return made


def ways_to_sign_in(accounts: SignInAccounts, *, gateway: str, simulated: str) -> Iterator[str]:
    """What a person at this machine can do to sign in, each way in a few lines."""
    tap = f"curl -s {simulated}/sign-in/{{}}/simulated/tap -H 'Content-Type: application/json' -d"
    login = '\'{"account":"chen","purpose":"%s"}\''
    yield f"登录 sign in: mutation signIn(input: {{provider, code}}) → {gateway}/graphql"
    yield '  DEVELOPMENT  居民 code: "resident:chen" · 经办人 code: "officer:lin"'
    yield f"  WECHAT       {tap.format('wechat')} {login % 'login'} → code"
    yield f"               首次须绑定 first time: bindAccount, code: {login % 'real-name'}"
    yield f"  ALIPAY       {tap.format('alipay')} {login % 'auth_base'} → code"
    yield f"               首次须绑定 first time: bindAccount, code: {login % 'id_verify'}"
    yield "  PROVINCE     mutation beginSignIn → address (&account=chen) → code, state"
    code = pyotp.TOTP(accounts.totp_secret).now()
    yield f"  双因素 2 factors: signInOfficer(officer: {OFFICER}, password: {accounts.password!r})"
    yield f"               验证码 code now {code}; next: `python -m deploy.local code`"


def _kept_keys(file: Path) -> dict[str, str]:
    if file.exists():
        kept: dict[str, str] = json.loads(file.read_text())
        return kept
    made = new_keys()
    write_for_owner(file, json.dumps(made, indent=2))
    return made

"""ES256 keys and signatures, made and checked with joserfc."""

from collections.abc import Mapping
from typing import Any

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from services.registry.model import KeyStatus, SigningKey
from shared.auth import ALGORITHM, TOKEN_TYPE


def new_signing_key(status: KeyStatus) -> SigningKey:
    """A fresh P-256 key; its id is its RFC 7638 thumbprint."""
    key = ECKey.generate_key(
        "P-256", parameters={"use": "sig", "alg": ALGORITHM}, private=True, auto_kid=True
    )
    return SigningKey(
        id=str(key.kid),
        status=status,
        public_jwk=key.as_dict(private=False),
        private_jwk=key.as_dict(private=True),
    )


def signed_token(key: SigningKey, claims: Mapping[str, Any]) -> str:
    """An access token (RFC 9068)."""
    header = {"alg": ALGORITHM, "kid": key.id, "typ": TOKEN_TYPE}
    private = ECKey.import_key(dict(key.private_jwk))
    return jwt.encode(header, dict(claims), private, algorithms=[ALGORITHM])


def unverified_claims(assertion: str) -> Mapping[str, Any]:
    """What an assertion says before its signature is checked: only good for finding the key.

    Returns nothing when it cannot even be read.
    """
    try:
        claims = orjson.loads(jws.extract_compact(assertion.encode()).payload)
    except (JoseError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def is_signed_by(assertion: str, public_jwk: Mapping[str, Any]) -> bool:
    """Whether an assertion carries this key's ES256 signature."""
    try:
        key = ECKey.import_key(dict(public_jwk))
        jwt.decode(assertion, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        return False
    return True


def public_part(jwk: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The public half of a P-256 JWK; None when it is something else.

    A partner may send the whole key by mistake: the private half is never kept.
    """
    try:
        key = ECKey.import_key(dict(jwk))
    except (JoseError, ValueError, KeyError, TypeError):
        return None
    return key.as_dict(private=False) if key.curve_name == "P-256" else None

"""ES256 keys and signatures of certificates, made and checked with joserfc."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from services.registry.model.certificates import CertificateKey
from shared.auth import ALGORITHM

CERTIFICATE_TYPE = "e-certificate+jws"
"""`typ` of a certificate's signature, so that nothing else we sign can pass for one."""


def new_certificate_key() -> CertificateKey:
    """A fresh P-256 key; its id is its RFC 7638 thumbprint."""
    key = ECKey.generate_key(
        "P-256", parameters={"use": "sig", "alg": ALGORITHM}, private=True, auto_kid=True
    )
    return CertificateKey(
        id=str(key.kid),
        public_jwk=key.as_dict(private=False),
        private_jwk=key.as_dict(private=True),
    )


def signed_content(key: CertificateKey, content: bytes) -> str:
    """The signature of canonical content: a compact JWS without its payload."""
    header = {"alg": ALGORITHM, "kid": key.id, "typ": CERTIFICATE_TYPE}
    private = ECKey.import_key(dict(key.private_jwk))
    whole = jws.serialize_compact(header, content, private, algorithms=[ALGORITHM])
    head, _payload, signature = whole.split(".")
    return f"{head}..{signature}"


def is_authentic(content: bytes, signature: str, published: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of our published keys signed exactly this content as a certificate."""
    head, _, tail = signature.partition("..")
    payload = base64.urlsafe_b64encode(content).decode().rstrip("=")
    keys = KeySet([ECKey.import_key(dict(each)) for each in published])
    try:
        found = jws.deserialize_compact(f"{head}.{payload}.{tail}", keys, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        return False
    return found.headers().get("typ") == CERTIFICATE_TYPE


def signed_statement(key: CertificateKey, kind: str, claims: Mapping[str, Any]) -> str:
    """A JWT signed with the key of certificates, such as a status list.

    Args:
        kind: Its media type, `typ`.
    """
    header = {"alg": ALGORITHM, "kid": key.id, "typ": kind}
    private = ECKey.import_key(dict(key.private_jwk))
    return jwt.encode(header, dict(claims), private, algorithms=[ALGORITHM])

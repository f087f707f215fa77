"""Certificates as verifiable credentials (SD-JWT VC), made with OpenWallet's library."""

from collections.abc import Mapping
from typing import Any

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer

from services.registry.errors import HolderKeyUnsuitable
from services.registry.model.certificates import CertificateKey
from services.registry.rules.credential import CREDENTIAL_TYPE
from shared.auth import ALGORITHM


def issued_credential(
    key: CertificateKey,
    *,
    open_claims: Mapping[str, Any],
    disclosable: Mapping[str, Any],
    holder_key: Mapping[str, Any] | None,
) -> str:
    """A credential whose holder decides, claim by claim, what a verifier sees.

    Args:
        open_claims: What every verifier sees: issuer, type, times, place in the status list.
        disclosable: What the holder may show or keep.
        holder_key: Public JWK the credential is bound to; None: whoever has it may show it.

    Raises:
        HolderKeyUnsuitable: The holder's key is not a public P-256 key.
    """
    claims = {**open_claims, **{SDObj(name): value for name, value in disclosable.items()}}
    issuer = SDJWTIssuer(
        claims,
        JWK(**key.private_jwk),
        holder_key=None if holder_key is None else _bound(holder_key),
        sign_alg=ALGORITHM,
        add_decoy_claims=True,
        extra_header_parameters={"typ": CREDENTIAL_TYPE, "kid": key.id},
    )
    return str(issuer.sd_jwt_issuance)


def _bound(jwk: Mapping[str, Any]) -> JWK:
    """The public half alone, whatever else was sent with it."""
    try:
        if (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
            raise HolderKeyUnsuitable
        bound = JWK(kty="EC", crv="P-256", x=jwk["x"], y=jwk["y"])
        # Only now is it known whether the point lies on the curve.
        bound.get_op_key("verify")
    except (JWException, KeyError, TypeError, ValueError):
        raise HolderKeyUnsuitable from None
    return bound

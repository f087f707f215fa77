"""What a certificate says as a verifiable credential, and what its status list says."""

from collections.abc import Mapping
from typing import Any

from services.registry.model.certificates import CertificateType, CertificateVersion
from services.registry.rules.status_list import TOKEN_SECONDS

CREDENTIAL_TYPE = "dc+sd-jwt"
STATUS_LIST_TYPE = "statuslist+jwt"


def credential_type(public_url: str, code: str) -> str:
    """The name of a credential's type: an address at which it is described.

    Source:
        SD-JWT VC (draft-ietf-oauth-sd-jwt-vc): `vct`.
    """
    return f"{public_url}/v1/certificate-types/{code}"


def status_list_address(public_url: str, number: int) -> str:
    """Where a status list is published; it is its subject, too.

    Source:
        Token Status List (draft-ietf-oauth-status-list): `uri` and `sub` are the same.
    """
    return f"{public_url}/v1/status-lists/{number}"


def open_claims(
    version: CertificateVersion,
    kind: CertificateType,
    *,
    public_url: str,
    issued: int,
    expires: int | None,
) -> dict[str, Any]:
    """What every verifier sees: nothing in it says who the holder is.

    Args:
        issued: Seconds since 1970.
        expires: The first second in which it is not good any more; None: until it ends.

    Source:
        SD-JWT VC (draft-ietf-oauth-sd-jwt-vc); Token Status List for `status`.
    """
    place = version.place
    claims: dict[str, Any] = {
        "iss": public_url,
        "vct": credential_type(public_url, kind.code),
        "iat": issued,
        "issuing_authority": version.content["issuer"]["name"]["zh"],
        "status": {
            "status_list": {
                "idx": place.index,
                "uri": status_list_address(public_url, place.list_number),
            }
        },
    }
    return claims if expires is None else {**claims, "exp": expires}


def disclosable_claims(version: CertificateVersion) -> dict[str, Any]:
    """What the holder shows or keeps, claim by claim.

    Source:
        个人信息保护法 art. 6 (smallest scope): a verifier sees what it needs and no more.
    """
    content = version.content
    return {
        "identifier": version.identifier,
        "number": content["number"],
        "valid_from": content["validFrom"],
        **content["fields"],
    }


def type_metadata(kind: CertificateType, *, public_url: str) -> dict[str, Any]:
    """A type of credential as wallets and verifiers read it.

    Source:
        SD-JWT VC (draft-ietf-oauth-sd-jwt-vc), type metadata.
    """
    return {
        "vct": credential_type(public_url, kind.code),
        "name": kind.title["zh"],
        "display": [
            {"lang": "zh-CN", "name": kind.title["zh"]},
            {"lang": "en", "name": kind.title["en"]},
        ],
        "claims": [
            {
                "path": [each.key],
                "sd": "always",
                "display": [
                    {"lang": "zh-CN", "label": each.title["zh"]},
                    {"lang": "en", "label": each.title["en"]},
                ],
            }
            for each in kind.fields
        ],
    }


def status_list_claims(
    encoded: str, *, public_url: str, number: int, issued: int
) -> Mapping[str, Any]:
    """What a published status list says.

    Args:
        encoded: As `encoded_list` gives it.
        issued: Seconds since 1970.

    Source:
        Token Status List (draft-ietf-oauth-status-list): the token's claims.
    """
    return {
        "iss": public_url,
        "sub": status_list_address(public_url, number),
        "iat": issued,
        "exp": issued + TOKEN_SECONDS,
        "ttl": TOKEN_SECONDS,
        "status_list": {"bits": 1, "lst": encoded},
    }

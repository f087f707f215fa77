"""Can a holder show some of a certificate, and does a verifier notice when it is over?"""

import base64
import json
import zlib

import pytest
from jwcrypto.jwk import JWK, JWKSet
from jwcrypto.jwt import JWT
from sd_jwt.holder import SDJWTHolder
from sd_jwt.verifier import SDJWTVerifier

from tests.registry.test_verify_certificate import end, issued, officer_of
from tests.support.certificates import LIU, WANG
from tests.support.registry import TestRegistry, headers


async def taken(registry: TestRegistry, certificate: str, who: str = "liu", **body) -> str:
    token = await registry.token_of(f"resident:{who}")
    answer = await registry.http.post(
        f"/v1/certificates/{certificate}:credential", json=body, headers=headers(token, None)
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["format"] == "dc+sd-jwt"
    return answer.json()["credential"]


async def published_keys(registry: TestRegistry) -> JWKSet:
    """As a verifier finds them: by the issuer's metadata."""
    issuer = (await registry.http.get("/.well-known/jwt-vc-issuer")).json()
    return JWKSet.from_json((await registry.http.get(issuer["jwks_uri"])).text)


def shown_by(credential: str, *claims: str, **bound) -> str:
    holder = SDJWTHolder(credential)
    holder.create_presentation(dict.fromkeys(claims, True), **bound)
    return holder.sd_jwt_presentation


def verified(presentation: str, keys: JWKSet, **expected) -> dict:
    """What OpenWallet's verifier makes of it, with the published key its header names."""
    head = json.loads(base64.urlsafe_b64decode(presentation.split(".")[0] + "=="))

    def key_of(_issuer, _header):
        return keys.get_key(head["kid"])

    return SDJWTVerifier(presentation, key_of, **expected).get_verified_payload()


async def is_over(registry: TestRegistry, claims: dict, keys: JWKSet) -> bool:
    """What a verifier reads in the list that the credential names; nobody else is asked."""
    place = claims["status"]["status_list"]
    answer = await registry.http.get(place["uri"])
    assert answer.headers["content-type"] == "application/statuslist+jwt"
    token = JWT(jwt=answer.text, key=keys, algs=["ES256"])
    assert json.loads(token.header)["typ"] == "statuslist+jwt"
    said = json.loads(token.claims)
    assert said["sub"] == place["uri"]
    assert said["status_list"]["bits"] == 1
    packed = said["status_list"]["lst"]
    bits = zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    return bool(bits[place["idx"] // 8] >> (place["idx"] % 8) & 1)


async def test_a_verifier_sees_only_what_the_holder_discloses(registry):
    mine, keys = await issued(registry), await published_keys(registry)
    credential = await taken(registry, mine["id"])
    claims = verified(shown_by(credential, "registered_on", "number"), keys)
    assert claims["registered_on"] == "2026-11-22"
    assert claims["number"] == "J330106-2026-000001"
    assert claims["vct"] == "http://registry/v1/certificate-types/marriage-certificate"
    assert claims["issuing_authority"] == "西湖区婚姻登记处"
    for kept in ("刘示例", "王示例", LIU, WANG, mine["identifier"]):
        assert kept not in json.dumps(claims, ensure_ascii=False)
    whole = verified(shown_by(credential, "first_name", "first_id_number"), keys)
    assert (whole["first_name"], whole["first_id_number"]) == ("刘示例", LIU)
    assert "second_name" not in whole


async def test_a_revoked_certificate_is_seen_as_over_in_the_status_list(registry):
    mine, keys = await issued(registry), await published_keys(registry)
    presentation = shown_by(await taken(registry, mine["id"]), "number")
    claims = verified(presentation, keys)
    assert not await is_over(registry, claims, keys)
    assert (await end(registry, mine["id"], await officer_of(registry))).status_code == 200
    assert verified(presentation, keys) == claims
    assert await is_over(registry, claims, keys)


async def test_an_altered_credential_is_not_believed(registry):
    mine, keys = await issued(registry), await published_keys(registry)
    head, body, rest = (await taken(registry, mine["id"])).split(".", 2)
    forged = {**json.loads(base64.urlsafe_b64decode(body + "==")), "issuing_authority": "别处"}
    packed = base64.urlsafe_b64encode(json.dumps(forged).encode()).decode().rstrip("=")
    with pytest.raises(Exception, match=r"(?i)verif|signature|invalid"):
        verified(f"{head}.{packed}.{rest}", keys)


async def test_a_bound_credential_needs_the_holders_key_to_be_shown(registry):
    mine, keys = await issued(registry), await published_keys(registry)
    own = JWK.generate(kty="EC", crv="P-256")
    public = own.export_public(as_dict=True)
    credential = await taken(
        registry, mine["id"], holderKey={name: public[name] for name in ("kty", "crv", "x", "y")}
    )
    here = {"nonce": "n-1", "aud": "https://bank.example"}
    expected = {"expected_nonce": "n-1", "expected_aud": "https://bank.example"}
    good = shown_by(credential, "number", **here, holder_key=own)
    assert verified(good, keys, **expected)["number"] == "J330106-2026-000001"
    stolen = shown_by(credential, "number", **here, holder_key=JWK.generate(kty="EC", crv="P-256"))
    with pytest.raises(Exception, match=r"(?i)verif|signature|invalid"):
        verified(stolen, keys, **expected)


@pytest.mark.parametrize(
    "key",
    [{}, {"kty": "oct", "k": "AAAA"}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}],
    ids=["nothing", "a secret", "not on the curve"],
)
async def test_a_key_that_is_not_one_binds_nothing(registry, key):
    mine = await issued(registry)
    token = await registry.token_of("resident:liu")
    answer = await registry.http.post(
        f"/v1/certificates/{mine['id']}:credential",
        json={"holderKey": key},
        headers=headers(token, None),
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "HOLDER_KEY_UNSUITABLE")


async def test_a_stranger_takes_no_credential_and_a_list_that_is_none_is_not_found(registry):
    mine = await issued(registry)
    token = await registry.token_of("resident:chen")
    answer = await registry.http.post(
        f"/v1/certificates/{mine['id']}:credential", json={}, headers=headers(token, None)
    )
    assert answer.status_code == 404
    assert (await registry.http.get("/v1/status-lists/7")).status_code == 404


async def test_the_type_of_a_credential_describes_itself(quiet_registry):
    address = "/v1/certificate-types/marriage-certificate"
    described = (await quiet_registry.http.get(address)).json()
    assert described["vct"] == f"http://registry{address}"
    assert {"path": ["first_name"], "sd": "always"}.items() <= described["claims"][1].items()
    assert (await quiet_registry.http.get("/v1/certificate-types/none")).status_code == 404

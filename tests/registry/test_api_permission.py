"""Who may use which door?"""

import base64
import json
import time

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from shared.auth import Actor, ActorKind, claims_of
from shared.web import only
from tests.support.registry import TestRegistry, headers

EVERYBODY = {"nobody", "citizen", "officer", "partner", "service", "operator"}
GRANT = "0325f848-aa48-550c-a20c-b6db851b1a63"

PLACES = {
    **dict.fromkeys(("grant_id", "office_id", "resident_id", "household_id"), GRANT),
    **dict.fromkeys(("object_id", "candidate_id", "merge_id", "enquiry_id"), GRANT),
    "certificate_id": GRANT,
    **dict.fromkeys(("session_id", "binding_id", "officer_id", "change_id"), GRANT),
    "code": "JZ201",
    "adoption_number": "SY33010620260000001",
    "uscc": "51330106MJ0000011X",
    "version": 1,
    "number": 0,
    "token": "x" * 22,
}
"""What stands in the paths of doors that are knocked at."""

DOORS = {
    ("GET", "/.well-known/jwks.json"): EVERYBODY,
    ("POST", "/v1/token"): EVERYBODY,
    ("POST", "/v1/sign-in"): EVERYBODY,
    ("POST", "/v1/token:refresh"): EVERYBODY,
    ("POST", "/v1/token:revoke"): EVERYBODY,
    ("POST", "/v1/sign-in:begin"): EVERYBODY,
    ("POST", "/v1/bindings"): EVERYBODY,
    ("GET", "/v1/bindings"): {"citizen"},
    ("POST", "/v1/bindings/{binding_id}:unbind"): {"citizen"},
    ("POST", "/v1/officers"): {"officer", "operator"},
    ("GET", "/v1/officers"): {"officer", "operator"},
    ("POST", "/v1/officers/{officer_id}:assign"): {"officer", "operator"},
    ("POST", "/v1/officers/{officer_id}:suspend"): {"officer", "operator"},
    ("POST", "/v1/officers/{officer_id}:reinstate"): {"officer", "operator"},
    ("POST", "/v1/officers/{officer_id}:invite"): {"officer", "operator"},
    ("POST", "/v1/officer-changes/{change_id}:confirm"): {"officer", "operator"},
    ("POST", "/v1/officer-changes/{change_id}:reject"): {"officer", "operator"},
    ("POST", "/v1/officers:sign-in"): EVERYBODY,
    ("POST", "/v1/enrolments:begin"): EVERYBODY,
    ("POST", "/v1/enrolments:confirm"): EVERYBODY,
    ("POST", "/v1/session:step-up"): {"officer"},
    ("POST", "/v1/officers/me:change-password"): {"officer"},
    ("GET", "/v1/sessions"): {"citizen", "officer"},
    ("POST", "/v1/sessions/{session_id}:revoke"): {"citizen", "officer"},
    ("GET", "/.well-known/revoked-sessions.json"): EVERYBODY,
    ("GET", "/v1/items"): EVERYBODY,
    ("GET", "/v1/items/{code}"): EVERYBODY,
    ("GET", "/v1/items/{code}/versions/{version}"): EVERYBODY,
    ("GET", "/v1/offices"): EVERYBODY,
    ("GET", "/v1/offices/{office_id}/officers"): {"officer", "service"},
    ("GET", "/v1/divisions/{code}"): EVERYBODY,
    ("GET", "/v1/divisions/{code}/succession"): EVERYBODY,
    ("GET", "/v1/publications"): EVERYBODY,
    ("POST", "/v1/grants"): {"citizen"},
    ("GET", "/v1/grants"): {"citizen"},
    ("POST", "/v1/grants/{grant_id}:revoke"): {"citizen"},
    ("POST", "/v1/grants:check"): {"service"},
    ("GET", "/v1/adoptions/{adoption_number}"): {"officer"},
    ("GET", "/v1/organisations"): {"officer"},
    ("GET", "/v1/organisations/{uscc}"): {"officer"},
    ("GET", "/v1/place-names"): {"officer"},
    ("GET", "/v1/shared-facts"): EVERYBODY,
    ("POST", "/v1/enquiries"): {"service"},
    ("GET", "/v1/enquiries"): {"service"},
    ("GET", "/v1/enquiries/{enquiry_id}"): {"service"},
    ("GET", "/v1/suppliers"): {"operator"},
    ("POST", "/v1/residents"): {"officer"},
    ("POST", "/v1/residents:find"): {"officer"},
    ("GET", "/v1/residents/{resident_id}"): {"officer"},
    ("POST", "/v1/residents/{resident_id}/facts"): {"officer"},
    ("POST", "/v1/residents/{resident_id}:change-identity"): {"officer"},
    ("POST", "/v1/households"): {"officer"},
    ("GET", "/v1/service-objects"): {"officer"},
    ("GET", "/v1/service-objects/counts"): {"officer"},
    ("POST", "/v1/residents/{resident_id}/service-objects"): {"officer"},
    ("POST", "/v1/service-objects/{object_id}:end"): {"officer"},
    ("GET", "/v1/duplicates"): {"officer"},
    ("POST", "/v1/duplicates/{candidate_id}:merge"): {"officer"},
    ("POST", "/v1/duplicates/{candidate_id}:dismiss"): {"officer"},
    ("POST", "/v1/merges/{merge_id}:undo"): {"officer"},
    ("POST", "/v1/households/{household_id}:settle"): {"officer"},
    ("GET", "/v1/households/{household_id}"): {"officer"},
    ("GET", "/v1/certificates"): {"citizen"},
    ("POST", "/v1/certificates:verify"): {"partner", "service"},
    ("GET", "/v1/certificates/{certificate_id}"): {"citizen"},
    ("GET", "/v1/certificates/{certificate_id}/pdf"): {"citizen"},
    ("GET", "/v1/certificates/{certificate_id}/uses"): {"citizen"},
    ("POST", "/v1/certificates/{certificate_id}:credential"): {"citizen"},
    ("POST", "/v1/certificates/{certificate_id}:end"): {"officer"},
    ("POST", "/v1/certificates/{certificate_id}:reissue"): {"officer"},
    ("GET", "/.well-known/certificate-keys.json"): EVERYBODY,
    ("GET", "/.well-known/jwt-vc-issuer"): EVERYBODY,
    ("GET", "/v1/status-lists/{number}"): EVERYBODY,
    ("GET", "/v1/certificate-types/{code}"): EVERYBODY,
    ("GET", "/verify"): EVERYBODY,
    ("POST", "/verify"): EVERYBODY,
    ("GET", "/verify/{token}"): EVERYBODY,
}


async def test_every_door_stands_in_the_table(quiet_registry):
    paths = (await quiet_registry.http.get("/openapi.json")).json()["paths"]
    served = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert served == set(DOORS)


async def signing_key(registry: TestRegistry) -> ECKey:
    async with registry.transaction() as store:
        key = await store.get_current_key()
    return ECKey.import_key(dict(key.private_jwk))


async def a_token(registry: TestRegistry, who: str = "citizen", *, header=None, **changes) -> str:
    roles = frozenset({"decision"})
    now = int(time.time())
    fresh = {"methods": frozenset({"otp"}), "authenticated_at": now, "session": GRANT}
    actor = Actor(kind=ActorKind(who), id=GRANT, system="intake", roles=roles, **fresh)
    claims = {
        **claims_of(actor),
        "iss": "one-window",
        "aud": ["registry"],
        "iat": now,
        "exp": now + 60,
        **changes,
    }
    key = await signing_key(registry)
    head = {"alg": "ES256", "typ": "at+jwt", "kid": key.kid, **(header or {})}
    return jwt.encode(head, claims, key, algorithms=["ES256"])


async def knock(registry: TestRegistry, method: str, path: str, token: str | None):
    path = path.format_map(PLACES).replace("/v1/divisions/JZ201", "/v1/divisions/330106000000")
    given = headers(token) if token else {}
    body = {"json": {}} if method == "POST" and path != "/v1/token" else {}
    return await registry.http.request(method, path, headers=given, **body)


@pytest.mark.parametrize(("door", "allowed"), DOORS.items(), ids=map(" ".join, DOORS))
async def test_a_door_opens_for_those_in_the_table_and_for_no_others(quiet_registry, door, allowed):
    for kind in sorted(EVERYBODY):
        token = None if kind == "nobody" else await a_token(quiet_registry, kind)
        answer = await knock(quiet_registry, *door, token)
        is_json = answer.headers.get("content-type", "").endswith("json")
        code = answer.json().get("code") if is_json else None
        is_shut = answer.status_code == 403 or code == "UNAUTHENTICATED"
        assert is_shut is (kind not in allowed), (kind, answer.status_code)
        assert answer.status_code < 500


def with_head(token: str, **changes) -> str:
    head, claims, signature = token.split(".")
    decoded = json.loads(base64.urlsafe_b64decode(head + "=="))
    changed = base64.urlsafe_b64encode(json.dumps({**decoded, **changes}).encode())
    return ".".join((changed.decode().rstrip("="), claims, signature))


async def forged(registry: TestRegistry) -> dict[str, str]:
    """Tokens that nobody should believe, by what is wrong with them."""
    good = await a_token(registry)
    now = int(time.time())
    public = KeySet.import_key_set((await registry.http.get("/.well-known/jwks.json")).json())
    shared = OctKey.import_key(json.dumps(public.as_dict()).encode())
    stranger = ECKey.generate_key("P-256", private=True)
    claims = jwt.decode(good, public, algorithms=["ES256"]).claims
    kid = public.keys[0].kid
    by_secret = {"alg": "HS256", "typ": "at+jwt", "kid": kid}
    by_stranger = {"alg": "ES256", "typ": "at+jwt", "kid": kid}
    return {
        "no algorithm": with_head(good, alg="none").rsplit(".", 1)[0] + ".",
        "the public key as a secret": jwt.encode(by_secret, claims, shared, algorithms=["HS256"]),
        "another key": jwt.encode(by_stranger, claims, stranger, algorithms=["ES256"]),
        "unknown key id": with_head(good, kid="nobody's"),
        "key in the header": with_head(good, jwk=stranger.as_dict(private=False)),
        "over": await a_token(registry, iat=now - 700, exp=now - 100),
        "not begun": await a_token(registry, nbf=now + 600),
        "another door": await a_token(registry, aud=["relief"]),
        "no audience": await a_token(registry, aud=[]),
        "another issuer": await a_token(registry, iss="two-windows"),
        "no end": await a_token(registry, exp=None),
        "an ID token": await a_token(registry, header={"typ": "JWT"}),
        "no such kind": await a_token(registry, kind="king"),
        "no subject": await a_token(registry, sub=None),
        "half": good[: len(good) // 2],
        "nothing": "x",
        "endless": "x" * 9000,
    }


async def test_a_token_that_is_not_quite_one_opens_nothing(quiet_registry):
    for what, token in (await forged(quiet_registry)).items():
        answer = await knock(quiet_registry, "GET", "/v1/grants", token)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED"), what


async def test_a_good_token_does(quiet_registry):
    answer = await knock(quiet_registry, "GET", "/v1/grants", await a_token(quiet_registry))
    assert answer.status_code == 200


def test_the_permission_stands_beside_the_route():
    assert only(ActorKind.CITIZEN).kinds == (ActorKind.CITIZEN,)

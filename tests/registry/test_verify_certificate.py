"""What is whoever has a paper in hand told, what is whoever has none, and what is kept of it?"""

import io
import re
from datetime import timedelta
from uuid import UUID

import pypdf
import pytest
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS
from sqlalchemy import text

from services.registry.model.certificates import CertificateId
from services.registry.rules.publication import canonical
from tests.support.certificates import (
    LIU,
    WANG,
    a_marriage_outcome,
    certified,
    held,
    secrets_of,
)
from tests.support.registry import TestRegistry, headers

PERSONAL = ("刘示例", "王示例", LIU, WANG)


async def issued(registry: TestRegistry) -> dict:
    await certified(registry, a_marriage_outcome())
    (mine,) = await held(registry)
    return mine


async def officer_of(registry: TestRegistry, function: str = "marriage-registry") -> str:
    """Token of an officer of the office that issues."""
    (row,) = await registry.rows(
        "SELECT o.id FROM officer AS o JOIN publication AS p ON p.kind = 'OFFICE'"
        " AND p.content->>'officeId' = ANY(o.offices)"
        " WHERE CAST(p.content AS jsonb)->'functions' ? :function LIMIT 1",
        function=function,
    )
    return await registry.token_of(f"officer:{row['id']}")


async def end(registry: TestRegistry, certificate: str, token: str, key: str = "k" * 8, **changes):
    body = {"kind": "REVOKED", "reason": "MISTAKE", "note": "登记有误", **changes}
    return await registry.http.post(
        f"/v1/certificates/{certificate}:end", json=body, headers=headers(token, key)
    )


async def reissue(registry: TestRegistry, certificate: str, token: str, key: str = "r" * 8):
    body = {"corrections": {"first_name": "刘更名"}, "reason": "姓名有误"}
    return await registry.http.post(
        f"/v1/certificates/{certificate}:reissue", json=body, headers=headers(token, key)
    )


async def ask(registry: TestRegistry, identifier: str, **more):
    token = await registry.service_token("relief")
    body = {"identifier": identifier, "purpose": "临时救助家庭情况核验", **more}
    return await registry.http.post(
        "/v1/certificates:verify", json=body, headers=headers(token, None)
    )


async def type_in(registry: TestRegistry, identifier: str, code: str):
    return await registry.http.post("/verify", data={"identifier": identifier, "code": code})


# --- the page


async def test_scanning_the_paper_shows_status_issuer_and_masked_names(registry):
    mine = await issued(registry)
    secrets = await secrets_of(registry, mine["id"])
    page = await registry.http.get(f"/verify/{secrets.token}")
    assert page.status_code == 200
    for shown in ("有效", "西湖区婚姻登记处", "刘**、王**", "J330106-2026-000001", "截至"):
        assert shown in page.text
    assert not any(personal in page.text for personal in PERSONAL)


async def test_the_page_is_small_needs_no_script_and_may_load_nothing(registry):
    mine = await issued(registry)
    secrets = await secrets_of(registry, mine["id"])
    for path in ("/verify", f"/verify/{secrets.token}", "/verify/x"):
        page = await registry.http.get(path)
        assert len(page.content) < 20_000
        assert page.headers["content-type"].startswith("text/html")
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "no-store" in page.headers["cache-control"]
        assert not re.search(r"<script|<img|<link|\son\w+=|style=|http", page.text)
        assert '<html lang="zh-CN">' in page.text


async def test_the_typed_identifier_needs_the_code_that_only_the_paper_has(registry):
    mine = await issued(registry)
    secrets = await secrets_of(registry, mine["id"])
    code = f" {secrets.code[:4]} {secrets.code[4:].lower()}"
    assert "有效" in (await type_in(registry, mine["identifier"].lower(), code)).text
    wrong = await type_in(registry, mine["identifier"], "ABCD2345")
    assert wrong.status_code == 404


async def test_what_stands_on_no_paper_gets_one_answer_whatever_is_wrong(registry):
    mine = await issued(registry)
    guesses = [
        await registry.http.get("/verify/" + "x" * 22),
        await registry.http.get("/verify/%F0%9F%98%80"),
        await registry.http.get("/verify/" + "9" * 2000),
        await type_in(registry, mine["identifier"], "ABCD2345"),
        await type_in(registry, mine["identifier"].replace(".001.", ".002."), "ABCD2345"),
        await type_in(registry, "'; DROP TABLE certificate; --", "<script>"),
        await type_in(registry, "", ""),
    ]
    assert {guess.status_code for guess in guesses} == {404}
    assert len({guess.text for guess in guesses}) == 1
    assert "没有查到" in guesses[0].text


async def test_wrong_codes_for_one_certificate_are_soon_not_heard_any_more(registry):
    mine = await issued(registry)
    secrets = await secrets_of(registry, mine["id"])
    answers = [await type_in(registry, mine["identifier"], f"AAAA{n:04}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert answers[-1].headers["retry-after"] == "600"
    # Whoever holds the paper scans it all the same, and may type again after a while.
    assert (await registry.http.get(f"/verify/{secrets.token}")).status_code == 200
    registry.clock.advance(timedelta(minutes=11))
    assert (await type_in(registry, mine["identifier"], secrets.code)).status_code == 200


async def test_one_address_may_ask_sixty_times_in_ten_minutes(registry):
    answers = [(await registry.http.get(f"/verify/{n}")).status_code for n in range(61)]
    assert answers == [404] * 60 + [429]
    kept = str(await registry.rows("SELECT bucket FROM verification_pace"))
    assert "127.0.0.1" not in kept


# --- its status, at the time of use


async def test_a_revoked_paper_is_shown_as_revoked_although_its_signature_verifies(registry):
    mine = await issued(registry)
    secrets = await secrets_of(registry, mine["id"])
    answer = await end(registry, mine["id"], await officer_of(registry))
    assert (answer.status_code, answer.json()["endKind"]) == (200, "REVOKED")
    page = await registry.http.get(f"/verify/{secrets.token}")
    assert "已撤销" in page.text
    assert "MISTAKE" not in page.text
    found = (await ask(registry, mine["identifier"])).json()
    assert (found["status"], found["isAuthentic"]) == ("REVOKED", True)
    again = await end(registry, mine["id"], await officer_of(registry), key="another-key")
    assert (again.status_code, again.json()["code"]) == (409, "CERTIFICATE_ALREADY_ENDED")


async def test_a_corrected_certificate_has_a_new_paper_and_the_old_one_is_superseded(registry):
    mine = await issued(registry)
    before = await secrets_of(registry, mine["id"])
    token = await officer_of(registry)
    answer = await reissue(registry, mine["id"], token)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert (await reissue(registry, mine["id"], token)).json() == answer.json()
    after = await secrets_of(registry, mine["id"])
    assert "已变更" in (await registry.http.get(f"/verify/{before.token}")).text
    assert "有效" in (await registry.http.get(f"/verify/{after.token}")).text
    (now,) = await held(registry)
    assert (now["version"], now["status"]) == (2, "VALID")
    assert "刘更名" in str(now["lines"])
    old = (await ask(registry, mine["identifier"])).json()
    assert (old["status"], old["isAuthentic"]) == ("SUPERSEDED", True)
    kept = str(await registry.rows("SELECT * FROM request_answer"))
    assert "刘更名" not in kept


async def test_a_department_may_ask_what_it_was_worth_when_it_relied_on_it(registry):
    mine = await issued(registry)
    then = registry.clock.now().isoformat()
    registry.clock.advance(timedelta(seconds=20))
    await end(registry, mine["id"], await officer_of(registry))
    assert (await ask(registry, mine["identifier"])).json()["status"] == "REVOKED"
    assert (await ask(registry, mine["identifier"], at=then)).json()["status"] == "VALID"
    future = (registry.clock.now() + timedelta(days=900)).isoformat()
    assert (await ask(registry, mine["identifier"], at=future)).json()["status"] == "REVOKED"


async def test_every_use_is_journalled_with_its_purpose_and_the_holder_sees_it(registry):
    mine = await issued(registry)
    secrets = await secrets_of(registry, mine["id"])
    await registry.http.get(f"/verify/{secrets.token}")
    await ask(registry, mine["identifier"])
    token = await registry.token_of("resident:wang")
    uses = (
        await registry.http.get(f"/v1/certificates/{mine['id']}/uses", headers=headers(token, None))
    ).json()["items"]
    assert [(use["by"], use["purpose"], use["status"]) for use in uses] == [
        ("service:relief", "临时救助家庭情况核验", "VALID"),
        ("public:qr", "公众查验", "VALID"),
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("3005.2", "3005.9"), "E_CERTIFICATE_FORMAT"),
        (("C001", "C01"), "E_CERTIFICATE_TYPE"),
        ((".330106.", ".33."), "E_CERTIFICATE_ISSUER"),
        ((".001.", ".1."), "E_CERTIFICATE_VERSION"),
        ((".001.", ".002."), "E_CERTIFICATE_CHECK"),
    ],
)
async def test_each_fault_of_an_identifier_has_its_own_words(quiet_registry, change, code):
    wrong = "1.2.156.3005.2.11330000000000000C001.330106.20260000001.001.H".replace(*change)
    answer = await ask(quiet_registry, wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "CERTIFICATE_IDENTIFIER_WRONG")
    (error,) = answer.json()["errors"]
    assert error["code"] == code
    assert error["message"]
    assert wrong not in answer.text


async def test_an_identifier_that_nobody_has_is_not_found(quiet_registry):
    known = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
    assert (await ask(quiet_registry, known)).status_code == 404


# --- who may


async def test_another_office_and_another_citizen_find_no_such_certificate(registry):
    mine = await issued(registry)
    stranger = await officer_of(registry, "funeral-home")
    assert (await end(registry, mine["id"], stranger)).status_code == 404
    assert (await reissue(registry, mine["id"], stranger)).status_code == 404
    chen = headers(await registry.token_of("resident:chen"), None)
    for path in ("", "/pdf", "/uses"):
        answer = await registry.http.get(f"/v1/certificates/{mine['id']}{path}", headers=chen)
        assert (answer.status_code, answer.json()["code"]) == (404, "CERTIFICATE_NOT_FOUND")


# --- the paper and the signature


async def test_the_holders_pdf_embeds_its_font_and_is_the_same_each_time(registry):
    mine = await issued(registry)
    token = headers(await registry.token_of("resident:liu"), None)
    printed = [
        (await registry.http.get(f"/v1/certificates/{mine['id']}/pdf", headers=token)).content
        for _ in range(2)
    ]
    assert printed[0] == printed[1]
    page = pypdf.PdfReader(io.BytesIO(printed[0])).pages[0]
    words = page.extract_text()
    for shown in ("结婚证", "刘示例", "王示例", "330***********0016", mine["identifier"]):
        assert shown in words
    assert LIU not in words
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


async def test_an_independent_library_verifies_the_signature_and_notices_a_change(registry):
    mine = await issued(registry)
    async with registry.transaction() as store:
        found = await store.find_certificate(CertificateId(UUID(mine["id"])))
    published = (await registry.http.get("/.well-known/certificate-keys.json")).text
    keys = JWKSet.from_json(published)
    head, _, signature = found.shown.signature.partition("..")

    def is_valid(content) -> bool:
        detached = JWS()
        detached.deserialize(f"{head}..{signature}")
        detached.objects["payload"] = canonical(content)
        try:
            detached.verify(keys.get_key(detached.jose_header["kid"]))
        except Exception:  # noqa: BLE001 - whatever the library raises is a no
            return False
        return True

    assert is_valid(found.shown.content)
    assert not is_valid({**found.shown.content, "number": "J330106-2026-000002"})


async def test_content_that_was_exchanged_in_the_database_is_not_confirmed(registry):
    mine = await issued(registry)
    await certified(registry, a_marriage_outcome(number="J330106-2026-000002"))
    secrets = await secrets_of(registry, mine["id"])
    async with registry.parts.database.engine.begin() as connection:
        place = f"certificate_version.content:{mine['id']}:1"
        forged = registry.cipher.seal(canonical(await _forged(registry, mine["id"])), place=place)
        await connection.execute(
            text("UPDATE certificate_version SET content = :c WHERE certificate_id = :id"),
            {"c": forged, "id": UUID(mine["id"])},
        )
    page = (await registry.http.get(f"/verify/{secrets.token}")).text
    assert "签名无法确认" in page
    assert "有效" not in page


async def _forged(registry: TestRegistry, certificate: str) -> dict:
    async with registry.transaction() as store:
        found = await store.find_certificate(CertificateId(UUID(certificate)))
    return {**found.shown.content, "number": "J330106-2026-999999"}

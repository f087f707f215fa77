"""Does a citizen find their certificates, pages and credentials at the one GraphQL door?"""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.gateway.app import assemble
from services.gateway.consumers import ProgressHub
from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents
from tests.registry.test_verify_certificate import ask as use
from tests.support.certificates import LIU, a_marriage_outcome, certified
from tests.support.gateway import SimulatedIntake, client_of, codes, gateway_settings
from tests.support.registry import TestRegistry, headers

SCREEN = read_documents(DOCS / "operations")["MyCertificates"]


@pytest.fixture
async def gateway(registry: TestRegistry) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway in front of the real registry."""
    settings = gateway_settings()
    hub = ProgressHub(most=settings.max_watchers, every=settings.progress_seconds)
    intake = client_of(SimulatedIntake().app())
    api = assemble(settings, intake=intake, registry=client_of(registry.api), hub=hub)
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield client


async def ask(gateway: httpx.AsyncClient, registry: TestRegistry, query: str, who="liu", **given):
    token = headers(await registry.token_of(f"resident:{who}"), None)
    body = {"query": query, "variables": given}
    accept = {"Accept": "application/json"}
    return (await gateway.post("/graphql", json=body, headers=token | accept)).json()


async def test_a_citizen_pages_through_their_certificates_newest_first(registry, gateway):
    for serial in (1, 2, 3):
        await certified(registry, a_marriage_outcome(number=f"J330106-2026-{serial:06}"))
    answer = await ask(gateway, registry, SCREEN, first=2)
    assert "data" in answer, answer
    first = answer["data"]["myCertificates"]
    numbers = [edge["node"]["number"] for edge in first["edges"]]
    assert numbers == ["J330106-2026-000003", "J330106-2026-000002"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    rest = await ask(gateway, registry, SCREEN, first=2, after=first["pageInfo"]["endCursor"])
    (edge,) = rest["data"]["myCertificates"]["edges"]
    node = edge["node"]
    assert (node["number"], node["status"]) == ("J330106-2026-000001", "VALID")
    assert node["statusWords"] == {"text": "有效"}
    assert LIU not in str(first)


async def test_the_page_comes_down_for_its_holder_only(registry, gateway):
    await certified(registry, a_marriage_outcome())
    (edge,) = (await ask(gateway, registry, SCREEN))["data"]["myCertificates"]["edges"]
    path = edge["node"]["pdfPath"]
    own = headers(await registry.token_of("resident:liu"), None)
    page = await gateway.get(path, headers=own)
    assert (page.status_code, page.content[:5]) == (200, b"%PDF-")
    stranger = headers(await registry.token_of("resident:chen"), None)
    refused = await gateway.get(path, headers=stranger)
    assert (refused.status_code, refused.json()["code"]) == (404, "CERTIFICATE_NOT_FOUND")
    assert (await gateway.get(path)).status_code == 401


async def test_one_certificate_shows_its_credential_and_its_uses(registry, gateway):
    await certified(registry, a_marriage_outcome())
    (edge,) = (await ask(gateway, registry, SCREEN))["data"]["myCertificates"]["edges"]
    await use(registry, edge["node"]["identifier"])
    query = """query($id: ID!) {
        certificate(id: $id) { credential uses { by purpose status } }
        node(id: $id) { ... on Certificate { number } }
    }"""
    given = {"id": edge["node"]["id"]}
    shown = (await ask(gateway, registry, query, **given))["data"]
    assert shown["certificate"]["credential"].count("~") > 5
    assert [each["by"] for each in shown["certificate"]["uses"]] == ["service:relief"]
    assert shown["node"] == {"number": "J330106-2026-000001"}
    stranger = await ask(gateway, registry, query, who="chen", **given)
    assert stranger["data"] == {"certificate": None, "node": None}
    assert set(codes(stranger)) == {"NOT_FOUND"}

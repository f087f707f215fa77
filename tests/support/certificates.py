"""What the tests of certificates share: types, outcomes and versions with lawful defaults."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from services.registry.actions.issue_certificate import PerformedMatter, certify_matter
from services.registry.model import Publication, PublicationKind
from services.registry.model.certificates import (
    Certificate,
    CertificateId,
    CertificateType,
    CertificateVersion,
    IssuingOffice,
    Outcome,
    PaperSecrets,
    StatusPlace,
)
from services.registry.rules.certificates import certificate_type
from tests.support.registry import TestRegistry, headers

LIU, WANG = "330106200001150016", "330106200206200021"
ISSUED_AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
IDENTIFIER = "1.2.156.3005.2.11330000000000000C001.330106.20260000001.001"


def a_certificate_definition(**changes: Any) -> dict[str, Any]:
    """A small type as its file would say it."""
    given: dict[str, Any] = {
        "code": "example-certificate",
        "title": {"zh": "示例证", "en": "Example certificate"},
        "type_code": "11330000000000000C099",
        "illustrative": True,
        "outcome": "example",
        "items": ["HY601"],
        "issuer": {"function": "marriage-registry", "level": "county"},
        "holder_category": "person",
        "holders": [{"name": "applicant.name", "id_no": "applicant.id_no"}],
        "fields": [
            _field("name", "name", path="applicant.name", public="masked", correctable=True),
            _field("number", "id_number", path="applicant.id_no", paper="masked", public="none"),
            _field("decided_on", "date", fact="decidedOn", public="full"),
        ],
    }
    return given | changes


def a_certificate_type(**changes: Any) -> CertificateType:
    return certificate_type(
        Publication(
            id=uuid4(),
            kind=PublicationKind.CERTIFICATE_TYPE,
            key="example-certificate",
            version=1,
            hash="0" * 64,
            content=a_certificate_definition(**changes),
            published_at=ISSUED_AT,
        )
    )


def an_outcome(**changes: Any) -> Outcome:
    given: dict[str, Any] = {
        "application_id": uuid4(),
        "matter_id": uuid4(),
        "item_code": "HY601",
        "division": "330106109201",
        "kind": "example",
        "number": "示例〔2026〕1号",
        "facts": {"decidedOn": "2026-11-22"},
        "fields": {"applicant": {"name": "刘示例", "id_no": LIU}},
    }
    return Outcome(**given | changes)


def an_office() -> IssuingOffice:
    return IssuingOffice(
        id=UUID(int=7),
        name={"zh": "西湖区婚姻登记处", "en": "Marriage registry of Xihu District"},
        division="330106000000",
    )


def a_version(**changes: Any) -> CertificateVersion:
    given: dict[str, Any] = {
        "certificate": CertificateId(UUID(int=1)),
        "version": 1,
        "identifier": IDENTIFIER + ".4",
        "content": {},
        "signature": "",
        "secrets": PaperSecrets(token="t" * 22, code="ABCD2345"),
        "place": StatusPlace(list_number=0, index=17),
        "issued_at": ISSUED_AT,
        "valid_from": date(2026, 11, 22),
    }
    return CertificateVersion(**given | changes)


def a_certificate(**changes: Any) -> Certificate:
    given: dict[str, Any] = {
        "id": CertificateId(UUID(int=1)),
        "type_code": "marriage-certificate",
        "type_version": 1,
        "document_kind": "marriage-certificate",
        "document_number": "J330106-2026-000001",
        "application_id": UUID(int=2),
        "matter_id": UUID(int=3),
        "office_id": UUID(int=7),
        "division": "330106000000",
        "about": None,
        "shown": a_version(),
    }
    return Certificate(**given | changes)


def _field(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "title": {"zh": key, "en": key}, "kind": kind, "paper": "full"} | more


class ConcludedWindow:
    """The window, as far as the registry asks it for outcomes."""

    def __init__(self, outcome: Outcome | None) -> None:
        self.outcome = outcome
        self.asked: list[Sequence[str]] = []

    async def matter_outcome(self, matter_id: UUID, paths: Sequence[str]) -> Outcome | None:
        self.asked.append(paths)
        return self.outcome


def a_marriage_outcome(**changes: Any) -> Outcome:
    """A registered marriage of the two of the development seed."""
    given: dict[str, Any] = {
        "kind": "marriage-certificate",
        "number": "J330106-2026-000001",
        "facts": {"registeredOn": "2026-11-22", "marriageId": str(uuid4())},
        "fields": {
            "applicant": {"name": "刘示例", "id_no": LIU},
            "partner": {"name": "王示例", "id_no": WANG},
        },
    }
    return an_outcome(**given | changes)


async def certified(registry: TestRegistry, outcome: Outcome, *, kind: str = "") -> None:
    """Let the registry hear of a performed matter, and issue its certificate."""
    await certify_matter(
        PerformedMatter(matter_id=outcome.matter_id, kind=kind or outcome.kind),
        window=ConcludedWindow(outcome),
        transaction=registry.transaction,
        clock=registry.clock,
        index=registry.index,
    )


async def held(registry: TestRegistry, who: str = "liu") -> list[dict[str, Any]]:
    """What a resident of the seed holds, as the registry's door shows it."""
    token = await registry.token_of(f"resident:{who}")
    answer = await registry.http.get("/v1/certificates", headers=headers(token, None))
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def secrets_of(registry: TestRegistry, certificate: str) -> PaperSecrets:
    """What only the paper of the newest version says."""
    async with registry.transaction() as store:
        found = await store.find_certificate(CertificateId(UUID(certificate)))
    assert found is not None
    return found.shown.secrets

"""Recorded examples of what the registry tells others, and the small catalogue it publishes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import orjson

from services.registry import events as registry
from services.registry.events import certificates, officers, residents
from services.registry.model import (
    Catalogue,
    DeathRecord,
    Division,
    Officer,
    PersonId,
    PersonIndex,
    Publication,
)
from services.registry.model.certificates import Ending, EndKind
from services.registry.model.residents import FactId, HouseholdId, LifeEvent, LifeFact, Merge
from services.registry.model.sharing import Enquiry, EnquiryId, SharingStatus
from services.registry.rules.publication import drafts_of
from shared.events import Event
from shared.ids import derived_id
from tests.support.builders import a_definition
from tests.support.certificates import a_certificate, a_certificate_definition
from tests.support.recorded_own_items import own_items

CATALOGUE = Path(__file__).parents[2] / "catalogue"
ITEM_SCHEMA = CATALOGUE / "item.schema.json"
CERTIFICATE_SCHEMA = CATALOGUE / "certificate.schema.json"
HAPPENED_AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def registry_events() -> Iterator[Event]:
    """One of each type."""
    yield from _residents()
    yield from own_items()
    yield from _registry()


def _id(*parts: str) -> UUID:
    return derived_id("example", *parts)


def _residents() -> Iterator[Event]:
    """What is told of residents and households."""
    person, household = PersonId(_id("resident")), HouseholdId(_id("household"))
    yield residents.resident_registered(person)
    yield residents.resident_changed(
        person,
        LifeFact(
            id=FactId(_id("fact")),
            person=PersonIndex("0" * 64),
            kind=LifeEvent.MOVE_IN,
            on=date(2026, 11, 21),
            subject=household,
            source="officer:example",
            recorded_at=datetime(2026, 11, 22, tzinfo=UTC),
        ),
    )
    yield residents.resident_renumbered(person, on=date(2026, 11, 21))
    merge = Merge(
        id=_id("merge"),
        kept=person,
        absorbed=PersonId(_id("other-resident")),
        merged_by="officer:example",
        merged_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    yield residents.residents_merged(merge)
    yield residents.residents_unmerged(merge)
    yield residents.household_settled(household, division="330106109201", since=date(2026, 11, 21))
    yield residents.household_members_changed(household)
    where = {"division": "330106109000", "offices": frozenset({str(_id("office"))})}
    roles = frozenset({"acceptance", "verification"})
    yield officers.officer_changed(Officer(id="lin", name="林示例", roles=roles, **where))


def _registry() -> Iterator[Event]:
    """A small catalogue, drafted and published by the registry's own functions."""
    for draft in drafts_of(small_catalogue()):
        yield registry.published(
            Publication(
                id=_id("publication", draft.kind),
                kind=draft.kind,
                key=draft.key,
                version=1,
                hash=draft.hash,
                content=draft.content,
                published_at=HAPPENED_AT,
            )
        )
    yield from _residents()
    yield registry.death_registered(
        DeathRecord(
            id=_id("death"),
            resident=PersonId(_id("resident")),
            number="S330106-2026-000001",
            died_on=date(2026, 11, 21),
            certificate_number="",
            place_division=None,
            application_id=_id("application"),
            registered_on=date(2026, 11, 22),
        )
    )
    yield registry.enquiry_answered(_enquiry(), SharingStatus.UNAVAILABLE)

    certificate = a_certificate(
        id=_id("certificate"), application_id=_id("application"), matter_id=_id("matter")
    )
    yield certificates.certificate_issued(certificate)
    ending = Ending(kind=EndKind.CANCELLED, reason="DIVORCE", at=HAPPENED_AT)
    yield certificates.certificate_ended(certificate, ending)


def _enquiry() -> Enquiry:
    return Enquiry(
        id=EnquiryId(_id("enquiry")),
        fact="vehicles",
        fact_version=1,
        application_id=_id("application"),
        item="JZ101",
        purpose="示例目的",
        basis="示例依据",
        asked_by="relief",
        person=PersonIndex("0" * 64),
        consent=None,
        asked_at=HAPPENED_AT,
        usable_until=date(2027, 2, 20),
        keep_until=date(2029, 11, 22),
    )


def small_catalogue() -> Catalogue:
    """One of each; not the real one, so that a change of data is no change of a contract."""
    return replace(
        _without_certificates(),
        certificate_types=[a_certificate_definition(items=["TS101"])],
        certificate_schema=orjson.loads(CERTIFICATE_SCHEMA.read_bytes()),
    )


def _without_certificates() -> Catalogue:
    county = "330106000000"
    return Catalogue(
        items=[a_definition()],
        item_schema=orjson.loads(ITEM_SCHEMA.read_bytes()),
        parameters=[
            {
                "division": county,
                "effective_from": "2026-01-01",
                "source": "示例数据",
                "values": {"minimum_living_standard_fen": 90_000},
            }
        ],
        notices=[
            {
                "year": 2026,
                "region": "CN",
                "version": "cn-2026.1",
                "source": "示例通知",
                "holidays": [
                    {
                        "zh": "元旦",
                        "en": "New Year's Day",
                        "first": "2026-01-01",
                        "last": "2026-01-03",
                        "make_up": ["2026-01-04"],
                    }
                ],
            }
        ],
        offices=[
            {
                "officeId": str(_id("office")),
                "name": {"zh": "示例社会事务办公室", "en": "Example civil affairs office"},
                "division": county,
                "level": "county",
                "functions": ["civil-affairs"],
                "items": ["TS101"],
            }
        ],
        shared_facts=[
            {
                "code": "vehicles",
                "title": {"zh": "示例机动车", "en": "Example vehicles"},
                "suppliers": ["police"],
                "services": ["relief"],
                "items": ["TS101"],
                "basis": "示例依据",
                "consent": False,
                "valid_days": 90,
                "answer": {"type": "object", "properties": {"count": {"type": "integer"}}},
            }
        ],
        divisions=[
            Division(
                code=county, name="西湖区", name_en="Xihu District", level="county", parent=None
            )
        ],
    )

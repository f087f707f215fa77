"""What the registry tells others: what is published, and that a resident has died."""

from collections.abc import Callable, Mapping
from typing import Any

from services.registry.events.certificates import CERTIFICATE
from services.registry.events.officers import OFFICE
from services.registry.events.own_items import ADOPTION, ORGANISATION, PLACE_NAME
from services.registry.events.residents import HOUSEHOLD, RESIDENT
from services.registry.model import DeathRecord, Publication, PublicationKind
from services.registry.model.sharing import Enquiry, SharingStatus
from shared.events import Event

CATALOGUE = "civil.registry.catalogue"
MATTER = "civil.registry.matter"
ENQUIRY = "civil.registry.enquiry"

TOPICS = (
    *(CATALOGUE, OFFICE, RESIDENT, HOUSEHOLD, MATTER, ENQUIRY, CERTIFICATE),
    *(ADOPTION, ORGANISATION, PLACE_NAME),
)

Data = Mapping[str, Any]


def published(publication: Publication) -> Event:
    """A new version of an item, the parameters, the calendar or an office."""
    topic, type_, data = _TOLD[publication.kind]
    return Event(
        id=publication.id,
        topic=topic,
        type=type_,
        key=publication.key,
        data=data(publication),
    )


def death_registered(record: DeathRecord) -> Event:
    """A resident's death is on record; who it is, only the registry can say."""
    return Event(
        topic=RESIDENT,
        type="civil.registry.death-registered.v1",
        key=str(record.resident),
        application_id=record.application_id,
        data={
            "residentId": str(record.resident),
            "applicationId": str(record.application_id),
            "diedOn": record.died_on.isoformat(),
        },
    )


def enquiry_answered(enquiry: Enquiry, status: SharingStatus) -> Event:
    """Every department asked has answered or given up; what they said is fetched, not told."""
    return Event(
        topic=ENQUIRY,
        type="civil.registry.enquiry-answered.v1",
        key=str(enquiry.application_id),
        application_id=enquiry.application_id,
        data={
            "enquiryId": str(enquiry.id),
            "applicationId": str(enquiry.application_id),
            "askedBy": enquiry.asked_by,
            "fact": enquiry.fact,
            "status": status.value,
        },
    )


def _item(publication: Publication) -> Data:
    return {
        "code": publication.key,
        "version": publication.version,
        "hash": publication.hash,
        "definition": publication.content,
    }


def _parameters(publication: Publication) -> Data:
    return {"version": publication.version, "hash": publication.hash, **publication.content}


def _calendar(publication: Publication) -> Data:
    """`version` numbers the publication; the calendar inside has a name of its own."""
    return {
        "version": publication.version,
        "hash": publication.hash,
        "calendar": publication.content,
    }


def _shared_fact(publication: Publication) -> Data:
    return {
        "code": publication.key,
        "version": publication.version,
        "hash": publication.hash,
        "definition": publication.content,
    }


def _office(publication: Publication) -> Data:
    return {"version": publication.version, "hash": publication.hash, **publication.content}


_TOLD: Mapping[PublicationKind, tuple[str, str, Callable[[Publication], Data]]] = {
    PublicationKind.ITEM: (CATALOGUE, "civil.registry.item-published.v1", _item),
    PublicationKind.PARAMETERS: (
        CATALOGUE,
        "civil.registry.parameters-published.v1",
        _parameters,
    ),
    PublicationKind.CALENDAR: (CATALOGUE, "civil.registry.calendar-published.v1", _calendar),
    PublicationKind.OFFICE: (OFFICE, "civil.registry.office-published.v1", _office),
    PublicationKind.SHARED_FACT: (
        CATALOGUE,
        "civil.registry.shared-fact-published.v1",
        _shared_fact,
    ),
    PublicationKind.CERTIFICATE_TYPE: (
        CATALOGUE,
        "civil.registry.certificate-type-published.v1",
        _item,
    ),
}

"""What the registry tells of adoptions, organisations and place names: never a person."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.registry.model.adoption import Adoption
from services.registry.model.organisations import Organisation
from services.registry.model.place_names import PlaceName
from shared.events import Event

ADOPTION = "civil.registry.adoption"
ORGANISATION = "civil.registry.organisation"
PLACE_NAME = "civil.registry.place-name"


def adoption_registered(adoption: Adoption) -> Event:
    """An adoption is in force; who is in it, only the registry can say."""
    return _told(
        ADOPTION,
        "adoption-registered",
        adoption.id,
        adoption.application_id,
        {"adoptionId": str(adoption.id), "registeredOn": adoption.registered_on.isoformat()},
    )


def organisation_registered(organisation: Organisation) -> Event:
    """A social organisation exists; its name and its code are public."""
    return _of_organisation(
        "organisation-registered",
        organisation,
        organisation.application_id,
        {
            "type": organisation.type.value,
            "title": organisation.name,
            "division": organisation.division,
            "registeredOn": organisation.registered_on.isoformat(),
        },
    )


def charity_recognised(organisation: Organisation, application_id: UUID) -> Event:
    """An organisation is a charity from now on."""
    return _of_organisation(
        "charity-recognised", organisation, application_id, {"number": organisation.charity_number}
    )


def fundraising_qualified(organisation: Organisation, application_id: UUID) -> Event:
    """A charity may raise funds in public from now on."""
    return _of_organisation(
        "fundraising-qualified",
        organisation,
        application_id,
        {"number": organisation.fundraising_number},
    )


def place_name_registered(place: PlaceName) -> Event:
    """A place has an approved name, in the stead of another or as its first."""
    return _of_place(
        "place-name-registered",
        place,
        {
            "number": place.number,
            "kind": place.kind.value,
            "title": place.name,
            "romanised": place.romanised,
            "formerTitle": place.former_name,
            "division": place.division,
            "approvedOn": place.approved_on.isoformat(),
        },
    )


def place_name_announced(place: PlaceName) -> Event:
    """An approved name has been filed and announced: it is the standard name."""
    announced = place.announced_on.isoformat() if place.announced_on else None
    return _of_place(
        "place-name-announced", place, {"number": place.number, "announcedOn": announced}
    )


def _of_organisation(
    fact: str, organisation: Organisation, application_id: UUID, data: Mapping[str, Any]
) -> Event:
    about = {"organisationId": str(organisation.id), "uscc": organisation.uscc}
    return _told(ORGANISATION, fact, organisation.id, application_id, {**about, **data})


def _of_place(fact: str, place: PlaceName, data: Mapping[str, Any]) -> Event:
    about = {"placeNameId": str(place.id)}
    return _told(PLACE_NAME, fact, place.id, place.application_id, {**about, **data})


def _told(topic: str, fact: str, key: UUID, application_id: UUID, data: Mapping[str, Any]) -> Event:
    return Event(
        topic=topic,
        type=f"civil.registry.{fact}.v1",
        key=str(key),
        application_id=application_id,
        data={"applicationId": str(application_id), **data},
    )

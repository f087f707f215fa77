"""One recorded example of each event about adoptions, organisations and place names."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from services.registry.events import own_items as registry
from services.registry.model import PersonIndex
from services.registry.model.adoption import Adoption, AdoptionKind, NamedPerson
from services.registry.model.organisations import Organisation, OrganisationType
from services.registry.model.place_names import PlaceKind, PlaceName
from services.registry.rules.organisations import credit_code
from shared.events import Event
from shared.ids import derived_id

TODAY = date(2026, 11, 22)
NOBODY = NamedPerson(name="", id_number="")
NO_INDEX = PersonIndex("0" * 64)


def own_items() -> Iterator[Event]:
    """An adoption, an organisation that becomes a charity, and a street that gets a name."""
    application = _id("application")
    yield registry.adoption_registered(_adoption(application))
    organisation = _organisation(application)
    yield registry.organisation_registered(organisation)
    yield registry.charity_recognised(organisation, application)
    yield registry.fundraising_qualified(organisation, application)
    place = _place_name(application)
    yield registry.place_name_registered(place)
    yield registry.place_name_announced(place)


def _adoption(application: UUID) -> Adoption:
    return Adoption(
        id=_id("adoption"),
        matter_id=_id("matter"),
        application_id=application,
        number="SY33010620260000001",
        kind=AdoptionKind.KIN,
        division="330106000000",
        adopters=[NOBODY],
        adopter_indexes=[NO_INDEX],
        adoptee=NOBODY,
        adoptee_index=NO_INDEX,
        sender="",
        registered_on=TODAY,
    )


def _organisation(application: UUID) -> Organisation:
    return Organisation(
        id=_id("organisation"),
        matter_id=_id("matter"),
        application_id=application,
        uscc=credit_code(OrganisationType.ASSOCIATION, "330106000000", 1),
        type=OrganisationType.ASSOCIATION,
        name="西湖区邻里互助示例协会",
        division="330106000000",
        address="",
        purpose="",
        scope="",
        supervisor="DIRECT",
        funds_fen=5_000_000,
        representative=NOBODY,
        representative_index=NO_INDEX,
        registered_on=TODAY,
        charity_on=TODAY,
        charity_number="CS33010620260000001",
        fundraising_on=TODAY,
        fundraising_number="GM33010620260000001",
    )


def _place_name(application: UUID) -> PlaceName:
    return PlaceName(
        id=_id("place-name"),
        matter_id=_id("matter"),
        application_id=application,
        number="DM33010620260000001",
        kind=PlaceKind.STREET,
        specific="示例",
        generic="路",
        name="示例路",
        sound="shi4 li4 lu4",
        romanised="Shili Lu",
        division="330106109201",
        position="",
        former_name=None,
        approved_on=TODAY,
        announced_on=TODAY,
    )


def _id(name: str) -> UUID:
    return derived_id("example", name)

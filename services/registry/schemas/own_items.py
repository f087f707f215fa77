"""What adoptions, organisations and place names look like; people go out masked."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.registry.model.adoption import Adoption, NamedPerson
from services.registry.model.organisations import Organisation
from services.registry.model.place_names import PlaceName
from shared.masking import mask_id_number, mask_name
from shared.schemas import View


class NamedView(View):
    """Somebody, masked."""

    name: str
    id_no: str

    @classmethod
    def of(cls, person: NamedPerson) -> "NamedView":
        """From the model; both are masked."""
        return cls(name=mask_name(person.name), id_no=mask_id_number(person.id_number))


class AdoptionView(View):
    """A registered adoption."""

    id: UUID
    number: str
    kind: str
    division: str
    adopters: list[NamedView]
    adoptee: NamedView
    registered_on: date
    application_id: UUID

    @classmethod
    def of(cls, adoption: Adoption) -> "AdoptionView":
        """From the model; who gave the child is not shown."""
        return cls(
            id=adoption.id,
            number=adoption.number,
            kind=adoption.kind.value,
            division=adoption.division,
            adopters=[NamedView.of(each) for each in adoption.adopters],
            adoptee=NamedView.of(adoption.adoptee),
            registered_on=adoption.registered_on,
            application_id=adoption.application_id,
        )


class OrganisationRow(View):
    """A social organisation, as a list shows it: what the state publishes of it."""

    uscc: str
    type: str
    name: str
    division: str
    registered_on: date
    charity_on: date | None
    charity_number: str | None
    fundraising_on: date | None
    fundraising_number: str | None

    @classmethod
    def row_of(cls, organisation: Organisation) -> "OrganisationRow":
        """From the model."""
        return cls.model_validate(organisation)


class OrganisationView(OrganisationRow):
    """A social organisation, whole."""

    id: UUID
    address: str
    purpose: str
    scope: str
    supervisor: str
    funds_fen: int
    representative: NamedView
    application_id: UUID

    @classmethod
    def of(cls, organisation: Organisation) -> "OrganisationView":
        """From the model; who represents it is masked."""
        row = OrganisationRow.row_of(organisation).model_dump()
        return cls(
            **row,
            id=organisation.id,
            address=organisation.address,
            purpose=organisation.purpose,
            scope=organisation.scope,
            supervisor=organisation.supervisor,
            funds_fen=organisation.funds_fen,
            representative=NamedView.of(organisation.representative),
            application_id=organisation.application_id,
        )


class OrganisationPage(View):
    """Organisations in the order of their codes."""

    items: list[OrganisationRow]
    after: str | None
    """Where the next page begins, or None: there is none."""

    @classmethod
    def of(cls, found: Sequence[Organisation], *, limit: int) -> "OrganisationPage":
        """From up to `limit`; a full page may have another behind it."""
        return cls(
            items=[OrganisationRow.row_of(each) for each in found],
            after=found[-1].uscc if len(found) == limit else None,
        )


class PlaceNameView(View):
    """An approved name of a place."""

    id: UUID
    number: str
    kind: str
    name: str
    specific: str
    generic: str
    romanised: str
    division: str
    position: str
    former_name: str | None
    approved_on: date
    replaced_on: date | None
    announced_on: date | None
    application_id: UUID


class PlaceNamePage(View):
    """Names in the order of their numbers."""

    items: list[PlaceNameView]
    after: str | None
    """Where the next page begins, or None: there is none."""

    @classmethod
    def of(cls, found: Sequence[PlaceName], *, limit: int) -> "PlaceNamePage":
        """From up to `limit`; a full page may have another behind it."""
        return cls(
            items=[PlaceNameView.model_validate(each) for each in found],
            after=found[-1].number if len(found) == limit else None,
        )

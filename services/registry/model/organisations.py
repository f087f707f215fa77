"""Social organisations and charities (社会组织、慈善组织)."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.registry.model import PersonIndex
from services.registry.model.adoption import NamedPerson


class OrganisationType(StrEnum):
    """What kind of body is registered."""

    ASSOCIATION = "ASSOCIATION"
    """社会团体."""
    NON_ENTERPRISE = "NON_ENTERPRISE"
    """民办非企业单位（社会服务机构）."""
    FOUNDATION = "FOUNDATION"
    """基金会."""


class OrganisationLevel(StrEnum):
    """Whose registry registers: the state's own, or one of a place."""

    LOCAL = "LOCAL"
    NATIONAL = "NATIONAL"


class OrganisationGround(StrEnum):
    """Why an organisation cannot be registered, recognised or qualified."""

    NAME_NOT_ALLOWED = "NAME_NOT_ALLOWED"
    NAME_TAKEN = "NAME_TAKEN"
    TOO_FEW_MEMBERS = "TOO_FEW_MEMBERS"
    FUNDS_TOO_SMALL = "FUNDS_TOO_SMALL"
    HEADS_ANOTHER_ASSOCIATION = "HEADS_ANOTHER_ASSOCIATION"
    NUMBER_WRONG = "NUMBER_WRONG"
    ORGANISATION_NOT_REGISTERED = "ORGANISATION_NOT_REGISTERED"
    NOT_A_CHARITY = "NOT_A_CHARITY"
    REGISTERED_TOO_RECENTLY = "REGISTERED_TOO_RECENTLY"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRequest:
    """An organisation as a case asks for its registration."""

    type: OrganisationType
    name: str
    division: str
    representative: NamedPerson
    """Who is to be its legal representative."""
    members_individual: int
    members_unit: int
    funds_fen: int
    raises_in_public: bool
    """Public fund-raising is applied for as well."""
    purpose: str = ""
    scope: str = ""
    address: str = ""
    supervisor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A registered social organisation."""

    id: UUID
    matter_id: UUID
    application_id: UUID
    uscc: str
    """Unified social credit code."""
    type: OrganisationType
    name: str
    division: str
    address: str
    purpose: str
    scope: str
    supervisor: str
    funds_fen: int
    representative: NamedPerson = field(repr=False)
    representative_index: PersonIndex
    registered_on: date
    charity_on: date | None = None
    """Day of its recognition as a charity."""
    charity_number: str | None = None
    fundraising_on: date | None = None
    """Day of its qualification for public fund-raising."""
    fundraising_number: str | None = None

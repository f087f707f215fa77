"""Adoptions (收养): what is asked for, what stands against it, and the registered fact."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.registry.model import PersonIndex


class AdoptionKind(StrEnum):
    """Where the child comes from, which decides what the law asks of the adopters."""

    INSTITUTION_FOUNDLING = "INSTITUTION_FOUNDLING"
    NON_INSTITUTION_FOUNDLING = "NON_INSTITUTION_FOUNDLING"
    ORPHAN = "ORPHAN"
    PARENTS_DIFFICULTY = "PARENTS_DIFFICULTY"
    KIN = "KIN"
    STEP = "STEP"


class AdoptionGround(StrEnum):
    """Why an adoption cannot be registered as it is asked for."""

    NUMBER_WRONG = "NUMBER_WRONG"
    NAME_DOES_NOT_FIT_NUMBER = "NAME_DOES_NOT_FIT_NUMBER"
    SAME_PERSON_TWICE = "SAME_PERSON_TWICE"
    PERSON_DECEASED = "PERSON_DECEASED"
    ADOPTER_TOO_YOUNG = "ADOPTER_TOO_YOUNG"
    AGE_GAP_TOO_SMALL = "AGE_GAP_TOO_SMALL"
    TOO_MANY_CHILDREN = "TOO_MANY_CHILDREN"
    ADOPTEE_NOT_A_MINOR = "ADOPTEE_NOT_A_MINOR"
    CHILD_NOT_ASKED = "CHILD_NOT_ASKED"
    SPOUSE_NOT_NAMED = "SPOUSE_NOT_NAMED"
    ALREADY_ADOPTED = "ALREADY_ADOPTED"
    ANNOUNCEMENT_NOT_STATED = "ANNOUNCEMENT_NOT_STATED"
    ANNOUNCEMENT_TOO_SHORT = "ANNOUNCEMENT_TOO_SHORT"
    LIVING_TOGETHER_TOO_SHORT = "LIVING_TOGETHER_TOO_SHORT"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPerson:
    """Somebody as a form names them."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionRequest:
    """An adoption as a case asks for it."""

    adopters: Sequence[NamedPerson]
    """The applicant first, then the spouse who adopts together with them."""
    adoptee: NamedPerson
    kind: AdoptionKind
    children: int
    """How many the adopters say they have."""
    child_consents: bool
    """False: the form says the child is under eight."""
    sender: str = field(default="", repr=False)
    """Who gives the child; empty where nobody needs to know."""

    @property
    def people(self) -> Sequence[NamedPerson]:
        """Everybody named: the adopters first, the child last."""
        return (*self.adopters, self.adoptee)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionKnown:
    """What the register knows of the people of an adoption."""

    names_fit: bool = True
    """Nobody is registered under another name; who is unknown has no other name."""
    is_anybody_deceased: bool = False
    has_spouse: bool = False
    """The register has the applicant as married; false also where it knows nothing."""
    adoptions: int = 0
    """Most children that one of the adopters has adopted before, as registered here."""
    is_adopted: bool = False
    """The child's adoption is on the register already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionProceedings:
    """What the officers found on the way: days only, nothing about the people."""

    announced_from: date | None = None
    announced_to: date | None = None
    lived_together_from: date | None = None
    lived_together_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """A registered adoption; one per child."""

    id: UUID
    matter_id: UUID
    application_id: UUID
    number: str
    kind: AdoptionKind
    division: str
    adopters: Sequence[NamedPerson]
    adopter_indexes: Sequence[PersonIndex]
    adoptee: NamedPerson
    adoptee_index: PersonIndex
    sender: str = field(repr=False)
    registered_on: date

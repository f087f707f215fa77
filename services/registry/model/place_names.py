"""Names of places (地名): proposed, approved, announced, replaced."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class PlaceKind(StrEnum):
    """What is named; it decides who approves, and among which names one must stand out."""

    STREET = "STREET"
    RESIDENTIAL_AREA = "RESIDENTIAL_AREA"
    FACILITY = "FACILITY"


class NameGround(StrEnum):
    """Why a name cannot be given to a place."""

    LENGTH_WRONG = "LENGTH_WRONG"
    RARE_CHARACTER = "RARE_CHARACTER"
    GENERIC_DOES_NOT_FIT_KIND = "GENERIC_DOES_NOT_FIT_KIND"
    GENERIC_TWICE = "GENERIC_TWICE"
    NAMES_A_COMPANY = "NAMES_A_COMPANY"
    NAME_IN_USE = "NAME_IN_USE"
    SOUNDS_LIKE_ONE_IN_USE = "SOUNDS_LIKE_ONE_IN_USE"
    PLACE_NAME_NOT_REGISTERED = "PLACE_NAME_NOT_REGISTERED"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedName:
    """A name as a case proposes it."""

    kind: PlaceKind
    specific: str
    """专名: what tells the place from others."""
    generic: str
    """通名: what kind of thing it is."""
    division: str
    organisation: str = ""
    """Who applies; a place may not bear a company's name."""
    former_name: str | None = None
    """The name it has so far, where it is renamed."""
    position: str = ""

    @property
    def name(self) -> str:
        """The whole name: 专名 and 通名."""
        return self.specific + self.generic

    @property
    def area(self) -> str:
        """The county within which the name must stand out: six digits."""
        return self.division[:6]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceName:
    """An approved name of a place."""

    id: UUID
    matter_id: UUID
    application_id: UUID
    number: str
    kind: PlaceKind
    specific: str
    generic: str
    name: str
    sound: str
    """Syllables with their tones: what two names that sound the same have in common."""
    romanised: str
    division: str
    position: str
    former_name: str | None
    approved_on: date
    replaced_on: date | None = None
    announced_on: date | None = None

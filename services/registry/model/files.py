"""What the register says of one resident, or one household, on a day, as known at an instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.registry.model import Resident
from services.registry.model.households import Home, Member, Place
from services.registry.model.objects import ServiceObject
from services.registry.model.residents import (
    Alias,
    CivilStatus,
    FormerNumber,
    HouseholdId,
    LifeFact,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """Two times in a question: on which day it was so, and when that was known."""

    on: date
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentFile:
    """A resident as the register shows them."""

    resident: Resident
    as_of: AsOf
    home: Home
    """Where they are now; it decides who may look."""
    household: HouseholdId | None
    """Where they were on the day asked about."""
    civil_status: CivilStatus
    died_on: date | None
    aliases: Sequence[Alias]
    former_numbers: Sequence[FormerNumber]
    objects: Sequence[ServiceObject]
    facts: Sequence[LifeFact]
    """What stood, in the order in which it happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdFile:
    """A household as the register shows it."""

    id: HouseholdId
    as_of: AsOf
    place: Place | None
    members: Sequence[Member]

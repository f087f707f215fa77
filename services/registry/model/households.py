"""Households (户): who lives together, where, from when to when, as known when."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.registry.model import PersonId, Resident
from services.registry.model.residents import HouseholdId


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from `since`, to the day before `until`; without end when `until` is None."""

    since: date
    until: date | None = None

    def has(self, day: date) -> bool:
        """Whether a day lies in the period."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A resident's time in one household."""

    household: HouseholdId
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMembership:
    """A membership as it stands in the register, with the row that holds it."""

    id: UUID
    membership: Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a household is for a time. `address` is kept sealed."""

    division: str
    address: str = field(repr=False)
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlace:
    """A place as it stands in the register, with the row that holds it."""

    id: UUID
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A resident beside their time in the household that was asked about."""

    resident: Resident
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The household a resident is in, or was in last, and where it is."""

    resident: PersonId
    household: HouseholdId
    division: str
    period: Period

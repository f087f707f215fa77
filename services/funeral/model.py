"""The things of funeral services: cases, bookings, holds, prices, death certificates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType
from uuid import UUID

from shared.money import Money

CaseId = NewType("CaseId", UUID)
ResourceId = NewType("ResourceId", UUID)
SlotId = NewType("SlotId", UUID)

PersonIndex = NewType("PersonIndex", str)
"""Keyed blind index of an ID number: equal for the same person, telling nothing of them."""


class HoldReason(StrEnum):
    """Why nothing irreversible may happen to a body for now."""

    POLICE = "POLICE"
    COURT = "COURT"
    AUTOPSY = "AUTOPSY"
    FAMILY_DISPUTE = "FAMILY_DISPUTE"
    """Relatives of equal rank gave conflicting instructions."""
    IDENTITY = "IDENTITY"


class CremationBar(StrEnum):
    """What stands between a body and cremation."""

    NO_DEATH_CERTIFICATE = "NO_DEATH_CERTIFICATE"
    NO_CONFIRMATION = "NO_CONFIRMATION"
    """火化确认书 is not signed."""
    ON_HOLD = "ON_HOLD"


@dataclass(frozen=True, slots=True, kw_only=True)
class CremationPapers:
    """What is there on the day of the cremation."""

    has_death_certificate: bool
    is_confirmation_signed: bool
    holds: frozenset[HoldReason] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A longer storage, asked for by the family or by whoever handed the body over."""

    until: date
    reason: str
    applicant: str
    """Role of who asked, such as `family`; never a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """A body in the keeping of a funeral home."""

    received_at: datetime
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageDue:
    """Until when a body may be kept, and when somebody must be told."""

    due_on: date
    """It ends at 24:00 of this day; not moved for holidays."""
    alert_at: datetime
    ends_at: datetime


class FuneralStatus(StrEnum):
    """Where a funeral case stands."""

    ARRANGED = "ARRANGED"
    IN_STORAGE = "IN_STORAGE"
    ON_HOLD = "ON_HOLD"
    CREMATED = "CREMATED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class ResourceKind(StrEnum):
    """What there is only so much of."""

    HALL = "HALL"
    """告别厅."""
    FURNACE = "FURNACE"
    """火化炉."""


class Ashes(StrEnum):
    """Where the family wants the ashes to go."""

    HANDED_OVER = "HANDED_OVER"
    STORED = "STORED"
    NICHE = "NICHE"
    ECOLOGICAL = "ECOLOGICAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One hall or one furnace, and the hours it serves every day of the year."""

    id: ResourceId
    kind: ResourceKind
    name: str
    division: str
    """Division of the funeral home (12 digits)."""
    opens_at: time
    closes_at: time
    slot_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time of one hall or furnace that can be booked once."""

    id: SlotId
    resource_id: ResourceId
    kind: ResourceKind
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathFact:
    """The death as certified: the fact and the day. Its cause never comes here."""

    died_on: date
    is_certified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementRequest:
    """What the family asks for."""

    death: DeathFact
    wants_farewell: bool
    earliest_on: date
    """First day on which the family can be there."""
    latest_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementPlan:
    """The slots a funeral takes: the farewell, if wanted, before the cremation."""

    hall: Slot | None
    furnace: Slot
    needs_storage_extension: bool

    @property
    def slots(self) -> tuple[Slot, ...]:
        """All slots to be booked together, or none."""
        return (self.hall, self.furnace) if self.hall else (self.furnace,)


class PlanObstacle(StrEnum):
    """Why no plan can be made."""

    DEATH_NOT_CERTIFIED = "DEATH_NOT_CERTIFIED"
    DAYS_OUT_OF_ORDER = "DAYS_OUT_OF_ORDER"
    NO_FREE_SLOT = "NO_FREE_SLOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class FuneralCase:
    """One funeral in the keeping of this funeral home; the names are sealed elsewhere."""

    id: CaseId
    number: str
    application_id: UUID
    matter_id: UUID
    division: str
    deceased: PersonIndex
    died_on: date
    status: FuneralStatus
    arranged_on: date
    ashes: Ashes
    plan: ArrangementPlan


class Catalogue(StrEnum):
    """Who sets the price of a service."""

    BASIC = "BASIC"
    """基本服务: a government-set price."""
    NON_BASIC = "NON_BASIC"
    """A published reference range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceItem:
    """One line of the published price list; no service exists outside of it."""

    code: str
    catalogue: Catalogue
    unit: str
    lowest: Money
    highest: Money
    """Equal to `lowest` for a basic service."""

    def __post_init__(self) -> None:
        if self.catalogue is Catalogue.BASIC and self.lowest != self.highest:
            raise ValueError("a basic service has one price")
        if not Money(0) <= self.lowest <= self.highest:
            raise ValueError("a price is not negative, and its range not upside down")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """The published prices of a region in force from a day on."""

    version: int
    valid_from: date
    items: Mapping[str, PriceItem]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So much of one service at a price; the version it was priced by stays with it."""

    code: str
    quantity: int
    unit_price: Money
    price_list_version: int

    @property
    def amount(self) -> Money:
        """Quantity times price."""
        return self.unit_price.times(self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What the family was shown; binding once signed, each line removable before that."""

    lines: tuple[Line, ...]
    package_price: Money | None = None
    """Offered price of a package, if it is one; never above the sum of its lines."""

    @property
    def total(self) -> Money:
        """What the family would pay before exemptions."""
        summed = Money.sum(line.amount for line in self.lines)
        return summed if self.package_price is None else self.package_price


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What is to be paid: lines less exemptions."""

    lines: tuple[Line, ...]
    discount: Money
    """What a package costs less than its lines."""
    exempted: Money

    @property
    def payable(self) -> Money:
        """What is left; never below zero."""
        left = Money.sum(line.amount for line in self.lines) - self.discount - self.exempted
        return max(left, Money(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathCertificateDues:
    """By when a death certificate must be issued, reported and exchanged; None: not begun."""

    issue_by: date
    report_by: date | None
    exchange_by: date | None
    provisional: bool


class ReissueReason(StrEnum):
    """Why a death certificate is issued again; each at most once."""

    LOST = "LOST"
    WRONG_DATA = "WRONG_DATA"

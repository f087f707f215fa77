"""The things of social relief: asks, benefits, amounts, payment lines."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from shared.money import Money

BenefitId = NewType("BenefitId", UUID)

PersonIndex = NewType("PersonIndex", str)
"""Keyed blind index of an ID number: equal for the same person, telling nothing of them."""


class ReliefType(StrEnum):
    """The two kinds of temporary relief."""

    EMERGENCY = "EMERGENCY"
    """急难型: help at once, wherever the emergency happens."""
    EXPENDITURE = "EXPENDITURE"
    """支出型: necessary expenditure beyond the family's means."""


class EventKind(StrEnum):
    """What happened to the household."""

    FIRE = "FIRE"
    TRAFFIC = "TRAFFIC"
    DROWNING = "DROWNING"
    INJURY = "INJURY"
    ILLNESS = "ILLNESS"
    EDUCATION = "EDUCATION"
    OTHER = "OTHER"


class PaymentForm(StrEnum):
    """In which form relief is given."""

    CASH = "CASH"
    GOODS = "GOODS"
    SERVICE = "SERVICE"
    REFERRAL = "REFERRAL"


class Level(StrEnum):
    """Which level of government decides."""

    TOWNSHIP = "TOWNSHIP"
    COUNTY = "COUNTY"


class ExcessRoute(StrEnum):
    """Where the part above the case cap may still be asked for."""

    COUNTY_MECHANISM = "COUNTY_MECHANISM"
    """一事一议: the county coordination mechanism."""
    CHARITY_REFERRAL = "CHARITY_REFERRAL"
    """慈善转介."""


class Step(StrEnum):
    """Steps of procedure that may be required before relief is given."""

    DECLARATION_CHECK = "DECLARATION_CHECK"
    """经济状况核对."""
    HOME_VISIT = "HOME_VISIT"
    """入户调查."""
    EXPENDITURE_CHECK = "EXPENDITURE_CHECK"
    """Verification of the bills alone."""
    APPRAISAL = "APPRAISAL"
    """民主评议."""
    PUBLIC_NOTICE = "PUBLIC_NOTICE"
    """公示."""


class Obligation(StrEnum):
    """What is still owed to a case of emergency relief before it may be closed."""

    START = "START"
    PAYMENT = "PAYMENT"
    PAPERWORK = "PAPERWORK"
    RETURN_VISIT = "RETURN_VISIT"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporaryReliefParameters:
    """Local numbers in force on the day; dated, per division, from the registry."""

    township_limit: Money
    """Up to and including this amount the township decides."""
    case_cap: Money
    """Most that one household is granted for one case."""
    duplicate_months: int = 3
    start_hours: int = 24
    payment_working_days: int = 5
    return_visit_working_days: int = 3
    paperwork_working_days: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """What was asked, what is granted and why not more: all of it is told to the applicant."""

    asked: Money
    granted: Money
    cap: Money
    level: Level
    excess: Money
    """Asked above the cap; never cut in silence."""
    excess_routes: tuple[ExcessRoute, ...]

    @property
    def is_capped(self) -> bool:
        """Whether more was asked than one case may be granted."""
        return bool(self.excess)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRelief:
    """Temporary relief that was granted before to somebody of the same household."""

    event_kind: EventKind
    granted_on: date
    household: frozenset[PersonIndex]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyProgress:
    """What has happened so far in a case of emergency relief; None: not yet."""

    reported_at: datetime
    started_at: datetime | None = None
    paid_on: date | None = None
    eased_on: date | None = None
    paperwork_done_on: date | None = None
    visited_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyDues:
    """By when each obligation of emergency relief must be met; None: its clock has not begun."""

    start_by: datetime
    """An instant: these hours run through nights and holidays."""
    pay_by: date
    paperwork_by: date | None
    visit_by: date | None
    provisional: bool
    """A date reaches into a year whose official calendar is not yet published."""


class BenefitKind(StrEnum):
    """What is granted."""

    TEMPORARY_RELIEF = "TEMPORARY_RELIEF"
    MINIMUM_LIVING = "MINIMUM_LIVING"
    """最低生活保障 (低保)."""
    SUPPORT = "SUPPORT"
    """特困人员救助供养."""
    OLD_AGE = "OLD_AGE"
    """高龄津贴."""
    DISABILITY_LIVING = "DISABILITY_LIVING"
    DISABILITY_NURSING = "DISABILITY_NURSING"


class BenefitStatus(StrEnum):
    """Where a benefit stands (待遇状态)."""

    PENDING_START = "PENDING_START"
    """待发放."""
    ACTIVE = "ACTIVE"
    """享受中."""
    SUSPENDED = "SUSPENDED"
    """暂停."""
    GRACE = "GRACE"
    """渐退期."""
    TERMINATED = "TERMINATED"
    """终止."""


class BenefitTrigger(StrEnum):
    """What may move a benefit from one status to another."""

    EFFECTIVE_MONTH_BEGINS = "EFFECTIVE_MONTH_BEGINS"
    AMOUNT_CHANGED = "AMOUNT_CHANGED"
    IMPEDIMENT = "IMPEDIMENT"
    """Account invalid, proof of life missed, prison or hospital check."""
    CURED = "CURED"
    EARNS_TOO_MUCH = "EARNS_TOO_MUCH"
    """Income over the standard because of employment."""
    GRACE_ENDS = "GRACE_ENDS"
    INCOME_FALLS_AGAIN = "INCOME_FALLS_AGAIN"
    STOPPED = "STOPPED"
    """停发: ineligible, death, moved, voluntary, fraud."""
    REINSTATED = "REINSTATED"
    """A review or a court overturns the stop."""
    COMPLETED = "COMPLETED"
    """Everything decided was paid; for relief that is given once."""


class StopReason(StrEnum):
    """Why a benefit was stopped."""

    DEATH = "DEATH"
    INELIGIBLE = "INELIGIBLE"
    MOVED = "MOVED"
    VOLUNTARY = "VOLUNTARY"
    FRAUD = "FRAUD"


class Recovery(StrEnum):
    """Whether too much was paid, and what became of it; runs beside the status."""

    NONE = "NONE"
    RECOVERING = "RECOVERING"
    RECOVERED = "RECOVERED"
    WRITTEN_OFF = "WRITTEN_OFF"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, in which benefits are counted."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError("a month is between 1 and 12")

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read `2026-03`.

        Raises:
            ValueError: The text is not a year and a month.
        """
        year, month = text.split("-")
        return cls(int(year), int(month))

    def plus(self, months: int) -> "Month":
        """The month so many months later; earlier if negative."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


class PaymentStatus(StrEnum):
    """Where one payment line stands."""

    PENDING = "PENDING"
    PAID = "PAID"
    WITHHELD = "WITHHELD"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLine:
    """One dated payment under one decision; a paid line never changes."""

    period: str
    """`2026-03` for a monthly benefit, the number of the instalment otherwise."""
    due_on: date
    amount: Money
    status: PaymentStatus = PaymentStatus.PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Beneficiary:
    """One person a benefit is for, and the part that is theirs alone."""

    person: PersonIndex
    is_head: bool
    addition: Money
    """Monthly category addition (分类施保) for this person; it goes when the person goes."""
    left_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountVersion:
    """What is paid each month from a month on; base and additions are kept apart."""

    from_month: Month
    base: Money
    additions: Money

    @property
    def total(self) -> Money:
        """Base and additions together."""
        return self.base + self.additions


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """A benefit that was granted (救助待遇), with its people and amounts."""

    id: BenefitId
    kind: BenefitKind
    status: BenefitStatus
    division: str
    decided_on: date
    beneficiaries: tuple[Beneficiary, ...]
    amounts: tuple[AmountVersion, ...] = ()
    """By month, oldest first; empty for relief that is given once."""
    lines: tuple[PaymentLine, ...] = ()
    application_id: UUID | None = None
    matter_id: UUID | None = None
    event_kind: EventKind | None = None
    appraisal: Appraisal | None = None
    notice_number: str | None = None
    stops_from: Month | None = None
    stop_reason: StopReason | None = None
    recovery: Recovery = Recovery.NONE
    review_due_on: date | None = None

    @property
    def is_monthly(self) -> bool:
        """Whether it is paid month by month, rather than once or in instalments."""
        return bool(self.amounts)

    @property
    def living(self) -> tuple[Beneficiary, ...]:
        """Beneficiaries who have not left."""
        return tuple(one for one in self.beneficiaries if one.left_on is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverpaidMonth:
    """A month that was paid although it was not due, wholly or in part."""

    period: Month
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathConsequence:
    """What the death of a beneficiary does to one benefit."""

    last_month: Month
    """The last month in which the deceased counts: the month of death."""
    stops_from: Month
    ends_benefit: bool
    """True if nobody is left; otherwise only the deceased's part goes."""
    amounts: tuple[AmountVersion, ...]
    """What the survivors are paid, from which month, until the household is assessed again."""
    withheld: tuple[str, ...]
    """Periods of lines not yet paid that must not be paid any more."""
    overpaid: tuple[OverpaidMonth, ...]
    review_due_on: date | None
    """By when the household must have been looked at again (增发, 减发 or 停发)."""

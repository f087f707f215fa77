"""What a review, a price index or a month's figures say about a household that is on relief."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOffer:
    """A suitable job that was introduced to somebody able to work."""

    person: str
    offered_on: date
    is_accepted: bool
    has_good_reason: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareProposal:
    """What is proposed about one person's share; the county decides."""

    person: str
    remaining: Money
    """What the household would still get a month."""


class ReviewOutcome(StrEnum):
    """What a review proposes for a household on minimum living relief."""

    CONTINUE = "CONTINUE"
    """Still below the standard: the benefit is counted anew."""
    GRACE = "GRACE"
    """渐退: above the standard because somebody found work; paid on for some months."""
    STOP = "STOP"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceParameters:
    """From which rise of prices on a subsidy is paid; per mille, so that 3.5 % is 35."""

    consumer_per_mille: int
    food_per_mille: int
    least: Money
    """The least that is paid per person, once anything is."""


class Signal(StrEnum):
    """红黄蓝: what a month's figures say of a household; nothing to do with supervision cards."""

    RED = "RED"
    """收入骤降."""
    YELLOW = "YELLOW"
    """支出骤增."""
    BLUE = "BLUE"
    """稳定."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyFigures:
    """Means per month: of the nine months that lie back, and of the last three."""

    income_base: Money
    income_now: Money
    expense_base: Money
    expense_now: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningParameters:
    """Thresholds of a place, in per cent."""

    income_drop: int
    expense_rise: int
    expense_share_of_income: int


class ParentSituation(StrEnum):
    """Why a parent cannot bring up a child."""

    DEAD = "DEAD"
    DECLARED_MISSING = "DECLARED_MISSING"
    SEVERELY_DISABLED = "SEVERELY_DISABLED"
    SERIOUSLY_ILL = "SERIOUSLY_ILL"
    IN_PRISON = "IN_PRISON"
    COMPULSORY_REHABILITATION = "COMPULSORY_REHABILITATION"
    OTHER_RESTRAINT = "OTHER_RESTRAINT"
    LOST_CONTACT = "LOST_CONTACT"
    CAPABLE = "CAPABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """A parent's situation, and for how many months it lasts, where that matters."""

    situation: ParentSituation
    months: int = 0


class LineState(StrEnum):
    """Where a line of a payment batch stands (发放清册)."""

    SENT = "SENT"
    PAID = "PAID"
    RETURNED = "RETURNED"
    """退票: the bank could not credit the account."""
    WITHHELD = "WITHHELD"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """One amount for one beneficiary in a batch; never edited, only followed by another."""

    key: str
    amount: Money
    state: LineState
    reissue_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTotals:
    """How much of a batch is where; the parts are always the whole."""

    settled: Money
    returned: Money
    in_flight: Money
    is_partial: bool

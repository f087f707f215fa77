"""The life of a benefit (救助待遇): which trigger is allowed in which status, and when it acts.

The table is the rule: what is not in it is illegal.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from services.relief.errors import BenefitTransitionIllegal, GraceTooLong
from services.relief.model import BenefitStatus, BenefitTrigger, Month

GRACE_MONTHS = 6
"""渐退期, in principle at most."""

TRANSITIONS: Mapping[tuple[BenefitStatus, BenefitTrigger], BenefitStatus] = MappingProxyType(
    {
        (BenefitStatus.PENDING_START, BenefitTrigger.EFFECTIVE_MONTH_BEGINS): BenefitStatus.ACTIVE,
        (BenefitStatus.PENDING_START, BenefitTrigger.AMOUNT_CHANGED): BenefitStatus.PENDING_START,
        (BenefitStatus.PENDING_START, BenefitTrigger.STOPPED): BenefitStatus.TERMINATED,
        (BenefitStatus.ACTIVE, BenefitTrigger.AMOUNT_CHANGED): BenefitStatus.ACTIVE,
        (BenefitStatus.ACTIVE, BenefitTrigger.IMPEDIMENT): BenefitStatus.SUSPENDED,
        (BenefitStatus.ACTIVE, BenefitTrigger.EARNS_TOO_MUCH): BenefitStatus.GRACE,
        (BenefitStatus.ACTIVE, BenefitTrigger.STOPPED): BenefitStatus.TERMINATED,
        (BenefitStatus.ACTIVE, BenefitTrigger.COMPLETED): BenefitStatus.TERMINATED,
        (BenefitStatus.SUSPENDED, BenefitTrigger.CURED): BenefitStatus.ACTIVE,
        (BenefitStatus.SUSPENDED, BenefitTrigger.AMOUNT_CHANGED): BenefitStatus.SUSPENDED,
        (BenefitStatus.SUSPENDED, BenefitTrigger.STOPPED): BenefitStatus.TERMINATED,
        (BenefitStatus.GRACE, BenefitTrigger.AMOUNT_CHANGED): BenefitStatus.GRACE,
        (BenefitStatus.GRACE, BenefitTrigger.INCOME_FALLS_AGAIN): BenefitStatus.ACTIVE,
        (BenefitStatus.GRACE, BenefitTrigger.GRACE_ENDS): BenefitStatus.TERMINATED,
        (BenefitStatus.GRACE, BenefitTrigger.STOPPED): BenefitStatus.TERMINATED,
        (BenefitStatus.TERMINATED, BenefitTrigger.REINSTATED): BenefitStatus.ACTIVE,
    }
)


def next_status(status: BenefitStatus, trigger: BenefitTrigger) -> BenefitStatus:
    """The status after a trigger.

    Raises:
        BenefitTransitionIllegal: The table does not allow it.

    Source:
        民发〔2021〕57号 (change and stop after review); 民发〔2020〕83号 一(三) (grace period,
        in principle six months); House rule for suspension with back-pay.
    """
    try:
        return TRANSITIONS[status, trigger]
    except KeyError:
        raise BenefitTransitionIllegal(status=status.value, trigger=trigger.value) from None


def last_grace_month(decided_on: date, *, months: int = GRACE_MONTHS, allowed: int) -> Month:
    """The last whole month of a grace period, which begins the month after the decision.

    Args:
        months: Whole months asked for.
        allowed: Most that the rule set in force allows; six unless a division overrides it.

    Raises:
        GraceTooLong: More months were asked for than are allowed.

    Source:
        民发〔2020〕83号 一(三): in principle not more than six months.
    """
    if months > allowed:
        raise GraceTooLong(months=months, allowed=allowed)
    return Month.of(decided_on).plus(months)

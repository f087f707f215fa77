"""What the death of a beneficiary does to a benefit, and what was paid too much.

Counted from the day of death on the certificate, never from the day it was reported.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from services.relief.model import (
    AmountVersion,
    Beneficiary,
    Benefit,
    BenefitStatus,
    DeathConsequence,
    Month,
    OverpaidMonth,
    PaymentLine,
    PaymentStatus,
    PersonIndex,
)
from shared.answers import CheckAnswer, TaskVerdict
from shared.calendar.deadlines import months_after
from shared.money import Money

REVIEW_MONTHS = 3
"""Months from the death within which the household must have been looked at again."""


def stops_from(died_on: date) -> Month:
    """The first month that is no longer due: the month after the month of death.

    Source:
        Joint handling of matters after a death: relief and allowances stop from the next
        month (次月停发); 民发〔2020〕83号 一(三).
    """
    return Month.of(died_on).plus(1)


def consequence_of_death(
    benefit: Benefit, *, deceased: PersonIndex, died_on: date
) -> DeathConsequence:
    """What must be done to a monthly benefit one of whose beneficiaries died.

    If somebody is left, the household keeps its base amount until it is assessed again, and
    loses the part that was the deceased's alone. Stopping the whole household would punish
    the survivors; paying the deceased's addition would pay the dead.

    Source:
        民发〔2020〕83号 一(三): increase, reduce or stop within three months of the death;
        joint handling of matters after a death: stop from the month after, set off what was
        paid too much (多领抵扣).
    """
    month = stops_from(died_on)
    survivors = tuple(one for one in benefit.living if one.person != deceased)
    ends = not survivors
    amounts = () if ends else _reduced(benefit, survivors, month)
    not_due = [line for line in benefit.lines if _is_after(line, month)]
    return DeathConsequence(
        last_month=Month.of(died_on),
        stops_from=month,
        ends_benefit=ends,
        amounts=amounts,
        withheld=tuple(
            line.period for line in not_due if ends and line.status is PaymentStatus.PENDING
        ),
        overpaid=_overpaid(not_due, amounts),
        review_due_on=None if ends else months_after(died_on, REVIEW_MONTHS),
    )


def total_overpaid(consequence: DeathConsequence) -> Money:
    """All that was paid too much, to be set off or recovered.

    Source:
        Joint handling of matters after a death: 多领抵扣; Interim Measures for Social
        Assistance (社会救助暂行办法, 2019 text), art. 13.
    """
    return Money.sum(month.amount for month in consequence.overpaid)


def deceased_answer(benefits: Sequence[Benefit], *, deceased: PersonIndex) -> CheckAnswer:
    """Answer whether the deceased drew a benefit here; none makes the matter not applicable.

    Relief that was granted once is not drawn month by month and has nothing to stop.

    Source:
        Joint handling of matters after a death (国办函〔2025〕3号): stop ex officio.
    """
    concerned = [one for one in benefits if is_drawn_by(one, deceased)]
    if not concerned:
        return CheckAnswer(
            verdict=TaskVerdict.NOT_APPLICABLE,
            opinion="逝者名下无在享救助待遇。",
            facts={"benefits": 0},
        )
    kinds = sorted({one.kind.value for one in concerned})
    return CheckAnswer(
        verdict=TaskVerdict.APPROVE,
        opinion=f"逝者名下有在享救助待遇{len(concerned)}项，自死亡次月起停发或核减。",
        facts={"benefits": len(concerned), "kinds": kinds},
    )


def is_drawn_by(benefit: Benefit, person: PersonIndex) -> bool:
    """Whether a person draws a benefit month by month that has not been stopped.

    Source:
        House rule: what is terminated, or was given once, has nothing left to stop.
    """
    is_live = benefit.status is not BenefitStatus.TERMINATED
    return is_live and benefit.is_monthly and any(one.person == person for one in benefit.living)


def amount_in(amounts: Iterable[AmountVersion], month: Month) -> AmountVersion | None:
    """The amount version in force in a month; None before the first.

    Source:
        House rule: amounts are versioned by effective month, never overwritten.
    """
    known = [version for version in amounts if version.from_month <= month]
    return max(known, key=lambda version: version.from_month) if known else None


def rewritten(
    before: Iterable[AmountVersion], after: Iterable[AmountVersion]
) -> tuple[AmountVersion, ...]:
    """All versions of an amount, the later word standing for a month that has two.

    Source:
        House rule: amounts are versioned by effective month.
    """
    by_month = {version.from_month: version for version in (*before, *after)}
    return tuple(by_month[month] for month in sorted(by_month))


def _reduced(
    benefit: Benefit, survivors: tuple[Beneficiary, ...], month: Month
) -> tuple[AmountVersion, ...]:
    """Every version from the month on, without what was the deceased's alone."""
    additions = Money.sum(one.addition for one in survivors)
    current = amount_in(benefit.amounts, month)
    now = (replace(current, from_month=month, additions=additions),) if current else ()
    later = (
        replace(version, additions=additions)
        for version in benefit.amounts
        if version.from_month > month
    )
    return (*now, *later)


def _is_after(line: PaymentLine, month: Month) -> bool:
    return Month.parse(line.period) >= month


def _overpaid(
    lines: Iterable[PaymentLine], amounts: tuple[AmountVersion, ...]
) -> tuple[OverpaidMonth, ...]:
    overpaid = []
    for line in lines:
        period = Month.parse(line.period)
        version = amount_in(amounts, period)
        due = version.total if version else Money(0)
        if line.status is PaymentStatus.PAID and line.amount > due:
            overpaid.append(OverpaidMonth(period=period, amount=line.amount - due))
    return tuple(overpaid)

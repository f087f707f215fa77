"""Households overwhelmed by expenditure (刚性支出困难家庭): who is one, and for how long."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from services.relief.model.assessment import (
    Expenditure,
    ExpenditureKind,
    Income,
    Layer,
    RigidGround,
    RigidParameters,
)
from shared.calendar.deadlines import months_after
from shared.money import Money

VALID_MONTHS = 12


def recognised(expenditure: Expenditure) -> Money:
    """What counts of one expenditure: self-paid, and of education no more than public schools.

    Source:
        刚性支出困难家庭认定办法 (2025) art. 5(2) and (3).
    """
    if expenditure.kind is ExpenditureKind.EDUCATION and expenditure.public_standard is not None:
        return min(expenditure.gross, expenditure.public_standard)
    return max(Money(0), expenditure.gross - expenditure.reimbursed)


def rigid_grounds(
    expenditures: Iterable[Expenditure],
    income: Income,
    *,
    layer: Layer,
    parameters: RigidParameters,
) -> tuple[RigidGround, ...]:
    """Everything that stands against recognition; nothing: the household is recognised.

    A household without any income has no ratio; it belongs to stronger relief anyway.

    Args:
        expenditures: Of the twelve months before the application.
        income: Of the same twelve months, whatever window other relief looks at.
        layer: What the household has, or would have, by income and property.

    Source:
        刚性支出困难家庭认定办法 (2025) art. 4 (conditions) and art. 5 (expenditure).
    """
    counted = Money.sum(recognised(each) for each in expenditures if each.kind in parameters.kinds)
    ratio_reached = counted.fen * 100 > income.fen * parameters.ratio_percent
    per_head_and_year = income.per_head_and_month * 12
    grounds = {
        RigidGround.HAS_STRONGER_RELIEF: layer is not Layer.ABOVE,
        RigidGround.INCOME_TOO_HIGH: per_head_and_year
        >= Fraction(parameters.disposable_income.fen),
        RigidGround.RATIO_NOT_REACHED: not ratio_reached,
    }
    return tuple(ground for ground, stands in grounds.items() if stands)


def valid_until(decided_on: date) -> date:
    """The last day of a recognition: at most twelve months.

    Source:
        刚性支出困难家庭认定办法 (2025) art. 10.
    """
    return months_after(decided_on, VALID_MONTHS) - timedelta(days=1)

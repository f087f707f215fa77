"""What a household's income comes to, which layer of relief it opens, and how much is paid.

Everything is counted exactly, over the whole window; the only rounding is that of the benefit.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from services.relief.model.assessment import (
    AssessmentParameters,
    Exemption,
    Income,
    IncomeKind,
    IncomeLine,
    Layer,
)
from shared.money import Money

BASIC_PENSION_EXEMPT_UNTIL = date(2025, 12, 31)
"""The end of the 14th five-year plan; whether it was prolonged must be checked before go-live."""

_OF_MINIMUM_LIVING = frozenset(Exemption) - {
    Exemption.HIGH_AGE_ALLOWANCE,
    Exemption.SOCIAL_INSURANCE,
}


def counted_income(
    lines: Sequence[IncomeLine],
    *,
    counted: Sequence[str],
    on: date,
    parameters: AssessmentParameters,
) -> Income:
    """The income of those who are counted, over the window, never below nothing.

    A wage is reduced by what earning it costs; a loss in one business does not eat up what
    another earns.

    Args:
        lines: Of everybody in the household; those of others are left out.
        counted: Keys of those who are counted.
        on: The day of the application; an exemption may have ended by then.

    Source:
        民发〔2021〕57号 art. 13 (categories, necessary cost of employment, what is not counted);
        local rules for the rate and its cap.
    """
    own = [line for line in lines if line.person in counted and not _is_exempt(line, on)]
    wages = sum((_wages(own, person, parameters) for person in counted), Fraction(0))
    others = sum(_other(line) for line in own)
    return Income(
        fen=max(Fraction(0), wages + others),
        months=parameters.window_months,
        heads=len(counted),
    )


def layer_of(income: Income, *, parameters: AssessmentParameters) -> Layer:
    """Which layer the income alone opens; at the line itself is not below it.

    Source:
        社会救助暂行办法 (2019) art. 9; 民发〔2022〕83号 一(四); 国办发〔2023〕39号 二: below the
        standard, and from it to below one and a half times of it.
    """
    per_head, standard = income.per_head_and_month, Fraction(parameters.standard.fen)
    if per_head < standard:
        return Layer.MINIMUM_LIVING
    edge = standard * parameters.edge_percent / 100
    return Layer.EDGE if per_head < edge else Layer.ABOVE


def monthly_benefit(income: Income, *, parameters: AssessmentParameters) -> Money:
    """The difference to the standard for everybody counted (补差), in whole yuan, rounded once.

    Source:
        民发〔2021〕57号 art. 23 (the difference); local rules for the rounding.
    """
    gap = parameters.standard.fen * income.heads - income.fen / income.months
    if gap <= 0:
        return Money(0)
    whole = Money(gap.numerator).portion(1, gap.denominator * 100, parameters.rounding)
    return whole.times(100)


def additions(eligible: Iterable[str], *, parameters: AssessmentParameters) -> Money:
    """What is paid on top for the old, minors, the severely disabled and ill: once a person.

    A line of its own beside the benefit: it stays when the benefit is counted anew, and ends
    with the person.

    Source:
        社会救助暂行办法 (2019) art. 12; 民发〔2021〕57号 art. 27 (the duty); local rules (amount).
    """
    return parameters.addition.times(len(set(eligible)))


def _is_exempt(line: IncomeLine, on: date) -> bool:
    if line.exemption is Exemption.BASIC_PENSION:
        return on <= BASIC_PENSION_EXEMPT_UNTIL
    return line.exemption in _OF_MINIMUM_LIVING


def _wages(lines: Iterable[IncomeLine], person: str, parameters: AssessmentParameters) -> Fraction:
    own = [each for each in lines if (each.person, each.kind) == (person, IncomeKind.WAGE)]
    earned = Fraction(sum(each.amount.fen for each in own))
    most = Fraction(parameters.standard.fen * parameters.window_months)
    return earned - min(earned * parameters.employment_cost_percent / 100, most)


def _other(line: IncomeLine) -> int:
    match line.kind:
        case IncomeKind.WAGE:
            return 0
        case IncomeKind.TRANSFER_OUT:
            return -line.amount.fen
        case IncomeKind.BUSINESS:
            return max(0, line.amount.fen)
        case _:
            return line.amount.fen

"""The second test beside income: what a household owns (家庭财产)."""

from collections.abc import Iterable
from datetime import date

from services.relief.model.assessment import AssessmentParameters, Asset, Finding, Income, Layer
from services.relief.rules.income import layer_of
from shared.calendar import Deadline, Duration, Unit, WorkingCalendar, due
from shared.money import Money

REFUSAL_NOTICE = Duration(3, Unit.WORKING_DAY)


def is_within_assets(
    assets: Iterable[Asset], *, heads: int, parameters: AssessmentParameters
) -> bool:
    """Whether financial assets per head stay within the local multiple of the standard.

    Source:
        民发〔2021〕57号 art. 14 (kinds of property, exemptions); local rules for the limit.
    """
    counted = Money.sum(each.amount for each in assets if each.exemption is None)
    return counted <= parameters.standard.times(parameters.asset_months * heads)


def finding(
    income: Income, assets: Iterable[Asset], *, parameters: AssessmentParameters
) -> Finding:
    """What income and property together come to; both tests must be passed.

    Property that stands against a household is told to it, and it may object with evidence:
    it is no refusal yet.

    Source:
        民发〔2021〕57号 art. 18 (told, objection, another check); 民发〔2022〕83号 一(二).
    """
    if layer_of(income, parameters=parameters) is not Layer.MINIMUM_LIVING:
        return Finding.NOT_ELIGIBLE
    within = is_within_assets(assets, heads=income.heads, parameters=parameters)
    return Finding.ELIGIBLE if within else Finding.RECHECK_OFFERED


def refusal_notice_deadline(decided_on: date, *, calendar: WorkingCalendar) -> Deadline:
    """By when a refusal must be told in writing with its reasons.

    Source:
        民发〔2021〕57号 art. 21 (three working days).
    """
    return due(decided_on, REFUSAL_NOTICE, calendar)

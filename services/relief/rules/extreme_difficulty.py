"""Support for persons in extreme difficulty (特困人员救助供养): who, and how much."""

from collections.abc import Collection, Sequence
from datetime import date

from services.relief.model.assessment import (
    Disability,
    DisabilityKind,
    Exemption,
    IncomeLine,
    Person,
    SelfCare,
    SupportParameters,
)
from shared.calendar.deadlines import months_after
from shared.money import Money

OLD_AGE_YEARS, YOUTH_YEARS = 60, 16
INDICATORS = ("eat", "dress", "bed", "toilet", "walk", "bathe")
"""What is done alone: the six indicators of self-care."""

_NOT_COUNTED = frozenset(
    {
        Exemption.BASIC_PENSION,
        Exemption.SOCIAL_INSURANCE,
        Exemption.PREFERENTIAL_TREATMENT,
        Exemption.HIGH_AGE_ALLOWANCE,
    }
)
_WORST_GRADE = {
    DisabilityKind.INTELLECTUAL: 3,
    DisabilityKind.MENTAL: 3,
    DisabilityKind.PHYSICAL: 2,
    DisabilityKind.VISUAL: 1,
}
"""Up to which grade a disability takes away the capacity to work."""


def lacks_labour_capacity(person: Person, *, on: date) -> bool:
    """Whether a person counts as unable to work: old, young, or disabled enough.

    Source:
        民发〔2021〕43号 art. 5 (60 and over, under 16, grades by kind of disability).
    """
    is_old = months_after(person.born_on, OLD_AGE_YEARS * 12) <= on
    is_young = months_after(person.born_on, YOUTH_YEARS * 12) > on
    return is_old or is_young or (person.disability is not None and _disables(person.disability))


def lacks_living_source(monthly: Sequence[IncomeLine], *, standard: Money) -> bool:
    """Whether monthly income, without what does not count, is below the local standard.

    Property is tested beside it, by the prefecture's own rules.

    Source:
        民发〔2021〕43号 art. 6 (basic pension, social insurance, preferential payments and the
        allowance for the very old are not counted).
    """
    counted = Money.sum(line.amount for line in monthly if line.exemption not in _NOT_COUNTED)
    return counted < standard


def self_care(not_met: Collection[str]) -> SelfCare:
    """The tier of self-care, by the indicators that are not met.

    Raises:
        ValueError: Something named is not one of the six.

    Source:
        民发〔2021〕43号 arts 21-22 (one to three: partly lost; four and more: fully lost).
    """
    if not set(not_met) <= set(INDICATORS):
        raise ValueError("not one of the six indicators of self-care")
    lost = len(set(not_met))
    if lost == 0:
        return SelfCare.CAPABLE
    return SelfCare.PARTLY_LOST if lost <= 3 else SelfCare.FULLY_LOST


def monthly_support(tier: SelfCare, *, parameters: SupportParameters) -> Money:
    """What is paid a month: the basic living standard and the care of the tier.

    Source:
        民发〔2021〕43号 art. 20 (the tier sets the care allowance); local rules (amounts).
    """
    care = {
        SelfCare.CAPABLE: parameters.care_capable,
        SelfCare.PARTLY_LOST: parameters.care_partly_lost,
        SelfCare.FULLY_LOST: parameters.care_fully_lost,
    }
    return parameters.basic + care[tier]


def _disables(disability: Disability) -> bool:
    return disability.grade <= _WORST_GRADE.get(disability.kind, 0)

"""Children whom nobody can bring up (事实无人抚养儿童): who is one, and what they draw."""

from collections.abc import Iterable

from services.relief.model.review import Parent, ParentSituation
from shared.money import Money

LEAST_MONTHS = 6
"""Imprisonment, restraint and lost contact count from this long on."""

_GONE = frozenset({ParentSituation.DEAD, ParentSituation.DECLARED_MISSING})
_LASTING = frozenset(
    {
        ParentSituation.IN_PRISON,
        ParentSituation.COMPULSORY_REHABILITATION,
        ParentSituation.OTHER_RESTRAINT,
        ParentSituation.LOST_CONTACT,
    }
)


def is_without_support(father: Parent, mother: Parent) -> bool:
    """Whether neither parent can bring up the child, and at most one is dead or missing.

    With both dead or missing the child is an orphan, which is another item.

    Source:
        民发〔2019〕62号 一 (situations, six months).
    """
    parents = (father, mother)
    if all(parent.situation in _GONE for parent in parents):
        return False
    return all(_cannot(parent) for parent in parents)


def child_allowance(standard: Money, *, already_drawn: Iterable[Money]) -> Money:
    """The difference between the orphans' standard and what the child draws already.

    Args:
        standard: Of orphans, per month.
        already_drawn: Relief per head of the family, support in extreme difficulty, the living
            subsidy of the disabled; not the nursing subsidy, which is paid beside.

    Source:
        民发〔2019〕62号 三(一) (the difference), 三(二) (the nursing subsidy beside it).
    """
    return max(Money(0), standard - Money.sum(already_drawn))


def may_draw_living_subsidy(allowance: Money) -> bool:
    """Whether a disabled child may newly draw the living subsidy: not beside the allowance.

    Source:
        民发〔2019〕62号 三(一).
    """
    return not allowance


def _cannot(parent: Parent) -> bool:
    if parent.situation in _LASTING:
        return parent.months >= LEAST_MONTHS
    return parent.situation is not ParentSituation.CAPABLE

"""What the pension fund pays the survivors of an insured person, so that families can be told."""

from shared.money import Money

FUNERAL_MONTHS = 2
LEAST_RETIREE_MONTHS = 9


def funeral_grant(base: Money) -> Money:
    """丧葬补助金: two months of the base.

    Args:
        base: Last year's disposable income of the province's towns, per person and month.

    Source:
        人社部发〔2021〕18号; 社会保险法 art. 17; only one funeral grant is paid, art. 49.
    """
    return base.times(FUNERAL_MONTHS)


def survivors_pension(base: Money, *, months: int, was_retired: bool) -> Money:
    """抚恤金: as many months of the base as the years of contribution give.

    Args:
        base: As for the funeral grant.
        months: By the table of contribution years, which the pension office applies.
        was_retired: For who was retired there is a least number.

    Source:
        人社部发〔2021〕18号 (retirees at least nine months).
    """
    return base.times(max(months, LEAST_RETIREE_MONTHS) if was_retired else months)

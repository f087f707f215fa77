"""What follows from a review of a household on relief, and from jobs that were refused."""

from collections.abc import Sequence
from fractions import Fraction

from services.relief.model import Month
from services.relief.model.assessment import AssessmentParameters, Income, Layer
from services.relief.model.review import JobOffer, ReviewOutcome, ShareProposal
from services.relief.rules.benefit import GRACE_MONTHS
from services.relief.rules.income import layer_of
from shared.money import Money, Rounding

REFUSALS = 3
"""Jobs refused in a row without good reason."""


def review_outcome(
    income: Income, *, because_of_work: bool, parameters: AssessmentParameters
) -> ReviewOutcome:
    """What a review of a household's income proposes.

    Source:
        民发〔2022〕83号 一(三) (渐退期 when employment raises income above the standard);
        民发〔2021〕57号 art. 32 (stop and change with reasons).
    """
    if layer_of(income, parameters=parameters) is Layer.MINIMUM_LIVING:
        return ReviewOutcome.CONTINUE
    return ReviewOutcome.GRACE if because_of_work else ReviewOutcome.STOP


def grace_total(monthly: Money, *, months: int = GRACE_MONTHS) -> Money:
    """What is paid in all while relief fades out: the former amount, every month of it.

    Source:
        民发〔2022〕83号 一(三) (in principle at most six months).
    """
    return monthly.times(months)


def refusals_in_a_row(offers: Sequence[JobOffer], *, within_months: int | None = None) -> int:
    """How many suitable jobs in a row were refused without good reason, up to the last.

    Args:
        offers: Of one person, in any order.
        within_months: A local rule that only counts refusals so many months before the last.

    Source:
        民发〔2021〕57号 art. 34; 社会救助暂行办法 (2019) art. 45 (three times in a row).
    """
    ordered = sorted(offers, key=lambda each: each.offered_on)
    count = 0
    for offer in ordered:
        count = 0 if offer.is_accepted else count + (not offer.has_good_reason)
    if within_months is None or not ordered:
        return count
    earliest = Month.of(ordered[-1].offered_on).plus(-within_months)
    recent = [each for each in ordered if Month.of(each.offered_on) >= earliest]
    return min(count, sum(not each.is_accepted for each in recent))


def proposal_about_share(
    offers: Sequence[JobOffer], *, person: str, monthly: Money, heads: int
) -> ShareProposal | None:
    """What to propose about the share of somebody who refused three jobs; None: nothing yet.

    Only that person's share is touched, and nothing happens by itself: the county decides.

    Args:
        monthly: The household's benefit.
        heads: How many it is paid for, in equal shares.

    Source:
        民发〔2021〕57号 art. 34; 社会救助暂行办法 (2019) art. 45 (that person's relief);
        local rules (equal shares, whole yuan upwards).
    """
    own = [offer for offer in offers if offer.person == person]
    if refusals_in_a_row(own) < REFUSALS:
        return None
    left = Fraction(monthly.fen * (heads - 1), heads)
    yuan = Money(left.numerator).portion(1, left.denominator * 100, Rounding.UP)
    return ShareProposal(person=person, remaining=yuan.times(100))

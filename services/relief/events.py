"""What relief tells others: ids, codes, amounts and months, never a person."""

from uuid import UUID

from services.relief.model import Benefit
from shared.events import Event
from shared.money import Money

TOPIC = "civil.relief.benefit"


def benefit_granted(benefit: Benefit) -> Event:
    """A benefit was granted, with its payment lines."""
    return _event(
        "benefit-granted",
        benefit,
        benefit.application_id,
        {
            "decidedOn": benefit.decided_on.isoformat(),
            "grantedFen": Money.sum(line.amount for line in benefit.lines).fen,
            "payments": len(benefit.lines),
        },
    )


def benefit_changed(benefit: Benefit, *, overpaid: Money, application_id: UUID) -> Event:
    """The amount of a benefit changed; it goes on for those who are left.

    Args:
        application_id: The case that changed it, not the one that granted it.
    """
    newest = benefit.amounts[-1]
    return _event(
        "benefit-changed",
        benefit,
        application_id,
        {
            "fromMonth": str(newest.from_month),
            "monthlyFen": newest.total.fen,
            "overpaidFen": overpaid.fen,
            "reviewDueOn": benefit.review_due_on.isoformat() if benefit.review_due_on else None,
        },
    )


def benefit_stopped(benefit: Benefit, *, overpaid: Money, application_id: UUID) -> Event:
    """A benefit ended.

    Args:
        application_id: The case that ended it, not the one that granted it.
    """
    return _event(
        "benefit-stopped",
        benefit,
        application_id,
        {
            "stopsFrom": str(benefit.stops_from) if benefit.stops_from else None,
            "reason": benefit.stop_reason.value if benefit.stop_reason else None,
            "overpaidFen": overpaid.fen,
        },
    )


def _event(
    fact: str, benefit: Benefit, application_id: UUID | None, data: dict[str, object]
) -> Event:
    return Event(
        topic=TOPIC,
        type=f"civil.relief.{fact}.v1",
        key=str(benefit.id),
        application_id=application_id,
        data={
            "benefitId": str(benefit.id),
            "applicationId": str(application_id) if application_id else None,
            "kind": benefit.kind.value,
            "division": benefit.division,
            **data,
        },
    )

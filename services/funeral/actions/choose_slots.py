"""Choose the slots of a funeral among those that are free now."""

from services.funeral.model import ArrangementPlan, ArrangementRequest, PlanObstacle
from services.funeral.rules.arrangement import LEAD_TIME, plan
from services.funeral.store import Store
from shared.clock import Clock, end_of_day, start_of_day


async def choose_slots(
    request: ArrangementRequest, *, county: str, store: Store, clock: Clock
) -> ArrangementPlan | tuple[PlanObstacle, ...]:
    """The earliest funeral that fits among a county's free slots, or what is in the way.

    Args:
        county: First six digits of the division; its funeral homes serve it.
    """
    free = await store.list_free_slots(
        county=county,
        since=max(start_of_day(request.earliest_on), clock.now() + LEAD_TIME),
        until=end_of_day(request.latest_on),
    )
    return plan(request, free=free)

"""How a funeral is arranged from the slots that are free.

Not here: the booking itself; that a slot is promised once is a constraint of the database.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from services.funeral.model import (
    ArrangementPlan,
    ArrangementRequest,
    DeathFact,
    PlanObstacle,
    ResourceKind,
    Slot,
)
from services.funeral.rules.storage import FREE_DAYS
from shared.answers import CheckAnswer, TaskVerdict
from shared.clock import local_date

LATEST_AFTER_DAYS = 3
LEAD_TIME = timedelta(hours=3)
"""A slot that starts sooner than this cannot be got ready."""


def wishes(
    death: DeathFact, *, preferred_on: date, wants_farewell: bool, today: date
) -> ArrangementRequest:
    """The days a funeral may be held on: the day the family prefers, or soon after it.

    A preferred day that is past becomes today; one before the death is left as it is, so that
    the plan says what is wrong with it.

    Source:
        House rule: a full day moves a funeral by at most three days, never backwards.
    """
    is_sound = preferred_on >= death.died_on
    first = max(preferred_on, today) if is_sound else preferred_on
    return ArrangementRequest(
        death=death,
        wants_farewell=wants_farewell,
        earliest_on=first,
        latest_on=first + timedelta(days=LATEST_AFTER_DAYS),
    )


def plan(
    request: ArrangementRequest, *, free: Iterable[Slot]
) -> ArrangementPlan | tuple[PlanObstacle, ...]:
    """The earliest funeral that fits, or everything that stands in the way.

    The farewell comes before the cremation, on the same day, as close to it as can be.

    Args:
        free: Slots nobody has booked, in any order.

    Source:
        Regulation on Funeral Management (殡葬管理条例, Order 824), arts. 5 (farewell and
        cremation are basic services), 27 (storage), 28 (certificate before cremation).
    """
    obstacles = _obstacles(request)
    if obstacles:
        return obstacles
    slots = [slot for slot in free if _is_in_window(slot, request)]
    halls = [slot for slot in slots if slot.kind is ResourceKind.HALL]
    furnaces = sorted(
        (slot for slot in slots if slot.kind is ResourceKind.FURNACE),
        key=lambda slot: (slot.starts_at, slot.id),
    )
    for furnace in furnaces:
        hall = _hall_before(furnace, halls) if request.wants_farewell else None
        if hall or not request.wants_farewell:
            return ArrangementPlan(
                hall=hall,
                furnace=furnace,
                needs_storage_extension=_needs_extension(furnace, request),
            )
    return (PlanObstacle.NO_FREE_SLOT,)


def arrangement_answer(
    planned: ArrangementPlan | tuple[PlanObstacle, ...],
) -> CheckAnswer:
    """Answer whether a funeral can be arranged as asked; nothing is booked by asking.

    Source:
        Regulation on Funeral Management (殡葬管理条例, Order 824), arts. 27, 28.
    """
    if not isinstance(planned, ArrangementPlan):
        return _obstacle_answer(planned)
    facts: dict[str, object] = {
        "cremationAt": planned.furnace.starts_at.isoformat(),
        "farewellAt": planned.hall.starts_at.isoformat() if planned.hall else None,
        "needsStorageExtension": planned.needs_storage_extension,
    }
    words = _EXTENSION_WORDS if planned.needs_storage_extension else ""
    return CheckAnswer(
        verdict=TaskVerdict.APPROVE,
        opinion=f"殡仪馆可按家属意愿安排告别与火化。{words}",
        facts=facts,
    )


_EXTENSION_WORDS = "火化日期超过三日存放期，须先办理延期存放手续。"

_OBSTACLE_WORDS = {
    PlanObstacle.DEATH_NOT_CERTIFIED: "尚无死亡证明",
    PlanObstacle.DAYS_OUT_OF_ORDER: "所选日期先后有误或早于死亡日期",
    PlanObstacle.NO_FREE_SLOT: "所选日期内无可用时段，请另选日期",
}


def _obstacle_answer(obstacles: Sequence[PlanObstacle]) -> CheckAnswer:
    words = "；".join(_OBSTACLE_WORDS[obstacle] for obstacle in obstacles)
    return CheckAnswer(
        verdict=TaskVerdict.NEEDS_CORRECTION,
        opinion=f"暂不能安排：{words}。",
        facts={"obstacles": [obstacle.value for obstacle in obstacles]},
    )


def _obstacles(request: ArrangementRequest) -> tuple[PlanObstacle, ...]:
    stands = {
        PlanObstacle.DEATH_NOT_CERTIFIED: not request.death.is_certified,
        PlanObstacle.DAYS_OUT_OF_ORDER: not (
            request.death.died_on <= request.earliest_on <= request.latest_on
        ),
    }
    return tuple(obstacle for obstacle, found in stands.items() if found)


def _is_in_window(slot: Slot, request: ArrangementRequest) -> bool:
    return request.earliest_on <= local_date(slot.starts_at) <= request.latest_on


def _hall_before(furnace: Slot, halls: Iterable[Slot]) -> Slot | None:
    day = local_date(furnace.starts_at)
    fitting = [
        hall
        for hall in halls
        if hall.ends_at <= furnace.starts_at and local_date(hall.starts_at) == day
    ]
    return max(fitting, key=lambda hall: (hall.ends_at, hall.id), default=None)


def _needs_extension(furnace: Slot, request: ArrangementRequest) -> bool:
    """Strictest reading: as if the body came to the funeral home on the day of death."""
    last_free_day = request.death.died_on + timedelta(days=FREE_DAYS)
    return local_date(furnace.starts_at) > last_free_day


def nothing_asked_answer() -> CheckAnswer:
    """Answer for a family that arranges nothing through the window.

    Source:
        Regulation on Funeral Management (殡葬管理条例, Order 824), art. 43 (no forced service).
    """
    return CheckAnswer(
        verdict=TaskVerdict.NOT_APPLICABLE, opinion="未提出治丧安排，无需殡仪馆办理。"
    )

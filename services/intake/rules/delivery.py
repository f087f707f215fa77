"""When a paper may be delivered, by when it must be, and on which day it was."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from services.intake.errors.delivery import (
    DeliveryAddressRequired,
    NothingToDeliver,
    TrackNotAllowed,
)
from services.intake.model import Limit, MatterStatus
from services.intake.model.delivery import DeliveryMethod, DeliveryState
from shared.calendar import Deadline, Unit, WorkingCalendar, due

DELIVERY_LIMIT = Limit(length=10, unit=Unit.WORKING_DAY, source="行政许可法 第44条")

S = DeliveryState
_WAY = frozenset({S.IN_TRANSIT, S.DELAYED, S.RETURNED, S.DELIVERED})
FOLLOWS: Mapping[DeliveryState, frozenset[DeliveryState]] = MappingProxyType(
    {
        S.PREPARED: frozenset({S.POSTED, *_WAY}),
        S.POSTED: _WAY,
        S.IN_TRANSIT: _WAY - {S.IN_TRANSIT},
        S.DELAYED: _WAY - {S.DELAYED},
        S.RETURNED: frozenset(),
        S.DELIVERED: frozenset(),
    }
)
"""Where a paper may be next; carriers tell things twice, late and out of order."""


def require_deliverable(status: MatterStatus) -> None:
    """Refuse to deliver what is not there yet.

    Raises:
        NothingToDeliver: The matter is under way, or was withdrawn.

    Source:
        行政许可法 art. 44 (delivery follows the decision); art. 32 (refusals to accept are given
        in writing too).
    """
    if status not in (MatterStatus.CONCLUDED, MatterStatus.NOT_ACCEPTED):
        raise NothingToDeliver


def require_address(method: DeliveryMethod, *, has_address: bool) -> None:
    """Refuse post without an address, and an address nobody needs.

    Raises:
        DeliveryAddressRequired: One is missing, or one too many.

    Source:
        个人信息保护法 art. 6: no more is collected than the purpose needs.
    """
    if (method is DeliveryMethod.POST) is not has_address:
        raise DeliveryAddressRequired


def first_state(method: DeliveryMethod) -> DeliveryState:
    """Where a paper is at once: what is taken electronically has arrived.

    Source:
        在线政务服务的若干规定 (Order 716) arts 8-12 (electronic papers have the same force); by
        民事诉讼法 art. 90 an electronic delivery with consent is complete on reaching the
        recipient's own system (from memory, check before go-live).
    """
    return S.DELIVERED if method is DeliveryMethod.ELECTRONIC else S.PREPARED


def require_follows(now: DeliveryState, then: DeliveryState) -> None:
    """Refuse a note that does not follow; what is delivered stays delivered.

    Raises:
        TrackNotAllowed: It does not follow from where the paper is.

    Source:
        House rule: the day of delivery starts periods, so that nothing moves it afterwards.
    """
    if then not in FOLLOWS[now]:
        raise TrackNotAllowed(now=str(now))


def delivery_deadline(decided_at: datetime, *, calendar: WorkingCalendar) -> Deadline:
    """By when the paper must have been handed over or sent.

    Args:
        decided_at: The decision, aware; its day is not counted.

    Source:
        行政许可法 art. 44: within ten working days of the decision.
    """
    return due(decided_at, DELIVERY_LIMIT.duration, calendar)

"""One example of every event about what follows a decision: delivery, appeal, rating, redress."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from services.intake import events as intake
from services.intake.model import ApplicationId, CaseRef, OfficeId
from services.intake.model.appeal import Appeal, AppealId, AppealStage
from services.intake.model.delivery import Delivery, DeliveryId, DeliveryMethod, DeliveryState
from services.intake.model.rating import Rating, Satisfaction
from services.intake.model.redress import (
    RatingId,
    Redress,
    RedressCard,
    RedressId,
    RedressKind,
    RedressStage,
)
from shared.events import Event
from shared.ids import derived_id
from tests.support.calendars import beijing

HAPPENED_AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def afterwards(case: CaseRef) -> Iterator[Event]:
    """What happens once a case is decided."""
    yield intake.delivery_moved(case, _delivery())
    yield intake.appeal_moved(case, _appeal())
    yield intake.rating_given(_rated())
    yield intake.redress_moved(_loop(), act="take-up")
    yield intake.redress_card_raised(_loop(), _loop_card())


def _id(*parts: str) -> UUID:
    return derived_id("example", *parts)


def _delivery() -> Delivery:
    """A notice on its way by post."""
    return Delivery(
        id=DeliveryId(_id("delivery")),
        application_id=ApplicationId(_id("application")),
        matter="relief",
        method=DeliveryMethod.POST,
        state=DeliveryState.IN_TRANSIT,
        division="330106109000",
        office_id=OfficeId(_id("office")),
        carrier="postal-carrier",
        address_sealed=b"",
        tracking_number=None,
        attempt=1,
        asked_at=HAPPENED_AT,
        decided_at=HAPPENED_AT,
    )


def _appeal() -> Appeal:
    """A refusal that has just been contested."""
    return Appeal(
        id=AppealId(_id("appeal")),
        application_id=ApplicationId(_id("application")),
        matter="relief",
        stage=AppealStage.FILED,
        division="330106109000",
        appellant="citizen:example",
        grounds_sealed=b"",
        excluded=(),
        excluded_offices=(),
        known_at=HAPPENED_AT,
        filed_at=HAPPENED_AT,
    )


def _rated() -> Rating:
    """A bad rating, with its giver's name to it."""
    return Rating(
        id=RatingId(_id("rating")),
        application_id=ApplicationId(_id("application")),
        matter="relief",
        item_code="JZ201",
        office_id=OfficeId(_id("office")),
        division="330106109000",
        satisfaction=Satisfaction.VERY_DISSATISFIED,
        is_anonymous=False,
        remark_sealed=None,
        rated_at=HAPPENED_AT,
    )


def _loop() -> Redress:
    """What that rating opened, after the office has taken it up."""
    return Redress(
        id=RedressId(_id("redress")),
        kind=RedressKind.BAD_RATING,
        stage=RedressStage.VERIFYING,
        division="330106109000",
        office_id=OfficeId(_id("office")),
        application_id=ApplicationId(_id("application")),
        opened_at=HAPPENED_AT,
        round_at=HAPPENED_AT,
        entered_at=HAPPENED_AT,
        due_at=beijing("2026-11-28 00:00"),
    )


def _loop_card() -> RedressCard:
    """Nobody has answered in time."""
    return RedressCard(
        redress_id=RedressId(_id("redress")),
        stage=RedressStage.VERIFYING,
        round=1,
        level="red",
        due_at=beijing("2026-11-28 00:00"),
        raised_at=HAPPENED_AT,
    )

"""Which URL does what with deliveries: ask, carry, hand over."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.intake.actions.deliver_outcome import (
    AskDelivery,
    NoteDelivery,
    ask_delivery,
    list_parcels,
    note_delivery,
    read_deliveries,
    read_label,
)
from services.intake.api.wiring import Applicant, AtCounter, Counter, Limit, Officer
from services.intake.model import ApplicationId
from services.intake.model.delivery import DeliveryId
from services.intake.schemas.delivery import (
    DeliverBody,
    DeliveryListView,
    DeliveryView,
    LabelView,
    TrackBody,
    delivery_view,
)
from shared.auth import Actor, ActorKind
from shared.web import CurrentRequestKey, only

router = APIRouter(tags=["deliveries"])

Carrier = Annotated[Actor, Depends(only(ActorKind.PARTNER))]


@router.post("/applications/{application_id}:deliver", status_code=201)
async def deliver(
    application_id: UUID,
    body: DeliverBody,
    actor: Applicant,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> DeliveryListView:
    """Say how the paper of a matter is to be delivered: window, post or electronically."""
    command = AskDelivery(
        actor=actor,
        application_id=ApplicationId(application_id),
        matter=body.matter,
        method=body.method,
        address=None if body.address is None else body.address.model_dump(),
        request=key,
    )
    await ask_delivery(
        command, transaction=counter.transaction, desk=counter.desk, grants=counter.grants
    )
    return await _of_case(actor, command.application_id, counter)


@router.get("/applications/{application_id}/deliveries")
async def get_deliveries(
    application_id: UUID, actor: Applicant, counter: AtCounter
) -> DeliveryListView:
    """Every delivery of a case, and where each paper is."""
    return await _of_case(actor, ApplicationId(application_id), counter)


@router.get("/parcels")
async def list_carried(actor: Carrier, counter: AtCounter, limit: Limit = 20) -> DeliveryListView:
    """What the calling carrier has still to bring."""
    found = await list_parcels(actor, limit=limit, transaction=counter.transaction)
    return DeliveryListView(items=[delivery_view(each) for each in found])


@router.get("/parcels/{delivery_id}/label")
async def get_label(delivery_id: UUID, actor: Carrier, counter: AtCounter) -> LabelView:
    """The address of one parcel; the look is journalled."""
    address = await read_label(
        actor, DeliveryId(delivery_id), transaction=counter.transaction, desk=counter.desk
    )
    return LabelView(**address)


@router.post("/deliveries/{delivery_id}:track")
async def track(
    delivery_id: UUID,
    body: TrackBody,
    actor: Officer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> DeliveryView:
    """Note where a paper is: the carrier on its way, the office when it is fetched."""
    command = NoteDelivery(
        actor=actor,
        delivery_id=DeliveryId(delivery_id),
        state=body.state,
        event_id=body.event_id,
        tracking_number=body.tracking_number,
        request=key,
    )
    noted = await note_delivery(command, transaction=counter.transaction, desk=counter.desk)
    return delivery_view(noted)


async def _of_case(
    actor: Actor, application_id: ApplicationId, counter: Counter
) -> DeliveryListView:
    found = await read_deliveries(
        actor, application_id, transaction=counter.transaction, grants=counter.grants
    )
    return DeliveryListView(items=[delivery_view(each) for each in found])

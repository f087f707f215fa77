"""Deliveries of outcome documents."""

from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.intake.model.delivery import Delivery, DeliveryMethod, DeliveryState
from services.intake.schemas.wire import Key
from shared.schemas import Body, Instant, SafeText, View


def _method(value: object) -> object:
    return DeliveryMethod(value) if isinstance(value, str) else value


def _state(value: object) -> object:
    return DeliveryState(value) if isinstance(value, str) else value


class AddressBody(Body):
    """Where the post goes."""

    name: Annotated[SafeText, Field(min_length=2, max_length=50)]
    phone: Annotated[str, Field(pattern=r"^[0-9]{5,15}$")]
    division: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    detail: Annotated[SafeText, Field(min_length=4, max_length=200)]


class DeliverBody(Body):
    """How the paper of a matter is to be delivered."""

    matter: Key
    method: Annotated[DeliveryMethod, BeforeValidator(_method)]
    address: AddressBody | None = None


class TrackBody(Body):
    """Where a paper is; the id is the carrier's own, so that a repeat is known."""

    state: Annotated[DeliveryState, BeforeValidator(_state)]
    event_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
    tracking_number: Annotated[str, Field(pattern=r"^[A-Z0-9]{6,32}$")] | None = None


class DeliveryView(View):
    """One delivery; addresses are never shown again."""

    id: UUID
    application_id: UUID
    matter: str
    method: str
    state: str
    attempt: int
    tracking_number: str | None
    asked_at: Instant
    delivered_at: Instant | None


class DeliveryListView(View):
    """Deliveries of a case, or parcels of a carrier."""

    items: list[DeliveryView]


class LabelView(View):
    """The address of one parcel, for its carrier."""

    name: str
    phone: str
    division: str
    detail: str


def delivery_view(delivery: Delivery) -> DeliveryView:
    """A delivery for its reader."""
    return DeliveryView.model_validate(delivery)

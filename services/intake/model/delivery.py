"""How the paper a matter ended in reaches the person it is for (送达)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from services.intake.model.names import ApplicationId, OfficeId

DeliveryId = NewType("DeliveryId", UUID)


class DeliveryMethod(StrEnum):
    """How somebody wants to have it."""

    WINDOW = "window"
    POST = "post"
    ELECTRONIC = "electronic"


class DeliveryState(StrEnum):
    """Where the paper is."""

    PREPARED = "prepared"
    POSTED = "posted"
    IN_TRANSIT = "in-transit"
    DELAYED = "delayed"
    RETURNED = "returned"
    """The carrier brought it back; it was not delivered, and no period has begun."""
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One way of one paper to one person."""

    id: DeliveryId
    application_id: ApplicationId
    matter: str
    method: DeliveryMethod
    state: DeliveryState
    division: str
    office_id: OfficeId | None
    carrier: str | None
    address_sealed: bytes | None
    tracking_number: str | None
    attempt: int
    asked_at: datetime
    decided_at: datetime
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTrack:
    """One thing the carrier, the office or the platform noted."""

    delivery_id: DeliveryId
    event_id: str
    """The carrier's own id of the note: told twice, it is kept once."""
    state: DeliveryState
    at: datetime

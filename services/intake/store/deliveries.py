"""Deliveries of outcome documents, and what their carriers noted."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError

from services.intake.errors.delivery import DeliveryNotFound, DeliveryUnderWay
from services.intake.model import ApplicationId, OfficeId
from services.intake.model.delivery import (
    Delivery,
    DeliveryId,
    DeliveryMethod,
    DeliveryState,
    DeliveryTrack,
)
from shared.database import violated_constraint
from shared.store import SharedStore

_COLUMNS = """
    id, application_id, matter, method, state, division, office_id, carrier, address_sealed,
    tracking_number, attempt, asked_at, decided_at, delivered_at
"""
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))
# The columns are constants of this module.
_ADD = text(f"""
    INSERT INTO delivery ({_COLUMNS}) VALUES ({", ".join(f":{name}" for name in _NAMES)})
""")
_LOCK = text(f"SELECT {_COLUMNS} FROM delivery WHERE id = :id FOR UPDATE")
_OF_CASE = text(f"""
    SELECT {_COLUMNS} FROM delivery WHERE application_id = :id ORDER BY matter, attempt
""")
_OF_CARRIER = text(f"""
    SELECT {_COLUMNS} FROM delivery
    WHERE carrier = :carrier AND state NOT IN ('returned', 'delivered') ORDER BY id LIMIT :limit
""")
_REPLACE = text("""
    UPDATE delivery SET state = :state, tracking_number = :tracking_number,
        delivered_at = :delivered_at
    WHERE id = :id
""")
_TRACK = text("""
    INSERT INTO delivery_track (delivery_id, event_id, state, at)
    VALUES (:id, :event, :state, :at) ON CONFLICT DO NOTHING RETURNING event_id
""")


class DeliveryStore(SharedStore):
    """Statements about deliveries."""

    async def add_delivery(self, delivery: Delivery) -> None:
        """Begin a delivery.

        Raises:
            DeliveryUnderWay: The paper is on its way, or has arrived.
        """
        try:
            await self.connection.execute(_ADD, _data(delivery))
        except IntegrityError as error:
            if violated_constraint(error) == "delivery_one_under_way_key":
                raise DeliveryUnderWay from None
            raise

    async def lock_delivery(self, delivery_id: DeliveryId) -> Delivery:
        """A delivery under its row lock.

        Raises:
            DeliveryNotFound: There is none with this id.
        """
        row = (await self.connection.execute(_LOCK, {"id": delivery_id})).one_or_none()
        if row is None:
            raise DeliveryNotFound
        return _delivery(row)

    async def list_deliveries(self, application_id: ApplicationId) -> Sequence[Delivery]:
        """Every delivery of a case."""
        rows = await self.connection.execute(_OF_CASE, {"id": application_id})
        return [_delivery(row) for row in rows]

    async def list_parcels(self, carrier: str, *, limit: int) -> Sequence[Delivery]:
        """What a carrier has still to bring, the oldest first."""
        rows = await self.connection.execute(_OF_CARRIER, {"carrier": carrier, "limit": limit})
        return [_delivery(row) for row in rows]

    async def replace_delivery(self, delivery: Delivery) -> None:
        """Write where a paper is; its row is locked by whoever asks."""
        await self.connection.execute(_REPLACE, _data(delivery))

    async def add_track(self, track: DeliveryTrack) -> bool:
        """Keep a note; whether it was not known before."""
        values = {
            "id": track.delivery_id,
            "event": track.event_id,
            "state": str(track.state),
            "at": track.at,
        }
        return (await self.connection.execute(_TRACK, values)).one_or_none() is not None


def _data(delivery: Delivery) -> dict[str, object]:
    values = {name: getattr(delivery, name) for name in _NAMES}
    return {**values, "method": str(delivery.method), "state": str(delivery.state)}


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=DeliveryId(row.id),
        application_id=ApplicationId(row.application_id),
        matter=row.matter,
        method=DeliveryMethod(row.method),
        state=DeliveryState(row.state),
        division=row.division,
        office_id=OfficeId(row.office_id) if row.office_id else None,
        carrier=row.carrier,
        address_sealed=row.address_sealed,
        tracking_number=row.tracking_number,
        attempt=row.attempt,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        delivered_at=row.delivered_at,
    )

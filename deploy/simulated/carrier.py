"""A simulated postal carrier: it fetches parcels from the window and says where they are.

SIMULATED: no paper moves. It exists for development and tests, and says so in every number
it gives out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

TRACKING_PREFIX = "SIMULATED"
STRAIGHT = ("posted", "in-transit", "delivered")
SLOW = ("posted", "in-transit", "delayed", "in-transit", "delivered")
UNDELIVERABLE = ("posted", "in-transit", "returned")


@dataclass
class SimulatedCarrier:
    """Carries each parcel one leg a round, along the journey that is set for it.

    Args:
        intake: Asks the window with the carrier's own token.
        journey: The legs of every parcel that is taken up from now on.
    """

    intake: httpx.AsyncClient
    journey: Sequence[str] = STRAIGHT
    labels: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _left: dict[str, list[str]] = field(default_factory=dict)

    async def make_round(self) -> int:
        """Take up what is new, and move everything one leg on; how many parcels moved."""
        listed = await self.intake.get("/v1/parcels")
        listed.raise_for_status()
        parcels = listed.json()["items"]
        for parcel in parcels:
            await self._move(parcel["id"])
        return len(parcels)

    async def _move(self, parcel: str) -> None:
        if parcel not in self._left:
            label = await self.intake.get(f"/v1/parcels/{parcel}/label")
            label.raise_for_status()
            self.labels[parcel] = label.json()
            self._left[parcel] = list(self.journey)
        state = self._left[parcel][0]
        note = {
            "state": state,
            "eventId": uuid4().hex,
            "trackingNumber": f"{TRACKING_PREFIX}{parcel[-8:].upper()}",
        }
        told = await self.intake.post(
            f"/v1/deliveries/{parcel}:track",
            json=note,
            headers={"Idempotency-Key": note["eventId"]},
        )
        told.raise_for_status()
        self._left[parcel].pop(0)

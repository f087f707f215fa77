"""Statements that limit how often somebody may knock."""

from datetime import datetime, timedelta

from sqlalchemy import text

from services.registry.model.sign_in import Rate
from services.registry.store.sealed import SealingStore

# The generic cell rate algorithm: one row and one statement for each knock, so that the limit
# holds over any number of processes. A refused knock costs nothing.
_KNOCK = text("""
    INSERT INTO rate_limit (door, subject, drained_at)
    VALUES (:door, :subject, CAST(:now AS timestamptz) + CAST(:step AS interval))
    ON CONFLICT (door, subject) DO UPDATE
    SET drained_at = greatest(rate_limit.drained_at, :now) + CAST(:step AS interval)
    WHERE greatest(rate_limit.drained_at, :now) + CAST(:step AS interval)
        <= CAST(:now AS timestamptz) + CAST(:window AS interval)
    RETURNING drained_at
""")
_DRAINED_AT = text("SELECT drained_at FROM rate_limit WHERE door = :door AND subject = :subject")
_FORGET = text("DELETE FROM rate_limit WHERE drained_at < :before")


class RateStore(SealingStore):
    """One leaky bucket per door and caller."""

    async def knock(
        self, door: str, subject: str, rate: Rate, *, now: datetime
    ) -> timedelta | None:
        """Count a knock; when it is one too many, how long to wait for the next."""
        place = {"door": door, "subject": subject}
        values = {**place, "now": now, "step": rate.step, "window": rate.window}
        if (await self.connection.execute(_KNOCK, values)).one_or_none() is not None:
            return None
        drained = (await self.connection.execute(_DRAINED_AT, place)).scalar_one_or_none()
        return (drained or now) + rate.step - rate.window - now

    async def forget_rates(self, *, before: datetime) -> None:
        """Drop buckets that are long empty."""
        await self.connection.execute(_FORGET, {"before": before})

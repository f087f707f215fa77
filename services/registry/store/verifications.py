"""Statements about how certificates are verified: status lists, and how often somebody asks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from services.registry.model.certificates import CertificateStatus, CertificateUse
from services.registry.store.sealed import SealingStore

_NEXT_STATUS = text("SELECT nextval('certificate_status_serial')")
_HAS_LIST = text("SELECT EXISTS (SELECT FROM certificate_version WHERE status_list = :list)")
_OVER = text("""
    SELECT v.status_index FROM certificate_version AS v
    JOIN certificate AS c ON c.id = v.certificate_id
    WHERE v.status_list = :list AND (v.superseded_at <= :at OR c.ended_at <= :at)
""")
_COUNT = text("""
    INSERT INTO verification_pace (bucket, minute, count) VALUES (:bucket, :minute, 1)
    ON CONFLICT (bucket, minute) DO UPDATE SET count = verification_pace.count + 1
""")
_COUNTED = text("""
    SELECT COALESCE(sum(count), 0) FROM verification_pace
    WHERE bucket = :bucket AND minute > :since
""")
_USES = text("""
    SELECT at, actor, reason, facts FROM journal
    WHERE stream = :stream AND act = 'verify-certificate' ORDER BY seq DESC LIMIT :limit
""")
_FORGET = text("DELETE FROM verification_pace WHERE minute < :before")


class VerificationStore(SealingStore):
    """Status lists and the pace of verifications."""

    async def next_status_serial(self) -> int:
        """A number, from 0, that no version's status has had before."""
        serial: int = (await self.connection.execute(_NEXT_STATUS)).scalar_one()
        return serial

    async def list_status_over(self, list_number: int, *, at: datetime) -> Sequence[int] | None:
        """The places of a status list that are over; None when there is no such list."""
        given = {"list": list_number}
        if not (await self.connection.execute(_HAS_LIST, given)).scalar_one():
            return None
        rows = await self.connection.execute(_OVER, {**given, "at": at})
        return [row.status_index for row in rows]

    async def count_verification(self, bucket: str, *, minute: int) -> None:
        """Note one more verification in a minute."""
        await self.connection.execute(_COUNT, {"bucket": bucket, "minute": minute})

    async def verifications_since(self, bucket: str, *, minute: int) -> int:
        """How many verifications were noted after a minute."""
        counted = await self.connection.execute(_COUNTED, {"bucket": bucket, "since": minute})
        return int(counted.scalar_one())

    async def list_uses(self, stream: str, *, limit: int) -> Sequence[CertificateUse]:
        """Who asked about a certificate, newest first, as the journal has it."""
        rows = await self.connection.execute(_USES, {"stream": stream, "limit": limit})
        return [
            CertificateUse(
                at=row.at,
                actor=row.actor,
                purpose=row.reason,
                version=row.facts["version"],
                status=CertificateStatus(row.facts["status"]),
            )
            for row in rows
        ]

    async def forget_verifications(self, *, before_minute: int) -> None:
        """Drop counts that limit nobody any more."""
        await self.connection.execute(_FORGET, {"before": before_minute})

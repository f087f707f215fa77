"""Where partner systems are told of their tasks, and how each telling went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from shared.store import SharedStore


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpoint:
    """Where one partner system listens."""

    system: str
    url: str
    secret_sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAttempt:
    """One attempt to tell a partner something."""

    webhook_id: str
    attempt: int
    system: str
    at: datetime
    status: int | None
    """HTTP status; None: there was no answer."""


_KEEP_ENDPOINT = text("""
    INSERT INTO webhook_endpoint (system, url, secret_sealed) VALUES (:system, :url, :secret)
    ON CONFLICT (system) DO UPDATE SET url = excluded.url, secret_sealed = excluded.secret_sealed
""")
_ENDPOINT = text("SELECT url, secret_sealed FROM webhook_endpoint WHERE system = :system")
_ADD_ATTEMPT = text("""
    INSERT INTO webhook_attempt (webhook_id, attempt, system, at, status)
    VALUES (:webhook_id, :attempt, :system, :at, :status)
    ON CONFLICT DO NOTHING
""")
_ATTEMPTS = text("""
    SELECT webhook_id, attempt, system, at, status FROM webhook_attempt
    WHERE system = :system ORDER BY at DESC LIMIT :limit
""")


class WebhookStore(SharedStore):
    """Statements about webhooks."""

    async def keep_endpoint(self, endpoint: WebhookEndpoint) -> None:
        """Say where a partner system listens."""
        await self.connection.execute(
            _KEEP_ENDPOINT,
            {
                "system": endpoint.system,
                "url": endpoint.url,
                "secret": endpoint.secret_sealed,
            },
        )

    async def find_endpoint(self, system: str) -> WebhookEndpoint | None:
        """Where a partner system listens, if it does."""
        row = (await self.connection.execute(_ENDPOINT, {"system": system})).one_or_none()
        if row is None:
            return None
        return WebhookEndpoint(system=system, url=row.url, secret_sealed=row.secret_sealed)

    async def add_attempt(self, attempt: WebhookAttempt) -> None:
        """Note how an attempt went."""
        await self.connection.execute(
            _ADD_ATTEMPT,
            {
                "webhook_id": attempt.webhook_id,
                "attempt": attempt.attempt,
                "system": attempt.system,
                "at": attempt.at,
                "status": attempt.status,
            },
        )

    async def list_attempts(self, system: str, *, limit: int) -> Sequence[WebhookAttempt]:
        """The newest attempts to tell a partner something."""
        rows = await self.connection.execute(_ATTEMPTS, {"system": system, "limit": limit})
        return [
            WebhookAttempt(
                webhook_id=row.webhook_id,
                attempt=row.attempt,
                system=row.system,
                at=row.at,
                status=row.status,
            )
            for row in rows
        ]

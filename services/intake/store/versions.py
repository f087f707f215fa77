"""Versions of items: withdrawals, and the open cases that stand under another one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import text

from services.intake.errors.version import VersionNotFound
from services.intake.model import ApplicationId, Text
from services.intake.model.kept import Case
from shared.store import SharedStore

_OPEN = text("""
    SELECT id FROM application
    WHERE item_code = :code AND item_version <> :version
      AND stage IN ('submitted', 'correcting', 'accepted', 'in-review')
      AND (CAST(:after AS uuid) IS NULL OR id > :after)
    ORDER BY id LIMIT :limit
""")
_WITHDRAW = text("""
    INSERT INTO item_withdrawal (code, version, withdrawn_by, withdrawn_at, reason)
    SELECT code, version, :by, :at, :reason FROM published_item
    WHERE code = :code AND version = :version
    ON CONFLICT (code, version) DO NOTHING
""")
_VERSIONS = text("""
    SELECT i.version, i.hash, w.withdrawn_at FROM published_item i
    LEFT JOIN item_withdrawal w USING (code, version)
    WHERE i.code = :code ORDER BY i.version
""")
_PIN = text("""
    UPDATE application SET item_version = :version, item_title = CAST(:title AS jsonb),
        summary = CAST(:summary AS jsonb)
    WHERE id = :id
""")


class VersionStore(SharedStore):
    """Statements about versions of items."""

    async def list_open_elsewhere(
        self, code: str, version: int, *, after: UUID | None, limit: int
    ) -> Sequence[ApplicationId]:
        """Open cases of an item that stand under another version, in the order of their ids."""
        values = {"code": code, "version": version, "after": after, "limit": limit}
        rows = await self.connection.execute(_OPEN, values)
        return [ApplicationId(row.id) for row in rows]

    async def withdraw_version(
        self, code: str, version: int, *, by: str, at: datetime, reason: str
    ) -> None:
        """Take no new applications under a version; the first withdrawal stands."""
        values = {"code": code, "version": version, "by": by, "at": at, "reason": reason}
        await self.connection.execute(_WITHDRAW, values)

    async def list_versions(self, code: str) -> Sequence[tuple[int, str, datetime | None]]:
        """Number, hash and withdrawal of every version of an item, oldest first.

        Raises:
            VersionNotFound: None has been published.
        """
        rows = await self.connection.execute(_VERSIONS, {"code": code})
        found = [(row.version, row.hash, row.withdrawn_at) for row in rows]
        if not found:
            raise VersionNotFound
        return found

    async def pin_application(
        self, case: Case, *, version: int, title: Text, summary: Mapping[str, object]
    ) -> None:
        """Pin a case to another version of its item."""
        words = orjson.dumps({"zh": title.zh, "en": title.en}).decode()
        shown = orjson.dumps(summary).decode()
        values = {"id": case.id, "version": version, "title": words, "summary": shown}
        await self.connection.execute(_PIN, values)

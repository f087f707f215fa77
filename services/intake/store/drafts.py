"""Drafts: saved by version, ended once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from services.intake.model.draft import DraftLine, KeptDraft
from services.intake.tables import OPEN_STAGES
from shared.errors import StaleVersion
from shared.store import SharedStore

_LINE = "id, item_code, version, saved_at, expires_at"
_LIST = text(f"""
    SELECT {_LINE} FROM draft WHERE owner = :owner AND expires_at > :at ORDER BY saved_at DESC, id
""")
_FIND = text(f"""
    SELECT {_LINE}, content_sealed, data_key FROM draft
    WHERE owner = :owner AND item_code = :item_code AND expires_at > :at
""")
_ADD = text("""
    INSERT INTO draft (id, owner, item_code, content_sealed, data_key, version, saved_at,
        expires_at)
    VALUES (:id, :owner, :item_code, :content_sealed, :data_key, :version, :saved_at, :expires_at)
    ON CONFLICT (owner, item_code) DO NOTHING RETURNING id
""")
_REPLACE = text("""
    UPDATE draft SET content_sealed = :content_sealed, data_key = :data_key, version = :version,
        saved_at = :saved_at, expires_at = :expires_at
    WHERE id = :id AND owner = :owner AND version = :version - 1 RETURNING id
""")
_END = text("""
    DELETE FROM draft WHERE id = :id AND owner = :owner AND version = :version RETURNING id
""")
_END_EXPIRED = text("""
    DELETE FROM draft WHERE id IN (
        SELECT id FROM draft WHERE expires_at <= :at ORDER BY expires_at LIMIT :limit
        FOR UPDATE SKIP LOCKED)
    RETURNING id
""")
_END_OWN_EXPIRED = text("""
    DELETE FROM draft WHERE owner = :owner AND item_code = :item_code AND expires_at <= :at
    RETURNING id
""")
_HAS_OPEN = text(f"""
    SELECT EXISTS (SELECT FROM application
                   WHERE subject_index = :subject AND item_code = :item_code AND {OPEN_STAGES})
""")


def draft_stream(draft_id: UUID) -> str:
    """The journal's stream about a draft."""
    return f"draft:{draft_id}"


class DraftStore(SharedStore):
    """Statements about what has not been handed in yet."""

    async def list_drafts(self, owner: str, *, at: datetime) -> Sequence[DraftLine]:
        """Somebody's own drafts, the one saved last first."""
        rows = await self.connection.execute(_LIST, {"owner": owner, "at": at})
        return [_line_of(row) for row in rows]

    async def find_draft(self, owner: str, item_code: str, *, at: datetime) -> KeptDraft | None:
        """Somebody's own draft for an item; one that has expired is not there any more."""
        values = {"owner": owner, "item_code": item_code, "at": at}
        row = (await self.connection.execute(_FIND, values)).one_or_none()
        if row is None:
            return None
        return KeptDraft(
            line=_line_of(row), content_sealed=row.content_sealed, data_key=row.data_key
        )

    async def replace_draft(self, owner: str, draft: KeptDraft) -> None:
        """Write a draft: a first one, or the version after the one that is there.

        Raises:
            StaleVersion: It has been saved, or ended, since the caller read it.
        """
        line = draft.line
        values = {
            "id": line.id,
            "owner": owner,
            "item_code": line.item_code,
            "content_sealed": draft.content_sealed,
            "data_key": draft.data_key,
            "version": line.version,
            "saved_at": line.saved_at,
            "expires_at": line.expires_at,
        }
        statement = _ADD if line.version == 1 else _REPLACE
        if (await self.connection.execute(statement, values)).one_or_none() is None:
            raise StaleVersion

    async def end_draft(self, owner: str, draft_id: UUID, *, version: int) -> None:
        """Remove a draft with its key: what was filled in is gone.

        Raises:
            StaleVersion: It has been saved, or ended, since the caller read it.
        """
        values = {"id": draft_id, "owner": owner, "version": version}
        if (await self.connection.execute(_END, values)).one_or_none() is None:
            raise StaleVersion

    async def end_expired_draft(self, owner: str, item_code: str, *, at: datetime) -> UUID | None:
        """Remove somebody's draft for an item if its time is over."""
        values = {"owner": owner, "item_code": item_code, "at": at}
        found: UUID | None = (
            await self.connection.execute(_END_OWN_EXPIRED, values)
        ).scalar_one_or_none()
        return found

    async def has_open_application(self, subject_index: str, item_code: str) -> bool:
        """Whether somebody has an application for an item that is still open."""
        values = {"subject": subject_index, "item_code": item_code}
        return bool((await self.connection.execute(_HAS_OPEN, values)).scalar_one())

    async def end_expired_drafts(self, *, at: datetime, limit: int) -> Sequence[UUID]:
        """Remove drafts whose time is over; several clocks never take the same one."""
        rows = await self.connection.execute(_END_EXPIRED, {"at": at, "limit": limit})
        return [row.id for row in rows]


def _line_of(row: Row[Any]) -> DraftLine:
    return DraftLine(
        id=row.id,
        item_code=row.item_code,
        version=row.version,
        saved_at=row.saved_at,
        expires_at=row.expires_at,
    )

"""Statements about changes of divisions."""

from collections.abc import Sequence

from sqlalchemy import text

from services.registry.model.divisions import DivisionChange
from services.registry.store.sealed import SealingStore

_KEEP = text("""
    INSERT INTO division_change (code, since, name, kind, successors)
    VALUES (:code, :since, :name, :kind, :successors)
    ON CONFLICT (code, since) DO UPDATE SET name = excluded.name, kind = excluded.kind,
        successors = excluded.successors
""")
_ALL = text("SELECT code, since, name, kind, successors FROM division_change ORDER BY since, code")


class DivisionStore(SealingStore):
    """What became of codes."""

    async def keep_division_changes(self, changes: Sequence[DivisionChange]) -> None:
        """Keep changes as they are known now."""
        for each in changes:
            await self.connection.execute(
                _KEEP,
                {
                    "code": each.code,
                    "since": each.on,
                    "name": each.name,
                    "kind": each.kind,
                    "successors": list(each.to),
                },
            )

    async def list_division_changes(self) -> Sequence[DivisionChange]:
        """All changes: there are few, and a way may pass through several."""
        rows = await self.connection.execute(_ALL)
        return [
            DivisionChange(
                on=row.since, code=row.code, name=row.name, kind=row.kind, to=row.successors
            )
            for row in rows
        ]

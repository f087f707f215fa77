"""Statements about managing officers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from services.registry.errors.officers import ChangeNotFound, OfficerNotFound
from services.registry.model import Officer
from services.registry.model.officers import (
    Assignment,
    ChangeId,
    ChangeOutcome,
    OfficerChange,
)
from services.registry.store.sealed import SealingStore

_COLUMNS = "id, name, division, offices, roles, is_active"
_ADD = text("""
    INSERT INTO officer (id, name, division, offices, roles)
    VALUES (:id, :name, :division, :offices, :roles)
    ON CONFLICT DO NOTHING
    RETURNING id
""")
_LOCK = text(f"SELECT {_COLUMNS} FROM officer WHERE id = :id FOR UPDATE")
_BELOW = text(f"""
    SELECT {_COLUMNS} FROM officer
    WHERE division LIKE :prefix || '%' AND id > :after ORDER BY id LIMIT :limit
""")
_ASSIGN = text("""
    UPDATE officer SET division = :division, offices = :offices, roles = :roles WHERE id = :id
""")
_ACTIVATE = text("UPDATE officer SET is_active = :is_active WHERE id = :id")
_PROPOSE = text("""
    INSERT INTO officer_change
        (id, officer_id, division, offices, roles, proposed_by, proposed_at)
    VALUES (:id, :officer, :division, :offices, :roles, :by, :at)
    ON CONFLICT (officer_id) WHERE outcome IS NULL DO NOTHING
    RETURNING id
""")
_LOCK_CHANGE = text("""
    SELECT id, officer_id, division, offices, roles, proposed_by, proposed_at, decided_by, outcome
    FROM officer_change WHERE id = :id FOR UPDATE
""")
_DECIDE = text("""
    UPDATE officer_change SET decided_by = :by, decided_at = :at, outcome = :outcome WHERE id = :id
""")
_KNOWN_OFFICES = text("""
    SELECT count(DISTINCT key) FROM publication WHERE kind = 'OFFICE' AND key = ANY(:offices)
""")


class OfficerStore(SealingStore):
    """Officers and proposed changes of them."""

    async def add_officer(self, officer: Officer) -> bool:
        """Keep a new officer; false when the id is taken."""
        added = await self.connection.execute(
            _ADD,
            {
                "id": officer.id,
                "name": self._seal(officer.name, f"officer.name:{officer.id}"),
                "division": officer.division,
                "offices": sorted(officer.offices),
                "roles": sorted(officer.roles),
            },
        )
        return added.one_or_none() is not None

    async def lock_officer(self, officer: str) -> Officer:
        """An officer whom nobody else changes until the commit.

        Raises:
            OfficerNotFound: There is none.
        """
        row = (await self.connection.execute(_LOCK, {"id": officer})).one_or_none()
        if row is None:
            raise OfficerNotFound
        return self._officer_of(row)

    async def list_officers_below(
        self, prefix: str, *, after: str, limit: int
    ) -> Sequence[Officer]:
        """Officers of all divisions whose codes begin so, by id."""
        values = {"prefix": prefix, "after": after, "limit": limit}
        rows = await self.connection.execute(_BELOW, values)
        return [self._officer_of(row) for row in rows]

    async def assign_officer(self, officer: str, assignment: Assignment) -> None:
        """Put an officer where they are to work."""
        await self.connection.execute(_ASSIGN, {"id": officer, **_columns(assignment)})

    async def activate_officer(self, officer: str, *, is_active: bool) -> None:
        """Suspend or reinstate an officer."""
        await self.connection.execute(_ACTIVATE, {"id": officer, "is_active": is_active})

    async def add_change(self, change: OfficerChange) -> bool:
        """Keep a proposed change; false when another of the officer waits."""
        added = await self.connection.execute(
            _PROPOSE,
            {
                "id": change.id,
                "officer": change.officer,
                "by": change.proposed_by,
                "at": change.proposed_at,
                **_columns(change.assignment),
            },
        )
        return added.one_or_none() is not None

    async def lock_change(self, change: ChangeId) -> OfficerChange:
        """A change, decided or not.

        Raises:
            ChangeNotFound: There is none.
        """
        row = (await self.connection.execute(_LOCK_CHANGE, {"id": change})).one_or_none()
        if row is None:
            raise ChangeNotFound
        return OfficerChange(
            id=ChangeId(row.id),
            officer=row.officer_id,
            assignment=Assignment(
                division=row.division,
                offices=frozenset(row.offices),
                roles=frozenset(row.roles),
            ),
            proposed_by=row.proposed_by,
            proposed_at=row.proposed_at,
            decided_by=row.decided_by,
            outcome=ChangeOutcome(row.outcome) if row.outcome else None,
        )

    async def decide_change(
        self, change: ChangeId, outcome: ChangeOutcome, *, by: str, at: datetime
    ) -> None:
        """Note who decided a change, and how."""
        values = {"id": change, "outcome": outcome.value, "by": by, "at": at}
        await self.connection.execute(_DECIDE, values)

    async def are_offices(self, offices: frozenset[str]) -> bool:
        """Whether all of these are published offices."""
        found = await self.connection.execute(_KNOWN_OFFICES, {"offices": sorted(offices)})
        return int(found.scalar_one()) == len(offices)

    def _officer_of(self, row: Row[Any]) -> Officer:
        return Officer(
            id=row.id,
            name=self._open(row.name, f"officer.name:{row.id}"),
            division=row.division,
            offices=frozenset(row.offices),
            roles=frozenset(row.roles),
            is_active=row.is_active,
        )


def _columns(assignment: Assignment) -> dict[str, object]:
    return {
        "division": assignment.division,
        "offices": sorted(assignment.offices),
        "roles": sorted(assignment.roles),
    }

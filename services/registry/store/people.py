"""Statements about residents and officers. Names and numbers are sealed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from services.registry.model import (
    KnownFrom,
    LifeStatus,
    Officer,
    PersonId,
    PersonIndex,
    Resident,
)
from services.registry.store.sealed import SealingStore

_COLUMNS = "id, person_index, name, id_number, status, died_on, known_from"

# A number somebody had before they were given another is theirs, and nobody else's.
_ADD_RESIDENT = text("""
    WITH added AS (
        INSERT INTO resident
            (id, person_index, name, id_number, status, died_on, known_from, known_at)
        SELECT :id, :index, :name, :id_number, :status, :died_on, :known_from, :at
        WHERE NOT EXISTS (SELECT FROM resident_number WHERE person_index = :index)
        ON CONFLICT (person_index) DO NOTHING
        RETURNING id, person_index, known_at
    )
    INSERT INTO resident_number (resident_id, person_index, recorded_at)
    SELECT id, person_index, known_at FROM added
""")
# From the record with a number, now or formerly, to the one it was merged into, if it was.
_WITH_NUMBER = """
    id = (
        WITH RECURSIVE up (id, steps) AS (
            SELECT resident_id, 0 FROM resident_number WHERE person_index = :index
            UNION ALL
            SELECT merged.kept_id, up.steps + 1 FROM up
            JOIN resident_merge AS merged
              ON merged.absorbed_id = up.id AND merged.undone_at IS NULL
        )
        SELECT id FROM up ORDER BY steps DESC LIMIT 1
    )
"""
_BY_ID = text(f"SELECT {_COLUMNS} FROM resident WHERE id = :id")
_BY_INDEX = text(f"SELECT {_COLUMNS} FROM resident WHERE {_WITH_NUMBER}")
_LOCK_BY_INDEX = text(f"SELECT {_COLUMNS} FROM resident WHERE {_WITH_NUMBER} FOR UPDATE")
_RECORD_DEATH = text("""
    UPDATE resident SET status = 'DECEASED', died_on = :died_on WHERE id = :id
""")
_KEEP_OFFICER = text("""
    INSERT INTO officer (id, name, division, offices, roles, is_active)
    VALUES (:id, :name, :division, :offices, :roles, :is_active)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, division = excluded.division,
        offices = excluded.offices, roles = excluded.roles, is_active = excluded.is_active
""")
_OFFICER = text("""
    SELECT id, name, division, offices, roles, is_active FROM officer WHERE id = :id
""")
_OFFICERS_OF = text("""
    SELECT id, roles FROM officer WHERE is_active AND offices @> ARRAY[CAST(:office AS text)]
    ORDER BY id
""")


class PeopleStore(SealingStore):
    """Residents and officers."""

    async def add_resident(self, resident: Resident, *, at: datetime) -> None:
        """Keep a resident; one who is known already stays as they are."""
        await self.connection.execute(
            _ADD_RESIDENT,
            {
                "id": resident.id,
                "index": resident.index,
                "name": self._seal(resident.name, _place("name", resident.id)),
                "id_number": self._seal(resident.id_number, _place("id_number", resident.id)),
                "status": resident.status.value,
                "died_on": resident.died_on,
                "known_from": resident.known_from.value,
                "at": at,
            },
        )

    async def find_resident(self, person: PersonId) -> Resident | None:
        """A resident by id."""
        return await self._resident(_BY_ID, {"id": person})

    async def find_resident_by_index(self, index: PersonIndex) -> Resident | None:
        """A resident by the blind index of a number they have or had."""
        return await self._resident(_BY_INDEX, {"index": index})

    async def lock_resident_by_index(self, index: PersonIndex) -> Resident | None:
        """The same, and nobody else changes them until the commit."""
        return await self._resident(_LOCK_BY_INDEX, {"index": index})

    async def record_death(self, person: PersonId, died_on: date) -> None:
        """Note in the register that a resident has died."""
        await self.connection.execute(_RECORD_DEATH, {"id": person, "died_on": died_on})

    async def keep_officer(self, officer: Officer) -> None:
        """Keep an officer as they are now."""
        await self.connection.execute(
            _KEEP_OFFICER,
            {
                "id": officer.id,
                "name": self._seal(officer.name, f"officer.name:{officer.id}"),
                "division": officer.division,
                "offices": sorted(officer.offices),
                "roles": sorted(officer.roles),
                "is_active": officer.is_active,
            },
        )

    async def find_officer(self, officer_id: str) -> Officer | None:
        """An officer, active or not."""
        row = (await self.connection.execute(_OFFICER, {"id": officer_id})).one_or_none()
        if row is None:
            return None
        return Officer(
            id=row.id,
            name=self._open(row.name, f"officer.name:{row.id}"),
            division=row.division,
            offices=frozenset(row.offices),
            roles=frozenset(row.roles),
            is_active=row.is_active,
        )

    async def list_officers(self, office_id: str) -> Sequence[tuple[str, frozenset[str]]]:
        """The active officers of an office, with their roles."""
        found = await self.connection.execute(_OFFICERS_OF, {"office": office_id})
        return [(row.id, frozenset(row.roles)) for row in found]

    async def _resident(self, statement: Any, values: Mapping[str, object]) -> Resident | None:  # noqa: ANN401
        row = (await self.connection.execute(statement, values)).one_or_none()
        return self._opened(row) if row else None

    def _opened(self, row: Row[Any]) -> Resident:
        return Resident(
            id=PersonId(row.id),
            index=PersonIndex(row.person_index),
            name=self._open(row.name, _place("name", row.id)),
            id_number=self._open(row.id_number, _place("id_number", row.id)),
            status=LifeStatus(row.status),
            died_on=row.died_on,
            known_from=KnownFrom(row.known_from),
        )


def _place(column: str, person: UUID) -> str:
    return f"resident.{column}:{person}"

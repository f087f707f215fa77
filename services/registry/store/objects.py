"""Statements about service objects: who is what, in which division."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from services.registry.model import PersonIndex
from services.registry.model.households import Period
from services.registry.model.objects import (
    Category,
    ObjectAct,
    ObjectFact,
    ObjectPerson,
    ServiceObject,
)
from services.registry.store.people import PeopleStore

_LOCK_REFERENCE = text("""
    SELECT pg_advisory_xact_lock(7204, hashtext(current_schema() || :reference))
""")
_ADD_FACT = text("""
    INSERT INTO object_fact
        (id, person_index, category, act, happened_on, source, reference, recorded_at)
    VALUES (:id, :person, :category, :act, :on, :source, :reference, :at)
    ON CONFLICT (id) DO NOTHING
    RETURNING id
""")
_FACTS = text("""
    SELECT id, person_index, category, act, happened_on, source, reference, recorded_at
    FROM object_fact WHERE reference = :reference ORDER BY recorded_at, id
""")
_KEPT = text("""
    SELECT id, person_index, category, source, reference,
           lower(valid) AS since, upper(valid) AS until
    FROM service_object WHERE reference = :reference AND superseded_at IS NULL
""")
_ADD = text("""
    INSERT INTO service_object
        (id, person_index, category, source, reference, valid, recorded_at)
    VALUES (:id, :person, :category, :source, :reference, daterange(:since, :until), :at)
""")
_SUPERSEDE = text("""
    UPDATE service_object SET superseded_at = greatest(:at, recorded_at) WHERE id = ANY(:ids)
""")
_OF_PEOPLE = text("""
    SELECT person_index, category, source, reference,
           lower(valid) AS since, upper(valid) AS until
    FROM service_object
    WHERE person_index = ANY(:people) AND valid @> CAST(:on AS date)
      AND recorded_at <= :known_at AND (superseded_at IS NULL OR superseded_at > :known_at)
    ORDER BY category, lower(valid), id
""")
# From an object to its number, to the record, to the record it was merged into (twice at most
# in one look; a longer chain is followed when the person is opened), to where they are now.
_HERE = """
    FROM service_object AS object
    JOIN resident_number AS number ON number.person_index = object.person_index
    LEFT JOIN resident_merge AS once
      ON once.absorbed_id = number.resident_id AND once.undone_at IS NULL
    LEFT JOIN resident_merge AS twice
      ON twice.absorbed_id = once.kept_id AND twice.undone_at IS NULL
    JOIN resident
      ON resident.id = COALESCE(twice.kept_id, once.kept_id, number.resident_id)
    JOIN household_member AS member
      ON member.resident_id = resident.id AND member.superseded_at IS NULL
     AND member.valid @> CAST(:on AS date)
    JOIN household_place AS place
      ON place.household_id = member.household_id AND place.superseded_at IS NULL
     AND place.valid @> CAST(:on AS date)
    WHERE object.superseded_at IS NULL AND object.valid @> CAST(:on AS date)
      AND starts_with(place.division, :division)
"""
_PAGE = text(f"""
    SELECT DISTINCT resident.id, resident.person_index, resident.name, resident.id_number,
           resident.status, resident.died_on, resident.known_from, place.division
    {_HERE}
      AND EXISTS (SELECT FROM unnest(CAST(:scope AS text[])) AS above
                  WHERE starts_with(place.division, above))
      AND (CAST(:category AS text) IS NULL OR object.category = :category)
      AND resident.id > CAST(:after AS uuid)
    ORDER BY resident.id
    LIMIT :limit
""")
_COUNTS = text(f"""
    SELECT object.category, count(DISTINCT resident.id) AS people
    {_HERE}
    GROUP BY object.category ORDER BY object.category
""")


class ObjectStore(PeopleStore):
    """Service objects; rows are superseded, never changed."""

    async def lock_reference(self, reference: UUID) -> None:
        """Let nobody else note facts about one benefit or entry until the commit."""
        await self.connection.execute(_LOCK_REFERENCE, {"reference": str(reference)})

    async def add_object_fact(self, fact: ObjectFact) -> bool:
        """Note a source's word; false when it was noted before."""
        added = await self.connection.execute(
            _ADD_FACT,
            {
                "id": fact.id,
                "person": fact.person,
                "category": fact.category.value,
                "act": fact.act.value,
                "on": fact.on,
                "source": fact.source,
                "reference": fact.reference,
                "at": fact.recorded_at,
            },
        )
        return added.one_or_none() is not None

    async def list_object_facts(self, reference: UUID) -> Sequence[ObjectFact]:
        """All that was ever noted about one benefit or entry."""
        rows = await self.connection.execute(_FACTS, {"reference": reference})
        return [_fact(row) for row in rows]

    async def list_objects_of_reference(self, reference: UUID) -> Mapping[UUID, ServiceObject]:
        """What follows from one benefit or entry, as far as is known now, by row."""
        rows = await self.connection.execute(_KEPT, {"reference": reference})
        return {row.id: _object(row) for row in rows}

    async def replace_objects(
        self, *, old: Iterable[UUID], new: Mapping[UUID, ServiceObject], at: datetime
    ) -> None:
        """Supersede rows and add others in their stead."""
        await self.connection.execute(_SUPERSEDE, {"ids": list(old), "at": at})
        for row_id, each in new.items():
            await self.connection.execute(
                _ADD,
                {
                    "id": row_id,
                    "person": each.person,
                    "category": each.category.value,
                    "source": each.source,
                    "reference": each.reference,
                    "since": each.period.since,
                    "until": each.period.until,
                    "at": at,
                },
            )

    async def list_objects(
        self, people: Iterable[PersonIndex], *, on: date, known_at: datetime
    ) -> Sequence[ServiceObject]:
        """What people were on a day, as known at an instant."""
        rows = await self.connection.execute(
            _OF_PEOPLE, {"people": list(people), "on": on, "known_at": known_at}
        )
        return [_object(row) for row in rows]

    async def page_object_people(
        self,
        *,
        division: str,
        scope: Sequence[str],
        category: Category | None,
        on: date,
        after: UUID,
        limit: int,
    ) -> Sequence[ObjectPerson]:
        """Residents who are something, in a division and within reach, by their ids.

        Args:
            division: The part of its code that everything in it shares.
        """
        rows = await self.connection.execute(
            _PAGE,
            {
                "division": division,
                "scope": list(scope),
                "category": category.value if category else None,
                "on": on,
                "after": after,
                "limit": limit,
            },
        )
        return [
            ObjectPerson(resident=self._opened(row), division=row.division, objects=())
            for row in rows
        ]

    async def count_objects(self, *, division: str, on: date) -> Mapping[Category, int]:
        """How many residents of a division are what."""
        rows = await self.connection.execute(_COUNTS, {"division": division, "on": on})
        return {Category(row.category): row.people for row in rows}


def _fact(row: Row[Any]) -> ObjectFact:
    return ObjectFact(
        id=row.id,
        person=PersonIndex(row.person_index),
        category=Category(row.category),
        act=ObjectAct(row.act),
        on=row.happened_on,
        source=row.source,
        reference=row.reference,
        recorded_at=row.recorded_at,
    )


def _object(row: Row[Any]) -> ServiceObject:
    return ServiceObject(
        person=PersonIndex(row.person_index),
        category=Category(row.category),
        source=row.source,
        reference=row.reference,
        period=Period(since=row.since, until=row.until),
    )

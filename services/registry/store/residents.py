"""Statements about the facts of lives, numbers and names that changed, and merged records."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError

from services.registry.errors.residents import FactCorrectedAlready, NumberTaken
from services.registry.model import PersonId, PersonIndex, Resident
from services.registry.model.residents import (
    Alias,
    AliasKind,
    FactId,
    FormerNumber,
    LifeEvent,
    LifeFact,
)
from services.registry.store.people import PeopleStore
from shared.database import violated_constraint

# From a record to the one it was merged into, and on to the last; usually a single step.
_ROOT = """
    WITH RECURSIVE up (id, steps) AS (
        SELECT CAST(:id AS uuid), 0
        UNION ALL
        SELECT merged.kept_id, up.steps + 1 FROM up
        JOIN resident_merge AS merged ON merged.absorbed_id = up.id AND merged.undone_at IS NULL
    )
    SELECT id FROM up ORDER BY steps DESC LIMIT 1
"""
ALL_OF = """
    WITH RECURSIVE one_person (id) AS (
        SELECT CAST(:id AS uuid)
        UNION
        SELECT merged.absorbed_id FROM one_person
        JOIN resident_merge AS merged
          ON merged.kept_id = one_person.id AND merged.undone_at IS NULL
    )
"""
"""SQL that begins a statement: the ids of all records that are one person with `:id`."""

_ROOT_OF = text(_ROOT)
_LOCK_NUMBERS = text("""
    SELECT pg_advisory_xact_lock(7203, hashtext(current_schema() || number))
    FROM (SELECT unnest(CAST(:indexes AS text[])) AS number ORDER BY 1) AS ordered
""")
_LOCK = text("SELECT id FROM resident WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
_INDEXES = text(f"""
    {ALL_OF}
    SELECT person_index FROM resident_number WHERE resident_id IN (SELECT id FROM one_person)
    ORDER BY person_index
""")
_OWNER = text("SELECT resident_id FROM resident_number WHERE person_index = :index")
_ADD_FACT = text("""
    INSERT INTO life_fact
        (id, person_index, kind, happened_on, subject, source, corrects, recorded_at)
    VALUES (:id, :person, :kind, :on, :subject, :source, :corrects, :at)
    ON CONFLICT (id) DO NOTHING
    RETURNING id
""")
_FACTS = text("""
    SELECT id, person_index, kind, happened_on, subject, source, corrects, recorded_at
    FROM life_fact WHERE person_index = ANY(:people) ORDER BY recorded_at, id
""")
_CLOSE_NUMBER = text("""
    UPDATE resident_number SET replaced_at = :at, replaced_on = :on, id_number = :id_number
    WHERE resident_id = :resident AND replaced_at IS NULL
""")
_ADD_NUMBER = text("""
    INSERT INTO resident_number (person_index, resident_id, recorded_at)
    VALUES (:index, :resident, :at)
""")
_CHANGE_RESIDENT = text("""
    UPDATE resident SET person_index = :index, id_number = :id_number WHERE id = :resident
""")
_RENAME = text("UPDATE resident SET name = :name WHERE id = :resident")
_FORMER_NUMBERS = text(f"""
    {ALL_OF}
    SELECT person_index, id_number, replaced_on FROM resident_number
    WHERE resident_id IN (SELECT id FROM one_person) AND replaced_at IS NOT NULL
    ORDER BY replaced_on
""")
_ADD_ALIAS = text("""
    INSERT INTO resident_alias (id, resident_id, kind, name, recorded_at)
    VALUES (:id, :resident, :kind, :name, :at)
""")
_ALIASES = text(f"""
    {ALL_OF}
    SELECT id, kind, name FROM resident_alias
    WHERE resident_id IN (SELECT id FROM one_person) ORDER BY recorded_at, id
""")


class ResidentStore(PeopleStore):
    """What happened in residents' lives, and all they were ever called and numbered."""

    async def resident_behind(self, person: PersonId) -> PersonId:
        """The record that stands for a person: itself, or the one it was merged into."""
        return PersonId((await self.connection.execute(_ROOT_OF, {"id": person})).scalar_one())

    async def owner_of_number(self, index: PersonIndex) -> PersonId | None:
        """The record that has or had a number."""
        found = (await self.connection.execute(_OWNER, {"index": index})).scalar_one_or_none()
        return None if found is None else PersonId(found)

    async def person_with_number(self, index: PersonIndex) -> PersonId | None:
        """The record that stands for whoever has or had a number."""
        owner = await self.owner_of_number(index)
        return None if owner is None else await self.resident_behind(owner)

    async def lock_numbers(self, indexes: Iterable[PersonIndex]) -> None:
        """Let nobody else note facts under these numbers, or make them known, until the commit."""
        await self.connection.execute(_LOCK_NUMBERS, {"indexes": sorted(indexes)})

    async def lock_residents(self, people: Iterable[PersonId]) -> Sequence[PersonId]:
        """Lock records in one order for everybody; those there are."""
        rows = await self.connection.execute(_LOCK, {"ids": sorted(set(people))})
        return [PersonId(row.id) for row in rows]

    async def list_numbers(self, person: PersonId) -> Sequence[PersonIndex]:
        """Blind indexes of every number of a person, those of merged records too."""
        rows = await self.connection.execute(_INDEXES, {"id": person})
        return [PersonIndex(row.person_index) for row in rows]

    async def add_fact(self, fact: LifeFact) -> bool:
        """Note something that happened; false when it was noted before.

        Raises:
            FactCorrectedAlready: Somebody corrected the same fact meanwhile.
        """
        try:
            async with self.connection.transaction():
                added = await self.connection.execute(_ADD_FACT, _fact_values(fact))
        except IntegrityError as error:
            if violated_constraint(error) == "life_fact_corrects_key":
                raise FactCorrectedAlready from None
            raise
        return added.one_or_none() is not None

    async def list_facts(self, people: Iterable[PersonIndex]) -> Sequence[LifeFact]:
        """Everything ever noted of somebody, corrected or not, as it was recorded."""
        rows = await self.connection.execute(_FACTS, {"people": list(people)})
        return [_fact(row) for row in rows]

    async def change_number(
        self, resident: Resident, *, index: PersonIndex, id_number: str, on: date, at: datetime
    ) -> None:
        """Give a resident another number; the old one still finds them.

        Raises:
            NumberTaken: Another has or had the new number.
        """
        old = self._seal(resident.id_number, _number_place(resident.index))
        sealed = self._seal(id_number, f"resident.id_number:{resident.id}")
        given = {"resident": resident.id, "index": index, "at": at}
        try:
            async with self.connection.transaction():
                await self.connection.execute(_CLOSE_NUMBER, {**given, "on": on, "id_number": old})
                await self.connection.execute(_ADD_NUMBER, given)
        except IntegrityError:
            raise NumberTaken from None
        await self.connection.execute(_CHANGE_RESIDENT, {**given, "id_number": sealed})

    async def list_former_numbers(self, person: PersonId) -> Sequence[FormerNumber]:
        """The numbers a person had."""
        rows = await self.connection.execute(_FORMER_NUMBERS, {"id": person})
        return [
            FormerNumber(
                id_number=self._open(row.id_number, _number_place(row.person_index)),
                replaced_on=row.replaced_on,
            )
            for row in rows
        ]

    async def rename(self, person: PersonId, name: str) -> None:
        """Give a resident another name; the old one is kept as an alias by the caller."""
        sealed = self._seal(name, f"resident.name:{person}")
        await self.connection.execute(_RENAME, {"resident": person, "name": sealed})

    async def add_alias(self, person: PersonId, alias: Alias, *, at: datetime) -> None:
        """Keep another name of a resident."""
        await self.connection.execute(
            _ADD_ALIAS,
            {
                "id": alias.id,
                "resident": person,
                "kind": alias.kind.value,
                "name": self._seal(alias.name, _alias_place(alias.id)),
                "at": at,
            },
        )

    async def list_aliases(self, person: PersonId) -> Sequence[Alias]:
        """The other names of a person."""
        rows = await self.connection.execute(_ALIASES, {"id": person})
        return [
            Alias(
                id=row.id, kind=AliasKind(row.kind), name=self._open(row.name, _alias_place(row.id))
            )
            for row in rows
        ]


def _fact_values(fact: LifeFact) -> dict[str, object]:
    return {
        "id": fact.id,
        "person": fact.person,
        "kind": fact.kind.value,
        "on": fact.on,
        "subject": fact.subject,
        "source": fact.source,
        "corrects": fact.corrects,
        "at": fact.recorded_at,
    }


def _fact(row: Row[Any]) -> LifeFact:
    return LifeFact(
        id=FactId(row.id),
        person=PersonIndex(row.person_index),
        kind=LifeEvent(row.kind),
        on=row.happened_on,
        subject=row.subject,
        source=row.source,
        corrects=None if row.corrects is None else FactId(row.corrects),
        recorded_at=row.recorded_at,
    )


def _number_place(index: str) -> str:
    return f"resident_number.id_number:{index}"


def _alias_place(alias: UUID) -> str:
    return f"resident_alias.name:{alias}"

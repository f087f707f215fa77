"""Statements about registered adoptions."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text

from services.registry.model import PersonIndex
from services.registry.model.adoption import Adoption, AdoptionKind, NamedPerson
from services.registry.store.sealed import SealingStore

_SERIAL = text("SELECT nextval('adoption_serial')")
_ADD = text("""
    INSERT INTO adoption
        (id, matter_id, application_id, number, kind, division, adopter_indexes, adoptee_index,
         parties_sealed, data_key, registered_on)
    VALUES (:id, :matter, :application, :number, :kind, :division, :adopters, :adoptee, :parties,
            :data_key, :registered_on)
    ON CONFLICT DO NOTHING
    RETURNING id
""")
_BY_NUMBER = text("""
    SELECT id, matter_id, application_id, number, kind, division, adopter_indexes, adoptee_index,
           parties_sealed, data_key, registered_on
    FROM adoption WHERE number = :number
""")
_IS_ADOPTED = text("SELECT EXISTS (SELECT FROM adoption WHERE adoptee_index = :adoptee)")
_COUNT = text("SELECT count(*) FROM adoption WHERE adopter_indexes @> ARRAY[:adopter]::text[]")


class AdoptionStore(SealingStore):
    """Adoptions; who is in them is sealed with a key of each record's own."""

    async def next_adoption_serial(self) -> int:
        """A serial number that was never given before."""
        serial: int = (await self.connection.execute(_SERIAL)).scalar_one()
        return serial

    async def add_adoption(self, adoption: Adoption) -> bool:
        """Keep an adoption; false when the child's adoption is on record already."""
        key = self._cipher.new_record_key(_record(adoption.id))
        added = await self.connection.execute(
            _ADD,
            {
                "id": adoption.id,
                "matter": adoption.matter_id,
                "application": adoption.application_id,
                "number": adoption.number,
                "kind": adoption.kind.value,
                "division": adoption.division,
                "adopters": list(adoption.adopter_indexes),
                "adoptee": adoption.adoptee_index,
                "parties": key.seal(_parties(adoption), place=_place(adoption.id)),
                "data_key": key.wrapped,
                "registered_on": adoption.registered_on,
            },
        )
        return added.one_or_none() is not None

    async def find_adoption(self, number: str) -> Adoption | None:
        """The adoption with a number.

        Raises:
            PersonalDataErased: Its key was destroyed.
        """
        row = (await self.connection.execute(_BY_NUMBER, {"number": number})).one_or_none()
        return None if row is None else self._adoption(row)

    async def is_adopted(self, adoptee: PersonIndex) -> bool:
        """Whether a child's adoption is on record."""
        rows = await self.connection.execute(_IS_ADOPTED, {"adoptee": adoptee})
        return bool(rows.scalar_one())

    async def most_adoptions(self, adopters: Iterable[PersonIndex]) -> int:
        """How many adoptions one of some people has on record, at most."""
        counts = [
            (await self.connection.execute(_COUNT, {"adopter": each})).scalar_one()
            for each in adopters
        ]
        return max(counts, default=0)

    def _adoption(self, row: Row[Any]) -> Adoption:
        key = self._cipher.record_key(row.data_key, _record(row.id))
        kept = orjson.loads(key.open(row.parties_sealed, place=_place(row.id)))
        return Adoption(
            id=row.id,
            matter_id=row.matter_id,
            application_id=row.application_id,
            number=row.number,
            kind=AdoptionKind(row.kind),
            division=row.division,
            adopters=[_named(each) for each in kept["adopters"]],
            adopter_indexes=[PersonIndex(each) for each in row.adopter_indexes],
            adoptee=_named(kept["adoptee"]),
            adoptee_index=PersonIndex(row.adoptee_index),
            sender=kept["sender"],
            registered_on=row.registered_on,
        )


def _parties(adoption: Adoption) -> bytes:
    return orjson.dumps(
        {
            "adopters": [[each.name, each.id_number] for each in adoption.adopters],
            "adoptee": [adoption.adoptee.name, adoption.adoptee.id_number],
            "sender": adoption.sender,
        }
    )


def _named(kept: list[str]) -> NamedPerson:
    name, id_number = kept
    return NamedPerson(name=name, id_number=id_number)


def _record(adoption: UUID) -> str:
    return f"adoption:{adoption}"


def _place(adoption: UUID) -> str:
    return f"adoption.parties:{adoption}"

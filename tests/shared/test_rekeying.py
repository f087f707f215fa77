"""Can the master key be changed while the service writes, without one record lost?"""

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.marriage.store import kept_tables
from shared.database import Database
from shared.rekeying import count_keys, key_columns, rewrap
from shared.sealing import FieldCipher, SealBroken
from tests.conftest import TestDatabase

OLD = "old:" + base64.b64encode(os.urandom(32)).decode()
NEW = "new:sm4:" + base64.b64encode(os.urandom(16)).decode()
BEFORE, AFTER = FieldCipher.parse(f"{OLD},{NEW}"), FieldCipher.parse(f"{NEW},{OLD}")

MARRIAGE = """
    INSERT INTO marriage (id, certificate_number, division, registered_on, status)
    VALUES (:id, :number, '330106000000', '2026-01-05', 'IN_FORCE')
"""
PARTY = """
    INSERT INTO marriage_party (marriage_id, person_index, position, in_force, data_key,
                                id_number_sealed, name_sealed)
    VALUES (:id, :person, 0, false, :key, '', :name)
"""


@pytest.fixture
async def schema(database: TestDatabase) -> AsyncIterator[Database]:
    opened = Database(database.url("marriage"), schema="marriage", pool_size=4)
    yield opened
    await opened.close()


async def add(schema: Database, cipher: FieldCipher, *people: str) -> UUID:
    """A marriage of so many people; written as the register writes it."""
    id_ = uuid4()
    async with schema.engine.begin() as connection:
        await connection.execute(text(MARRIAGE), {"id": id_, "number": str(id_)})
        for person in people:
            key = cipher.new_record_key(f"marriage_party:{id_}:{person}")
            name = key.seal(person.encode(), place=f"marriage_party.name:{id_}:{person}")
            values = {"id": id_, "person": person, "key": key.wrapped, "name": name}
            await connection.execute(text(PARTY), values)
    return id_


async def names(schema: Database, cipher: FieldCipher) -> list[str]:
    """Every name the register can read."""
    found = []
    async with schema.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT marriage_id, person_index, data_key, name_sealed FROM marriage_party")
        )
        for id_, person, wrapped, sealed in rows:
            key = cipher.record_key(wrapped, f"marriage_party:{id_}:{person}")
            found.append(key.open(sealed, place=f"marriage_party.name:{id_}:{person}").decode())
    return sorted(found)


async def test_a_master_key_is_replaced_under_traffic(schema: Database) -> None:
    everybody = sorted(f"p{number:04}" for number in range(700))
    for start in range(0, 600, 100):
        await add(schema, BEFORE, *everybody[start : start + 100])

    async def late() -> None:
        for start in range(600, 700, 20):
            await add(schema, BEFORE, *everybody[start : start + 20])

    await asyncio.gather(
        rewrap(schema, kept_tables(), AFTER), rewrap(schema, kept_tables(), AFTER), late()
    )
    await rewrap(schema, kept_tables(), AFTER)

    assert await count_keys(schema, kept_tables()) == {"new": 700}
    assert await names(schema, FieldCipher.parse(NEW)) == everybody


async def test_what_was_erased_stays_erased(schema: Database) -> None:
    await add(schema, BEFORE, "one", "two")
    async with schema.engine.begin() as connection:
        await connection.execute(
            text("UPDATE marriage_party SET data_key = NULL WHERE person_index = 'one'")
        )

    assert await rewrap(schema, kept_tables(), AFTER) == 1
    assert await count_keys(schema, kept_tables()) == {"new": 1}


async def test_an_old_key_taken_out_too_early_is_told_and_nothing_is_changed(
    schema: Database,
) -> None:
    await add(schema, BEFORE, "one")

    with pytest.raises(SealBroken):
        await rewrap(schema, kept_tables(), FieldCipher.parse(NEW))

    assert await count_keys(schema, kept_tables()) == {"old": 1}


def test_every_column_of_a_key_names_its_record_by_its_own_columns() -> None:
    found = list(key_columns(kept_tables()))

    assert [each.table.name for each in found] == ["marriage_party"]
    for each in found:
        named = {column.name: column.name.upper() for column in each.table.primary_key.columns}
        assert each.record(named) == "marriage_party:MARRIAGE_ID:PERSON_INDEX"

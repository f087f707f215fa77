"""Statements about registered social organisations."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, TextClause, text

from services.registry.model import PersonIndex
from services.registry.model.adoption import NamedPerson
from services.registry.model.organisations import Organisation, OrganisationType
from services.registry.rules.organisations import name_key
from services.registry.store.sealed import SealingStore

_COLUMNS = """id, matter_id, application_id, uscc, type, name, division, address, purpose, scope,
    supervisor, funds_fen, representative_index, representative_sealed, data_key, registered_on,
    charity_on, charity_number, fundraising_on, fundraising_number"""
_SERIAL = text("SELECT nextval('organisation_serial')")
_RECOGNITION_SERIAL = text("SELECT nextval('recognition_serial')")
_ADD = text("""
    INSERT INTO social_organisation
        (id, matter_id, application_id, uscc, type, name, name_key, area, division, address,
         purpose, scope, supervisor, funds_fen, representative_index, representative_sealed,
         data_key, registered_on)
    VALUES (:id, :matter, :application, :uscc, :type, :name, :name_key, :area, :division, :address,
            :purpose, :scope, :supervisor, :funds_fen, :index, :sealed, :data_key, :registered_on)
    ON CONFLICT DO NOTHING
    RETURNING id
""")
_TAKEN = text("""
    SELECT EXISTS (SELECT FROM social_organisation WHERE area = :area AND name_key = :name_key)
""")
_HEADS = text("""
    SELECT EXISTS (SELECT FROM social_organisation
                   WHERE type = 'ASSOCIATION' AND representative_index = :index)
""")
_BY_NAME = text(f"""
    SELECT {_COLUMNS} FROM social_organisation WHERE area = :area AND name_key = :name_key
    FOR UPDATE
""")
_BY_CODE = text(f"SELECT {_COLUMNS} FROM social_organisation WHERE uscc = :uscc")
_WITHIN = text(f"""
    SELECT {_COLUMNS} FROM social_organisation
    WHERE uscc > :after AND EXISTS (
        SELECT FROM unnest(CAST(:prefixes AS text[])) AS prefix
        WHERE starts_with(division, prefix)
    )
    ORDER BY uscc LIMIT :limit
""")
_RECOGNISE = text("""
    UPDATE social_organisation SET charity_on = :day, charity_number = :number
    WHERE id = :id AND charity_on IS NULL RETURNING id
""")
_QUALIFY = text("""
    UPDATE social_organisation SET fundraising_on = :day, fundraising_number = :number
    WHERE id = :id AND fundraising_on IS NULL RETURNING id
""")


class OrganisationStore(SealingStore):
    """Organisations; who represents one is sealed with a key of each record's own."""

    async def next_organisation_serial(self) -> int:
        """A serial number that was never given before."""
        serial: int = (await self.connection.execute(_SERIAL)).scalar_one()
        return serial

    async def next_recognition_serial(self) -> int:
        """A serial number of recognitions and qualifications, never given before."""
        serial: int = (await self.connection.execute(_RECOGNITION_SERIAL)).scalar_one()
        return serial

    async def add_organisation(self, organisation: Organisation) -> bool:
        """Keep an organisation; false when its name, or its representative, is taken."""
        key = self._cipher.new_record_key(_record(organisation.id))
        person = organisation.representative
        sealed = key.seal(
            orjson.dumps([person.name, person.id_number]), place=_place(organisation.id)
        )
        added = await self.connection.execute(
            _ADD,
            {
                "id": organisation.id,
                "matter": organisation.matter_id,
                "application": organisation.application_id,
                "uscc": organisation.uscc,
                "type": organisation.type.value,
                "name": organisation.name,
                "name_key": name_key(organisation.name),
                "area": organisation.division[:6],
                "division": organisation.division,
                "address": organisation.address,
                "purpose": organisation.purpose,
                "scope": organisation.scope,
                "supervisor": organisation.supervisor,
                "funds_fen": organisation.funds_fen,
                "index": organisation.representative_index,
                "sealed": sealed,
                "data_key": key.wrapped,
                "registered_on": organisation.registered_on,
            },
        )
        return added.one_or_none() is not None

    async def is_organisation_name_taken(self, division: str, name: str) -> bool:
        """Whether another organisation of the same county bears the name."""
        rows = await self.connection.execute(_TAKEN, _named_in(division, name))
        return bool(rows.scalar_one())

    async def heads_association(self, person: PersonIndex) -> bool:
        """Whether somebody is the legal representative of an association."""
        return bool((await self.connection.execute(_HEADS, {"index": person})).scalar_one())

    async def lock_organisation(self, division: str, name: str) -> Organisation | None:
        """The organisation of a county with a name, kept still until the commit; if any."""
        rows = await self.connection.execute(_BY_NAME, _named_in(division, name))
        row = rows.one_or_none()
        return None if row is None else self._organisation(row)

    async def find_organisation(self, uscc: str) -> Organisation | None:
        """The organisation with a code."""
        row = (await self.connection.execute(_BY_CODE, {"uscc": uscc})).one_or_none()
        return None if row is None else self._organisation(row)

    async def list_organisations(
        self, prefixes: Sequence[str], *, after: str, limit: int
    ) -> Sequence[Organisation]:
        """Organisations in divisions with some prefixes, in the order of their codes."""
        rows = await self.connection.execute(
            _WITHIN, {"prefixes": list(prefixes), "after": after, "limit": limit}
        )
        return [self._organisation(row) for row in rows]

    async def recognise_charity(self, organisation: UUID, *, on: date, number: str) -> bool:
        """Keep a recognition as a charity; false when it is one already."""
        return await self._note(_RECOGNISE, organisation, on, number)

    async def qualify_fundraising(self, organisation: UUID, *, on: date, number: str) -> bool:
        """Keep a qualification for public fund-raising; false when there is one already."""
        return await self._note(_QUALIFY, organisation, on, number)

    async def _note(self, statement: TextClause, organisation: UUID, on: date, number: str) -> bool:
        noted = await self.connection.execute(
            statement, {"id": organisation, "day": on, "number": number}
        )
        return noted.one_or_none() is not None

    def _organisation(self, row: Row[Any]) -> Organisation:
        key = self._cipher.record_key(row.data_key, _record(row.id))
        name, id_number = orjson.loads(key.open(row.representative_sealed, place=_place(row.id)))
        return Organisation(
            id=row.id,
            matter_id=row.matter_id,
            application_id=row.application_id,
            uscc=row.uscc,
            type=OrganisationType(row.type),
            name=row.name,
            division=row.division,
            address=row.address,
            purpose=row.purpose,
            scope=row.scope,
            supervisor=row.supervisor,
            funds_fen=row.funds_fen,
            representative=NamedPerson(name=name, id_number=id_number),
            representative_index=PersonIndex(row.representative_index),
            registered_on=row.registered_on,
            charity_on=row.charity_on,
            charity_number=row.charity_number,
            fundraising_on=row.fundraising_on,
            fundraising_number=row.fundraising_number,
        )


def _named_in(division: str, name: str) -> dict[str, str]:
    return {"area": division[:6], "name_key": name_key(name)}


def _record(organisation: UUID) -> str:
    return f"social_organisation:{organisation}"


def _place(organisation: UUID) -> str:
    return f"social_organisation.representative:{organisation}"

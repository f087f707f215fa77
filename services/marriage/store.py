"""Every SQL statement of the marriage registry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import MetaData, Row, text
from sqlalchemy.exc import IntegrityError

from services.marriage.errors import MarriageNotFound, PersonStatusChanged
from services.marriage.model import (
    EndCause,
    MaritalRecord,
    MaritalStatus,
    Marriage,
    MarriageId,
    MarriageStatus,
    PersonIndex,
    Standing,
)
from services.marriage.tables import ONE_MARRIAGE_PER_PERSON, marriage_tables
from shared.database import violated_constraint
from shared.department_store import DepartmentStore
from shared.identifiers import CertificateKind
from shared.visibility import IN_DIVISION, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedParty:
    """A party's personal data as it is kept: sealed for this one row."""

    data_key: bytes = field(repr=False)
    id_number: bytes = field(repr=False)
    name: bytes = field(repr=False)


_STANDINGS = text("""
    SELECT p.person_index, m.status, m.registered_on, m.ended_on, m.end_cause
    FROM marriage_party p JOIN marriage m ON m.id = p.marriage_id
    WHERE p.person_index = ANY(:people)
""")
_RECORDS = text("""
    SELECT person_index, status, source, as_of FROM marital_record
    WHERE person_index = ANY(:people)
""")
_LAST_SERIAL = text("""
    INSERT INTO certificate_counter (kind, office, year, last_serial)
    VALUES (:kind, :office, :year, 0)
    ON CONFLICT (kind, office, year) DO UPDATE SET last_serial = certificate_counter.last_serial
    RETURNING last_serial
""")
_SET_SERIAL = text("""
    UPDATE certificate_counter SET last_serial = :serial
    WHERE kind = :kind AND office = :office AND year = :year
""")
_ADD_MARRIAGE = text("""
    INSERT INTO marriage (id, certificate_number, division, registered_on, status,
                          application_id, matter_id, ended_on, end_cause)
    VALUES (:id, :certificate_number, :division, :registered_on, :status,
            :application_id, :matter_id, :ended_on, :end_cause)
    ON CONFLICT (id) DO NOTHING
    RETURNING true
""")
_ADD_PARTY = text("""
    INSERT INTO marriage_party (marriage_id, person_index, position, in_force,
                                data_key, id_number_sealed, name_sealed)
    VALUES (:marriage_id, :person, :position, :in_force, :data_key, :id_number, :name)
""")
_COLUMNS = """
    m.id, m.certificate_number, m.division, m.registered_on, m.status, m.application_id,
    m.ended_on, m.end_cause,
    ARRAY(SELECT p.person_index FROM marriage_party p
          WHERE p.marriage_id = m.id ORDER BY p.position) AS parties
"""
_VISIBLE = f"""
    (:everything OR {IN_DIVISION} OR EXISTS (
        SELECT 1 FROM marriage_party own
        WHERE own.marriage_id = m.id AND own.person_index = :person))
"""
_GET_MARRIAGE = text(f"SELECT {_COLUMNS} FROM marriage m WHERE m.id = :id AND {_VISIBLE}")
_LIST_OF_APPLICATION = text(f"""
    SELECT {_COLUMNS} FROM marriage m
    WHERE m.application_id = :application_id AND {_VISIBLE} ORDER BY m.id LIMIT 100
""")
_LOCK_IN_FORCE = text(f"""
    SELECT {_COLUMNS} FROM marriage m
    WHERE m.status = 'IN_FORCE' AND m.id IN (
        SELECT marriage_id FROM marriage_party WHERE person_index = :person AND in_force)
    FOR UPDATE
""")
_END = text("""
    UPDATE marriage SET status = :status, ended_on = :ended_on, end_cause = :end_cause
    WHERE id = :id
""")
_RELEASE_PARTIES = text("UPDATE marriage_party SET in_force = false WHERE marriage_id = :id")
_KEEP_RECORD = text("""
    INSERT INTO marital_record (person_index, source, status, as_of)
    VALUES (:person, :source, :status, :as_of)
    ON CONFLICT (person_index, source)
    DO UPDATE SET status = excluded.status, as_of = excluded.as_of
    WHERE marital_record.as_of < excluded.as_of
""")
_DESTROY_KEYS = {
    "marriage_party": text("""
        UPDATE marriage_party SET data_key = NULL FROM (
            SELECT p.marriage_id, p.person_index
            FROM marriage_party p JOIN marriage m ON m.id = p.marriage_id
            WHERE p.data_key IS NOT NULL AND GREATEST(m.registered_on, m.ended_on) <= :closed_by
            LIMIT 500 FOR UPDATE OF p SKIP LOCKED) over
        WHERE marriage_party.marriage_id = over.marriage_id
          AND marriage_party.person_index = over.person_index
        RETURNING marriage_party.marriage_id AS id
    """)
}
"""An archive closes when the marriage is registered, and again when it ends."""


def kept_tables() -> MetaData:
    """What this service keeps, for operators' commands that go over all of it."""
    return marriage_tables()


class Store(DepartmentStore):
    """What the marriage registry keeps, in one transaction."""

    destroying = _DESTROY_KEYS

    async def list_standings(
        self, people: Sequence[PersonIndex]
    ) -> dict[PersonIndex, list[Standing]]:
        """Each person's marriages in this register; every person asked for is there."""
        rows = await self.connection.execute(_STANDINGS, {"people": list(people)})
        found: dict[PersonIndex, list[Standing]] = {person: [] for person in people}
        for row in rows:
            found[PersonIndex(row.person_index)].append(
                Standing(
                    status=MarriageStatus(row.status),
                    registered_on=row.registered_on,
                    ended_on=row.ended_on,
                    end_cause=EndCause(row.end_cause) if row.end_cause else None,
                )
            )
        return found

    async def list_records(
        self, people: Sequence[PersonIndex]
    ) -> dict[PersonIndex, list[MaritalRecord]]:
        """What other sources say of each person; every person asked for is there."""
        rows = await self.connection.execute(_RECORDS, {"people": list(people)})
        found: dict[PersonIndex, list[MaritalRecord]] = {person: [] for person in people}
        for row in rows:
            found[PersonIndex(row.person_index)].append(
                MaritalRecord(status=MaritalStatus(row.status), source=row.source, as_of=row.as_of)
            )
        return found

    async def keep_record(self, person: PersonIndex, record: MaritalRecord) -> None:
        """Keep what a source says; an older word never replaces a newer one."""
        await self.connection.execute(
            _KEEP_RECORD,
            {
                "person": person,
                "source": record.source,
                "status": record.status.value,
                "as_of": record.as_of,
            },
        )

    async def lock_last_serial(self, *, kind: CertificateKind, office: str, year: int) -> int:
        """The last serial of a series, locked until the commit; 0 for a new year."""
        values = {"kind": kind.value, "office": office, "year": year}
        return int((await self.connection.execute(_LAST_SERIAL, values)).scalar_one())

    async def set_last_serial(
        self, serial: int, *, kind: CertificateKind, office: str, year: int
    ) -> None:
        """Note the serial that was given; the series must be locked."""
        await self.connection.execute(
            _SET_SERIAL, {"serial": serial, "kind": kind.value, "office": office, "year": year}
        )

    async def add_marriage(
        self,
        marriage: Marriage,
        *,
        parties: Mapping[PersonIndex, SealedParty],
        matter_id: UUID | None = None,
    ) -> bool:
        """Register a marriage with both parties; False if it was there already.

        The parties are written in sorted order, so that two registrations that share both
        people wait for each other instead of locking each other out.

        Raises:
            PersonStatusChanged: One of them is in a marriage in force.
        """
        added = await self.connection.execute(_ADD_MARRIAGE, _values(marriage, matter_id))
        if added.scalar_one_or_none() is None:
            return False
        try:
            for person in sorted(marriage.parties):
                await self.connection.execute(
                    _ADD_PARTY, _party_values(marriage, person, parties[person])
                )
        except IntegrityError as error:
            if violated_constraint(error) == ONE_MARRIAGE_PER_PERSON:
                raise PersonStatusChanged from None
            raise
        return True

    async def get_marriage(self, marriage_id: UUID, *, visible: Visibility) -> Marriage:
        """A marriage the asker may see.

        Raises:
            MarriageNotFound: There is none, or it is not theirs to see.
        """
        row = (
            await self.connection.execute(
                _GET_MARRIAGE, {"id": marriage_id, **visible.as_parameters()}
            )
        ).one_or_none()
        if row is None:
            raise MarriageNotFound
        return _marriage(row)

    async def list_marriages_of_application(
        self, application_id: UUID, *, visible: Visibility
    ) -> list[Marriage]:
        """Marriages an application led to, as far as the asker may see them."""
        rows = await self.connection.execute(
            _LIST_OF_APPLICATION, {"application_id": application_id, **visible.as_parameters()}
        )
        return [_marriage(row) for row in rows]

    async def lock_marriage_in_force(self, person: PersonIndex) -> Marriage | None:
        """The marriage a person is in, locked; None if there is none here."""
        rows = await self.connection.execute(_LOCK_IN_FORCE, {"person": person})
        row = rows.one_or_none()
        return _marriage(row) if row else None

    async def end_marriage(self, marriage: Marriage) -> None:
        """Write the end of a marriage and set both parties free."""
        await self.connection.execute(
            _END,
            {
                "id": marriage.id,
                "status": marriage.status.value,
                "ended_on": marriage.ended_on,
                "end_cause": marriage.end_cause.value if marriage.end_cause else None,
            },
        )
        await self.connection.execute(_RELEASE_PARTIES, {"id": marriage.id})


def _values(marriage: Marriage, matter_id: UUID | None) -> dict[str, object]:
    return {
        "id": marriage.id,
        "certificate_number": marriage.certificate_number,
        "division": marriage.division,
        "registered_on": marriage.registered_on,
        "status": marriage.status.value,
        "application_id": marriage.application_id,
        "matter_id": matter_id,
        "ended_on": marriage.ended_on,
        "end_cause": marriage.end_cause.value if marriage.end_cause else None,
    }


def _party_values(
    marriage: Marriage, person: PersonIndex, sealed: SealedParty
) -> dict[str, object]:
    return {
        "marriage_id": marriage.id,
        "person": person,
        "position": marriage.parties.index(person),
        "in_force": marriage.status is MarriageStatus.IN_FORCE,
        "data_key": sealed.data_key,
        "id_number": sealed.id_number,
        "name": sealed.name,
    }


def _marriage(row: Row[Any]) -> Marriage:
    first, second = row.parties
    ended_on: date | None = row.ended_on
    return Marriage(
        id=MarriageId(row.id),
        certificate_number=row.certificate_number,
        division=row.division,
        registered_on=row.registered_on,
        status=MarriageStatus(row.status),
        parties=(PersonIndex(first), PersonIndex(second)),
        application_id=row.application_id,
        ended_on=ended_on,
        end_cause=EndCause(row.end_cause) if row.end_cause else None,
    )

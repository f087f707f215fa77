"""Statements about households: who is in them, and where they are, as known when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError

from services.registry.errors.residents import InTwoHouseholds, InTwoPlaces
from services.registry.model import PersonId
from services.registry.model.households import (
    Home,
    KeptMembership,
    KeptPlace,
    Member,
    Membership,
    Period,
    Place,
)
from services.registry.model.residents import HouseholdId
from services.registry.store.people import PeopleStore
from services.registry.tables.residents import ONE_HOUSEHOLD, ONE_PLACE
from shared.database import violated_constraint

_KNOWN = """
    (recorded_at <= :known_at AND (superseded_at IS NULL OR superseded_at > :known_at))
"""
"""SQL: a row that was believed at an instant."""

IN_SCOPE = (
    "EXISTS (SELECT FROM unnest(CAST(:scope AS text[])) AS above WHERE starts_with({}, above))"
)
"""SQL with a column to fill in: a division lies in or below one of the asker's."""

_ADD_HOUSEHOLD = text("INSERT INTO household (id, recorded_at) VALUES (:id, :at)")
_LOCK = text("SELECT id FROM household WHERE id = :id FOR UPDATE")
_PLACES = text("""
    SELECT id, household_id, division, address, lower(valid) AS since, upper(valid) AS until
    FROM household_place WHERE household_id = :household AND superseded_at IS NULL
    ORDER BY valid
""")
_PLACE_ON = text(f"""
    SELECT id, household_id, division, address, lower(valid) AS since, upper(valid) AS until
    FROM household_place WHERE household_id = :household AND valid @> CAST(:on AS date) AND {_KNOWN}
""")
_ADD_PLACE = text("""
    INSERT INTO household_place (id, household_id, division, address, valid, recorded_at)
    VALUES (:id, :household, :division, :address, daterange(:since, :until), :at)
""")
_SUPERSEDE_PLACES = text("""
    UPDATE household_place SET superseded_at = greatest(:at, recorded_at) WHERE id = ANY(:ids)
""")
_MEMBERSHIPS = text("""
    SELECT id, household_id, lower(valid) AS since, upper(valid) AS until FROM household_member
    WHERE resident_id = :resident AND superseded_at IS NULL ORDER BY valid
""")
_ADD_MEMBERSHIP = text("""
    INSERT INTO household_member (id, household_id, resident_id, valid, recorded_at)
    VALUES (:id, :household, :resident, daterange(:since, :until), :at)
""")
_SUPERSEDE_MEMBERSHIPS = text("""
    UPDATE household_member SET superseded_at = greatest(:at, recorded_at) WHERE id = ANY(:ids)
""")
_MEMBERS_ON = text(f"""
    SELECT resident.id, person_index, name, id_number, status, died_on, known_from,
           lower(valid) AS since, upper(valid) AS until
    FROM household_member JOIN resident ON resident.id = resident_id
    WHERE household_id = :household AND valid @> CAST(:on AS date) AND {_KNOWN}
    ORDER BY lower(valid), resident.id
""")
# Where somebody is, or was last: a day without end comes first.
_HOMES = text("""
    SELECT DISTINCT ON (resident_id) resident_id, member.household_id, division,
           lower(member.valid * place.valid) AS since, upper(member.valid * place.valid) AS until
    FROM household_member AS member
    JOIN household_place AS place ON place.household_id = member.household_id
     AND place.superseded_at IS NULL AND place.valid && member.valid
    WHERE resident_id = ANY(:people) AND member.superseded_at IS NULL
    ORDER BY resident_id, upper(member.valid * place.valid) DESC NULLS FIRST
""")
# The newest version of each office says where it is; an officer may have several.
_OFFICE_DIVISIONS = text("""
    SELECT DISTINCT ON (key) content->>'division' AS division FROM publication
    WHERE kind = 'OFFICE' AND key = ANY(:offices)
    ORDER BY key, version DESC
""")


class HouseholdStore(PeopleStore):
    """Households, their members and their places; rows are superseded, never changed."""

    async def add_household(self, household: HouseholdId, *, at: datetime) -> None:
        """Keep a new household; it is nowhere, and nobody is in it."""
        await self.connection.execute(_ADD_HOUSEHOLD, {"id": household, "at": at})

    async def lock_household(self, household: HouseholdId) -> bool:
        """Let nobody else move a household until the commit; false when there is none."""
        found = await self.connection.execute(_LOCK, {"id": household})
        return found.one_or_none() is not None

    async def list_places(self, household: HouseholdId) -> Sequence[KeptPlace]:
        """Where a household was, is and will be, as far as is known now."""
        rows = await self.connection.execute(_PLACES, {"household": household})
        return [self._place(row) for row in rows]

    async def find_place(
        self, household: HouseholdId, *, on: date, known_at: datetime
    ) -> Place | None:
        """Where a household was on a day, as known at an instant."""
        rows = await self.connection.execute(
            _PLACE_ON, {"household": household, "on": on, "known_at": known_at}
        )
        row = rows.one_or_none()
        return None if row is None else self._place(row).place

    async def replace_places(
        self,
        household: HouseholdId,
        *,
        old: Iterable[UUID],
        new: Mapping[UUID, Place],
        at: datetime,
    ) -> None:
        """Supersede rows and add others in their stead.

        Raises:
            InTwoPlaces: The household would be in two places on one day.
        """
        await self.connection.execute(_SUPERSEDE_PLACES, {"ids": list(old), "at": at})
        try:
            for row_id, place in new.items():
                await self.connection.execute(
                    _ADD_PLACE,
                    {
                        "id": row_id,
                        "household": household,
                        "division": place.division,
                        "address": self._seal(place.address, _address_place(row_id)),
                        "since": place.period.since,
                        "until": place.period.until,
                        "at": at,
                    },
                )
        except IntegrityError as error:
            if violated_constraint(error) == ONE_PLACE:
                raise InTwoPlaces from None
            raise

    async def list_memberships(self, resident: PersonId) -> Sequence[KeptMembership]:
        """In which households a resident was, is and will be, as far as is known now."""
        rows = await self.connection.execute(_MEMBERSHIPS, {"resident": resident})
        return [
            KeptMembership(
                id=row.id,
                membership=Membership(household=HouseholdId(row.household_id), period=_period(row)),
            )
            for row in rows
        ]

    async def replace_memberships(
        self,
        resident: PersonId,
        *,
        old: Iterable[UUID],
        new: Mapping[UUID, Membership],
        at: datetime,
    ) -> None:
        """Supersede rows and add others in their stead.

        Raises:
            InTwoHouseholds: The resident would be in two households on one day.
        """
        await self.connection.execute(_SUPERSEDE_MEMBERSHIPS, {"ids": list(old), "at": at})
        try:
            for row_id, membership in new.items():
                await self.connection.execute(
                    _ADD_MEMBERSHIP,
                    {
                        "id": row_id,
                        "household": membership.household,
                        "resident": resident,
                        "since": membership.period.since,
                        "until": membership.period.until,
                        "at": at,
                    },
                )
        except IntegrityError as error:
            if violated_constraint(error) == ONE_HOUSEHOLD:
                raise InTwoHouseholds from None
            raise

    async def list_members(
        self, household: HouseholdId, *, on: date, known_at: datetime
    ) -> Sequence[Member]:
        """Who was in a household on a day, as known at an instant."""
        rows = await self.connection.execute(
            _MEMBERS_ON, {"household": household, "on": on, "known_at": known_at}
        )
        return [Member(resident=self._opened(row), period=_period(row)) for row in rows]

    async def list_homes(self, people: Iterable[PersonId]) -> Mapping[PersonId, Home]:
        """Where residents are, or were last; whoever was never anywhere is missing."""
        rows = await self.connection.execute(_HOMES, {"people": list(people)})
        return {
            PersonId(row.resident_id): Home(
                resident=PersonId(row.resident_id),
                household=HouseholdId(row.household_id),
                division=row.division,
                period=_period(row),
            )
            for row in rows
        }

    async def list_office_divisions(self, offices: Iterable[str]) -> Sequence[str]:
        """The divisions of published offices."""
        rows = await self.connection.execute(_OFFICE_DIVISIONS, {"offices": sorted(offices)})
        return sorted({row.division for row in rows})

    def _place(self, row: Row[Any]) -> KeptPlace:
        place = Place(
            division=row.division,
            address=self._open(row.address, _address_place(row.id)),
            period=_period(row),
        )
        return KeptPlace(id=row.id, place=place)


def _period(row: Row[Any]) -> Period:
    return Period(since=row.since, until=row.until)


def _address_place(row_id: UUID) -> str:
    return f"household_place.address:{row_id}"

"""Statements about approved names of places."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from services.registry.model.place_names import PlaceKind, PlaceName
from services.registry.store.sealed import SealingStore

_COLUMNS = """id, matter_id, application_id, number, kind, specific, generic, name, sound,
    romanised, division, position, former_name, approved_on, replaced_on, announced_on"""
_SERIAL = text("SELECT nextval('place_name_serial')")
_ADD = text("""
    INSERT INTO place_name
        (id, matter_id, application_id, number, kind, area, division, specific, generic, name,
         sound, romanised, position, former_name, approved_on)
    VALUES (:id, :matter, :application, :number, :kind, :area, :division, :specific, :generic,
            :name, :sound, :romanised, :position, :former_name, :approved_on)
    ON CONFLICT DO NOTHING
    RETURNING id
""")
_LIKE = text(f"""
    SELECT {_COLUMNS} FROM place_name
    WHERE area = :area AND replaced_on IS NULL AND (name = :name OR sound = :sound)
    ORDER BY number
""")
_REPLACE = text("""
    UPDATE place_name SET replaced_on = :day
    WHERE area = :area AND kind = :kind AND name = :name AND replaced_on IS NULL
""")
_OF_APPLICATION = text(f"""
    SELECT {_COLUMNS} FROM place_name WHERE application_id = :application FOR UPDATE
""")
_ANNOUNCE = text("""
    UPDATE place_name SET announced_on = :day WHERE id = :id AND announced_on IS NULL
""")
_WITHIN = text(f"""
    SELECT {_COLUMNS} FROM place_name
    WHERE number > :after AND (:name = '' OR name = :name) AND EXISTS (
        SELECT FROM unnest(CAST(:prefixes AS text[])) AS prefix
        WHERE starts_with(division, prefix)
    )
    ORDER BY number LIMIT :limit
""")


class PlaceNameStore(SealingStore):
    """Names of places; nothing in them is about a person."""

    async def next_place_name_serial(self) -> int:
        """A serial number that was never given before."""
        serial: int = (await self.connection.execute(_SERIAL)).scalar_one()
        return serial

    async def add_place_name(self, place: PlaceName) -> bool:
        """Keep an approved name; false when the same name or sound is in use."""
        added = await self.connection.execute(
            _ADD,
            {
                "id": place.id,
                "matter": place.matter_id,
                "application": place.application_id,
                "number": place.number,
                "kind": place.kind.value,
                "area": place.division[:6],
                "division": place.division,
                "specific": place.specific,
                "generic": place.generic,
                "name": place.name,
                "sound": place.sound,
                "romanised": place.romanised,
                "position": place.position,
                "former_name": place.former_name,
                "approved_on": place.approved_on,
            },
        )
        return added.one_or_none() is not None

    async def list_names_like(self, area: str, name: str, sound: str) -> Sequence[PlaceName]:
        """Names in use in a county that are the same, or sound the same."""
        rows = await self.connection.execute(_LIKE, {"area": area, "name": name, "sound": sound})
        return [_place_name(row) for row in rows]

    async def replace_place_name(self, area: str, kind: PlaceKind, name: str, *, on: date) -> None:
        """End the use of a name, if it is on record; one that is older than the record is not."""
        await self.connection.execute(
            _REPLACE, {"area": area, "kind": kind.value, "name": name, "day": on}
        )

    async def lock_place_name_of(self, application: UUID) -> PlaceName | None:
        """The name an application was granted, kept still until the commit; if any."""
        rows = await self.connection.execute(_OF_APPLICATION, {"application": application})
        row = rows.one_or_none()
        return None if row is None else _place_name(row)

    async def announce_place_name(self, place: UUID, *, on: date) -> None:
        """Keep the day on which a name was filed and announced."""
        await self.connection.execute(_ANNOUNCE, {"id": place, "day": on})

    async def list_place_names(
        self, prefixes: Sequence[str], *, name: str, after: str, limit: int
    ) -> Sequence[PlaceName]:
        """Names in divisions with some prefixes, in the order of their numbers.

        Args:
            name: Only this one, with all bore it before; empty: all.
        """
        rows = await self.connection.execute(
            _WITHIN, {"prefixes": list(prefixes), "name": name, "after": after, "limit": limit}
        )
        return [_place_name(row) for row in rows]


def _place_name(row: Row[Any]) -> PlaceName:
    return PlaceName(
        id=row.id,
        matter_id=row.matter_id,
        application_id=row.application_id,
        number=row.number,
        kind=PlaceKind(row.kind),
        specific=row.specific,
        generic=row.generic,
        name=row.name,
        sound=row.sound,
        romanised=row.romanised,
        division=row.division,
        position=row.position,
        former_name=row.former_name,
        approved_on=row.approved_on,
        replaced_on=row.replaced_on,
        announced_on=row.announced_on,
    )

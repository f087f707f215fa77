"""What the registry has published, as intake follows it: items, parameters, calendar, offices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text

from services.intake.errors import ItemNotFound, ItemNotOpen, OfficeNotFound
from services.intake.model import LocalParameters, Office, OfficeId
from shared.identifiers import DivisionLevel
from shared.store import SharedStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedItem:
    """One immutable version of a service item."""

    code: str
    version: int
    hash: str
    definition: Mapping[str, Any]


_KEEP_ITEM = text("""
    INSERT INTO published_item (code, version, hash, definition)
    VALUES (:code, :version, :hash, CAST(:definition AS jsonb))
    ON CONFLICT (code, version) DO NOTHING
""")
_NEWEST_ITEM = text("""
    SELECT i.code, i.version, i.hash, w.withdrawn_at FROM published_item i
    LEFT JOIN item_withdrawal w ON w.code = i.code AND w.version = i.version
    WHERE i.code = :code ORDER BY i.version DESC LIMIT 1
""")
_ITEM = text("SELECT definition FROM published_item WHERE code = :code AND version = :version")
_KEEP_PARAMETERS = text("""
    INSERT INTO published_parameters (version, parameters)
    VALUES (:version, CAST(:parameters AS jsonb)) ON CONFLICT (version) DO NOTHING
""")
_PARAMETERS_VERSION = text("SELECT max(version) FROM published_parameters")
_PARAMETERS = text("SELECT parameters FROM published_parameters WHERE version = :version")
_KEEP_CALENDAR = text("""
    INSERT INTO published_calendar (version, calendar)
    VALUES (:version, CAST(:calendar AS jsonb)) ON CONFLICT (version) DO NOTHING
    RETURNING version
""")
_CALENDAR_VERSION = text("SELECT max(version) FROM published_calendar")
_CALENDAR = text("SELECT calendar FROM published_calendar WHERE version = :version")
_KEEP_OFFICE = text("""
    INSERT INTO office (id, name, division, level, functions)
    VALUES (:id, :name, :division, :level, :functions)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, division = excluded.division,
        level = excluded.level, functions = excluded.functions
""")
_OFFICE = text("SELECT id, name, division, level, functions FROM office WHERE id = :id")
_OFFICES = text("""
    SELECT id, name, division, level, functions FROM office WHERE division = ANY(:divisions)
""")


class PublishedStore(SharedStore):
    """Statements about what the registry publishes."""

    calendar_version: int | None = None
    """The newest working calendar, once this transaction has seen which it is."""
    began_at: datetime | None = None
    """When this transaction began, once it has asked."""

    async def keep_item(self, item: PublishedItem) -> None:
        """Keep a version of an item; a version never changes."""
        await self.connection.execute(
            _KEEP_ITEM,
            {
                "code": item.code,
                "version": item.version,
                "hash": item.hash,
                "definition": orjson.dumps(item.definition).decode(),
            },
        )

    async def newest_item(self, code: str) -> tuple[int, str]:
        """Version and hash of an item as it can be applied for now.

        Raises:
            ItemNotFound: No such item has been published.
            ItemNotOpen: Its newest version has been withdrawn; older ones are no longer law.
        """
        row = (await self.connection.execute(_NEWEST_ITEM, {"code": code})).one_or_none()
        if row is None:
            raise ItemNotFound
        if row.withdrawn_at is not None:
            raise ItemNotOpen
        return row.version, row.hash

    async def get_item_definition(self, code: str, version: int) -> Mapping[str, Any]:
        """The definition of one version."""
        found = await self.connection.execute(_ITEM, {"code": code, "version": version})
        definition: Mapping[str, Any] | None = found.scalar_one_or_none()
        if definition is None:
            raise ItemNotFound
        return definition

    async def keep_parameters(self, version: int, parameters: object) -> None:
        """Keep a version of the local parameters."""
        await self.connection.execute(
            _KEEP_PARAMETERS,
            {"version": version, "parameters": orjson.dumps(parameters).decode()},
        )

    async def newest_parameters(self) -> Sequence[LocalParameters]:
        """The newest local parameters; none where none were published yet."""
        found = await self.connection.execute(_PARAMETERS_VERSION)
        version = found.scalar_one()
        return [] if version is None else await self.get_parameters(version)

    async def get_parameters(self, version: int) -> Sequence[LocalParameters]:
        """All local parameters, each with its division and the day it takes effect."""
        kept = await self.connection.execute(_PARAMETERS, {"version": version})
        return [
            LocalParameters(
                division=table["division"],
                effective_from=date.fromisoformat(table["effective_from"]),
                values=table["values"],
            )
            for table in kept.scalar_one()
        ]

    async def keep_calendar(self, version: int, calendar: Mapping[str, Any]) -> bool:
        """Keep a version of the working calendar; False if it was known."""
        kept = await self.connection.execute(
            _KEEP_CALENDAR, {"version": version, "calendar": orjson.dumps(calendar).decode()}
        )
        return kept.one_or_none() is not None

    async def newest_calendar_version(self) -> int | None:
        """The newest version of the working calendar, if any was published yet."""
        if self.calendar_version is None:
            found = await self.connection.execute(_CALENDAR_VERSION)
            self.calendar_version = found.scalar_one()
        return self.calendar_version

    async def get_calendar(self, version: int) -> Mapping[str, Any]:
        """One version of the working calendar."""
        found = await self.connection.execute(_CALENDAR, {"version": version})
        calendar: Mapping[str, Any] = found.scalar_one()
        return calendar

    async def keep_office(self, office: Office) -> None:
        """Keep an office as it is now."""
        await self.connection.execute(
            _KEEP_OFFICE,
            {
                "id": office.id,
                "name": office.name,
                "division": office.division,
                "level": str(office.level),
                "functions": sorted(office.functions),
            },
        )

    async def get_office(self, office_id: OfficeId) -> Office:
        """An office by its id.

        Raises:
            OfficeNotFound: The registry has not published it.
        """
        row = (await self.connection.execute(_OFFICE, {"id": office_id})).one_or_none()
        if row is None:
            raise OfficeNotFound(function="", level="", division="")
        return _office(row)

    async def list_offices(self, divisions: Iterable[str]) -> Sequence[Office]:
        """The offices of some divisions."""
        rows = await self.connection.execute(_OFFICES, {"divisions": list(divisions)})
        return [_office(row) for row in rows]


def _office(row: Row[Any]) -> Office:
    return Office(
        id=OfficeId(UUID(str(row.id))),
        name=row.name,
        division=row.division,
        level=DivisionLevel(row.level),
        functions=frozenset(row.functions),
    )

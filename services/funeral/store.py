"""Every SQL statement of the funeral service."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import MetaData, Row, text
from sqlalchemy.exc import IntegrityError

from services.funeral.errors import AlreadyArranged, FuneralNotFound, SlotTaken
from services.funeral.model import (
    ArrangementPlan,
    Ashes,
    CaseId,
    FuneralCase,
    FuneralStatus,
    PersonIndex,
    Resource,
    ResourceId,
    ResourceKind,
    Slot,
    SlotId,
)
from services.funeral.tables import ONE_BOOKING_PER_SLOT, ONE_FUNERAL_PER_DECEASED, funeral_tables
from shared.clock import SHANGHAI
from shared.database import violated_constraint
from shared.department_store import DepartmentStore
from shared.visibility import IN_DIVISION, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedCase:
    """The personal data of a case as it is kept: sealed for this one row."""

    data_key: bytes = field(repr=False)
    deceased_id_number: bytes = field(repr=False)
    deceased_name: bytes = field(repr=False)
    family: bytes = field(repr=False)


_RESOURCES = text("""
    SELECT id, kind, name, division, opens_at, closes_at, slot_minutes FROM resource
    WHERE left(division, 6) = :county ORDER BY id
""")
_ALL_RESOURCES = text("""
    SELECT id, kind, name, division, opens_at, closes_at, slot_minutes FROM resource ORDER BY id
""")
_LOCK_COUNTY = text("""
    SELECT id FROM resource WHERE left(division, 6) = :county ORDER BY id FOR UPDATE
""")
_ADD_RESOURCE = text("""
    INSERT INTO resource (id, kind, name, division, opens_at, closes_at, slot_minutes)
    VALUES (:id, :kind, :name, :division, :opens_at, :closes_at, :slot_minutes)
    ON CONFLICT (id) DO NOTHING
""")
_OPEN_SLOTS = text("""
    INSERT INTO slot (id, resource_id, starts_at, ends_at)
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:resources AS uuid[]),
                         CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[]))
    ON CONFLICT DO NOTHING
""")
_FREE_SLOTS = text("""
    SELECT s.id, s.resource_id, r.kind, s.starts_at, s.ends_at
    FROM slot s JOIN resource r ON r.id = s.resource_id
    WHERE left(r.division, 6) = :county
      AND s.starts_at >= :since AND s.starts_at < :until
      AND NOT EXISTS (
          SELECT 1 FROM booking b WHERE b.slot_id = s.id AND b.released_at IS NULL)
    ORDER BY s.starts_at, s.id
""")
_NEXT_CASE = text("""
    INSERT INTO case_counter (office, year, last_serial) VALUES (:office, :year, 1)
    ON CONFLICT (office, year) DO UPDATE SET last_serial = case_counter.last_serial + 1
    RETURNING last_serial
""")
_ADD_CASE = text("""
    INSERT INTO funeral_case (id, number, application_id, matter_id, division, deceased_index,
                              data_key, deceased_id_number_sealed, deceased_name_sealed,
                              family_sealed, died_on, status, arranged_on, ashes,
                              needs_storage_extension)
    VALUES (:id, :number, :application_id, :matter_id, :division, :deceased,
            :data_key, :deceased_id_number, :deceased_name, :family, :died_on, :status,
            :arranged_on, :ashes, :needs_storage_extension)
""")
_BOOK = text("INSERT INTO booking (case_id, slot_id) VALUES (:case_id, :slot_id)")
_COLUMNS = """
    c.id, c.number, c.application_id, c.matter_id, c.division, c.deceased_index, c.died_on,
    c.status, c.arranged_on, c.ashes, c.needs_storage_extension
"""
_VISIBLE = f"(:everything OR {IN_DIVISION})"
_GET_CASE = text(f"SELECT {_COLUMNS} FROM funeral_case c WHERE c.id = :id AND {_VISIBLE}")
_LIST_OF_APPLICATION = text(f"""
    SELECT {_COLUMNS} FROM funeral_case c
    WHERE c.application_id = :application_id AND {_VISIBLE} ORDER BY c.id LIMIT 100
""")
_BOOKED_SLOTS = text("""
    SELECT b.case_id, s.id, s.resource_id, r.kind, s.starts_at, s.ends_at
    FROM booking b JOIN slot s ON s.id = b.slot_id JOIN resource r ON r.id = s.resource_id
    WHERE b.case_id = ANY(:ids) AND b.released_at IS NULL
""")
_DESTROY_KEYS = {
    "funeral_case": text("""
        UPDATE funeral_case SET data_key = NULL FROM (
            SELECT id FROM funeral_case
            WHERE data_key IS NOT NULL AND status IN ('CLOSED', 'CANCELLED')
              AND GREATEST(died_on, arranged_on) <= :closed_by
            LIMIT 500 FOR UPDATE SKIP LOCKED) over
        WHERE funeral_case.id = over.id RETURNING funeral_case.id
    """)
}
"""While ashes are stored or a body is held, the family must be reached."""


def kept_tables() -> MetaData:
    """What this service keeps, for operators' commands that go over all of it."""
    return funeral_tables()


class Store(DepartmentStore):
    """What the funeral service keeps, in one transaction."""

    destroying = _DESTROY_KEYS

    async def add_resource(self, resource: Resource) -> None:
        """Add a hall or a furnace; one that is there stays as it is."""
        await self.connection.execute(
            _ADD_RESOURCE,
            {
                "id": resource.id,
                "kind": resource.kind.value,
                "name": resource.name,
                "division": resource.division,
                "opens_at": resource.opens_at,
                "closes_at": resource.closes_at,
                "slot_minutes": resource.slot_minutes,
            },
        )

    async def list_resources(self, *, county: str | None = None) -> list[Resource]:
        """Halls and furnaces of a county (six digits), or all of them."""
        statement = _RESOURCES if county else _ALL_RESOURCES
        rows = await self.connection.execute(statement, {"county": county} if county else {})
        return [_resource(row) for row in rows]

    async def lock_county(self, county: str) -> None:
        """Let one arrangement at a time choose among a county's slots.

        Without it families who ask at once would all choose the earliest slot, and all but
        one would have to choose again.
        """
        await self.connection.execute(_LOCK_COUNTY, {"county": county})

    async def open_slots(self, slots: Sequence[Slot]) -> None:
        """Offer slots; those that are offered already stay as they are."""
        await self.connection.execute(
            _OPEN_SLOTS,
            {
                "ids": [slot.id for slot in slots],
                "resources": [slot.resource_id for slot in slots],
                "starts": [slot.starts_at for slot in slots],
                "ends": [slot.ends_at for slot in slots],
            },
        )

    async def list_free_slots(self, *, county: str, since: datetime, until: datetime) -> list[Slot]:
        """Slots nobody has booked that start in a span of time."""
        rows = await self.connection.execute(
            _FREE_SLOTS, {"county": county, "since": since, "until": until}
        )
        return [_slot(row) for row in rows]

    async def next_case_serial(self, *, office: str, year: int) -> int:
        """Take the next case number of an office; given back if the transaction fails."""
        taken = await self.connection.execute(_NEXT_CASE, {"office": office, "year": year})
        return int(taken.scalar_one())

    async def add_case(self, case: FuneralCase, *, sealed: SealedCase) -> None:
        """Write a case and book its slots, all of them or none.

        Raises:
            AlreadyArranged: There is a funeral for this person.
            SlotTaken: Another family has one of the slots.
        """
        try:
            await self.connection.execute(_ADD_CASE, _case_values(case, sealed))
            for slot in sorted(case.plan.slots, key=lambda each: each.id):
                await self.connection.execute(_BOOK, {"case_id": case.id, "slot_id": slot.id})
        except IntegrityError as error:
            broken = violated_constraint(error)
            if broken == ONE_FUNERAL_PER_DECEASED:
                raise AlreadyArranged from None
            if broken == ONE_BOOKING_PER_SLOT:
                raise SlotTaken from None
            raise

    async def get_case(self, case_id: UUID, *, visible: Visibility) -> FuneralCase:
        """A funeral the asker may see.

        Raises:
            FuneralNotFound: There is none, or it is not theirs to see.
        """
        rows = await self.connection.execute(_GET_CASE, {"id": case_id, **_asker(visible)})
        found = await self._with_slots(rows.all())
        if not found:
            raise FuneralNotFound
        return found[0]

    async def list_cases_of_application(
        self, application_id: UUID, *, visible: Visibility
    ) -> list[FuneralCase]:
        """Funerals an application led to, as far as the asker may see them."""
        rows = await self.connection.execute(
            _LIST_OF_APPLICATION, {"application_id": application_id, **_asker(visible)}
        )
        return await self._with_slots(rows.all())

    async def _with_slots(self, rows: Sequence[Row[Any]]) -> list[FuneralCase]:
        booked = await self.connection.execute(_BOOKED_SLOTS, {"ids": [row.id for row in rows]})
        slots = booked.all()
        return [_case(row, [_slot(s) for s in slots if s.case_id == row.id]) for row in rows]


def _asker(visible: Visibility) -> dict[str, object]:
    """A family follows its funeral in its case; here only offices and services ask."""
    return {"everything": visible.everything, "division": visible.division or ""}


def _case_values(case: FuneralCase, sealed: SealedCase) -> dict[str, object]:
    return {
        "id": case.id,
        "number": case.number,
        "application_id": case.application_id,
        "matter_id": case.matter_id,
        "division": case.division,
        "deceased": case.deceased,
        "data_key": sealed.data_key,
        "deceased_id_number": sealed.deceased_id_number,
        "deceased_name": sealed.deceased_name,
        "family": sealed.family,
        "died_on": case.died_on,
        "status": case.status.value,
        "arranged_on": case.arranged_on,
        "ashes": case.ashes.value,
        "needs_storage_extension": case.plan.needs_storage_extension,
    }


def _case(row: Row[Any], slots: Sequence[Slot]) -> FuneralCase:
    hall = next((slot for slot in slots if slot.kind is ResourceKind.HALL), None)
    furnace = next(slot for slot in slots if slot.kind is ResourceKind.FURNACE)
    return FuneralCase(
        id=CaseId(row.id),
        number=row.number,
        application_id=row.application_id,
        matter_id=row.matter_id,
        division=row.division,
        deceased=PersonIndex(row.deceased_index),
        died_on=row.died_on,
        status=FuneralStatus(row.status),
        arranged_on=row.arranged_on,
        ashes=Ashes(row.ashes),
        plan=ArrangementPlan(
            hall=hall, furnace=furnace, needs_storage_extension=row.needs_storage_extension
        ),
    )


def _resource(row: Row[Any]) -> Resource:
    return Resource(
        id=ResourceId(row.id),
        kind=ResourceKind(row.kind),
        name=row.name,
        division=row.division,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        slot_minutes=row.slot_minutes,
    )


def _slot(row: Row[Any]) -> Slot:
    return Slot(
        id=SlotId(row.id),
        resource_id=ResourceId(row.resource_id),
        kind=ResourceKind(row.kind),
        starts_at=row.starts_at.astimezone(SHANGHAI),
        ends_at=row.ends_at.astimezone(SHANGHAI),
    )

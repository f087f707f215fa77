"""Statements about death records, and about what was answered and performed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from services.registry.model import DeathFinding, DeathRecord, PersonId
from services.registry.store.sealed import SealingStore

_NEXT_SERIAL = text("SELECT nextval('death_serial')")
_ADD = text("""
    INSERT INTO death_record
        (id, resident_id, number, died_on, certificate_number, place_division, application_id,
         registered_on)
    VALUES (:id, :resident, :number, :died_on, :certificate, :place, :application,
            :registered_on)
""")
_OF_RESIDENT = text("""
    SELECT id, resident_id, number, died_on, certificate_number, place_division, application_id,
           registered_on
    FROM death_record WHERE resident_id = :resident
""")
_ADD_ANSWER = text("""
    INSERT INTO task_answer (task_id, round, application_id, verdict, found, answered_at)
    VALUES (:task, :round, :application, :verdict, :found, :at)
    ON CONFLICT DO NOTHING
    RETURNING task_id
""")
_ADD_OUTCOME = text("""
    INSERT INTO matter_outcome (matter_id, application_id, death_record_id, failure, at)
    VALUES (:matter, :application, :record, :failure, :at)
    ON CONFLICT DO NOTHING
    RETURNING matter_id
""")
_HAS_OUTCOME = text("SELECT EXISTS (SELECT FROM matter_outcome WHERE matter_id = :matter)")


class DeathStore(SealingStore):
    """Registered deaths; tasks answered; matters performed."""

    async def next_death_serial(self) -> int:
        """A serial number that was never given before."""
        serial: int = (await self.connection.execute(_NEXT_SERIAL)).scalar_one()
        return serial

    async def add_death_record(self, record: DeathRecord) -> None:
        """Keep the fact of a death."""
        await self.connection.execute(
            _ADD,
            {
                "id": record.id,
                "resident": record.resident,
                "number": record.number,
                "died_on": record.died_on,
                "certificate": self._seal(record.certificate_number, _place(record.id)),
                "place": record.place_division,
                "application": record.application_id,
                "registered_on": record.registered_on,
            },
        )

    async def find_death_record(self, resident: PersonId) -> DeathRecord | None:
        """The registered death of a resident."""
        row = (await self.connection.execute(_OF_RESIDENT, {"resident": resident})).one_or_none()
        if row is None:
            return None
        died_on: date = row.died_on
        return DeathRecord(
            id=row.id,
            resident=PersonId(row.resident_id),
            number=row.number,
            died_on=died_on,
            certificate_number=self._open(row.certificate_number, _place(row.id)),
            place_division=row.place_division,
            application_id=row.application_id,
            registered_on=row.registered_on,
        )

    async def add_task_answer(
        self, task: tuple[UUID, int], application: UUID, finding: DeathFinding, *, at: datetime
    ) -> bool:
        """Keep what a task and round was answered; false when it was answered before."""
        added = await self.connection.execute(
            _ADD_ANSWER,
            {
                "task": task[0],
                "round": task[1],
                "application": application,
                "verdict": finding.verdict,
                "found": finding.found.value,
                "at": at,
            },
        )
        return added.one_or_none() is not None

    async def has_outcome(self, matter: UUID) -> bool:
        """Whether a matter was performed, or failed, before."""
        return bool((await self.connection.execute(_HAS_OUTCOME, {"matter": matter})).scalar_one())

    async def add_matter_outcome(
        self,
        matter: UUID,
        application: UUID,
        *,
        record: UUID | None = None,
        failure: str | None = None,
        at: datetime,
    ) -> bool:
        """Keep what became of a matter: a record, or a reason; false when it was kept before."""
        added = await self.connection.execute(
            _ADD_OUTCOME,
            {
                "matter": matter,
                "application": application,
                "record": record,
                "failure": failure,
                "at": at,
            },
        )
        return added.one_or_none() is not None


def _place(record: UUID) -> str:
    return f"death_record.certificate_number:{record}"

"""Cases as readers are shown them: by number, in lists, with papers, clocks and timeline."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from services.intake.model import ApplicationId, GrantId, Outcome, Stage
from services.intake.model.kept import (
    Case,
    CaseFile,
    CaseLine,
    ClockEntry,
    JournalLine,
)
from services.intake.model.standing import Parties
from services.intake.store.cases import stream_of
from services.intake.store.papers import PaperStore
from services.intake.store.rows import text_of

_FIND_BY_NUMBER = text("SELECT id FROM application WHERE number = :number")
_PLAN_RECORDS = text("SELECT plan_records FROM application WHERE id = :id")
# Two ranges, one of those they submitted and one of those submitted for them.
_THEIRS = """
    SELECT id AS theirs FROM application WHERE submitted_by = :owner
    UNION SELECT application_id FROM representation WHERE principal_index = :person
"""
_OWN = text(f"""
    SELECT a.id, a.number, a.item_code, a.item_title, a.stage, a.outcome, a.submitted_at,
           a.concluded_at, a.submitted_by, r.grant_id, r.principal_index
    FROM ({_THEIRS}) AS own JOIN application a ON a.id = own.theirs
         LEFT JOIN representation r ON r.application_id = a.id
    WHERE CAST(:before AS uuid) IS NULL OR a.id < :before
    ORDER BY a.id DESC
    LIMIT :limit
""")
_COUNT_OWN = text(f"SELECT count(*) FROM ({_THEIRS}) AS own")
_CLOCKS = text("""
    SELECT clock, kind, at, reason, days FROM clock_entry WHERE application_id = :id
    ORDER BY clock, seq
""")
_TIMELINE = text("""
    SELECT at, actor, act, target, facts FROM journal WHERE stream = :stream ORDER BY seq
""")


class CaseFileStore(PaperStore):
    """Statements about cases that change nothing."""

    async def find_application_id(self, number: str) -> ApplicationId | None:
        """The id behind a public application number."""
        found = await self.connection.execute(_FIND_BY_NUMBER, {"number": number})
        value = found.scalar_one_or_none()
        return ApplicationId(value) if value else None

    async def get_plan_records(self, application_id: ApplicationId) -> Sequence[Mapping[str, Any]]:
        """Why each matter and task was, or was not, asked."""
        found = await self.connection.execute(_PLAN_RECORDS, {"id": application_id})
        records: Sequence[Mapping[str, Any]] = found.scalar_one()
        return records

    async def get_case_file(self, case: Case) -> CaseFile:
        """Everything else a reader of a whole case is shown."""
        materials = await self.list_materials(case.id)
        clocks = await self.connection.execute(_CLOCKS, {"id": case.id})
        lines = await self.connection.execute(_TIMELINE, {"stream": stream_of(case.id)})
        return CaseFile(
            case=case,
            materials=tuple(materials),
            clocks=tuple(
                ClockEntry(
                    clock=row.clock, kind=row.kind, at=row.at, reason=row.reason, days=row.days
                )
                for row in clocks
            ),
            journal=tuple(
                JournalLine(
                    at=row.at, actor=row.actor, act=row.act, target=row.target, facts=row.facts
                )
                for row in lines
            ),
        )

    async def list_own(
        self, owner: str, person_index: str | None, *, before: UUID | None, limit: int
    ) -> tuple[Sequence[CaseLine], int]:
        """An actor's own applications, newest first, and how many there are in all."""
        whose = {"owner": owner, "person": person_index}
        rows = await self.connection.execute(_OWN, {**whose, "before": before, "limit": limit})
        total = await self.connection.execute(_COUNT_OWN, whose)
        lines = [
            CaseLine(
                id=ApplicationId(row.id),
                number=row.number,
                item_code=row.item_code,
                item_title=text_of(row.item_title),
                stage=Stage(row.stage),
                outcome=Outcome(row.outcome) if row.outcome else None,
                submitted_at=row.submitted_at,
                concluded_at=row.concluded_at,
                parties=_parties(row),
            )
            for row in rows
        ]
        return lines, int(total.scalar_one())


def _parties(row: Row[Any]) -> Parties | None:
    """Who stands where, if an agent applied."""
    if row.grant_id is None:
        return None
    return Parties(
        application_id=ApplicationId(row.id),
        item_code=row.item_code,
        submitted_by=row.submitted_by,
        grant=GrantId(row.grant_id),
        principal_index=row.principal_index,
    )

"""Rounds of correction: what departments gathered, what was issued, what was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import TextClause, text
from sqlalchemy.exc import IntegrityError

from services.intake.errors import OpenApplicationExists
from services.intake.model import ApplicationId, Brought, CorrectionPhase, TaskId
from services.intake.model.kept import Correction, CorrectionItem
from shared.database import violated_constraint
from shared.store import SharedStore


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedApplication:
    """What a correction makes of an application's own row."""

    id: ApplicationId
    form_sealed: bytes
    summary: Mapping[str, object]
    subject_index: str


_GATHER = text("""
    INSERT INTO correction (application_id, round, phase, gathered_at)
    SELECT :application_id,
           COALESCE((SELECT max(round) FROM correction WHERE application_id = :application_id), 0)
               + 1,
           :phase, :at
    WHERE NOT EXISTS (
        SELECT FROM correction WHERE application_id = :application_id AND issued_at IS NULL
    )
""")
_ADD_ITEMS = text("""
    INSERT INTO correction_item (application_id, round, task_id, task_round, position, pointer,
        material, message_sealed)
    SELECT c.application_id, c.round, CAST(i->>'task_id' AS uuid),
           CAST(i->>'task_round' AS smallint), CAST(i->>'position' AS smallint), i->>'pointer',
           i->>'material', decode(i->>'message', 'hex')
    FROM correction c, jsonb_array_elements(CAST(:items AS jsonb)) AS i
    WHERE c.application_id = :application_id AND c.issued_at IS NULL
""")


def _find(condition: str) -> TextClause:
    # The conditions are constants of this module.
    return text(f"""
        SELECT round, phase, issued_at, due_on, answered_at, brought FROM correction
        WHERE application_id = :id AND {condition} ORDER BY round DESC LIMIT 1
    """)


_FIND_OPEN = _find("answered_at IS NULL")
_FIND_ANSWERED = _find("answered_at IS NOT NULL")
_ITEMS = text("""
    SELECT task_id, task_round, position, pointer, material, message_sealed FROM correction_item
    WHERE application_id = :id AND round = :round ORDER BY task_id, task_round, position
""")
_ISSUE = text("""
    UPDATE correction SET issued_at = :at, due_on = :due_on
    WHERE application_id = :id AND round = :round
""")
_ANSWER = text("""
    UPDATE correction SET answered_at = :at, brought = CAST(:brought AS jsonb)
    WHERE application_id = :id AND round = :round
""")
_CORRECT = text("""
    UPDATE application SET form_sealed = :form_sealed, summary = CAST(:summary AS jsonb),
        subject_index = :subject_index
    WHERE id = :id
""")
_REOPEN = text("""
    UPDATE approval_task SET state = 'waiting', round = round + 1, closed_at = NULL,
        closed_by = NULL, claimed_by = NULL, claimed_at = NULL, lease_until = NULL
    WHERE id = ANY(:ids)
""")


class CorrectionStore(SharedStore):
    """Statements about corrections; the case is locked by whoever asks."""

    async def gather_correction(
        self,
        application_id: ApplicationId,
        phase: CorrectionPhase,
        items: Sequence[CorrectionItem],
        *,
        at: datetime,
    ) -> None:
        """Add what a department asks for to the round that is open, or begin one."""
        await self.connection.execute(
            _GATHER, {"application_id": application_id, "phase": str(phase), "at": at}
        )
        written = orjson.dumps([_item_json(item) for item in items]).decode()
        await self.connection.execute(
            _ADD_ITEMS, {"application_id": application_id, "items": written}
        )

    async def find_open_correction(self, application_id: ApplicationId) -> Correction | None:
        """The round that is being gathered, or waits for its answer."""
        return await self._correction(_FIND_OPEN, application_id)

    async def find_answered_correction(self, application_id: ApplicationId) -> Correction | None:
        """The latest round that was answered."""
        return await self._correction(_FIND_ANSWERED, application_id)

    async def issue_correction(self, correction: Correction, *, at: datetime, due_on: date) -> None:
        """Send a round to the applicant."""
        values = {"id": correction.application_id, "round": correction.round}
        await self.connection.execute(_ISSUE, {**values, "at": at, "due_on": due_on})

    async def answer_correction(
        self, correction: Correction, brought: Brought, *, at: datetime
    ) -> None:
        """Note what the applicant's answer brought."""
        data = {"pointers": brought.pointers, "materials": brought.materials}
        await self.connection.execute(
            _ANSWER,
            {
                "id": correction.application_id,
                "round": correction.round,
                "at": at,
                "brought": orjson.dumps(data).decode(),
            },
        )

    async def correct_application(self, corrected: CorrectedApplication) -> None:
        """Write the corrected form.

        Raises:
            OpenApplicationExists: There is an open one about the person it is about now.
        """
        values = {
            "id": corrected.id,
            "form_sealed": corrected.form_sealed,
            "summary": orjson.dumps(corrected.summary).decode(),
            "subject_index": corrected.subject_index,
        }
        try:
            await self.connection.execute(_CORRECT, values)
        except IntegrityError as error:
            if violated_constraint(error) == "application_one_open_per_subject_key":
                raise OpenApplicationExists from None
            raise

    async def reopen_tasks(self, ids: Sequence[TaskId]) -> None:
        """Begin a new round of tasks; they wait until they are opened."""
        await self.connection.execute(_REOPEN, {"ids": list(ids)})

    async def _correction(
        self, statement: TextClause, application_id: ApplicationId
    ) -> Correction | None:
        found = await self.connection.execute(statement, {"id": application_id})
        row = found.one_or_none()
        if row is None:
            return None
        items = await self.connection.execute(_ITEMS, {"id": application_id, "round": row.round})
        return Correction(
            application_id=application_id,
            round=row.round,
            phase=CorrectionPhase(row.phase),
            issued_at=row.issued_at,
            due_on=row.due_on,
            answered_at=row.answered_at,
            brought=_brought(row.brought),
            items=tuple(
                CorrectionItem(
                    task_id=TaskId(item.task_id),
                    task_round=item.task_round,
                    position=item.position,
                    pointer=item.pointer,
                    material=item.material,
                    message_sealed=item.message_sealed,
                )
                for item in items
            ),
        )


def _item_json(item: CorrectionItem) -> dict[str, object]:
    return {
        "task_id": str(item.task_id),
        "task_round": item.task_round,
        "position": item.position,
        "pointer": item.pointer,
        "material": item.material,
        "message": item.message_sealed.hex(),
    }


def _brought(data: Any) -> Brought:  # noqa: ANN401 - JSON of the database
    if data is None:
        return Brought()
    return Brought(pointers=tuple(data["pointers"]), materials=tuple(data["materials"]))

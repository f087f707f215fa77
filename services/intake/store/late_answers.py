"""Answers that came too late to count: kept once, reviewed once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text

from services.intake.errors.late import LateAnswerNotFound
from services.intake.model import ApplicationId, TaskId, TaskRef, Verdict
from services.intake.model.kept import Case
from services.intake.model.late import LateAnswer, LateCause, LateEffect
from shared.store import SharedStore

_COLUMNS = """
    l.id, l.application_id, l.task_id, t.matter_key, t.key, l.round, l.cause, l.verdict,
    l.opinion_sealed, l.conditions, l.facts, l.given_by, l.received_at, l.effect, l.reviewed_by,
    l.reviewed_at, l.reason_sealed
"""
# The columns are constants of this module; nothing from outside is ever formatted into SQL.
_KEEP = text("""
    INSERT INTO late_answer (id, application_id, task_id, round, cause, verdict, opinion_sealed,
        conditions, facts, given_by, received_at)
    SELECT :id, :application_id, :task_id, :round, :cause, :verdict, :opinion_sealed,
        CAST(:conditions AS jsonb), CAST(:facts AS jsonb), :given_by, :received_at
    WHERE NOT EXISTS (
        -- The very answer that counted, told again, is no late answer.
        SELECT FROM verdict v WHERE v.task_id = :task_id AND v.round = :round
            AND v.given_by = :given_by AND v.verdict = :verdict
    )
    ON CONFLICT ON CONSTRAINT late_answer_once_key DO NOTHING
    RETURNING id
""")
_LIST = text(f"""
    SELECT {_COLUMNS} FROM late_answer l JOIN approval_task t ON t.id = l.task_id
    WHERE l.application_id = :id ORDER BY l.received_at, l.id
""")
_GET = text(f"""
    SELECT {_COLUMNS} FROM late_answer l JOIN approval_task t ON t.id = l.task_id
    WHERE l.id = :id
""")
_REVIEW = text("""
    UPDATE late_answer SET effect = :effect, reviewed_by = :by, reviewed_at = :at,
        reason_sealed = :reason_sealed
    WHERE id = :id AND effect IS NULL
""")
_REOPEN_MATTER = text("""
    UPDATE matter SET outcome = NULL, status = 'in-review', decided_at = NULL,
        concluded_at = NULL, grounds = '[]', conditions = '[]'
    WHERE application_id = :id AND key = :key
""")
_ASK_AGAIN = text("""
    UPDATE approval_task SET state = 'waiting', round = round + 1, cancel_reason = NULL,
        closed_at = NULL, closed_by = NULL, claimed_by = NULL, claimed_at = NULL,
        lease_until = NULL
    WHERE id = ANY(:ids)
""")


class LateAnswerStore(SharedStore):
    """Statements about late answers; the case is locked by whoever asks."""

    async def add_late_answer(self, late: LateAnswer) -> bool:
        """Keep a late answer; False if this very answer is known already."""
        added = await self.connection.execute(
            _KEEP,
            {
                "id": late.id,
                "application_id": late.application_id,
                "task_id": late.task_id,
                "round": late.round,
                "cause": str(late.cause),
                "verdict": str(late.verdict),
                "opinion_sealed": late.opinion_sealed,
                "conditions": orjson.dumps(late.conditions).decode(),
                "facts": orjson.dumps(dict(late.facts)).decode(),
                "given_by": late.given_by,
                "received_at": late.received_at,
            },
        )
        return added.one_or_none() is not None

    async def list_late_answers(self, application_id: ApplicationId) -> Sequence[LateAnswer]:
        """Every late answer of a case, oldest first."""
        rows = await self.connection.execute(_LIST, {"id": application_id})
        return [_late(row) for row in rows]

    async def get_late_answer(self, late_id: UUID) -> LateAnswer:
        """One late answer.

        Raises:
            LateAnswerNotFound: There is none with this id.
        """
        row = (await self.connection.execute(_GET, {"id": late_id})).one_or_none()
        if row is None:
            raise LateAnswerNotFound
        return _late(row)

    async def review_late_answer(
        self, late: LateAnswer, *, effect: LateEffect, by: str, at: datetime, reason_sealed: bytes
    ) -> None:
        """Write what was made of a late answer; the first review stands."""
        await self.connection.execute(
            _REVIEW,
            {
                "id": late.id,
                "effect": str(effect),
                "by": by,
                "at": at,
                "reason_sealed": reason_sealed,
            },
        )

    async def reopen_matter(self, case: Case, refs: Sequence[TaskRef]) -> None:
        """Take a matter's outcome back, and begin a new round of some of its tasks."""
        await self.connection.execute(_REOPEN_MATTER, {"id": case.id, "key": refs[0].matter})
        ids = [case.task(ref).id for ref in refs]
        await self.connection.execute(_ASK_AGAIN, {"ids": ids})


def _late(row: Row[Any]) -> LateAnswer:
    return LateAnswer(
        id=row.id,
        application_id=ApplicationId(row.application_id),
        task_id=TaskId(row.task_id),
        ref=TaskRef(row.matter_key, row.key),
        round=row.round,
        cause=LateCause(row.cause),
        verdict=Verdict(row.verdict),
        opinion_sealed=row.opinion_sealed,
        conditions=tuple(row.conditions),
        facts=row.facts,
        given_by=row.given_by,
        received_at=row.received_at,
        effect=LateEffect(row.effect) if row.effect else None,
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
        reason_sealed=row.reason_sealed,
    )

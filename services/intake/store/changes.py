"""What acts change in cases: collected, and written together before the transaction ends."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

import orjson
from sqlalchemy import text

from services.intake.errors import OpenApplicationExists, TaskAlreadyClosed
from services.intake.model import (
    Answer,
    ApplicationId,
    Cancellation,
    Ground,
    MatterDecision,
    MatterId,
    MatterStatus,
    Outcome,
    Stage,
    StatusChange,
)
from services.intake.model.kept import (
    Case,
    CaseTask,
    ClockEntry,
    DueDate,
)
from services.intake.store.new_applications import NewApplicationStore
from shared.connection import Write
from shared.errors import CivilError
from shared.store import SharedStore

_MOVE = Write(
    "moves",
    """
    UPDATE application
    SET stage = COALESCE(m.stage, application.stage), version = version + m.steps,
        outcome = COALESCE(m.outcome, application.outcome),
        decided_at = COALESCE(application.decided_at, m.decided_at),
        concluded_at = COALESCE(m.concluded_at, application.concluded_at)
    FROM jsonb_to_recordset(CAST(:moves AS jsonb)) AS m(id uuid, steps int, stage text,
        outcome text, decided_at timestamptz, concluded_at timestamptz)
    WHERE application.id = m.id
    """,
)
_CHANGE_MATTERS = Write(
    "matters",
    """
    UPDATE matter SET status = COALESCE(m.status, matter.status),
        outcome = COALESCE(m.outcome, matter.outcome),
        grounds = COALESCE(m.grounds, matter.grounds),
        conditions = COALESCE(m.conditions, matter.conditions),
        decided_at = COALESCE(m.decided_at, matter.decided_at),
        concluded_at = COALESCE(m.concluded_at, matter.concluded_at)
    FROM jsonb_to_recordset(CAST(:matters AS jsonb)) AS m(id uuid, status text, outcome text,
        grounds jsonb, conditions jsonb, decided_at timestamptz, concluded_at timestamptz)
    WHERE matter.id = m.id
    """,
)
_PERFORM_MATTER = text("""
    UPDATE matter SET document = CAST(:document AS jsonb), failure = :failure WHERE id = :id
""")
_OPEN_TASKS = Write(
    "opened",
    """
    UPDATE approval_task SET state = o.state, opened_at = o.opened_at, due_at = o.due_at,
        due_provisional = o.due_provisional, due_explanation = o.due_explanation
    FROM jsonb_to_recordset(CAST(:opened AS jsonb)) AS o(id uuid, state text,
        opened_at timestamptz, due_at timestamptz, due_provisional boolean, due_explanation jsonb)
    WHERE approval_task.id = o.id
    """,
)
_CANCEL_TASKS = Write(
    "cancelled",
    """
    UPDATE approval_task SET state = c.state, cancel_reason = c.cancel_reason, claimed_by = NULL
    FROM jsonb_to_recordset(CAST(:cancelled AS jsonb)) AS c(id uuid, state text,
        cancel_reason text)
    WHERE approval_task.id = c.id
    """,
)
_ADD_VERDICT = Write(
    "verdicts",
    """
    INSERT INTO verdict (task_id, round, verdict, given_by, given_at)
    SELECT task_id, round, verdict, given_by, given_at
    FROM jsonb_to_recordset(CAST(:verdicts AS jsonb)) AS v(task_id uuid, round smallint,
        verdict text, given_by text, given_at timestamptz)
    """,
)
_CLOSE_TASKS = Write(
    "closed",
    """
    UPDATE approval_task SET state = 'closed', verdict = c.verdict,
        opinion_sealed = decode(c.opinion, 'hex'), conditions = c.conditions, facts = c.facts,
        closed_at = c.closed_at, closed_by = c.closed_by
    FROM jsonb_to_recordset(CAST(:closed AS jsonb)) AS c(id uuid, verdict text, opinion text,
        conditions jsonb, facts jsonb, closed_at timestamptz, closed_by text)
    WHERE approval_task.id = c.id
    """,
)
_ADD_CLOCK_ENTRY = Write(
    "entries",
    """
    INSERT INTO clock_entry (application_id, clock, seq, kind, at, reason)
    SELECT e.application_id, e.clock,
           COALESCE((SELECT max(seq) FROM clock_entry before
                     WHERE before.application_id = e.application_id AND before.clock = e.clock), 0)
               + row_number() OVER (PARTITION BY e.application_id, e.clock ORDER BY e.position),
           e.kind, e.at, e.reason
    FROM ROWS FROM (jsonb_to_recordset(CAST(:entries AS jsonb)) AS (application_id uuid,
        clock text, kind text, at timestamptz, reason text))
        WITH ORDINALITY AS e(application_id, clock, kind, at, reason, position)
    """,
)
_UNMOVED = dict.fromkeys(("stage", "outcome", "decided_at", "concluded_at"))
_OVER = frozenset({MatterStatus.CONCLUDED, MatterStatus.WITHDRAWN})
_UNCHANGED = dict.fromkeys(
    ("status", "outcome", "grounds", "conditions", "decided_at", "concluded_at")
)


class ChangeStore(NewApplicationStore):
    """Statements that change cases.

    A row that is new in this transaction, or has been changed before, takes a further change
    before it is ever written: a task that opens when its application comes in is one insert.
    """

    meanings: ClassVar[Mapping[str, type[CivilError]]] = {
        **SharedStore.meanings,
        "application_one_open_per_subject_key": OpenApplicationExists,
        "verdict_pkey": TaskAlreadyClosed,
    }

    async def move_application(
        self, case: Case, *, stage: Stage, outcome: Outcome | None, at: datetime
    ) -> None:
        """Move an application to another stage, with its outcome once it has one."""
        changes: dict[str, object] = {"stage": stage}
        if outcome is not None:
            changes |= {"outcome": outcome, "decided_at": at}
        if stage is Stage.CONCLUDED:
            changes["concluded_at"] = at
        await self._step(case, changes)

    async def touch_application(self, case: Case) -> None:
        """Count a change of the case that left its stage as it was."""
        await self._step(case, {})

    async def _step(self, case: Case, changes: Mapping[str, object]) -> None:
        row = ("application", case.id)
        steps = (self.collected(row) or {}).get("steps", 0)
        await self.change(_MOVE, row, {**changes, "steps": steps + 1}, id=case.id, **_UNMOVED)

    async def set_matter_statuses(
        self, case: Case, changes: Sequence[StatusChange], *, at: datetime
    ) -> None:
        """Move matters to other statuses."""
        for change in changes:
            data: dict[str, object] = {"status": change.status}
            if change.status in _OVER:
                data["concluded_at"] = at
            await self._change_matter(case, change.matter, data)

    async def decide_matters(
        self, case: Case, decisions: Sequence[MatterDecision], *, at: datetime
    ) -> None:
        """Write the outcomes of matters with all their grounds."""
        for decision in decisions:
            data = {
                "outcome": decision.outcome,
                "grounds": [_ground_data(ground) for ground in decision.grounds],
                "conditions": decision.conditions,
                "decided_at": at,
            }
            await self._change_matter(case, decision.matter, data)

    async def _change_matter(self, case: Case, key: str, changes: Mapping[str, object]) -> None:
        matter_id = case.matter(key).id
        await self.change(
            _CHANGE_MATTERS, ("matter", matter_id), changes, id=matter_id, **_UNCHANGED
        )

    async def add_performance(
        self, matter_id: MatterId, *, document: Mapping[str, object] | None, failure: str | None
    ) -> None:
        """Write what the owning service made of a granted matter."""
        await self.connection.execute(
            _PERFORM_MATTER,
            {
                "id": matter_id,
                "document": orjson.dumps(document).decode() if document else None,
                "failure": failure,
            },
        )

    async def open_tasks(self, tasks: Sequence[tuple[CaseTask, DueDate]], *, at: datetime) -> None:
        """Put tasks before whoever answers them, each with its due date."""
        for task, due in tasks:
            changes = {
                "state": "open",
                "opened_at": at,
                "due_at": due.due_at,
                "due_provisional": due.provisional,
                "due_explanation": due.explanation,
            }
            await self.change(_OPEN_TASKS, ("task", task.id), changes, id=task.id)

    async def cancel_tasks(self, case: Case, cancellations: Sequence[Cancellation]) -> None:
        """Close tasks that will not be answered."""
        for cancellation in cancellations:
            task = case.task(cancellation.task)
            changes = {"state": "cancelled", "cancel_reason": cancellation.reason}
            await self.change(_CANCEL_TASKS, ("task", task.id), changes, id=task.id)

    async def close_task(
        self,
        task: CaseTask,
        answer: Answer,
        *,
        opinion_sealed: bytes | None,
        by: str,
        at: datetime,
    ) -> None:
        """Write the verdict of a task's current round.

        Raises:
            TaskAlreadyClosed: The round has a verdict already; told when it is written.
        """
        self.write(
            _ADD_VERDICT,
            {
                "task_id": task.id,
                "round": task.round,
                "verdict": answer.verdict,
                "given_by": by,
                "given_at": at,
            },
        )
        changes = {
            "verdict": answer.verdict,
            "opinion": opinion_sealed.hex() if opinion_sealed else None,
            "conditions": answer.conditions,
            "facts": answer.facts,
            "closed_at": at,
            "closed_by": by,
        }
        await self.change(_CLOSE_TASKS, ("task", task.id), changes, id=task.id)

    async def add_clock_entry(self, case_id: ApplicationId, entry: ClockEntry) -> None:
        """Append a line to a clock's ledger."""
        self.write(
            _ADD_CLOCK_ENTRY,
            {
                "application_id": case_id,
                "clock": entry.clock,
                "kind": entry.kind,
                "at": entry.at,
                "reason": entry.reason,
            },
        )


def _ground_data(ground: Ground) -> dict[str, object]:
    return {"task": str(ground.task), "verdict": ground.verdict}

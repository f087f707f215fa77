"""A case after its changes: what the store makes of the rows, made of the values in hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from services.intake.model import (
    Answer,
    Changes,
    MatterDecision,
    MatterStatus,
    Stage,
    TaskRef,
    TaskState,
)
from services.intake.model.kept import Case, CaseMatter, CaseTask, DueDate, TaskRow


def changed(case: Case, changes: Changes, *, due: Mapping[TaskRef, DueDate], at: datetime) -> Case:
    """The case once its changes are written, without reading it again.

    Args:
        due: Of each task that opens, by when it is due.
        at: When all this happened.
    """
    stage = changes.stage or case.stage
    decides = changes.outcome is not None
    return replace(
        case,
        stage=stage,
        outcome=changes.outcome or case.outcome,
        version=case.version + 1,
        decided_at=(case.decided_at or at) if decides else case.decided_at,
        concluded_at=at if stage is Stage.CONCLUDED else case.concluded_at,
        matters=tuple(_matter(matter, changes, at) for matter in case.matters),
        tasks=tuple(_task(task, changes, due, at) for task in case.tasks),
    )


def _matter(matter: CaseMatter, changes: Changes, at: datetime) -> CaseMatter:
    for decision in changes.decided:
        if decision.matter == matter.key:
            matter = _decided(matter, decision, at)
    for change in changes.statuses:
        if change.matter == matter.key:
            over = change.status in (MatterStatus.CONCLUDED, MatterStatus.WITHDRAWN)
            concluded_at = at if over else matter.concluded_at
            matter = replace(matter, status=change.status, concluded_at=concluded_at)
    return matter


def _decided(matter: CaseMatter, decision: MatterDecision, at: datetime) -> CaseMatter:
    return replace(
        matter,
        outcome=decision.outcome,
        grounds=tuple(
            {"task": str(ground.task), "verdict": ground.verdict} for ground in decision.grounds
        ),
        conditions=decision.conditions,
        decided_at=at,
    )


def _task(
    task: CaseTask, changes: Changes, due: Mapping[TaskRef, DueDate], at: datetime
) -> CaseTask:
    for cancellation in changes.cancel:
        if cancellation.task == task.ref:
            return replace(
                task,
                state=TaskState.CANCELLED,
                cancel_reason=cancellation.reason,
                claimed_by=None,
            )
    if task.ref not in changes.open:
        return task
    return opened(task, due[task.ref], at=at)


def opened(task: CaseTask, due: DueDate, *, at: datetime) -> CaseTask:
    """A task once it lies before whoever answers it."""
    return replace(
        task,
        state=TaskState.OPEN,
        opened_at=at,
        due_at=due.due_at,
        due_provisional=due.provisional,
        due_explanation=due.explanation,
    )


def closed(
    task: CaseTask, answer: Answer, *, opinion_sealed: bytes | None, at: datetime
) -> CaseTask:
    """A task once it has been answered."""
    return replace(
        task,
        state=TaskState.CLOSED,
        verdict=answer.verdict,
        opinion_sealed=opinion_sealed,
        conditions=tuple(answer.conditions),
        facts=answer.facts,
        closed_at=at,
    )


def row_of(case: Case, task: CaseTask) -> TaskRow:
    """A task with what a list shows of its case."""
    return TaskRow(
        task=task,
        number=case.number,
        item_code=case.item_code,
        item_title=case.item_title,
        division=case.division,
        summary=case.summary,
        submitted_at=case.submitted_at,
    )

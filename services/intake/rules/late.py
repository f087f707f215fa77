"""Whether an answer came too late, and whether a case may be taken up again because of one."""

from collections.abc import Collection
from dataclasses import replace

from services.intake.errors.late import NotReopenable
from services.intake.model import (
    Answer,
    ApplicationState,
    CancelReason,
    MatterProgress,
    MatterStatus,
    Outcome,
    Stage,
    TaskProgress,
    TaskRef,
    TaskState,
)
from services.intake.model.late import LateCause
from services.intake.rules.join import is_correcting
from services.intake.rules.progress import advance

_CAUSES = {
    CancelReason.MATTER_DECIDED: LateCause.MATTER_DECIDED,
    CancelReason.NEED_NOT_APPROVED: LateCause.NEED_NOT_APPROVED,
    CancelReason.APPLICATION_WITHDRAWN: LateCause.APPLICATION_WITHDRAWN,
}
_ASKED = frozenset({TaskState.OPEN, TaskState.CLAIMED, TaskState.WAITING})


def late_cause(task: TaskProgress, answer: Answer) -> LateCause | None:
    """Why an answer can no longer count; None if it is not late at all.

    A second answer to a round that has its verdict is not late but one too many.

    Args:
        task: Where the task stands now, read under its lock. It has been opened once.
        answer: What was answered, to the round its `round` names.

    Source:
        House rule: late results after the join are kept and never silently change an outcome.
    """
    if answer.round is not None and answer.round > task.round:
        return None
    if answer.round is not None and answer.round < task.round:
        return LateCause.ROUND_SUPERSEDED
    if task.state is not TaskState.CANCELLED or task.cancel_reason is None:
        return None
    return _CAUSES.get(task.cancel_reason, LateCause.NOT_ASKED_ANY_MORE)


def reopened(state: ApplicationState, refs: Collection[TaskRef]) -> ApplicationState:
    """The case with some tasks of one matter put to their departments again.

    Only a case that is still reviewed can be taken up again: a decision is contested in its
    own procedure. Nothing that is being made real is taken back, and nobody is asked for
    nothing: if the other verdicts settle the matter anyway, it stays as it is.

    Args:
        state: The case as it stands.
        refs: Every task to be asked again, all of one matter.

    Raises:
        NotReopenable: With the reason.

    Source:
        House rule, after 行政许可法 art. 36 (facts that bear on the decision are heard before
        it) and 行政复议法 art. 20 (after it, by review).
    """
    if state.stage is not Stage.IN_REVIEW:
        raise NotReopenable("application-decided")
    [key] = {ref.matter for ref in refs}
    found = next(matter for matter in state.matters if matter.key == key)
    _require_reopenable(found, {ref.task for ref in refs})
    after = replace(
        state,
        matters=tuple(_reopened(each, refs) if each is found else each for each in state.matters),
    )
    if any(decision.matter == key for decision in advance(after).decided):
        raise NotReopenable("changes-nothing")
    return after


def _require_reopenable(matter: MatterProgress, keys: Collection[str]) -> None:
    if is_correcting(matter):
        raise NotReopenable("correction-open")
    if matter.outcome is Outcome.GRANTED and matter.has_effect:
        raise NotReopenable("matter-made-real")
    states = {task.key: task.state for task in matter.tasks}
    if not set(keys) <= states.keys():
        raise NotReopenable("never-asked")
    if any(states[key] in _ASKED for key in keys):
        raise NotReopenable("still-asked")


def _reopened(matter: MatterProgress, refs: Collection[TaskRef]) -> MatterProgress:
    keys = {ref.task for ref in refs}
    return replace(
        matter,
        outcome=None,
        status=MatterStatus.IN_REVIEW,
        tasks=tuple(
            replace(task, state=TaskState.WAITING, cancel_reason=None, round=task.round + 1)
            if task.key in keys
            else task
            for task in matter.tasks
        ),
    )

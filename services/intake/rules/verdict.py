"""Whether an answer to an approval task can stand. What follows from it is not here."""

from collections.abc import Sequence

from services.intake.errors import (
    ConditionsRequired,
    OpinionRequired,
    StaleRound,
    TaskAlreadyClosed,
    TaskNotOpen,
    VerdictNotAllowed,
)
from services.intake.model import Answer, TaskProgress, TaskState, Verdict

NEEDS_OPINION = frozenset({Verdict.REFUSE, Verdict.NEEDS_CORRECTION, Verdict.NOT_APPLICABLE})
"""Verdicts the applicant can only understand, or contest, with their reasons."""

POSITIVE = frozenset({Verdict.APPROVE, Verdict.CONDITIONAL})
"""Verdicts that meet a need for approval."""


def check_answer(task: TaskProgress, answer: Answer, *, allowed: Sequence[Verdict]) -> None:
    """Refuse an answer that cannot stand; return quietly when it can.

    Args:
        task: Where the task stands now, read under its lock.
        answer: What was answered.
        allowed: The verdicts the item allows for this task.

    Raises:
        StaleRound: The answerer looked at an earlier round.
        TaskAlreadyClosed: The round has been answered.
        TaskNotOpen: The task waits for another, or was cancelled.
        VerdictNotAllowed: The item does not allow this verdict here.
        OpinionRequired: The verdict needs reasons in writing.
        ConditionsRequired: Conditions and a conditional approval come together or not at all.

    Source:
        行政许可法 art. 38 (reasons for a refusal), art. 32(4) (what must be corrected is told);
        社会救助暂行办法 art. 11(3) (reasons in writing).
    """
    if answer.round is not None and answer.round != task.round:
        raise StaleRound(round=task.round)
    if task.state is TaskState.CLOSED:
        raise TaskAlreadyClosed
    if task.state not in {TaskState.OPEN, TaskState.CLAIMED}:
        raise TaskNotOpen(state=str(task.state))
    if answer.verdict not in allowed:
        raise VerdictNotAllowed(allowed)
    check_reasons(answer)


def check_reasons(answer: Answer) -> None:
    """Refuse an answer whose reasons or conditions do not go with its verdict.

    Raises:
        OpinionRequired: The verdict needs reasons in writing, and blanks are none.
        ConditionsRequired: Conditions and a conditional approval come together or not at all.

    Source:
        行政许可法 art. 38 (reasons for a refusal).
    """
    if answer.verdict in NEEDS_OPINION and not (answer.opinion or "").strip():
        raise OpinionRequired(verdict=str(answer.verdict))
    named = [condition for condition in answer.conditions if condition.strip()]
    if len(named) != len(answer.conditions):
        raise ConditionsRequired
    if bool(named) != (answer.verdict is Verdict.CONDITIONAL):
        raise ConditionsRequired

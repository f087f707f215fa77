"""How the verdicts of one matter become its outcome, whatever order they came in."""

from collections.abc import Mapping
from enum import StrEnum

from services.intake.model import (
    CancelReason,
    Ground,
    Join,
    JoinRule,
    MatterProgress,
    NeedKind,
    Outcome,
    RefusalPolicy,
    TaskProgress,
    TaskRef,
    TaskState,
    Verdict,
)


class Vote(StrEnum):
    """What a task says for its matter."""

    FOR = "for"
    AGAINST = "against"
    ABSENT = "absent"
    """Not applicable: as if it had not been asked."""
    FALLEN = "fallen"
    """Never asked, because something outside the matter was not approved."""
    PENDING = "pending"


_VOTES = {
    Verdict.APPROVE: Vote.FOR,
    Verdict.CONDITIONAL: Vote.FOR,
    Verdict.REFUSE: Vote.AGAINST,
    Verdict.NOT_APPLICABLE: Vote.ABSENT,
    Verdict.NEEDS_CORRECTION: Vote.PENDING,
}


def join_outcome(
    matter: MatterProgress, *, awaited: frozenset[str] = frozenset()
) -> Outcome | None:
    """The outcome of a matter, as soon as no missing answer could change it.

    Deciding early and deciding late must agree, so a matter is decided before its last
    answer only if every way the missing ones can turn out leads to the same outcome. A
    matter that waits for a correction has no outcome.

    Args:
        matter: The matter and its tasks.
        awaited: Task keys that tasks of other matters wait for. While one of them is
            unanswered the matter is not decided: cancelling it would let the order of
            answers here decide what happens there.

    Source:
        House rule, after 行政许可法 art. 26 (joint handling): what the catalogue names as
        `join` of a matter, applied to a set of verdicts and never to their sequence.
    """
    if is_correcting(matter):
        return None
    votes = matter_votes(matter)
    missing = [key for key, vote in votes.items() if vote is Vote.PENDING]
    if awaited.intersection(missing):
        return None
    endings = {
        _settled(matter.join, {**votes, **dict.fromkeys(missing, ending)})
        for ending in (Vote.FOR, Vote.AGAINST, Vote.ABSENT)
    }
    return endings.pop() if len(endings) == 1 else None


def is_correcting(matter: MatterProgress) -> bool:
    """Whether a department has asked the applicant for a correction and not answered since.

    Source:
        House rule, after 行政许可法 art. 32(4): a request for correction decides nothing.
    """
    return any(
        task.state is TaskState.CLOSED and task.verdict is Verdict.NEEDS_CORRECTION
        for task in matter.tasks
    )


def matter_votes(matter: MatterProgress) -> Mapping[str, Vote]:
    """What each task of a matter says so far, by task key.

    Source:
        House rule on the verdicts of the catalogue.
    """
    tasks = {task.key: task for task in matter.tasks}
    return {key: _vote(task, matter.key, tasks) for key, task in tasks.items()}


def outcome_grounds(matter: MatterProgress, outcome: Outcome) -> tuple[Ground, ...]:
    """Every answer that led to the outcome, in the order of the item.

    A refusal states all of its grounds: the written notice must.

    Source:
        行政许可法 art. 38; 社会救助暂行办法 art. 11(3) (reasons in writing).
    """
    wanted = {
        Outcome.GRANTED: {Vote.FOR},
        Outcome.REFUSED: {Vote.AGAINST, Vote.FALLEN},
    }.get(outcome, {Vote.ABSENT, Vote.FALLEN})
    votes = matter_votes(matter)
    return tuple(
        Ground(
            task=TaskRef(matter.key, task.key),
            verdict=task.verdict if task.state is TaskState.CLOSED else None,
            opinion=task.opinion,
        )
        for task in matter.tasks
        if votes[task.key] in wanted and not _was_dropped(task)
    )


def outcome_conditions(matter: MatterProgress) -> tuple[str, ...]:
    """Every condition that was attached to an approval, once, in the order of the item.

    Source:
        House rule on conditional approvals.
    """
    conditions = (
        condition
        for task in matter.tasks
        if task.state is TaskState.CLOSED and task.verdict is Verdict.CONDITIONAL
        for condition in task.conditions
    )
    return tuple(dict.fromkeys(conditions))


def _was_dropped(task: TaskProgress) -> bool:
    return (
        task.state is TaskState.CANCELLED
        and task.cancel_reason is not CancelReason.NEED_NOT_APPROVED
    )


def _vote(task: TaskProgress, matter: str, tasks: Mapping[str, TaskProgress]) -> Vote:
    if task.state is TaskState.CLOSED and task.verdict is not None:
        return _VOTES[task.verdict]
    if task.state is not TaskState.CANCELLED:
        return Vote.PENDING
    if task.cancel_reason is not CancelReason.NEED_NOT_APPROVED:
        return Vote.ABSENT
    return Vote.AGAINST if _fell_by_refusal(task, matter, tasks) else Vote.FALLEN


def _fell_by_refusal(task: TaskProgress, matter: str, tasks: Mapping[str, TaskProgress]) -> bool:
    """Whether a refusal inside the same matter is why the task was never asked."""
    needed = [
        tasks[need.task.task]
        for need in task.needs
        if need.kind is NeedKind.APPROVED and need.task.matter == matter and need.task.task in tasks
    ]
    return any(_vote(other, matter, tasks) is Vote.AGAINST for other in needed)


def _settled(join: Join, votes: Mapping[str, Vote]) -> Outcome:
    """The outcome when no vote is pending any more."""
    voters = _resolve_fallen([votes[key] for key in join.voters or votes if key in votes])
    lead = next((votes[key] for key in join.lead if key in votes), Vote.ABSENT)
    if join.on_refusal is RefusalPolicy.VETO and Vote.AGAINST in _vetoers(join, voters, votes):
        return Outcome.REFUSED
    if join.rule is JoinRule.LEAD:
        return _by_lead(_resolve_fallen([lead])[0])
    if join.on_refusal is RefusalPolicy.LEAD and Vote.AGAINST in voters and _is_answer(lead):
        return _by_lead(lead)
    return _by_count(join, voters)


def _vetoers(join: Join, voters: list[Vote], votes: Mapping[str, Vote]) -> list[Vote]:
    """Whose refusal is a veto: of a required set or a lead, everybody's; else the voters'."""
    if join.rule in {JoinRule.REQUIRED, JoinRule.LEAD}:
        return list(votes.values())
    return voters


def _resolve_fallen(votes: list[Vote]) -> list[Vote]:
    """A fallen task is a missing approval where others answered, and nothing where none did."""
    answered = any(_is_answer(vote) for vote in votes)
    instead = Vote.AGAINST if answered else Vote.ABSENT
    return [instead if vote is Vote.FALLEN else vote for vote in votes]


def _is_answer(vote: Vote) -> bool:
    return vote in {Vote.FOR, Vote.AGAINST}


def _by_lead(lead: Vote) -> Outcome:
    if lead is Vote.FOR:
        return Outcome.GRANTED
    return Outcome.REFUSED if lead is Vote.AGAINST else Outcome.NOT_APPLICABLE


def _by_count(join: Join, voters: list[Vote]) -> Outcome:
    approvals, refusals = voters.count(Vote.FOR), voters.count(Vote.AGAINST)
    concerned = approvals + refusals
    if not concerned:
        return Outcome.NOT_APPLICABLE
    wanted = {JoinRule.ANY: 1, JoinRule.AT_LEAST: join.count or 1}.get(join.rule, concerned)
    # Whoever is not concerned is not counted: three of five, with three not concerned, is
    # two of two, and not a matter nobody can win.
    return Outcome.GRANTED if approvals >= min(wanted, concerned) else Outcome.REFUSED

"""Why: plans, joins and due dates, and whether the journal is whole."""

from typing import Any
from uuid import UUID

from services.intake.actions.explain_case import CaseExplanation, MatterExplanation
from services.intake.model import Join, Outcome, TaskState, Verdict
from services.intake.model.kept import (
    CaseTask,
)
from services.intake.rules.join import Vote
from services.intake.schemas.application import ItemView
from services.intake.schemas.task import due_lines, handler_name
from services.intake.schemas.wire import TextView
from shared.schemas import Instant, View
from shared.verifying import JournalCheck


class ConditionInputView(View):
    """A value a condition looked at; withheld where it is not for everyone involved to see."""

    path: str
    value: Any = None
    withheld: bool = False


class PlanRecordView(View):
    """Why a matter, or a task of it, was or was not asked."""

    matter: str
    task: str | None
    asked: bool
    reason: str
    expression: str | None = None
    inputs: list[ConditionInputView]
    need: str | None = None


class JoinView(View):
    """How the verdicts of a matter become its outcome."""

    rule: str
    on_refusal: str
    voters: list[str]
    count: int | None
    lead: list[str]


class VoteView(View):
    """What one task says for its matter."""

    task: str
    title: TextView
    by: str
    round: int
    state: TaskState
    verdict: Verdict | None
    cancel_reason: str | None
    vote: str
    is_voter: bool
    is_lead: bool


class MatterExplanationView(View):
    """Why a matter came out as it did, or why it has not yet."""

    matter: str
    title: TextView
    status: str
    outcome: Outcome | None
    join: JoinView
    votes: list[VoteView]
    grounds: list[dict[str, Any]]
    conditions: list[str]


class LimitView(View):
    """A length of time, as the item sets it."""

    length: int
    unit: str


class DeadlineView(View):
    """How the due date of a task came about, day by day."""

    task_id: UUID
    task: str
    title: TextView
    round: int
    limit: LimitView | None
    """None: the item sets none, and the ordinary limit was used."""
    source: str | None
    opened_at: Instant | None
    due_at: Instant | None
    provisional: bool
    calendar_version: str | None
    days: list[TextView]


class ExplanationView(View):
    """Why a case went as it did: plan, joins, due dates."""

    application_id: UUID
    number: str
    item: ItemView
    plan: list[PlanRecordView]
    matters: list[MatterExplanationView]
    deadlines: list[DeadlineView]


class BadRowView(View):
    """A row of the journal, by its chain and its number in it."""

    stream: str
    seq: int


class JournalCheckView(View):
    """What a check of the journal found."""

    ok: bool
    first_bad: BadRowView | None
    rows: int


def explanation_view(explanation: CaseExplanation) -> ExplanationView:
    """Why a case went as it did."""
    case = explanation.case
    return ExplanationView(
        application_id=case.id,
        number=case.number,
        item=ItemView(
            code=case.item_code,
            version=case.item_version,
            title=TextView.model_validate(case.item_title),
        ),
        plan=[PlanRecordView.model_validate(dict(record)) for record in explanation.plan],
        matters=[_matter_explanation(each) for each in explanation.matters],
        deadlines=[deadline_view(task) for task in case.tasks if task.opened_at is not None],
    )


def deadline_view(task: CaseTask) -> DeadlineView:
    """How the due date of a task came about."""
    kept = task.due_explanation if isinstance(task.due_explanation, dict) else {}
    limit = task.limit
    return DeadlineView(
        task_id=task.id,
        task=str(task.ref),
        title=TextView.model_validate(task.title),
        round=task.round,
        limit=LimitView(length=limit.length, unit=str(limit.unit)) if limit else None,
        source=kept.get("source"),
        opened_at=task.opened_at,
        due_at=task.due_at,
        provisional=task.due_provisional,
        calendar_version=kept.get("calendar"),
        days=[
            TextView(zh=zh, en=en)
            for zh, en in zip(due_lines(task), due_lines(task, "en"), strict=True)
        ],
    )


def journal_check_view(check: JournalCheck) -> JournalCheckView:
    """What a check of the journal found."""
    bad = check.first_bad
    return JournalCheckView(
        ok=bad is None,
        first_bad=BadRowView(stream=bad[0], seq=bad[1]) if bad else None,
        rows=check.rows,
    )


def _matter_explanation(explanation: MatterExplanation) -> MatterExplanationView:
    matter, join = explanation.matter, explanation.matter.join
    return MatterExplanationView(
        matter=matter.key,
        title=TextView.model_validate(matter.title),
        status=str(matter.status),
        outcome=matter.outcome,
        join=JoinView(
            rule=str(join.rule),
            on_refusal=str(join.on_refusal),
            voters=list(join.voters),
            count=join.count,
            lead=list(join.lead),
        ),
        votes=[_vote(task, vote, join) for task, vote in explanation.votes],
        grounds=[dict(ground) for ground in matter.grounds],
        conditions=list(matter.conditions),
    )


def _vote(task: CaseTask, vote: Vote, join: Join) -> VoteView:
    return VoteView(
        task=task.ref.task,
        title=TextView.model_validate(task.title),
        by=handler_name(task),
        round=task.round,
        state=task.state,
        verdict=task.verdict,
        cancel_reason=str(task.cancel_reason) if task.cancel_reason else None,
        vote=str(vote),
        is_voter=task.ref.task in join.voters,
        is_lead=task.ref.task in join.lead,
    )

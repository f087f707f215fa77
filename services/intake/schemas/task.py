"""Approval tasks: in inboxes, disclosed, and answered."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.intake.actions.disclose import Disclosure
from services.intake.model import TaskState, Verdict
from services.intake.model.kept import (
    CaseTask,
    InboxCounts,
    TaskRow,
)
from services.intake.schemas.wire import Key, TextView, Words, as_verdict, make_cursor
from shared.calendar import lines_en_of, lines_zh_of
from shared.schemas import Body, Instant, SafeText, View


class MarkBody(Body):
    """One field or one material to be put right, and what is wrong with it."""

    pointer: Annotated[str, Field(max_length=400)] | None = None
    """JSON pointer into the form."""
    material: Key | None = None
    message: Annotated[SafeText, Field(min_length=1, max_length=500)]


class VerdictBody(Body):
    """An answer to an approval task."""

    verdict: Annotated[Verdict, BeforeValidator(as_verdict)]
    opinion: Words | None = None
    remedy: Words | None = None
    """With a refusal to accept: where it can be contested."""
    marks: Annotated[list[MarkBody], Field(max_length=100, default_factory=list)]
    """With `needs-correction`: each field or material to be put right."""
    conditions: Annotated[list[Words], Field(max_length=20, default_factory=list)]
    facts: Annotated[dict[Key, str | int | bool], Field(max_length=20, default_factory=dict)]
    """Non-personal findings, such as the number of the document issued."""
    round: Annotated[int, Field(ge=1, le=1000)] | None = None


class TaskView(View):
    """An approval task, as everyone involved may see it."""

    id: UUID
    key: str
    matter: str
    title: TextView
    round: int
    handler: str
    handler_name: str
    office_name: str | None
    check: str | None
    state: TaskState
    verdict: Verdict | None
    opinion: str | None
    conditions: list[str]
    facts: dict[str, Any]
    cancel_reason: str | None
    opened_at: Instant | None
    claimed_at: Instant | None
    closed_at: Instant | None
    due_at: Instant | None
    due_provisional: bool
    due_explanation: list[str]
    waiting_for: list[str]


class InboxTaskView(TaskView):
    """A task in an inbox, with what a list shows of its case."""

    application_id: UUID
    application_number: str
    item_code: str
    item_title: TextView
    division: str
    summary: dict[str, Any]
    submitted_at: Instant
    claimed_by_me: bool
    cursor: str


class CountsView(View):
    """How much lies in an inbox."""

    open: int
    claimed: int
    overdue: int


class TaskPageView(View):
    """A page of an inbox."""

    items: list[InboxTaskView]
    next_cursor: str | None
    total: int
    counts: CountsView


class EarlierAnswerView(View):
    """What a task that this one needs has answered."""

    task: str
    title: str
    verdict: str
    opinion: str | None
    facts: dict[str, Any]


class DisclosureView(View):
    """The fields a task or matter discloses to whoever must act on it."""

    application_id: UUID
    number: str
    item_code: str
    division: str
    fields: dict[str, Any]
    params: dict[str, Any]
    facts: dict[str, Any]
    answers: list[EarlierAnswerView]


HANDLER_TITLES: Mapping[str, str] = {
    "partner:police": "公安",
    "partner:human-resources": "人力资源和社会保障",
    "partner:medical-insurance": "医疗保障",
    "partner:housing-fund": "住房公积金",
    "service:relief": "社会救助",
    "service:marriage": "婚姻登记",
    "service:funeral": "殡葬服务",
    "service:registry": "人口与证照",
}


def inbox_task_view(row: TaskRow, *, subject: str) -> InboxTaskView:
    """A task in somebody's inbox."""
    due = row.task.due_at.isoformat() if row.task.due_at else ""
    return InboxTaskView(
        **task_values(row.task, opinion=None, waiting=()),
        application_id=row.task.application_id,
        application_number=row.number,
        item_code=row.item_code,
        item_title=TextView.model_validate(row.item_title),
        division=row.division,
        summary=dict(row.summary),
        submitted_at=row.submitted_at,
        claimed_by_me=row.task.claimed_by == subject,
        cursor=make_cursor(due, str(row.task.id)),
    )


def counts_view(counts: InboxCounts) -> CountsView:
    """How much lies in an inbox."""
    return CountsView.model_validate(counts)


def disclosure_view(disclosure: Disclosure) -> DisclosureView:
    """What a department may know."""
    case = disclosure.case
    return DisclosureView(
        application_id=case.id,
        number=case.number,
        item_code=case.item_code,
        division=case.division,
        fields=dict(disclosure.fields),
        params=dict(case.params),
        facts=dict(disclosure.facts),
        answers=[EarlierAnswerView.model_validate(answer) for answer in disclosure.answers],
    )


def task_values(task: CaseTask, *, opinion: str | None, waiting: tuple[str, ...]) -> dict[str, Any]:
    """What every view of a task shows of it."""
    handler = str(task.handler)
    return {
        "id": task.id,
        "key": task.ref.task,
        "matter": task.ref.matter,
        "title": TextView.model_validate(task.title),
        "round": task.round,
        "handler": handler,
        "handler_name": handler_name(task),
        "office_name": task.office_name,
        "check": task.check,
        "state": task.state,
        "verdict": task.verdict,
        "opinion": opinion,
        "conditions": list(task.conditions),
        "facts": dict(task.facts),
        "cancel_reason": str(task.cancel_reason) if task.cancel_reason else None,
        "opened_at": task.opened_at,
        "claimed_at": task.claimed_at,
        "closed_at": task.closed_at,
        "due_at": task.due_at,
        "due_provisional": task.due_provisional,
        "due_explanation": due_lines(task),
        "waiting_for": list(waiting),
    }


def due_lines(task: CaseTask, language: str = "zh") -> list[str]:
    """How a due date came about, day by day, in `zh` or `en`."""
    kept = task.due_explanation
    if not isinstance(kept, dict) or task.due_at is None:
        return []
    told = lines_zh_of if language == "zh" else lines_en_of
    return told(kept["days"], due_at=task.due_at, provisional=task.due_provisional)


def handler_name(task: CaseTask) -> str:
    """Who answers a task, as people call them."""
    handler = str(task.handler)
    return task.office_name or HANDLER_TITLES.get(handler, handler)

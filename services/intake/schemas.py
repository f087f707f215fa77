"""What the bodies of intake's doors look like."""

import base64
import binascii
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import BeforeValidator, Field

from services.intake.actions.disclose import Disclosure
from services.intake.actions.read_case import CaseReading
from services.intake.model import ApplicationClock, Channel, Outcome, TaskState, Verdict
from services.intake.model.kept import (
    CaseLine,
    CaseMatter,
    CaseTask,
    InboxCounts,
    JournalLine,
    TaskRow,
)
from shared.clock import SHANGHAI
from shared.errors import Unacceptable
from shared.schemas import Body, Instant, SafeText, View


def _uuid(value: object) -> object:
    return UUID(value) if isinstance(value, str) else value


def _channel(value: object) -> object:
    return Channel(value) if isinstance(value, str) else value


def _verdict(value: object) -> object:
    return Verdict(value) if isinstance(value, str) else value


Id = Annotated[UUID, BeforeValidator(_uuid)]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9-]{3,16}$")]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Words = Annotated[SafeText, Field(max_length=2000)]


class CursorUnusable(Unacceptable):
    """A page cursor was not one that this door gave out."""

    title = "翻页参数无效"
    title_en = "The cursor is not usable"


class MaterialBody(Body):
    """A material handed in: the id of a file, or nothing for a signed commitment."""

    key: Key
    file_id: Id | None = None


class SubmitBody(Body):
    """An application for one service item."""

    item_code: Code
    form: dict[str, Any]
    materials: Annotated[list[MaterialBody], Field(max_length=50, default_factory=list)]
    channel: Annotated[Channel, BeforeValidator(_channel)] = Channel.WEB
    on_behalf_of: Id | None = None
    """Id of the grant under which an agent applies for somebody else."""


class WithdrawBody(Body):
    """Taking an application back."""

    reason: Words = ""


class VerdictBody(Body):
    """An answer to an approval task."""

    verdict: Annotated[Verdict, BeforeValidator(_verdict)]
    opinion: Words | None = None
    conditions: Annotated[list[Words], Field(max_length=20, default_factory=list)]
    facts: Annotated[dict[Key, str | int | bool], Field(max_length=20, default_factory=dict)]
    """Non-personal findings, such as the number of the document issued."""
    round: Annotated[int, Field(ge=1, le=1000)] | None = None


class TextView(View):
    """Words in Chinese and English."""

    zh: str
    en: str


class ItemView(View):
    """Which version of which item an application is for."""

    code: str
    version: int
    title: TextView


class PersonView(View):
    """A person, masked."""

    name: str
    id_no: str
    phone: str | None


class ClockView(View):
    """By when an application must be decided, and why by then."""

    name: str
    due_at: Instant
    last_day: date
    provisional: bool
    source: str | None
    explanation: list[str]


class MissingMaterialView(View):
    """A material still to be handed in."""

    key: str
    title: TextView
    due_on: date | None


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


class DocumentView(View):
    """The paper a granted matter ended in."""

    kind: str
    title: TextView | None
    number: str | None
    facts: dict[str, Any]


class MatterView(View):
    """A part of an application that is decided on its own."""

    id: UUID
    key: str
    title: TextView
    status: str
    outcome: Outcome | None
    grounds: list[dict[str, Any]]
    conditions: list[str]
    document: DocumentView | None
    failure: str | None
    tasks: list[TaskView]


class TimelineView(View):
    """One line of what happened."""

    at: Instant
    act: str
    title: str
    by: str


class ApplicationView(View):
    """A whole application."""

    id: UUID
    number: str
    item: ItemView
    stage: str
    outcome: Outcome | None
    channel: Channel
    division: str
    version: int
    submitted_at: Instant
    accepted_at: Instant | None
    decided_at: Instant | None
    concluded_at: Instant | None
    applicant: PersonView
    clocks: list[ClockView]
    missing_materials: list[MissingMaterialView]
    matters: list[MatterView]
    timeline: list[TimelineView]


class ApplicationLineView(View):
    """An application in a list."""

    id: UUID
    number: str
    item_code: str
    item_title: TextView
    stage: str
    outcome: Outcome | None
    submitted_at: Instant
    concluded_at: Instant | None
    cursor: str


class ApplicationPageView(View):
    """A page of applications."""

    items: list[ApplicationLineView]
    next_cursor: str | None
    total: int


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


class FileView(View):
    """A file that was kept."""

    id: UUID
    media_type: str
    size: int
    sha256: str


ACT_TITLES: Mapping[str, str] = {
    "submit": "提交申请",
    "claim": "领取任务",
    "release": "退回任务",
    "answer": "部门答复",
    "decide-matter": "事项决定",
    "perform": "事项办成",
    "fail-to-perform": "事项未能办成",
    "decide": "作出决定",
    "conclude": "办结",
    "withdraw": "申请人撤回",
}
"""Acts as people read them; acts without a title (reads) stay out of the timeline."""

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


def application_view(reading: CaseReading) -> ApplicationView:
    """A whole case for its reader."""
    case = reading.file.case
    return ApplicationView(
        id=case.id,
        number=case.number,
        item=ItemView(
            code=case.item_code,
            version=case.item_version,
            title=TextView.model_validate(case.item_title),
        ),
        stage=str(case.stage),
        outcome=case.outcome,
        channel=case.channel,
        division=case.division,
        version=case.version,
        submitted_at=case.submitted_at,
        accepted_at=case.accepted_at,
        decided_at=case.decided_at,
        concluded_at=case.concluded_at,
        applicant=PersonView.model_validate(reading.applicant),
        clocks=[_clock(clock) for clock in reading.clocks],
        missing_materials=[
            MissingMaterialView.model_validate(material)
            for material in reading.file.materials
            if material.status == "deferred"
        ],
        matters=[_matter(matter, reading) for matter in case.matters],
        timeline=[
            line
            for entry in reading.file.journal
            if (line := _timeline(entry, reading)) is not None
        ],
    )


def line_view(line: CaseLine) -> ApplicationLineView:
    """A case in a list."""
    return ApplicationLineView(
        id=line.id,
        number=line.number,
        item_code=line.item_code,
        item_title=TextView.model_validate(line.item_title),
        stage=str(line.stage),
        outcome=line.outcome,
        submitted_at=line.submitted_at,
        concluded_at=line.concluded_at,
        cursor=make_cursor(str(line.id)),
    )


def inbox_task_view(row: TaskRow, *, subject: str) -> InboxTaskView:
    """A task in somebody's inbox."""
    due = row.task.due_at.isoformat() if row.task.due_at else ""
    return InboxTaskView(
        **_task_values(row.task, opinion=None, waiting=()),
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


def make_cursor(*parts: str) -> str:
    """An opaque cursor; it names a place in an order, nothing more."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def read_cursor(cursor: str, *, parts: int) -> list[str]:
    """The place a cursor names.

    Raises:
        CursorUnusable: It is not one of ours.
    """
    try:
        read = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise CursorUnusable from None
    if not isinstance(read, list) or len(read) != parts:
        raise CursorUnusable
    if not all(isinstance(part, str) for part in read):
        raise CursorUnusable
    return read


def _clock(clock: ApplicationClock) -> ClockView:
    return ClockView(
        name=str(clock.name),
        due_at=clock.deadline.due_at,
        last_day=clock.deadline.last_day,
        provisional=clock.deadline.provisional,
        source=clock.limit.source,
        explanation=list(clock.deadline.explanation_zh),
    )


def _matter(matter: CaseMatter, reading: CaseReading) -> MatterView:
    return MatterView(
        id=matter.id,
        key=matter.key,
        title=TextView.model_validate(matter.title),
        status=str(matter.status),
        outcome=matter.outcome,
        grounds=[dict(ground) for ground in matter.grounds],
        conditions=list(matter.conditions),
        document=_document(matter),
        failure=matter.failure,
        tasks=[
            TaskView(
                **_task_values(
                    task,
                    opinion=reading.opinions.get(task.ref),
                    waiting=reading.waiting_for.get(task.ref, ()),
                )
            )
            for task in reading.file.case.tasks_of(matter.key)
        ],
    )


def _document(matter: CaseMatter) -> DocumentView | None:
    if matter.document is None:
        return None
    number, facts = matter.document.get("number"), matter.document.get("facts")
    return DocumentView(
        kind=str(matter.document.get("kind") or matter.document_kind or ""),
        title=TextView.model_validate(matter.document_title) if matter.document_title else None,
        number=str(number) if number else None,
        facts=facts if isinstance(facts, dict) else {},
    )


def _task_values(
    task: CaseTask, *, opinion: str | None, waiting: tuple[str, ...]
) -> dict[str, Any]:
    explanation = task.due_explanation if isinstance(task.due_explanation, dict) else {}
    handler = str(task.handler)
    return {
        "id": task.id,
        "key": task.ref.task,
        "matter": task.ref.matter,
        "title": TextView.model_validate(task.title),
        "round": task.round,
        "handler": handler,
        "handler_name": task.office_name or HANDLER_TITLES.get(handler, handler),
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
        "due_explanation": list(explanation.get("zh", ())),
        "waiting_for": list(waiting),
    }


def _timeline(line: JournalLine, reading: CaseReading) -> TimelineView | None:
    title = ACT_TITLES.get(line.act)
    if title is None:
        return None
    kind, _, name = line.target.partition(":")
    case = reading.file.case
    by = "申请人" if line.actor == case.submitted_by else "一窗平台"
    if kind == "task":
        task = next((each for each in case.tasks if str(each.ref) == name), None)
        if task is not None:
            handler = str(task.handler)
            by = task.office_name or HANDLER_TITLES.get(handler, handler)
            title = f"{title}：{task.title.zh}"
    elif kind == "matter":
        matter = next((each for each in case.matters if each.key == name), None)
        title = f"{title}：{matter.title.zh}" if matter else title
        by = HANDLER_TITLES.get(line.actor, by)
    return TimelineView(at=line.at.astimezone(SHANGHAI), act=line.act, title=title, by=by)

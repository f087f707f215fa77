"""Whole applications, and lists of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.intake.actions.read_case import CaseReading, CorrectionNotice
from services.intake.model import ApplicationClock, Channel, Outcome
from services.intake.model.kept import (
    CaseLine,
    CaseMatter,
    CaseTask,
    JournalLine,
)
from services.intake.schemas.task import HANDLER_TITLES, TaskView, handler_name, task_values
from services.intake.schemas.wire import TextView, make_cursor
from shared.clock import SHANGHAI
from shared.schemas import Instant, View


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


class CorrectionItemView(View):
    """One thing to be corrected, and who asks."""

    task: str
    task_title: TextView
    by: str
    pointer: str | None
    material: str | None
    message: str


class CorrectionView(View):
    """The notice that waits for the applicant's answer: everything, at once."""

    round: int
    phase: str
    issued_at: Instant
    due_on: date
    items: list[CorrectionItemView]


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
    acceptance: TaskView | None
    """The window's own task, where an officer accepts."""
    remedy: str | None
    """Where a refusal to accept can be contested."""
    correction: CorrectionView | None
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


ACT_TITLES: Mapping[str, str] = {
    "submit": "提交申请",
    "claim": "领取任务",
    "release": "退回任务",
    "reassign": "改派任务",
    "recuse": "经办人回避",
    "escalate": "经办人回避，转上级机构",
    "enter": "窗口代为录入",
    "answer": "部门答复",
    "decide-matter": "事项决定",
    "perform": "事项办成",
    "fail-to-perform": "事项未能办成",
    "decide": "作出决定",
    "conclude": "办结",
    "withdraw": "申请人撤回",
    "accept": "受理",
    "deem-accepted": "逾期未告知，视为受理",
    "refuse-acceptance": "不予受理",
    "request-correction": "一次性告知补正",
    "correct": "申请人补正",
    "pause-clock": "期限中止",
    "resume-clock": "期限恢复计算",
    "extend-clock": "期限延长",
    "answer-late": "迟到的答复",
    "review-late-answer": "处理迟到的答复",
    "remind": "提醒申请人",
    "lapse": "逾期未补正",
    "deliver": "结果送达",
    "appeal": "申请复议",
    "appeal-accepted": "复议受理",
    "appeal-not-accepted": "复议不予受理",
    "appeal-decided": "复议决定",
    "appeal-withdrawn": "撤回复议申请",
    "hand-in-later": "补交材料",
    "miss-material": "逾期未补交材料",
    "move-due-date": "日历变更，重新计算时限",
    "move-version": "转按新版本事项办理",
}
"""Acts as people read them; acts without a title (reads) stay out of the timeline."""


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
        acceptance=_task(case.acceptance_task, reading) if case.acceptance_task else None,
        remedy=reading.remedy,
        correction=_correction(reading.correction) if reading.correction else None,
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
        tasks=[_task(task, reading) for task in reading.file.case.tasks_of(matter.key)],
    )


def _task(task: CaseTask, reading: CaseReading) -> TaskView:
    return TaskView(
        **task_values(
            task,
            opinion=reading.opinions.get(task.ref),
            waiting=reading.waiting_for.get(task.ref, ()),
        )
    )


def _correction(notice: CorrectionNotice) -> CorrectionView:
    return CorrectionView(
        round=notice.round,
        phase=str(notice.phase),
        issued_at=notice.issued_at,
        due_on=notice.due_on,
        items=[
            CorrectionItemView(
                task=str(item.task.ref),
                task_title=TextView.model_validate(item.task.title),
                by=handler_name(item.task),
                pointer=item.pointer,
                material=item.material,
                message=item.message,
            )
            for item in notice.items
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


def _timeline(line: JournalLine, reading: CaseReading) -> TimelineView | None:
    title = ACT_TITLES.get(line.act)
    if title is None:
        return None
    kind, _, name = line.target.partition(":")
    case = reading.file.case
    by = "申请人" if line.actor == case.submitted_by else "一窗平台"
    if line.actor.startswith("officer:"):
        by = "综合窗口"
    if kind == "task":
        task = next((each for each in case.tasks if str(each.ref) == name), None)
        if task is not None:
            by = handler_name(task)
            title = f"{title}：{task.title.zh}"
    elif kind == "matter":
        matter = next((each for each in case.matters if each.key == name), None)
        title = f"{title}：{matter.title.zh}" if matter else title
        by = HANDLER_TITLES.get(line.actor, by)
    return TimelineView(at=line.at.astimezone(SHANGHAI), act=line.act, title=title, by=by)

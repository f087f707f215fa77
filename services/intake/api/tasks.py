"""Which URL does what with approval tasks: the inbox, claims, disclosures, verdicts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.intake.actions.answer_task import answer_task
from services.intake.actions.claim_task import ClaimTask, claim_task, release_task
from services.intake.actions.disclose import disclose_matter, disclose_task
from services.intake.actions.explain_case import explain_deadline
from services.intake.actions.give_verdict import GiveVerdict
from services.intake.actions.read_case import (
    list_inbox,
    read_task,
)
from services.intake.api.wiring import (
    Answerer,
    AtCounter,
    Concerned,
    Counter,
    Cursor,
    Limit,
    Officer,
    OurService,
    after_of,
)
from services.intake.model import Answer, Mark, MatterId, TaskId
from services.intake.model.kept import InboxCounts, InboxPage
from services.intake.schemas import (
    DeadlineView,
    DisclosureView,
    InboxTaskView,
    TaskPageView,
    VerdictBody,
    counts_view,
    deadline_view,
    disclosure_view,
    inbox_task_view,
)
from shared.auth import Actor
from shared.web import CurrentRequestKey

router = APIRouter()

_STATES = {"open": ("open", "claimed"), "claimed": ("claimed",), "closed": ("closed",)}


# Routes are tried in this order, and verdicts are most of what comes in.
@router.post("/tasks/{task_id}:verdict", tags=["tasks"])
async def answer(
    task_id: UUID,
    body: VerdictBody,
    actor: Officer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> InboxTaskView:
    """Answer a task; what follows from the answer has happened when this returns."""
    command = GiveVerdict(
        actor=actor,
        task_id=TaskId(task_id),
        answer=Answer(
            verdict=body.verdict,
            opinion=body.opinion,
            conditions=tuple(body.conditions),
            facts=body.facts,
            round=body.round,
            marks=tuple(
                Mark(pointer=mark.pointer, material=mark.material, message=mark.message)
                for mark in body.marks
            ),
            remedy=body.remedy,
        ),
        request=key,
    )
    row = await answer_task(command, transaction=counter.transaction, desk=counter.desk)
    if row is None:
        return await _task(actor, command.task_id, counter)
    return inbox_task_view(row, subject=actor.subject)


@router.get("/tasks", tags=["tasks"])
async def list_tasks(
    actor: Answerer,
    counter: AtCounter,
    state: Annotated[str, Query(pattern="^(open|claimed|closed)$")] = "open",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> TaskPageView:
    """The caller's inbox: their offices' tasks, or their system's; what is due first."""
    after_due, after_id = after_of(cursor)
    page = InboxPage(states=_STATES[state], limit=limit + 1, after_due=after_due, after_id=after_id)
    rows, counts = await list_inbox(actor, page, transaction=counter.transaction)
    shown = [inbox_task_view(row, subject=actor.subject) for row in rows[:limit]]
    return TaskPageView(
        items=shown,
        next_cursor=shown[-1].cursor if len(rows) > limit else None,
        total=_total(state, counts),
        counts=counts_view(counts),
    )


@router.get("/tasks/{task_id}", tags=["tasks"])
async def get_task(task_id: UUID, actor: Answerer, counter: AtCounter) -> InboxTaskView:
    """One task of the caller's inbox."""
    return await _task(actor, TaskId(task_id), counter)


@router.get("/tasks/{task_id}/disclosure", tags=["tasks"])
async def get_task_disclosure(task_id: UUID, actor: Answerer, counter: AtCounter) -> DisclosureView:
    """The fields an open task discloses; the look is journalled with its purpose."""
    disclosure = await disclose_task(
        actor, TaskId(task_id), transaction=counter.transaction, desk=counter.desk
    )
    return disclosure_view(disclosure)


@router.get("/tasks/{task_id}/deadline", tags=["tasks"])
async def get_task_deadline(task_id: UUID, actor: Concerned, counter: AtCounter) -> DeadlineView:
    """How the due date of a task came about, day by day."""
    task = await explain_deadline(
        actor, TaskId(task_id), transaction=counter.transaction, grants=counter.grants
    )
    return deadline_view(task)


@router.post("/tasks/{task_id}:claim", tags=["tasks"])
async def claim(task_id: UUID, actor: Officer, counter: AtCounter) -> InboxTaskView:
    """Take a task for a day; taking one's own again renews the lease."""
    command = ClaimTask(actor=actor, task_id=TaskId(task_id))
    await claim_task(command, transaction=counter.transaction, desk=counter.desk)
    return await _task(actor, command.task_id, counter)


@router.post("/tasks/{task_id}:release", tags=["tasks"])
async def release(task_id: UUID, actor: Officer, counter: AtCounter) -> InboxTaskView:
    """Put a task back into the inbox."""
    command = ClaimTask(actor=actor, task_id=TaskId(task_id))
    await release_task(command, transaction=counter.transaction, desk=counter.desk)
    return await _task(actor, command.task_id, counter)


@router.get("/matters/{matter_id}/disclosure", tags=["matters"])
async def get_matter_disclosure(
    matter_id: UUID, actor: OurService, counter: AtCounter
) -> DisclosureView:
    """The fields a granted matter discloses to the service that makes it real."""
    disclosure = await disclose_matter(
        actor, MatterId(matter_id), transaction=counter.transaction, desk=counter.desk
    )
    return disclosure_view(disclosure)


async def _task(actor: Actor, task_id: TaskId, counter: Counter) -> InboxTaskView:
    row = await read_task(actor, task_id, transaction=counter.transaction)
    return inbox_task_view(row, subject=actor.subject)


def _total(state: str, counts: InboxCounts) -> int:
    """How long the whole list is that a page was taken from."""
    if state == "closed":
        return counts.closed or 0
    return counts.claimed if state == "claimed" else counts.open + counts.claimed

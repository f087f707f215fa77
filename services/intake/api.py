"""Which URL does what at the window."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, File, Query, Request, UploadFile
from fastapi.responses import JSONResponse

from services.intake.actions.claim_task import ClaimTask, claim_task, release_task
from services.intake.actions.correct_application import CorrectApplication, correct_application
from services.intake.actions.desk import Desk, WindowTransactions
from services.intake.actions.disclose import disclose_matter, disclose_task
from services.intake.actions.explain_case import explain_case, explain_deadline
from services.intake.actions.give_verdict import GiveVerdict, give_verdict
from services.intake.actions.hand_in import HandedIn
from services.intake.actions.pause_clock import (
    ExtendClock,
    PauseClock,
    ResumeClock,
    extend_clock,
    pause_clock,
    resume_clock,
)
from services.intake.actions.read_case import (
    find_case,
    list_inbox,
    list_own_cases,
    read_case,
    read_task,
)
from services.intake.actions.read_clocks import list_cards, read_case_clocks
from services.intake.actions.store_file import (
    MAX_FILE_BYTES,
    FileTooLarge,
    StoreFile,
    as_answer,
    store_file,
)
from services.intake.actions.submit_application import (
    SubmitApplication,
    submit_application,
)
from services.intake.actions.verify_journal import verify_journal
from services.intake.actions.withdraw_application import (
    WithdrawApplication,
    withdraw_application,
)
from services.intake.model import Answer, ApplicationId, GrantId, Mark, MatterId, TaskId
from services.intake.model.clock import CardLevel, CardPage
from services.intake.model.kept import InboxCounts, InboxPage
from services.intake.ports import Grants
from services.intake.schemas import (
    ApplicationPageView,
    ApplicationView,
    CardPageView,
    CaseClocksView,
    CorrectBody,
    CursorUnusable,
    DeadlineView,
    DisclosureView,
    ExplanationView,
    ExtendBody,
    FileView,
    InboxTaskView,
    JournalCheckView,
    PauseBody,
    ResumeBody,
    SubmitBody,
    TaskPageView,
    VerdictBody,
    WithdrawBody,
    application_view,
    card_view,
    clocks_view,
    counts_view,
    deadline_view,
    disclosure_view,
    explanation_view,
    inbox_task_view,
    journal_check_view,
    line_view,
    read_cursor,
)
from shared.auth import Actor, ActorKind
from shared.store import StoredAnswer
from shared.web import CurrentActor, CurrentRequestKey, only

router = APIRouter(prefix="/v1")

Applicant = Annotated[Actor, Depends(only(ActorKind.CITIZEN))]
Reader = Annotated[Actor, Depends(only(ActorKind.CITIZEN, ActorKind.OFFICER))]
Answerer = Annotated[Actor, Depends(only(ActorKind.OFFICER, ActorKind.PARTNER, ActorKind.SERVICE))]
Officer = Annotated[Actor, Depends(only(ActorKind.OFFICER, ActorKind.PARTNER))]
OnlyOfficer = Annotated[Actor, Depends(only(ActorKind.OFFICER))]
Concerned = Annotated[
    Actor,
    Depends(only(ActorKind.CITIZEN, ActorKind.OFFICER, ActorKind.PARTNER, ActorKind.SERVICE)),
]
Operator = Annotated[Actor, Depends(only(ActorKind.OPERATOR))]
OurService = Annotated[Actor, Depends(only(ActorKind.SERVICE))]

Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=400)]

_STATES = {"open": ("open", "claimed"), "claimed": ("claimed",), "closed": ("closed",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """What the window's routes work with; put there by `app`."""

    transaction: WindowTransactions
    desk: Desk
    grants: Grants


async def counter_of(request: Request) -> Counter:
    """The wiring of this process."""
    counter: Counter = request.app.state.counter
    return counter


AtCounter = Annotated[Counter, Depends(counter_of)]


@router.post("/applications", status_code=201, tags=["applications"])
async def submit(
    body: SubmitBody, actor: Applicant, key: CurrentRequestKey, counter: AtCounter
) -> ApplicationView:
    """Submit one application; every department whose turn it is, is asked at once."""
    command = SubmitApplication(
        actor=actor,
        item_code=body.item_code,
        form=body.form,
        materials=[HandedIn(key=each.key, file_id=each.file_id) for each in body.materials],
        channel=body.channel,
        on_behalf_of=GrantId(body.on_behalf_of) if body.on_behalf_of else None,
        request=key,
    )
    taken = await submit_application(
        command, transaction=counter.transaction, desk=counter.desk, grants=counter.grants
    )
    if isinstance(taken, StoredAnswer):
        taken = ApplicationId(UUID(taken.body["applicationId"]))
    return await _application(actor, taken, counter)


@router.get("/applications", tags=["applications"])
async def list_applications(
    actor: Applicant, counter: AtCounter, limit: Limit = 20, cursor: Cursor = None
) -> ApplicationPageView:
    """The caller's own applications, newest first."""
    before = _uuid(read_cursor(cursor, parts=1)[0]) if cursor else None
    lines, total = await list_own_cases(
        actor, before=before, limit=limit + 1, transaction=counter.transaction
    )
    shown = [line_view(line) for line in lines[:limit]]
    more = len(lines) > limit
    return ApplicationPageView(
        items=shown, next_cursor=shown[-1].cursor if more else None, total=total
    )


@router.get("/applications/by-number/{number}", tags=["applications"])
async def get_application_by_number(
    number: str, actor: Reader, counter: AtCounter
) -> ApplicationView:
    """A whole application, by its public number."""
    reading = await find_case(actor, number, transaction=counter.transaction, desk=counter.desk)
    return application_view(reading)


@router.get("/applications/{application_id}", tags=["applications"])
async def get_application(
    application_id: UUID, actor: Reader, counter: AtCounter
) -> ApplicationView:
    """A whole application: every department's part, due dates and why, the outcome."""
    return await _application(actor, ApplicationId(application_id), counter)


@router.get("/applications/{application_id}/explanation", tags=["applications"])
async def get_explanation(
    application_id: UUID, actor: Reader, counter: AtCounter
) -> ExplanationView:
    """Why each department was asked or not, why each join fell so, how due dates came about."""
    explanation = await explain_case(
        actor, ApplicationId(application_id), transaction=counter.transaction
    )
    return explanation_view(explanation)


@router.post("/applications/{application_id}:correct", tags=["applications"])
async def correct(
    application_id: UUID,
    body: CorrectBody,
    actor: Applicant,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> ApplicationView:
    """Answer the correction notice: everything it marks, and nothing else."""
    command = CorrectApplication(
        actor=actor,
        application_id=ApplicationId(application_id),
        form=body.form,
        materials=[HandedIn(key=each.key, file_id=each.file_id) for each in body.materials],
        request=key,
    )
    await correct_application(command, transaction=counter.transaction, desk=counter.desk)
    return await _application(actor, command.application_id, counter)


@router.post("/applications/{application_id}:withdraw", tags=["applications"])
async def withdraw(
    application_id: UUID,
    body: WithdrawBody,
    actor: Applicant,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> ApplicationView:
    """Take an application back before it is decided."""
    command = WithdrawApplication(
        actor=actor, application_id=ApplicationId(application_id), request=key
    )
    await withdraw_application(command, transaction=counter.transaction, desk=counter.desk)
    return await _application(actor, command.application_id, counter)


@router.get("/tasks", tags=["tasks"])
async def list_tasks(
    actor: Answerer,
    counter: AtCounter,
    state: Annotated[str, Query(pattern="^(open|claimed|closed)$")] = "open",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> TaskPageView:
    """The caller's inbox: their offices' tasks, or their system's; what is due first."""
    after_due, after_id = _after(cursor)
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
    task = await explain_deadline(actor, TaskId(task_id), transaction=counter.transaction)
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
    await give_verdict(command, transaction=counter.transaction, desk=counter.desk)
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


@router.post("/files", status_code=201, tags=["files"])
async def upload(
    file: Annotated[UploadFile, File()],
    actor: Applicant,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> JSONResponse:
    """Hand in one file, to be named by its id in an application."""
    content = await file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise FileTooLarge
    command = StoreFile(actor=actor, name=file.filename or "", content=content, request=key)
    kept = await store_file(command, transaction=counter.transaction, desk=counter.desk)
    body: dict[str, Any] = kept.body if isinstance(kept, StoredAnswer) else as_answer(kept)
    view = FileView.model_validate(
        {
            "id": UUID(str(body["id"])),
            "media_type": body["mediaType"],
            "size": body["size"],
            "sha256": body["sha256"],
        }
    )
    return JSONResponse(view.as_json(), status_code=201)


@router.get("/journal:verify", tags=["journal"])
async def get_journal_check(_actor: Operator, counter: AtCounter) -> JournalCheckView:
    """Follow every chain of the journal; names the first row that breaks one."""
    return journal_check_view(await verify_journal(transaction=counter.transaction))


async def _application(
    actor: CurrentActor, application_id: ApplicationId, counter: Counter
) -> ApplicationView:
    reading = await read_case(
        actor, application_id, transaction=counter.transaction, desk=counter.desk
    )
    return application_view(reading)


async def _task(actor: Actor, task_id: TaskId, counter: Counter) -> InboxTaskView:
    row = await read_task(actor, task_id, transaction=counter.transaction)
    return inbox_task_view(row, subject=actor.subject)


def _total(state: str, counts: InboxCounts) -> int:
    """How long the whole list is that a page was taken from."""
    if state == "closed":
        return counts.closed or 0
    return counts.claimed if state == "claimed" else counts.open + counts.claimed


def _after(cursor: str | None) -> tuple[datetime | None, UUID | None]:
    if cursor is None:
        return None, None
    due, task = read_cursor(cursor, parts=2)
    try:
        instant = datetime.fromisoformat(due)
        if instant.tzinfo is None:
            raise CursorUnusable
        return instant.astimezone(UTC), UUID(task)
    except (ValueError, OverflowError):
        raise CursorUnusable from None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise CursorUnusable from None


@router.get("/applications/{application_id}/clocks", tags=["clocks"])
async def get_clocks(application_id: UUID, actor: Reader, counter: AtCounter) -> CaseClocksView:
    """Every clock of an application as it reads now, day by day, with its ledger."""
    return await _clocks(actor, ApplicationId(application_id), counter)


@router.post("/applications/{application_id}:pause", tags=["clocks"])
async def pause(
    application_id: UUID,
    body: PauseBody,
    actor: OnlyOfficer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> CaseClocksView:
    """Let the clocks stand still for a lawful reason; today is the first day not counted."""
    command = PauseClock(
        actor=actor,
        application_id=ApplicationId(application_id),
        reason=body.reason,
        days=body.days,
        basis=body.basis,
        request=key,
    )
    await pause_clock(command, transaction=counter.transaction, desk=counter.desk)
    return await _clocks(actor, command.application_id, counter)


@router.post("/applications/{application_id}:resume", tags=["clocks"])
async def resume(
    application_id: UUID,
    _body: ResumeBody,
    actor: OnlyOfficer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> CaseClocksView:
    """Let the clocks run on; today is the last day not counted."""
    command = ResumeClock(actor=actor, application_id=ApplicationId(application_id), request=key)
    await resume_clock(command, transaction=counter.transaction, desk=counter.desk)
    return await _clocks(actor, command.application_id, counter)


@router.post("/applications/{application_id}:extend", tags=["clocks"])
async def extend(
    application_id: UUID,
    body: ExtendBody,
    actor: OnlyOfficer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> CaseClocksView:
    """Give one clock more working days, once, on a provision that allows it."""
    command = ExtendClock(
        actor=actor,
        application_id=ApplicationId(application_id),
        clock=body.clock,
        days=body.days,
        basis=body.basis,
        reason=body.reason,
        request=key,
    )
    await extend_clock(command, transaction=counter.transaction, desk=counter.desk)
    return await _clocks(actor, command.application_id, counter)


@router.get("/cards", tags=["clocks"])
async def get_cards(
    actor: OnlyOfficer,
    counter: AtCounter,
    level: Annotated[str | None, Query(pattern="^(warning|yellow|red)$")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> CardPageView:
    """Cards of the caller's offices; a supervisor's of the whole division. Newest first."""
    before_raised, before_id = _after(cursor)
    page = CardPage(
        limit=limit + 1,
        level=CardLevel(level) if level else None,
        before_raised=before_raised,
        before_id=before_id,
    )
    lines = await list_cards(actor, page, transaction=counter.transaction)
    shown = [card_view(line) for line in lines[:limit]]
    return CardPageView(items=shown, next_cursor=shown[-1].cursor if len(lines) > limit else None)


async def _clocks(actor: Actor, application_id: ApplicationId, counter: Counter) -> CaseClocksView:
    clocks = await read_case_clocks(
        actor, application_id, transaction=counter.transaction, desk=counter.desk
    )
    return clocks_view(clocks)

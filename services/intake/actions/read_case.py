"""Read whole cases and inboxes: authorised in the same transaction, personal data masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.intake.actions.authorise import inbox_scope, require_reader
from services.intake.actions.desk import Desk
from services.intake.errors import ApplicationNotFound
from services.intake.model import (
    ApplicationClock,
    ApplicationId,
    ClockName,
    CorrectionPhase,
    ServiceItem,
    TaskId,
    TaskRef,
    TaskState,
    Verdict,
)
from services.intake.model.kept import (
    Case,
    CaseFile,
    CaseLine,
    CaseTask,
    InboxCounts,
    InboxPage,
    TaskRow,
)
from services.intake.model.standing import Capacity, Standing
from services.intake.rules.clock import clocks_of_item, read_clock
from services.intake.rules.paths import text_at
from services.intake.rules.progress import waiting_for
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor, ActorKind
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.masking import mask_id_number, mask_name, mask_phone
from shared.telemetry import mark_application

TOLD_TO_APPLICANT = frozenset({Verdict.REFUSE, Verdict.NEEDS_CORRECTION, Verdict.CONDITIONAL})
"""Verdicts whose reasons the applicant is told; other opinions stay between departments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as shown: masked."""

    name: str
    id_no: str
    phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedItem:
    """One thing to be corrected, in words, and who asks."""

    task: CaseTask
    pointer: str | None
    material: str | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionNotice:
    """What the applicant must correct, all of it."""

    round: int
    phase: CorrectionPhase
    issued_at: datetime
    due_on: date
    items: tuple[AskedItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReading:
    """A whole case for one reader."""

    file: CaseFile
    applicant: Person
    clocks: tuple[ApplicationClock, ...]
    opinions: Mapping[TaskRef, str]
    waiting_for: Mapping[TaskRef, tuple[str, ...]]
    today: date
    correction: CorrectionNotice | None = None
    """The notice that waits for the applicant's answer."""
    remedy: str | None = None
    """Where a refusal to accept can be contested."""


async def read_case(
    actor: Actor,
    application_id: ApplicationId,
    *,
    transaction: Transactions[Store],
    desk: Desk,
    standing: Standing | None = None,
) -> CaseReading:
    """Everything a reader may know of a case, in one reading.

    Raises:
        ApplicationNotFound: There is none, or it is not theirs to read.
    """
    async with transaction() as store:
        case = await store.get_case(application_id)
        require_reader(actor, case, standing)
        mark_application(case.id)
        file = await store.get_case_file(case)
        reading = await reading_of(store, actor, file, desk=desk)
        if _reads_for_another(actor, case, standing):
            await _note_reading(store, actor, case)
    return reading


async def reading_of(store: Store, actor: Actor, file: CaseFile, *, desk: Desk) -> CaseReading:
    """What a reader, who may, is shown of a case that has been read or is being made."""
    case = file.case
    item = await desk.catalogue.item(store, case.item_code, case.item_version)
    state = case.state()
    return CaseReading(
        file=file,
        applicant=_applicant(case, item, desk=desk),
        clocks=await _clocks(store, file, item, desk=desk),
        opinions=_opinions(actor, case, desk=desk),
        waiting_for={
            task.ref: tuple(str(need) for need in waiting_for(state, task.ref))
            for task in case.tasks
        },
        today=desk.clock.today(),
        correction=await _correction(store, case, desk=desk),
        remedy=desk.open_remedy(case),
    )


def _reads_for_another(actor: Actor, case: Case, standing: Standing | None) -> bool:
    """Whether it is somebody else's case: an officer's look, or an agent's."""
    if standing is not None:
        return standing.capacity is Capacity.AGENT
    return case.submitted_by != actor.subject


async def _note_reading(store: Store, actor: Actor, case: Case) -> None:
    """Looking at somebody else's case is an act, even where names and numbers are masked."""
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=actor.subject,
            act="read",
            target=f"application:{case.id}",
            reason="代办查看" if actor.kind is ActorKind.CITIZEN else "查看办件",
            facts={"masked": True},
        )
    )


async def find_case(number: str, *, transaction: Transactions[Store]) -> ApplicationId:
    """The case with a public number; whether it is theirs to read is asked when it is read.

    Raises:
        ApplicationNotFound: There is none.
    """
    async with transaction() as store:
        application_id = await store.find_application_id(number)
    if application_id is None:
        raise ApplicationNotFound
    return application_id


async def list_own_cases(
    actor: Actor, *, before: UUID | None, limit: int, transaction: Transactions[Store]
) -> tuple[Sequence[CaseLine], int]:
    """The applications an actor submitted, or that were submitted for them; newest first.

    Returns:
        A page, and how many there are.
    """
    async with transaction() as store:
        return await store.list_own(actor.subject, actor.person_index, before=before, limit=limit)


async def list_inbox(
    actor: Actor, page: InboxPage, *, transaction: Transactions[Store]
) -> tuple[Sequence[TaskRow], InboxCounts]:
    """A page of the actor's inbox, and how much lies in it."""
    scope = inbox_scope(actor)
    async with transaction(is_reading=True) as store:
        rows, counts = await store.read_inbox(scope, page)
        if str(TaskState.CLOSED) in page.states:
            counts = replace(counts, closed=await store.count_closed_tasks(scope))
    return rows, counts


async def read_task(actor: Actor, task_id: TaskId, *, transaction: Transactions[Store]) -> TaskRow:
    """One task of the actor's inbox.

    Raises:
        TaskNotFound: There is none, or it is not theirs.
    """
    async with transaction(is_reading=True) as store:
        row = await store.get_task(task_id, inbox_scope(actor))
    mark_application(row.task.application_id)
    return row


async def _clocks(
    store: Store, file: CaseFile, item: ServiceItem, *, desk: Desk
) -> tuple[ApplicationClock, ...]:
    accepted_at = file.case.accepted_at
    if accepted_at is None:
        return ()
    calendar = await desk.catalogue.calendar(store)
    readings = [
        read_clock(clock, file.clocks, at=desk.clock.now(), calendar=calendar)
        for clock in clocks_of_item(item, accepted_at=accepted_at)
    ]
    return tuple(
        ApplicationClock(name=ClockName(each.name), limit=each.limit, deadline=each.deadline)
        for each in readings
    )


async def _correction(store: Store, case: Case, *, desk: Desk) -> CorrectionNotice | None:
    """The open notice; asked for only where the case can have one."""
    if not case.may_be_correcting:
        return None
    found = await store.find_open_correction(case.id)
    if found is None or found.issued_at is None or found.due_on is None:
        return None
    place = {task.id: position for position, task in enumerate(case.tasks)}
    asked = sorted(found.items, key=lambda each: (place[each.task_id], each.position))
    return CorrectionNotice(
        round=found.round,
        phase=found.phase,
        issued_at=found.issued_at,
        due_on=found.due_on,
        items=tuple(
            AskedItem(
                task=case.tasks[place[item.task_id]],
                pointer=item.pointer,
                material=item.material,
                message=desk.open_mark(item),
            )
            for item in asked
        ),
    )


def _applicant(case: Case, item: ServiceItem, *, desk: Desk) -> Person:
    form = desk.open_form(case)
    phone = text_at(form, item.applicant.phone)
    return Person(
        name=mask_name(text_at(form, item.applicant.name) or ""),
        id_no=mask_id_number(text_at(form, item.applicant.id_no) or ""),
        phone=mask_phone(phone) if phone else None,
    )


def _opinions(actor: Actor, case: Case, *, desk: Desk) -> Mapping[TaskRef, str]:
    shown = {}
    for task in case.tasks:
        if actor.kind is ActorKind.OFFICER or _is_told(task):
            opinion = desk.open_opinion(task)
            if opinion is not None:
                shown[task.ref] = opinion
    return shown


def _is_told(task: CaseTask) -> bool:
    return task.verdict in TOLD_TO_APPLICANT

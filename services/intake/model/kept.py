"""A case as it is kept: the application with its matters and tasks, and what a reader may need."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from services.intake.model import (
    ACCEPTANCE_TASK,
    Answer,
    ApplicationId,
    ApplicationState,
    Brought,
    CancelReason,
    CaseRef,
    Channel,
    CorrectionPhase,
    Effect,
    Handler,
    HandlerKind,
    Join,
    JoinRule,
    Limit,
    MatterId,
    MatterProgress,
    MatterStatus,
    Need,
    NeedKind,
    OfficeId,
    OpenedTask,
    Outcome,
    RefusalPolicy,
    Stage,
    TaskId,
    TaskProgress,
    TaskRef,
    TaskState,
    Text,
    Verdict,
)
from services.intake.model.standing import Parties
from shared.calendar import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTask:
    """An approval task of a case, with everything that is kept about it."""

    id: TaskId
    application_id: ApplicationId
    matter_id: MatterId | None
    """None: the window's own acceptance task belongs to no matter."""
    ref: TaskRef
    title: Text
    handler: Handler
    check: str | None
    office_id: OfficeId | None
    office_name: str | None
    needs: tuple[Need, ...]
    verdicts: tuple[Verdict, ...]
    discloses: tuple[str, ...]
    limit: Limit | None
    round: int = 1
    state: TaskState = TaskState.WAITING
    verdict: Verdict | None = None
    opinion_sealed: bytes | None = None
    conditions: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    cancel_reason: CancelReason | None = None
    opened_at: datetime | None = None
    due_at: datetime | None = None
    due_provisional: bool = False
    due_explanation: Mapping[str, object] = field(default_factory=dict)
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    lease_until: datetime | None = None
    closed_at: datetime | None = None

    def opened(self, *, due_at: datetime | None) -> OpenedTask:
        """The task as it is put to somebody."""
        return OpenedTask(
            id=self.id,
            ref=self.ref,
            round=self.round,
            handler=self.handler,
            check=self.check,
            office_id=self.office_id,
            due_at=due_at,
        )

    def progress(self) -> TaskProgress:
        """What the rules of progress see of it; the opinion stays sealed."""
        return TaskProgress(
            key=self.ref.task,
            state=self.state,
            needs=self.needs,
            verdict=self.verdict,
            conditions=self.conditions,
            cancel_reason=self.cancel_reason,
            round=self.round,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMatter:
    """A matter of a case."""

    id: MatterId
    key: str
    title: Text
    join: Join
    effect_service: str | None
    effect_name: str | None
    discloses: tuple[str, ...]
    document_kind: str | None
    document_title: Text | None
    status: MatterStatus = MatterStatus.WAITING
    outcome: Outcome | None = None
    grounds: tuple[Mapping[str, object], ...] = ()
    conditions: tuple[str, ...] = ()
    document: Mapping[str, object] | None = None
    failure: str | None = None
    decided_at: datetime | None = None
    concluded_at: datetime | None = None

    @property
    def effect(self) -> Effect | None:
        """What makes a grant real, if anything must."""
        if self.effect_service is None or self.effect_name is None:
            return None
        return Effect(service=self.effect_service, name=self.effect_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An application with its matters and tasks, as read in one transaction."""

    id: ApplicationId
    number: str
    item_code: str
    item_version: int
    item_title: Text
    division: str
    channel: Channel
    stage: Stage
    outcome: Outcome | None
    submitted_by: str
    form_sealed: bytes
    summary: Mapping[str, object]
    params: Mapping[str, object]
    trace: Mapping[str, str]
    version: int
    submitted_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    concluded_at: datetime | None
    matters: tuple[CaseMatter, ...]
    tasks: tuple[CaseTask, ...]
    remedy_sealed: bytes | None = None
    """Where a refusal to accept can be contested, sealed."""
    on_behalf_grant: UUID | None = None
    """The grant under which an agent applied."""

    @property
    def ref(self) -> CaseRef:
        """What names the case to others."""
        return CaseRef(
            application_id=self.id,
            number=self.number,
            item_code=self.item_code,
            item_version=self.item_version,
            division=self.division,
        )

    def state(self) -> ApplicationState:
        """The input of the rules of progress."""
        return ApplicationState(
            stage=self.stage,
            outcome=self.outcome,
            matters=tuple(self._progress(matter) for matter in self.matters),
        )

    def answered(self, task: CaseTask, answer: Answer) -> "Case":
        """The case with an answer in it, as it stands once that is written."""
        closed = replace(
            task,
            state=TaskState.CLOSED,
            verdict=answer.verdict,
            conditions=tuple(answer.conditions),
            facts=answer.facts,
        )
        return replace(
            self,
            tasks=tuple(closed if each.id == task.id else each for each in self.tasks),
        )

    def matter(self, key: str) -> CaseMatter:
        """The matter with this key."""
        return next(matter for matter in self.matters if matter.key == key)

    def task(self, ref: TaskRef) -> CaseTask:
        """The task with this name."""
        return next(task for task in self.tasks if task.ref == ref)

    @property
    def may_be_correcting(self) -> bool:
        """Whether a correction may have been asked for and not been answered yet."""
        return self.stage is Stage.CORRECTING or (
            self.stage is Stage.IN_REVIEW
            and any(matter.status is MatterStatus.CORRECTING for matter in self.matters)
        )

    @property
    def acceptance_task(self) -> CaseTask | None:
        """The window's own task; None where the application was accepted on receipt."""
        return next((task for task in self.tasks if task.ref == ACCEPTANCE_TASK), None)

    def reopened(self, tasks: Collection[TaskId]) -> "Case":
        """The case with a new round of some tasks, each waiting to be opened."""
        return replace(
            self,
            tasks=tuple(
                replace(
                    task,
                    state=TaskState.WAITING,
                    round=task.round + 1,
                    claimed_by=None,
                    claimed_at=None,
                    lease_until=None,
                    closed_at=None,
                )
                if task.id in tasks
                else task
                for task in self.tasks
            ),
        )

    def tasks_of(self, key: str) -> tuple[CaseTask, ...]:
        """The tasks of a matter, in the order of the item."""
        return tuple(task for task in self.tasks if task.ref.matter == key)

    def _progress(self, matter: CaseMatter) -> MatterProgress:
        return MatterProgress(
            key=matter.key,
            status=matter.status,
            join=matter.join,
            tasks=tuple(task.progress() for task in self.tasks_of(matter.key)),
            outcome=matter.outcome,
            has_effect=matter.effect_service is not None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMaterial:
    """A material of a case: handed in, promised for later, or replaced by a commitment."""

    key: str
    title: Text
    status: str
    file_id: UUID | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionItem:
    """One thing a department asked to be put right, as it is kept."""

    task_id: TaskId
    task_round: int
    position: int
    pointer: str | None
    material: str | None
    """Neither pointer nor material: the department wrote only its opinion."""
    message_sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A round of correction: gathered from departments, then issued, then answered."""

    application_id: ApplicationId
    round: int
    phase: CorrectionPhase
    issued_at: datetime | None
    """None while it is gathered: other departments can still add to it."""
    due_on: date | None
    answered_at: datetime | None
    brought: Brought
    items: tuple[CorrectionItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEntry:
    """One line of a clock's ledger."""

    clock: str
    kind: str
    at: datetime
    reason: str
    basis: str | None = None
    """The provision it rests on, as the officer named it."""
    days: int | None = None
    """Working days: told to the applicant for a pause, added by an extension."""
    by: str | None = None
    """Which officer did it; None: the platform, as a consequence of another act."""
    note_sealed: bytes | None = None
    """Why, in the officer's own words; people write names into such words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """One act on a case, for its timeline."""

    at: datetime
    actor: str
    act: str
    target: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """Everything a reader of a whole case is shown, before masking."""

    case: Case
    materials: tuple[KeptMaterial, ...]
    clocks: tuple[ClockEntry, ...]
    journal: tuple[JournalLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task in an inbox, with what a list shows of its case."""

    task: CaseTask
    number: str
    item_code: str
    item_title: Text
    division: str
    summary: Mapping[str, object]
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """Where a page of an inbox starts, and how long it is."""

    states: tuple[str, ...]
    limit: int
    after_due: datetime | None = None
    after_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxCounts:
    """How much work lies in an inbox."""

    open: int
    claimed: int
    overdue: int
    closed: int | None = None
    """Counted only where closed tasks are listed: an office may have very many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case in a list."""

    id: ApplicationId
    number: str
    item_code: str
    item_title: Text
    stage: Stage
    outcome: Outcome | None
    submitted_at: datetime
    concluded_at: datetime | None
    parties: Parties | None = None
    """Who stands on the citizen's side, where an agent applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file as it was handed in, without its content."""

    id: UUID
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """When a task is due, and how that came about."""

    due_at: datetime | None = None
    provisional: bool = False
    explanation: Mapping[str, object] = field(default_factory=dict)


def join_as_data(join: Join) -> dict[str, object]:
    """A join as JSON values."""
    return {
        "rule": str(join.rule),
        "on_refusal": str(join.on_refusal),
        "voters": list(join.voters),
        "count": join.count,
        "lead": list(join.lead),
    }


def join_of(data: Mapping[str, object]) -> Join:
    """A join as it was kept."""
    voters, lead, count = data["voters"], data["lead"], data["count"]
    return Join(
        rule=JoinRule(str(data["rule"])),
        on_refusal=RefusalPolicy(str(data["on_refusal"])),
        voters=tuple(str(key) for key in voters) if isinstance(voters, list) else (),
        count=count if isinstance(count, int) else None,
        lead=tuple(str(key) for key in lead) if isinstance(lead, list) else (),
    )


def need_of(text: str) -> Need:
    """A need as it was kept: `matter.task` or `matter.task:approved`."""
    place, _, kind = text.partition(":")
    matter, _, task = place.partition(".")
    return Need(task=TaskRef(matter, task), kind=NeedKind.APPROVED if kind else NeedKind.CLOSED)


def handler_of(kind: str, system: str | None) -> Handler:
    """A handler as it was kept."""
    return Handler(kind=HandlerKind(kind), system=system)


def limit_of(length: int | None, unit: str | None) -> Limit | None:
    """A limit as it was kept."""
    return None if length is None or unit is None else Limit(length=length, unit=Unit(unit))

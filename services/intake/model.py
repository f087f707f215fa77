"""The things intake knows: service items, plans, matters, approval tasks and their answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, NewType
from uuid import UUID

from shared.calendar import Deadline, Duration, Unit
from shared.identifiers import DivisionLevel

ApplicationId = NewType("ApplicationId", UUID)
MatterId = NewType("MatterId", UUID)
TaskId = NewType("TaskId", UUID)
OfficeId = NewType("OfficeId", UUID)
FileId = NewType("FileId", UUID)
GrantId = NewType("GrantId", UUID)


class Channel(StrEnum):
    """Where an application came in."""

    WECHAT = "WECHAT"
    APP = "APP"
    WINDOW = "WINDOW"
    WEB = "WEB"


class Stage(StrEnum):
    """Where in the procedure an application is (环节)."""

    SUBMITTED = "submitted"
    CORRECTING = "correcting"
    ACCEPTED = "accepted"
    IN_REVIEW = "in-review"
    DECIDED = "decided"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"
    NOT_ACCEPTED = "not-accepted"


class Act(StrEnum):
    """What may happen to an application; one row each in the workflow table."""

    ACCEPT = "accept"
    REFUSE_ACCEPTANCE = "refuse-acceptance"
    ASK_CORRECTION = "ask-correction"
    CORRECT = "correct"
    DISPATCH = "dispatch"
    ANSWER = "answer"
    DECIDE = "decide"
    WITHDRAW = "withdraw"
    PERFORM = "perform"
    CONCLUDE = "conclude"


class MatterStatus(StrEnum):
    """How far one department's part of an application is."""

    WAITING = "waiting"
    """None of its tasks is open yet: they need something from elsewhere first."""
    IN_REVIEW = "in-review"
    CORRECTING = "correcting"
    """A department asked for a correction; there is no outcome until it answers again."""
    DECIDED = "decided"
    """Granted, and the owning service still has to make it real."""
    CONCLUDED = "concluded"
    FAILED = "failed"
    """Granted, but the owning service could not make it real; a person must look."""
    WITHDRAWN = "withdrawn"


class TaskState(StrEnum):
    """Where an approval task is."""

    WAITING = "waiting"
    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """What a department can answer."""

    APPROVE = "approve"
    REFUSE = "refuse"
    CONDITIONAL = "conditional"
    NEEDS_CORRECTION = "needs-correction"
    NOT_APPLICABLE = "not-applicable"


class Outcome(StrEnum):
    """What was decided about a matter, or about the whole application."""

    GRANTED = "granted"
    PARTLY_GRANTED = "partly-granted"
    """Only of an application: some of its matters were granted, others not."""
    REFUSED = "refused"
    NOT_APPLICABLE = "not-applicable"


class JoinRule(StrEnum):
    """How the verdicts of one matter become its outcome."""

    ALL = "all"
    ANY = "any"
    AT_LEAST = "at_least"
    REQUIRED = "required"
    LEAD = "lead"


class RefusalPolicy(StrEnum):
    """What one refusal means inside a join."""

    VETO = "veto"
    OUTVOTED = "outvoted"
    LEAD = "lead"


class MaterialRule(StrEnum):
    """How strictly a material is asked for."""

    KEY = "key"
    """Without it the application is not taken (主件)."""
    DEFERRABLE = "deferrable"
    """May be handed in later (容缺受理)."""
    SHARED = "shared"
    """Departments get it from each other; it may not be demanded (数据共享)."""
    COMMITMENT = "commitment"
    """A written commitment may stand in for it (告知承诺)."""


class HandlerKind(StrEnum):
    """Who answers a task."""

    OFFICER = "officer"
    PARTNER = "partner"
    SERVICE = "service"


class Acceptance(StrEnum):
    """Who accepts an application of an item."""

    AUTOMATIC = "automatic"
    OFFICER = "officer"


LimitUnit = Unit
"""The unit a time limit counts in."""


class NeedKind(StrEnum):
    """What a task waits for in another."""

    CLOSED = "closed"
    APPROVED = "approved"


class PlanReason(StrEnum):
    """Why a matter or a task is, or is not, part of a case."""

    ALWAYS = "always"
    CONDITION_HOLDS = "condition-holds"
    CONDITION_FAILS = "condition-fails"
    MATTER_NOT_ASKED = "matter-not-asked"
    NEED_NOT_ASKED = "need-not-asked"
    NO_TASK_ASKED = "no-task-asked"


class CancelReason(StrEnum):
    """Why a task was closed without an answer."""

    NEED_NOT_APPROVED = "need-not-approved"
    MATTER_DECIDED = "matter-decided"
    APPLICATION_WITHDRAWN = "application-withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words for people, in Chinese and in English."""

    zh: str
    en: str


class TaskRef(NamedTuple):
    """Names a task inside a case: the matter's key and the task's key."""

    matter: str
    task: str

    def __str__(self) -> str:
        return f"{self.matter}.{self.task}"


# --- the item, as published -------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A length of time an answer may take, and the rule that says so."""

    length: int
    unit: LimitUnit
    source: str | None = None

    @property
    def duration(self) -> Duration:
        """The same length, as the calendar counts it."""
        return Duration(self.length, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeQuery:
    """Which office answers: the one with this function, at this level above the case."""

    function: str
    level: DivisionLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """Who answers a task."""

    kind: HandlerKind
    system: str | None = None
    """Name of the partner system or service; None for an officer."""

    def __str__(self) -> str:
        return self.kind if self.system is None else f"{self.kind}:{self.system}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A task that must be finished before another opens."""

    task: TaskRef
    kind: NeedKind = NeedKind.CLOSED

    def __str__(self) -> str:
        return f"{self.task}:approved" if self.kind is NeedKind.APPROVED else str(self.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Which service makes a granted matter real, and what it does."""

    service: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDocument:
    """The paper (or e-certificate) a granted matter ends in."""

    kind: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """How the verdicts of a matter become its outcome.

    Defaults written into a definition are resolved when it is parsed, so that a join
    always says in full what it means.
    """

    rule: JoinRule
    on_refusal: RefusalPolicy
    voters: tuple[str, ...] = ()
    """Task keys that vote; empty means every task of the matter."""
    count: int | None = None
    """How many approvals `at_least` wants."""
    lead: tuple[str, ...] = ()
    """Task keys of which the first one asked leads (`lead` rule or policy)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpec:
    """One department's question, as the item defines it."""

    key: str
    title: Text
    handler: Handler
    check: str | None = None
    office: OfficeQuery | None = None
    needs: tuple[Need, ...] = ()
    when: str | None = None
    limit: Limit | None = None
    verdicts: tuple[Verdict, ...] = tuple(Verdict)
    discloses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSpec:
    """A part of an item that is decided on its own."""

    key: str
    title: Text
    join: Join
    tasks: tuple[TaskSpec, ...]
    when: str | None = None
    effect: Effect | None = None
    discloses: tuple[str, ...] = ()
    outcome_document: OutcomeDocument | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialSpec:
    """A paper an item asks for."""

    key: str
    title: Text
    rule: MaterialRule
    when: str | None = None
    limit: Limit | None = None
    """How long a deferrable material may be missing after acceptance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantPaths:
    """Where in the form the applicant stands."""

    id_no: str
    name: str
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceItem:
    """What a citizen can apply for, exactly as one published version defines it."""

    code: str
    title: Text
    owner: str
    category: int
    kind: str
    legal_basis: tuple[str, ...]
    applicant: ApplicantPaths
    subject: str | None
    """Form path of whom the application is about; None: the applicant."""
    division: str
    """Form path of the division code that decides which offices are competent."""
    summary: tuple[str, ...]
    """Form paths that are not personal: they may be shown in lists and kept with the plan."""
    form: Mapping[str, object]
    materials: tuple[MaterialSpec, ...]
    statutory: Limit | None
    promised: Limit | None
    acceptance: Acceptance
    matters: tuple[MatterSpec, ...]

    def matter(self, key: str) -> MatterSpec:
        """The matter with this key; KeyError if the item has none."""
        for matter in self.matters:
            if matter.key == key:
                return matter
        raise KeyError(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalParameters:
    """Numbers that a place sets for itself, from a day on."""

    division: str
    effective_from: date
    values: Mapping[str, object]


# --- the plan of one case ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An authority's counter, as the registry publishes it."""

    id: OfficeId
    name: str
    division: str
    level: DivisionLevel
    functions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionInput:
    """A value a condition looked at."""

    path: str
    value: object = None
    withheld: bool = False
    """True for a form field outside the item's summary: its value is not repeated here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """Why a matter or a task was, or was not, asked."""

    matter: str
    task: str | None
    """None: the record is about the whole matter."""
    asked: bool
    reason: PlanReason
    expression: str | None = None
    inputs: tuple[ConditionInput, ...] = ()
    need: str | None = None
    """The need that nobody was asked to meet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTask:
    """A question that will be put to somebody in this case."""

    ref: TaskRef
    title: Text
    handler: Handler
    office: Office | None
    """Who answers, when an office does (always, for an officer's task)."""
    check: str | None
    needs: tuple[Need, ...]
    """Only needs on tasks that are asked in this case."""
    wave: int
    """0: opens with the case; n: after at least one task of wave n-1."""
    limit: Limit | None
    verdicts: tuple[Verdict, ...]
    discloses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMatter:
    """A part of this case that is decided on its own."""

    key: str
    title: Text
    join: Join
    """Only task keys that are asked in this case; `voters` is never empty."""
    effect: Effect | None
    discloses: tuple[str, ...]
    outcome_document: OutcomeDocument | None
    tasks: tuple[PlannedTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that will be asked in one case, and why."""

    item_code: str
    division: str
    matters: tuple[PlannedMatter, ...]
    records: tuple[PlanRecord, ...]
    """In the order of the item: each matter, then its tasks."""

    @property
    def tasks(self) -> tuple[PlannedTask, ...]:
        """All tasks of all matters, in the order of the item."""
        return tuple(task for matter in self.matters for task in matter.tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRef:
    """What names a case to others: nothing of its content."""

    application_id: ApplicationId
    number: str
    item_code: str
    item_version: int
    division: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTask:
    """A round of a task that has just been put to somebody."""

    id: TaskId
    ref: TaskRef
    round: int
    handler: Handler
    check: str | None
    office_id: OfficeId | None
    due_at: datetime | None


# --- where a case stands ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskProgress:
    """Where one task stands, as far as the rules must know."""

    key: str
    state: TaskState
    needs: tuple[Need, ...] = ()
    verdict: Verdict | None = None
    """The latest verdict; kept while a new round is open."""
    opinion: str | None = None
    conditions: tuple[str, ...] = ()
    cancel_reason: CancelReason | None = None
    round: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterProgress:
    """Where one matter stands."""

    key: str
    status: MatterStatus
    join: Join
    tasks: tuple[TaskProgress, ...]
    outcome: Outcome | None = None
    has_effect: bool = False
    """A service still has to make a grant real."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationState:
    """Where a whole case stands: the input of the rules of progress."""

    stage: Stage
    matters: tuple[MatterProgress, ...]
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One reason for an outcome: what which task answered."""

    task: TaskRef
    verdict: Verdict | None
    """None: the task could not be asked, because what it needs was not approved."""
    opinion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterDecision:
    """The outcome of a matter, with everything that led to it."""

    matter: str
    outcome: Outcome
    grounds: tuple[Ground, ...]
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """A task that will not be answered, and why."""

    task: TaskRef
    reason: CancelReason
    because: Need | None = None
    """The need that fell, if one did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A matter moved on."""

    matter: str
    status: MatterStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What follows from where a case stands; empty when nothing does."""

    open: tuple[TaskRef, ...] = ()
    cancel: tuple[Cancellation, ...] = ()
    decided: tuple[MatterDecision, ...] = ()
    concluded: tuple[str, ...] = ()
    """Matters with nothing left to do: refused, not applicable, or without an effect."""
    statuses: tuple[StatusChange, ...] = ()
    """The new status of every matter that moved, decided and concluded ones included."""
    stage: Stage | None = None
    """The new stage of the application, if it moved."""
    outcome: Outcome | None = None
    """The application's outcome, when this decides it."""

    def __bool__(self) -> bool:
        return self != Changes()


# --- time limits ------------------------------------------------------------------------


class ClockName(StrEnum):
    """Which limit a clock measures an application by."""

    STATUTORY = "statutory"
    PROMISED = "promised"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationClock:
    """By when an application must be decided, by one of its limits, and why then."""

    name: ClockName
    limit: Limit
    deadline: Deadline


# --- answers of the smaller rules -------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """One thing wrong with a form, named by place and code; never by what was written."""

    pointer: str
    """JSON pointer of the field, e.g. `/applicant/id_no`."""
    code: str
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferredMaterial:
    """A material the applicant may hand in later."""

    key: str
    limit: Limit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialCheck:
    """What the materials handed in still lack."""

    missing: tuple[str, ...] = ()
    """Keys without which the application is not taken."""
    deferred: tuple[DeferredMaterial, ...] = ()
    unknown: tuple[str, ...] = ()
    """Keys handed in that the item does not name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody answers to a task."""

    verdict: Verdict
    opinion: str | None = None
    conditions: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    round: int | None = None
    """The round the answerer saw; None: whichever is current."""

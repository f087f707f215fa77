"""Where a case stands, what an answer to it is, and what follows from one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from services.intake.model.correction import Mark
from services.intake.model.item import Handler, Join, Limit, Need, Verdict
from services.intake.model.names import ApplicationId, OfficeId, TaskId, TaskRef
from shared.calendar import Deadline


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
    LAPSE = "lapse"
    HAND_IN = "hand-in"
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
    NOT_ACCEPTED = "not-accepted"


class TaskState(StrEnum):
    """Where an approval task is."""

    WAITING = "waiting"
    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What was decided about a matter, or about the whole application."""

    GRANTED = "granted"
    PARTLY_GRANTED = "partly-granted"
    """Only of an application: some of its matters were granted, others not."""
    REFUSED = "refused"
    NOT_APPLICABLE = "not-applicable"


class CancelReason(StrEnum):
    """Why a task was closed without an answer."""

    NEED_NOT_APPROVED = "need-not-approved"
    MATTER_DECIDED = "matter-decided"
    APPLICATION_WITHDRAWN = "application-withdrawn"
    NOT_ACCEPTED = "not-accepted"
    """The application was not accepted, so that nobody is asked."""
    DEEMED_ACCEPTED = "deemed-accepted"
    """The acceptance task lapsed: nobody spoke in time, so the law accepted."""
    CORRECTION_MISSED = "correction-missed"
    """The application lapsed: what was asked for before acceptance never came."""
    NOT_ASKED_ANY_MORE = "not-asked-any-more"
    """The case goes on under another plan, in which this question is not asked."""


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

    def at_office(self, office_id: OfficeId) -> "OpenedTask":
        """The same round, put to another office."""
        return replace(self, office_id=office_id)


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
class Answer:
    """What somebody answers to a task."""

    verdict: Verdict
    opinion: str | None = None
    conditions: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    round: int | None = None
    """The round the answerer saw; None: whichever is current."""
    marks: tuple[Mark, ...] = ()
    """What must be corrected, place by place; only with `needs-correction`."""
    remedy: str | None = None
    """Where a refusal to accept can be contested; only with such a refusal."""


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

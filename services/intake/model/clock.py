"""Clocks of a case: what may be noted in their ledger, how they read, and the cards they raise."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.intake.model.case import CaseRef
from services.intake.model.item import Handler, Limit
from services.intake.model.names import ApplicationId, OfficeId, TaskId, TaskRef, Text
from shared.calendar import Deadline, Pause

PROCEDURE = "procedure"
"""The ledger of the whole procedure: its start, pauses and stop hold for every clock of a case."""


class CardLevel(StrEnum):
    """How late something is (预警, 黄牌, 红牌)."""

    WARNING = "warning"
    YELLOW = "yellow"
    RED = "red"


class PauseReason(StrEnum):
    """Why a clock may stand still; nothing else is a reason."""

    HEARING = "hearing"
    """听证"""
    TENDER = "tender"
    """招标"""
    AUCTION = "auction"
    """拍卖"""
    INSPECTION = "inspection"
    """检验、检测、检疫"""
    APPRAISAL = "appraisal"
    """鉴定"""
    EXPERT_REVIEW = "expert-review"
    """专家评审"""
    ANNOUNCEMENT = "announcement"
    """公示"""
    SUPPLEMENT = "supplement"
    """申请人补充材料"""


class ExtensionBasis(StrEnum):
    """What allows a clock to run longer."""

    LICENSING = "licensing"
    JOINT_HANDLING = "joint-handling"
    MINIMUM_LIVING = "minimum-living"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningClock:
    """A limit somebody is measured by, and since when."""

    name: str
    """`statutory`, `promised`, or a task's `matter.task`."""
    limit: Limit
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """What a clock shows at one instant."""

    name: str
    limit: Limit
    started_at: datetime
    deadline: Deadline
    """While the clock stands still: the earliest one, as if it ran again tomorrow."""
    pauses: tuple[Pause, ...]
    is_paused: bool
    extended_by: int
    counted: tuple[date, ...]
    """The days that count up to the last; empty for a clock of hours."""
    used: int
    """Units used: whole days that count, or whole hours."""
    length: int
    percent_used: int
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDue:
    """From when on a card of a level is due."""

    level: CardLevel
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCandidate:
    """An officer's task of a case, to find the office that answers for the whole."""

    application_id: ApplicationId
    position: int
    office_id: OfficeId
    leads: bool
    """Whether a join of the case names this task as its lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A case or one of its tasks, as the clocks look at it."""

    case: CaseRef
    started_at: datetime
    """Acceptance of the case, or the opening of the task's round."""
    task_id: TaskId | None = None
    ref: TaskRef | None = None
    round: int = 1
    limit: Limit | None = None
    handler: Handler | None = None
    office_id: OfficeId | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionCard:
    """A warning or a card: a fact, raised once and never deleted."""

    id: UUID
    application_id: ApplicationId
    task_id: TaskId | None
    clock: str
    level: CardLevel
    round: int
    since: datetime
    """The instant of the threshold."""
    raised_at: datetime
    due_at: datetime
    office_id: OfficeId | None
    """The office it is shown to: the task's, or the lead office of the case."""
    handler: str | None
    """Who is late, if it is a task."""
    division: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """A card in a list, with what names its case."""

    card: SupervisionCard
    number: str
    item_code: str
    item_title: Text
    is_settled: bool
    """Whether what was late has been answered, or the case decided, since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """Where a page of cards starts, how long it is, and of which level."""

    limit: int
    level: CardLevel | None = None
    before_raised: datetime | None = None
    before_id: UUID | None = None

"""What an authority must put right or answer beside the cases, and each step on the way there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from services.intake.model.names import ApplicationId, OfficeId

RedressId = NewType("RedressId", UUID)
RatingId = NewType("RatingId", UUID)


class RedressKind(StrEnum):
    """What began it; each kind has its own loop and its own limits."""

    BAD_RATING = "bad-rating"
    """差评整改"""
    COMPLAINT = "complaint"
    """投诉: from a citizen, at our own door."""
    HOTLINE = "hotline"
    """12345 工单: from the hotline's platform."""
    INSPECTION = "inspection"
    """检查整改"""


class RedressStage(StrEnum):
    """Where in its loop it is; overdue is never a stage."""

    OPEN = "open"
    VERIFYING = "verifying"
    FIXING_NOW = "fixing-now"
    FIXING_PLANNED = "fixing-planned"
    EXPLAINED = "explained"
    CONTESTED = "contested"
    REJECTED = "rejected"
    """The office contested a bad rating, and the supervisor did not follow it."""
    ANSWERED = "answered"
    SECOND_REVIEW = "second-review"
    RECEIVED = "received"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    SIGNED = "signed"
    IN_PROGRESS = "in-progress"
    EXTENSION_REQUESTED = "extension-requested"
    REWORK = "rework"
    FOUND = "found"
    PLANNED = "planned"
    FIXED = "fixed"
    CLOSED = "closed"


class RedressAct(StrEnum):
    """What may be done with it."""

    TAKE_UP = "take-up"
    FIX_NOW = "fix-now"
    PLAN_FIX = "plan-fix"
    EXPLAIN = "explain"
    CONTEST = "contest"
    UPHOLD = "uphold"
    REJECT = "reject"
    ANSWER = "answer"
    SATISFIED = "satisfied"
    STILL_BAD = "still-bad"
    CLOSE = "close"
    RETRACT = "retract"
    DISPATCH = "dispatch"
    SIGN = "sign"
    RETURN = "return"
    BEGIN = "begin"
    ASK_EXTENSION = "ask-extension"
    GRANT_EXTENSION = "grant-extension"
    DENY_EXTENSION = "deny-extension"
    PLAN = "plan"
    FIX = "fix"
    PASS = "pass"
    FAIL = "fail"


class Hand(StrEnum):
    """In whose hand an act lies."""

    OFFICE = "office"
    SUPERVISOR = "supervisor"
    REPORTER = "reporter"
    """Who complained or rated; for a work order, the hotline's platform."""
    PLATFORM = "platform"


class RedressOutcome(StrEnum):
    """How a loop ended."""

    SATISFIED = "satisfied"
    EXCLUDED = "excluded"
    """A rating that a review found wrong or malicious: kept, and not counted."""
    REVIEWED = "reviewed"
    """Closed by the supervisor after a second review."""
    ANSWERED = "answered"
    """Answered, and nobody can be called back: it was anonymous."""
    RETRACTED = "retracted"
    """The rater changed the rating before anybody had taken it up."""
    PASSED = "passed"
    """The re-inspection found it mended."""


class Category(StrEnum):
    """What somebody wants of the authority (12345)."""

    CONSULTATION = "consultation"
    """咨询"""
    HELP = "help"
    """求助"""
    COMPLAINT = "complaint"
    """投诉举报"""
    SUGGESTION = "suggestion"
    """建议"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redress:
    """One loop, as it is kept."""

    id: RedressId
    kind: RedressKind
    stage: RedressStage
    division: str
    office_id: OfficeId | None
    opened_at: datetime
    round_at: datetime
    """Since when its answer or its mending is counted; anew in every round."""
    entered_at: datetime
    """Since when it is at its stage."""
    round: int = 1
    category: Category | None = None
    is_urgent: bool = False
    is_complex: bool = False
    is_anonymous: bool = False
    application_id: ApplicationId | None = None
    rating_id: RatingId | None = None
    reporter: str | None = None
    """`<kind>:<id>` of who complained; never shown to the office."""
    system: str | None = None
    """The hotline's system, for a work order."""
    external_number: str | None = None
    """The work order's own number (12345 工单号)."""
    item_code: str | None = None
    extended_days: int = 0
    extension_asked: int | None = None
    contested_at: datetime | None = None
    outcome: RedressOutcome | None = None
    closed_at: datetime | None = None
    due_at: datetime | None = None
    text_sealed: bytes | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RedressStep:
    """One act in a loop; never changed."""

    seq: int
    act: str
    stage: RedressStage
    hand: Hand
    by: str
    at: datetime
    note_sealed: bytes | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedressCard:
    """A warning or a card of a loop: a fact, raised once."""

    redress_id: RedressId
    stage: RedressStage
    round: int
    level: str
    due_at: datetime
    raised_at: datetime

"""Complaints, work orders, rectifications and ratings."""

from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.intake.actions.read_redress import RedressReading
from services.intake.model.rating import (
    SATISFACTION_TITLES,
    Invitation,
    RatingSummary,
    Satisfaction,
    Scale,
)
from services.intake.model.redress import Category, Redress, RedressAct
from services.intake.schemas.wire import Id, Key, TextView, Words
from shared.schemas import Body, Instant, SafeText, View


def _category(value: object) -> object:
    return Category(value) if isinstance(value, str) else value


def _act(value: object) -> object:
    return RedressAct(value) if isinstance(value, str) else value


def _scale(value: object) -> object:
    return Scale(value) if isinstance(value, str) else value


Division = Annotated[str, Field(pattern=r"^[0-9]{12}$")]
OneCategory = Annotated[Category, BeforeValidator(_category)]
Telling = Annotated[Words, Field(min_length=4)]


class ComplaintBody(Body):
    """What somebody wants to be heard about; a case of theirs, or a place."""

    category: OneCategory
    text: Telling
    application_id: Id | None = None
    division: Division | None = None


class WorkOrderBody(Body):
    """A work order of the hotline (12345 工单); the caller's phone stays with the hotline."""

    external_number: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{4,40}$")]
    category: OneCategory
    text: Telling
    is_urgent: bool = False
    is_complex: bool = False
    application_number: Annotated[SafeText, Field(max_length=50)] | None = None
    division: Division | None = None


class InspectionBody(Body):
    """What an inspection found, and which office is to mend it."""

    office_id: Id
    division: Division
    text: Telling


class StepBody(Body):
    """One act in a loop; the note is its plan, answer or reason."""

    act: Annotated[RedressAct, BeforeValidator(_act)]
    note: Words | None = None
    office_id: Id | None = None
    """For a dispatch: who is to answer."""
    days: Annotated[int, Field(ge=1, le=1000)] | None = None
    """For an extension: how many working days more."""


class RateBody(Body):
    """A rating; it says on which scale, because stars run the other way."""

    matter: Key
    scale: Annotated[Scale, BeforeValidator(_scale)]
    value: Annotated[int, Field(ge=1, le=5)]
    remark: Words | None = None
    is_anonymous: bool = False


class ChangeRatingBody(Body):
    """Another rating of the same service."""

    matter: Key
    scale: Annotated[Scale, BeforeValidator(_scale)]
    value: Annotated[int, Field(ge=1, le=5)]
    remark: Words | None = None


class RatingView(View):
    """A rating as its giver is shown it."""

    application_id: UUID
    matter: str
    satisfaction: int
    title: TextView


class InvitationView(View):
    """A service that may be rated now."""

    application_id: UUID
    number: str
    matter: str
    title: TextView
    concluded_at: Instant


class InvitationListView(View):
    """Every service of the caller's that may be rated."""

    items: list[InvitationView]


class RatingSummaryView(View):
    """How one office, or one item, was rated; 1 is the best, 5 the worst."""

    key: str
    count: int
    bad: int
    average: float


class RatingSummaryListView(View):
    """Averages, the worst first; ratings that a review took out are not counted."""

    items: list[RatingSummaryView]


class RedressLineView(View):
    """A loop in a list."""

    id: UUID
    kind: str
    stage: str
    category: str | None
    is_urgent: bool
    division: str
    office_id: UUID | None
    item_code: str | None
    external_number: str | None
    round: int
    opened_at: Instant
    due_at: Instant | None
    outcome: str | None
    closed_at: Instant | None


class RedressPageView(View):
    """A page of loops."""

    items: list[RedressLineView]
    next_cursor: str | None


class RedressStepView(View):
    """One act of a loop: by which hand, never by whom."""

    act: str
    stage: str
    hand: str
    at: Instant
    note: str | None


class RedressCardView(View):
    """A warning or a card of a loop."""

    stage: str
    round: int
    level: str
    due_at: Instant
    raised_at: Instant


class RedressView(RedressLineView):
    """A loop with its words, its steps and what the reader may do now."""

    text: str | None
    application_id: UUID | None
    steps: list[RedressStepView]
    cards: list[RedressCardView]
    allowed: list[str]


def redress_line_view(redress: Redress) -> RedressLineView:
    """A loop in a list."""
    return RedressLineView(**_line(redress))


def redress_view(reading: RedressReading) -> RedressView:
    """A loop for its reader."""
    redress = reading.redress
    return RedressView(
        **_line(redress),
        text=reading.text,
        application_id=redress.application_id if reading.shows_case else None,
        steps=[
            RedressStepView(act=step.act, stage=step.stage, hand=step.hand, at=step.at, note=note)
            for step, note in reading.steps
        ],
        cards=[RedressCardView.model_validate(card) for card in reading.cards],
        allowed=list(reading.allowed),
    )


def rating_view(application_id: UUID, matter: str, satisfaction: Satisfaction) -> RatingView:
    """A rating, in words as well."""
    words = SATISFACTION_TITLES[satisfaction]
    return RatingView(
        application_id=application_id,
        matter=matter,
        satisfaction=int(satisfaction),
        title=TextView(zh=words.zh, en=words.en),
    )


def invitation_view(invitation: Invitation) -> InvitationView:
    """A service that may be rated."""
    return InvitationView(
        application_id=invitation.application_id,
        number=invitation.number,
        matter=invitation.matter,
        title=TextView(zh=invitation.title.zh, en=invitation.title.en),
        concluded_at=invitation.concluded_at,
    )


def summary_view(summary: RatingSummary) -> RatingSummaryView:
    """How one office or item was rated."""
    return RatingSummaryView.model_validate(summary)


def _line(redress: Redress) -> dict[str, object]:
    names = RedressLineView.model_fields
    return {name: getattr(redress, name) for name in names}

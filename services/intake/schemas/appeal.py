"""Appeals against decisions."""

from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.intake.actions.read_appeals import AppealReading
from services.intake.model.appeal import Appeal, AppealOutcome
from services.intake.schemas.wire import Key, Words
from shared.schemas import Body, Instant, View


def _outcome(value: object) -> object:
    return AppealOutcome(value) if isinstance(value, str) else value


class AppealBody(Body):
    """Why somebody does not accept a decision."""

    matter: Key
    grounds: Annotated[Words, Field(min_length=4)]


class AcceptAppealBody(Body):
    """Taking an appeal on."""


class RefuseAppealBody(Body):
    """Turning an appeal away, with reasons."""

    reasons: Annotated[Words, Field(min_length=4)]


class DecideAppealBody(Body):
    """What becomes of the contested decision, and why."""

    outcome: Annotated[AppealOutcome, BeforeValidator(_outcome)]
    reasons: Annotated[Words, Field(min_length=4)]


class WithdrawAppealBody(Body):
    """Taking an appeal back."""


class AppealLineView(View):
    """An appeal in a list."""

    id: UUID
    application_id: UUID
    matter: str
    stage: str
    outcome: str | None
    filed_at: Instant
    known_at: Instant
    closed_at: Instant | None


class AppealListView(View):
    """Appeals."""

    items: list[AppealLineView]
    next_cursor: str | None = None


class AppealView(AppealLineView):
    """An appeal with its words, and by when the review is due."""

    grounds: str
    reasons: str | None
    due_at: Instant | None


def appeal_line_view(appeal: Appeal) -> AppealLineView:
    """An appeal in a list."""
    return AppealLineView.model_validate(appeal)


def appeal_view(reading: AppealReading) -> AppealView:
    """An appeal for its reader."""
    return AppealView(
        **appeal_line_view(reading.appeal).model_dump(),
        grounds=reading.grounds,
        reasons=reading.reasons,
        due_at=None if reading.deadline is None else reading.deadline.due_at,
    )

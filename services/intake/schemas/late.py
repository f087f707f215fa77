"""Answers that came too late, and what the lead office makes of them."""

from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.intake.actions.review_late_answer import ShownLateAnswer
from services.intake.model import Verdict
from services.intake.model.late import LateCause, LateEffect
from services.intake.schemas.wire import Words
from shared.schemas import Body, Instant, View

TaskName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}\.[a-z][a-z0-9_]{0,63}$")]


def _effect(value: object) -> object:
    return LateEffect(value) if isinstance(value, str) else value


class ReviewBody(Body):
    """What is made of a late answer: `no-effect`, or `reopened` to ask departments again."""

    effect: Annotated[LateEffect, BeforeValidator(_effect)]
    reason: Annotated[Words, Field(min_length=1)]
    also: Annotated[list[TaskName], Field(max_length=20)] = []  # noqa: RUF012 - pydantic copies it
    """Other tasks of the matter to be asked again, as `matter.task`."""


class LateAnswerView(View):
    """An answer that came too late to count."""

    id: UUID
    application_id: UUID
    task_id: UUID
    task: str
    round: int
    cause: LateCause
    verdict: Verdict
    opinion: str | None
    conditions: list[str]
    given_by: str
    received_at: Instant
    effect: LateEffect | None
    reviewed_by: str | None
    reviewed_at: Instant | None
    reason: str | None


class LateAnswersView(View):
    """Every late answer of a case."""

    items: list[LateAnswerView]


def late_answer_view(shown: ShownLateAnswer) -> LateAnswerView:
    """A late answer for the officer who reviews it."""
    late = shown.late
    return LateAnswerView(
        id=late.id,
        application_id=late.application_id,
        task_id=late.task_id,
        task=str(late.ref),
        round=late.round,
        cause=late.cause,
        verdict=late.verdict,
        opinion=shown.opinion,
        conditions=list(late.conditions),
        given_by=late.given_by,
        received_at=late.received_at,
        effect=late.effect,
        reviewed_by=late.reviewed_by,
        reviewed_at=late.reviewed_at,
        reason=shown.reason,
    )

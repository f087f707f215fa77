"""Which URL does what with answers that came too late."""

from uuid import UUID

from fastapi import APIRouter

from services.intake.actions.review_late_answer import (
    ReviewLateAnswer,
    list_late_answers,
    read_late_answer,
    review_late_answer,
)
from services.intake.api.wiring import AtCounter, OnlyOfficer
from services.intake.model import ApplicationId, TaskRef
from services.intake.schemas.late import (
    LateAnswersView,
    LateAnswerView,
    ReviewBody,
    late_answer_view,
)
from shared.web import CurrentRequestKey

router = APIRouter()


@router.get("/applications/{application_id}/late-answers", tags=["late answers"])
async def get_late_answers(
    application_id: UUID, actor: OnlyOfficer, counter: AtCounter
) -> LateAnswersView:
    """Answers of a case that came too late to count; the look is journalled."""
    found = await list_late_answers(
        actor, ApplicationId(application_id), transaction=counter.transaction, desk=counter.desk
    )
    return LateAnswersView(items=[late_answer_view(each) for each in found])


@router.post("/late-answers/{late_id}:review", tags=["late answers"])
async def review(
    late_id: UUID,
    body: ReviewBody,
    actor: OnlyOfficer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> LateAnswerView:
    """Close a late answer without effect, or ask departments again because of it."""
    command = ReviewLateAnswer(
        actor=actor,
        late_id=late_id,
        effect=body.effect,
        reason=body.reason,
        also=tuple(TaskRef(*name.split(".")) for name in body.also),
        request=key,
    )
    await review_late_answer(command, transaction=counter.transaction, desk=counter.desk)
    found = await read_late_answer(
        actor, late_id, transaction=counter.transaction, desk=counter.desk
    )
    return late_answer_view(found)

"""Which URL does what with ratings (好差评)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.intake.actions.rate_matter import RateMatter, change_rating, rate_matter
from services.intake.actions.read_ratings import list_invitations, summarise_ratings
from services.intake.api.wiring import Applicant, AtCounter, OnlyOfficer
from services.intake.model import ApplicationId
from services.intake.rules.rating import satisfaction_of
from services.intake.schemas.redress import (
    ChangeRatingBody,
    InvitationListView,
    RateBody,
    RatingSummaryListView,
    RatingView,
    invitation_view,
    rating_view,
    summary_view,
)
from shared.web import CurrentRequestKey

router = APIRouter(tags=["ratings"])


@router.post("/applications/{application_id}:rate", status_code=201)
async def rate(
    application_id: UUID,
    body: RateBody,
    actor: Applicant,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> RatingView:
    """Rate one matter of a case, once; 1 is the best, unless it is said in stars."""
    command = RateMatter(
        actor=actor,
        application_id=ApplicationId(application_id),
        matter=body.matter,
        satisfaction=satisfaction_of(body.value, body.scale),
        remark=body.remark,
        is_anonymous=body.is_anonymous,
        request=key,
    )
    await rate_matter(
        command, transaction=counter.transaction, desk=counter.desk, grants=counter.grants
    )
    return rating_view(application_id, body.matter, command.satisfaction)


@router.post("/applications/{application_id}:change-rating")
async def change(
    application_id: UUID,
    body: ChangeRatingBody,
    actor: Applicant,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> RatingView:
    """Change a rating, once and within seven days; or rate again what was put right."""
    command = RateMatter(
        actor=actor,
        application_id=ApplicationId(application_id),
        matter=body.matter,
        satisfaction=satisfaction_of(body.value, body.scale),
        remark=body.remark,
        is_anonymous=False,
        request=key,
    )
    await change_rating(
        command, transaction=counter.transaction, desk=counter.desk, grants=counter.grants
    )
    return rating_view(application_id, body.matter, command.satisfaction)


@router.get("/rating-invitations")
async def get_rating_invitations(actor: Applicant, counter: AtCounter) -> InvitationListView:
    """The caller's own services that are over and not rated."""
    found = await list_invitations(actor, transaction=counter.transaction, desk=counter.desk)
    return InvitationListView(items=[invitation_view(each) for each in found])


@router.get("/ratings/summary")
async def get_rating_summary(
    actor: OnlyOfficer,
    counter: AtCounter,
    by: Annotated[str, Query(pattern="^(office|item)$")] = "office",
    days: Annotated[int, Query(ge=1, le=3660)] = 365,
) -> RatingSummaryListView:
    """How the offices or items of a supervisor's division were rated, the worst first."""
    found = await summarise_ratings(
        actor, by=by, days=days, transaction=counter.transaction, desk=counter.desk
    )
    return RatingSummaryListView(items=[summary_view(each) for each in found])

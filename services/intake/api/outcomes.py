"""Which URL does what with outcomes: what a concluded matter ended in, for its certificate."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.intake.actions.disclose_outcome import disclose_outcome
from services.intake.api.wiring import AtCounter, OurService
from services.intake.model import MatterId
from services.intake.schemas.outcome import OutcomeView, outcome_view

router = APIRouter()

_PATHS = r"^[a-z][a-z0-9_.]{0,60}(,[a-z][a-z0-9_.]{0,60}){0,39}$"


@router.get("/matters/{matter_id}/outcome", tags=["matters"])
async def get_matter_outcome(
    matter_id: UUID,
    actor: OurService,
    counter: AtCounter,
    fields: Annotated[str | None, Query(pattern=_PATHS, max_length=2000)] = None,
) -> OutcomeView:
    """What a concluded matter ended in, and the named form fields; journalled with its purpose."""
    disclosure = await disclose_outcome(
        actor,
        MatterId(matter_id),
        fields.split(",") if fields else (),
        transaction=counter.transaction,
        desk=counter.desk,
    )
    return outcome_view(disclosure)

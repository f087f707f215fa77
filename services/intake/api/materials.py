"""Which URL does what with papers that come after the application."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter

from services.intake.actions.hand_in import HandedIn
from services.intake.actions.hand_in_later import HandInLater, hand_in_later
from services.intake.api.wiring import Applicant, AtCounter, application_of, in_standing
from services.intake.model import ApplicationId
from services.intake.schemas import ApplicationView
from services.intake.schemas.material import HandInLaterBody
from shared.web import CurrentRequestKey

router = APIRouter()


@router.post("/applications/{application_id}:hand-in", tags=["applications"])
async def hand_in_materials(
    application_id: UUID,
    body: HandInLaterBody,
    actor: Applicant,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> ApplicationView:
    """Bring papers the application was accepted without; all of them or none."""
    command = HandInLater(
        actor=actor,
        application_id=ApplicationId(application_id),
        materials=[HandedIn(key=each.key, file_id=each.file_id) for each in body.materials],
        request=key,
    )
    await in_standing(
        actor,
        application_id,
        counter,
        lambda standing: hand_in_later(
            replace(command, standing=standing), transaction=counter.transaction, desk=counter.desk
        ),
    )
    return await application_of(actor, command.application_id, counter)

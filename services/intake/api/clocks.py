"""Which URL does what with clocks and cards."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.intake.actions.pause_clock import (
    ExtendClock,
    PauseClock,
    ResumeClock,
    extend_clock,
    pause_clock,
    resume_clock,
)
from services.intake.actions.read_clocks import list_cards, read_case_clocks
from services.intake.api.wiring import (
    AtCounter,
    Counter,
    Cursor,
    Limit,
    OnlyOfficer,
    Reader,
    after_of,
    in_standing,
)
from services.intake.model import ApplicationId
from services.intake.model.clock import CardLevel, CardPage
from services.intake.schemas import (
    CardPageView,
    CaseClocksView,
    ExtendBody,
    PauseBody,
    ResumeBody,
    card_view,
    clocks_view,
)
from shared.auth import Actor
from shared.web import CurrentRequestKey

router = APIRouter()


@router.get("/applications/{application_id}/clocks", tags=["clocks"])
async def get_clocks(application_id: UUID, actor: Reader, counter: AtCounter) -> CaseClocksView:
    """Every clock of an application as it reads now, day by day, with its ledger."""
    return await _clocks(actor, ApplicationId(application_id), counter)


@router.post("/applications/{application_id}:pause", tags=["clocks"])
async def pause(
    application_id: UUID,
    body: PauseBody,
    actor: OnlyOfficer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> CaseClocksView:
    """Let the clocks stand still for a lawful reason; today is the first day not counted."""
    command = PauseClock(
        actor=actor,
        application_id=ApplicationId(application_id),
        reason=body.reason,
        days=body.days,
        basis=body.basis,
        request=key,
    )
    await pause_clock(command, transaction=counter.transaction, desk=counter.desk)
    return await _clocks(actor, command.application_id, counter)


@router.post("/applications/{application_id}:resume", tags=["clocks"])
async def resume(
    application_id: UUID,
    _body: ResumeBody,
    actor: OnlyOfficer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> CaseClocksView:
    """Let the clocks run on; today is the last day not counted."""
    command = ResumeClock(actor=actor, application_id=ApplicationId(application_id), request=key)
    await resume_clock(command, transaction=counter.transaction, desk=counter.desk)
    return await _clocks(actor, command.application_id, counter)


@router.post("/applications/{application_id}:extend", tags=["clocks"])
async def extend(
    application_id: UUID,
    body: ExtendBody,
    actor: OnlyOfficer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> CaseClocksView:
    """Give one clock more working days, once, on a provision that allows it."""
    command = ExtendClock(
        actor=actor,
        application_id=ApplicationId(application_id),
        clock=body.clock,
        days=body.days,
        basis=body.basis,
        reason=body.reason,
        request=key,
    )
    await extend_clock(command, transaction=counter.transaction, desk=counter.desk)
    return await _clocks(actor, command.application_id, counter)


@router.get("/cards", tags=["clocks"])
async def get_cards(
    actor: OnlyOfficer,
    counter: AtCounter,
    level: Annotated[str | None, Query(pattern="^(warning|yellow|red)$")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> CardPageView:
    """Cards of the caller's offices; a supervisor's of the whole division. Newest first."""
    before_raised, before_id = after_of(cursor)
    page = CardPage(
        limit=limit + 1,
        level=CardLevel(level) if level else None,
        before_raised=before_raised,
        before_id=before_id,
    )
    lines = await list_cards(actor, page, transaction=counter.transaction)
    shown = [card_view(line) for line in lines[:limit]]
    return CardPageView(items=shown, next_cursor=shown[-1].cursor if len(lines) > limit else None)


async def _clocks(actor: Actor, application_id: ApplicationId, counter: Counter) -> CaseClocksView:
    clocks = await in_standing(
        actor,
        application_id,
        counter,
        lambda standing: read_case_clocks(
            actor,
            application_id,
            transaction=counter.transaction,
            desk=counter.desk,
            standing=standing,
        ),
    )
    return clocks_view(clocks)

"""Which URL does what with appeals: contest, take on, decide, take back."""

from uuid import UUID

from fastapi import APIRouter

from services.intake.actions.appeal_decision import (
    AppealDecision,
    ReviewAppeal,
    appeal_decision,
    review_appeal,
    withdraw_appeal,
)
from services.intake.actions.read_appeals import list_appeals, list_case_appeals, read_appeal
from services.intake.api.wiring import (
    Applicant,
    AtCounter,
    Counter,
    Cursor,
    Limit,
    OnlyOfficer,
    Reader,
    uuid_of,
)
from services.intake.model import ApplicationId
from services.intake.model.appeal import AppealId, AppealStage
from services.intake.schemas.appeal import (
    AcceptAppealBody,
    AppealBody,
    AppealListView,
    AppealView,
    DecideAppealBody,
    RefuseAppealBody,
    WithdrawAppealBody,
    appeal_line_view,
    appeal_view,
)
from services.intake.schemas.wire import make_cursor, read_cursor
from shared.auth import Actor
from shared.web import CurrentRequestKey

router = APIRouter(tags=["appeals"])


@router.post("/applications/{application_id}:appeal", status_code=201)
async def appeal(
    application_id: UUID,
    body: AppealBody,
    actor: Applicant,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> AppealView:
    """Contest the decision of a matter within sixty days of its delivery."""
    command = AppealDecision(
        actor=actor,
        application_id=ApplicationId(application_id),
        matter=body.matter,
        grounds=body.grounds,
        request=key,
    )
    filed = await appeal_decision(
        command, transaction=counter.transaction, desk=counter.desk, grants=counter.grants
    )
    return await _appeal(actor, filed, counter)


@router.get("/applications/{application_id}/appeals")
async def get_case_appeals(
    application_id: UUID, actor: Applicant, counter: AtCounter
) -> AppealListView:
    """The appeals against decisions of a case."""
    found = await list_case_appeals(
        actor,
        ApplicationId(application_id),
        transaction=counter.transaction,
        grants=counter.grants,
    )
    return AppealListView(items=[appeal_line_view(each) for each in found])


@router.get("/appeals")
async def list_reviews(
    actor: OnlyOfficer, counter: AtCounter, limit: Limit = 20, cursor: Cursor = None
) -> AppealListView:
    """Appeals of the division the caller reviews for, newest first."""
    before = uuid_of(read_cursor(cursor, parts=1)[0]) if cursor else None
    found = await list_appeals(
        actor, before=before, limit=limit + 1, transaction=counter.transaction
    )
    shown = [appeal_line_view(each) for each in found[:limit]]
    more = len(found) > limit
    return AppealListView(items=shown, next_cursor=make_cursor(str(shown[-1].id)) if more else None)


@router.get("/appeals/{appeal_id}")
async def get_appeal(appeal_id: UUID, actor: Reader, counter: AtCounter) -> AppealView:
    """An appeal with its grounds, its reasons and its due date."""
    return await _appeal(actor, AppealId(appeal_id), counter)


@router.post("/appeals/{appeal_id}:accept")
async def accept_appeal(
    appeal_id: UUID,
    _body: AcceptAppealBody,
    actor: OnlyOfficer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> AppealView:
    """Take an appeal on; nobody who had a hand in the decision may."""
    command = ReviewAppeal(
        actor=actor,
        appeal_id=AppealId(appeal_id),
        stage=AppealStage.ACCEPTED,
        outcome=None,
        reasons="",
        request=key,
    )
    return await _review(command, counter)


@router.post("/appeals/{appeal_id}:refuse")
async def refuse_appeal(
    appeal_id: UUID,
    body: RefuseAppealBody,
    actor: OnlyOfficer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> AppealView:
    """Turn an appeal away, with reasons."""
    command = ReviewAppeal(
        actor=actor,
        appeal_id=AppealId(appeal_id),
        stage=AppealStage.NOT_ACCEPTED,
        outcome=None,
        reasons=body.reasons,
        request=key,
    )
    return await _review(command, counter)


@router.post("/appeals/{appeal_id}:decide")
async def decide_appeal(
    appeal_id: UUID,
    body: DecideAppealBody,
    actor: OnlyOfficer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> AppealView:
    """Uphold the decision, put another in its place, or send it back."""
    command = ReviewAppeal(
        actor=actor,
        appeal_id=AppealId(appeal_id),
        stage=AppealStage.DECIDED,
        outcome=body.outcome,
        reasons=body.reasons,
        request=key,
    )
    return await _review(command, counter)


@router.post("/appeals/{appeal_id}:withdraw")
async def take_back_appeal(
    appeal_id: UUID,
    _body: WithdrawAppealBody,
    actor: Applicant,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> AppealView:
    """Take an appeal back before it is decided."""
    await withdraw_appeal(
        actor,
        AppealId(appeal_id),
        key,
        transaction=counter.transaction,
        desk=counter.desk,
        grants=counter.grants,
    )
    return await _appeal(actor, AppealId(appeal_id), counter)


async def _review(command: ReviewAppeal, counter: Counter) -> AppealView:
    await review_appeal(command, transaction=counter.transaction, desk=counter.desk)
    return await _appeal(command.actor, command.appeal_id, counter)


async def _appeal(actor: Actor, appeal_id: AppealId, counter: Counter) -> AppealView:
    reading = await read_appeal(
        actor,
        appeal_id,
        transaction=counter.transaction,
        desk=counter.desk,
        grants=counter.grants,
    )
    return appeal_view(reading)

"""Which URL does what with complaints, work orders and rectifications."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.intake.actions.open_redress import (
    FileComplaint,
    ReportInspection,
    TakeWorkOrder,
    file_complaint,
    report_inspection,
    take_work_order,
)
from services.intake.actions.read_redress import list_redress, read_redress
from services.intake.actions.step_redress import StepRedress, step_redress
from services.intake.api.wiring import (
    Applicant,
    AtCounter,
    Counter,
    Cursor,
    Limit,
    OnlyOfficer,
    uuid_of,
)
from services.intake.model import ApplicationId, OfficeId
from services.intake.model.redress import RedressId
from services.intake.schemas.redress import (
    ComplaintBody,
    InspectionBody,
    RedressPageView,
    RedressView,
    StepBody,
    WorkOrderBody,
    redress_line_view,
    redress_view,
)
from services.intake.schemas.wire import make_cursor, read_cursor
from shared.auth import Actor, ActorKind
from shared.web import CurrentRequestKey, only

router = APIRouter(tags=["redress"])

OnlyPartner = Annotated[Actor, Depends(only(ActorKind.PARTNER))]
Concerned = Annotated[Actor, Depends(only(ActorKind.CITIZEN, ActorKind.OFFICER, ActorKind.PARTNER))]


@router.post("/complaints", status_code=201)
async def complain(
    body: ComplaintBody, actor: Applicant, key: CurrentRequestKey, counter: AtCounter
) -> RedressView:
    """Complain, ask or propose: about a case of one's own, or about a place."""
    case = body.application_id
    command = FileComplaint(
        actor=actor,
        category=body.category,
        text=body.text,
        application_id=None if case is None else ApplicationId(case),
        division=body.division,
        request=key,
    )
    opened = await file_complaint(
        command, transaction=counter.transaction, desk=counter.desk, grants=counter.grants
    )
    return await _redress(actor, opened, counter)


@router.post("/work-orders", status_code=201)
async def hand_in_work_order(
    body: WorkOrderBody, actor: OnlyPartner, key: CurrentRequestKey, counter: AtCounter
) -> RedressView:
    """Hand a work order of the hotline in; signed webhooks tell how it goes on."""
    command = TakeWorkOrder(
        actor=actor,
        external_number=body.external_number,
        category=body.category,
        text=body.text,
        is_urgent=body.is_urgent,
        is_complex=body.is_complex,
        application_number=body.application_number,
        division=body.division,
        request=key,
    )
    opened = await take_work_order(command, transaction=counter.transaction, desk=counter.desk)
    return await _redress(actor, opened, counter)


@router.post("/inspections", status_code=201)
async def report_finding(
    body: InspectionBody, actor: OnlyOfficer, key: CurrentRequestKey, counter: AtCounter
) -> RedressView:
    """Report what an inspection found: a plan in 15 days, mended in 30, re-inspected in 60."""
    command = ReportInspection(
        actor=actor,
        office_id=OfficeId(body.office_id),
        division=body.division,
        text=body.text,
        request=key,
    )
    opened = await report_inspection(command, transaction=counter.transaction, desk=counter.desk)
    return await _redress(actor, opened, counter)


@router.get("/redress")
async def list_loops(
    actor: Concerned,
    counter: AtCounter,
    state: Annotated[str, Query(pattern="^(open|all)$")] = "open",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> RedressPageView:
    """Loops of one's office, division or system, or one's own complaints; newest first."""
    before = uuid_of(read_cursor(cursor, parts=1)[0]) if cursor else None
    found = await list_redress(
        actor,
        only_open=state == "open",
        before=before,
        limit=limit + 1,
        transaction=counter.transaction,
    )
    shown = [redress_line_view(each) for each in found[:limit]]
    more = len(found) > limit
    return RedressPageView(
        items=shown, next_cursor=make_cursor(str(shown[-1].id)) if more else None
    )


@router.get("/redress/{redress_id}")
async def get_redress(redress_id: UUID, actor: Concerned, counter: AtCounter) -> RedressView:
    """A loop with its words, its steps, its cards, and what the caller may do now."""
    return await _redress(actor, RedressId(redress_id), counter)


@router.post("/redress/{redress_id}:step")
async def step(
    redress_id: UUID,
    body: StepBody,
    actor: Concerned,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> RedressView:
    """Take the next step: sign, mend, answer, contest, call back, review."""
    command = StepRedress(
        actor=actor,
        redress_id=RedressId(redress_id),
        act=body.act,
        note=body.note,
        office_id=None if body.office_id is None else OfficeId(body.office_id),
        days=body.days,
        request=key,
    )
    await step_redress(
        command, transaction=counter.transaction, desk=counter.desk, grants=counter.grants
    )
    return await _redress(actor, command.redress_id, counter)


async def _redress(actor: Actor, redress_id: RedressId, counter: Counter) -> RedressView:
    reading = await read_redress(
        actor,
        redress_id,
        transaction=counter.transaction,
        desk=counter.desk,
        grants=counter.grants,
    )
    return redress_view(reading)

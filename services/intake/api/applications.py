"""Which URL does what with applications: submit, read, explain, correct, withdraw."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter

from services.intake.actions.correct_application import CorrectApplication, correct_application
from services.intake.actions.explain_case import explain_case
from services.intake.actions.hand_in import HandedIn
from services.intake.actions.read_case import (
    find_case,
    list_own_cases,
)
from services.intake.actions.standing import without_ended_grants
from services.intake.actions.submit_application import (
    SubmitApplication,
    submit_application,
)
from services.intake.actions.withdraw_application import (
    WithdrawApplication,
    withdraw_application,
)
from services.intake.api.wiring import (
    Applicant,
    AtCounter,
    Cursor,
    Limit,
    Reader,
    application_of,
    in_standing,
    uuid_of,
)
from services.intake.model import ApplicationId, GrantId
from services.intake.schemas import (
    ApplicationPageView,
    ApplicationView,
    CorrectBody,
    ExplanationView,
    SubmitBody,
    WithdrawBody,
    application_view,
    explanation_view,
    line_view,
    read_cursor,
)
from shared.web import CurrentRequestKey

router = APIRouter()


@router.post("/applications", status_code=201, tags=["applications"])
async def submit(
    body: SubmitBody, actor: Applicant, key: CurrentRequestKey, counter: AtCounter
) -> ApplicationView:
    """Submit one application; every department whose turn it is, is asked at once."""
    command = SubmitApplication(
        actor=actor,
        item_code=body.item_code,
        form=body.form,
        materials=[HandedIn(key=each.key, file_id=each.file_id) for each in body.materials],
        channel=body.channel,
        on_behalf_of=GrantId(body.on_behalf_of) if body.on_behalf_of else None,
        request=key,
    )
    taken = await submit_application(
        command, transaction=counter.transaction, desk=counter.desk, grants=counter.grants
    )
    if taken.reading is not None:
        return application_view(taken.reading)
    return await application_of(actor, taken.application_id, counter)


@router.get("/applications", tags=["applications"])
async def list_applications(
    actor: Applicant, counter: AtCounter, limit: Limit = 20, cursor: Cursor = None
) -> ApplicationPageView:
    """The caller's own applications, newest first."""
    before = uuid_of(read_cursor(cursor, parts=1)[0]) if cursor else None
    lines, total = await list_own_cases(
        actor, before=before, limit=limit + 1, transaction=counter.transaction
    )
    listed = [line_view(line) for line in lines[:limit]]
    theirs = await without_ended_grants(actor, lines[:limit], grants=counter.grants)
    more = len(lines) > limit
    return ApplicationPageView(
        items=[line_view(line) for line in theirs],
        next_cursor=listed[-1].cursor if more else None,
        total=total,
    )


@router.get("/applications/by-number/{number}", tags=["applications"])
async def get_application_by_number(
    number: str, actor: Reader, counter: AtCounter
) -> ApplicationView:
    """A whole application, by its public number."""
    found = await find_case(number, transaction=counter.transaction)
    return await application_of(actor, found, counter)


@router.get("/applications/{application_id}", tags=["applications"])
async def get_application(
    application_id: UUID, actor: Reader, counter: AtCounter
) -> ApplicationView:
    """A whole application: every department's part, due dates and why, the outcome."""
    return await application_of(actor, ApplicationId(application_id), counter)


@router.get("/applications/{application_id}/explanation", tags=["applications"])
async def get_explanation(
    application_id: UUID, actor: Reader, counter: AtCounter
) -> ExplanationView:
    """Why each department was asked or not, why each join fell so, how due dates came about."""
    case = ApplicationId(application_id)
    explanation = await in_standing(
        actor,
        case,
        counter,
        lambda standing: explain_case(
            actor, case, transaction=counter.transaction, standing=standing
        ),
    )
    return explanation_view(explanation)


@router.post("/applications/{application_id}:correct", tags=["applications"])
async def correct(
    application_id: UUID,
    body: CorrectBody,
    actor: Applicant,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> ApplicationView:
    """Answer the correction notice: everything it marks, and nothing else."""
    command = CorrectApplication(
        actor=actor,
        application_id=ApplicationId(application_id),
        form=body.form,
        materials=[HandedIn(key=each.key, file_id=each.file_id) for each in body.materials],
        request=key,
    )
    await in_standing(
        actor,
        application_id,
        counter,
        lambda standing: correct_application(
            replace(command, standing=standing), transaction=counter.transaction, desk=counter.desk
        ),
    )
    return await application_of(actor, command.application_id, counter)


@router.post("/applications/{application_id}:withdraw", tags=["applications"])
async def withdraw(
    application_id: UUID,
    body: WithdrawBody,
    actor: Applicant,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> ApplicationView:
    """Take an application back before it is decided."""
    command = WithdrawApplication(
        actor=actor, application_id=ApplicationId(application_id), request=key
    )
    await in_standing(
        actor,
        application_id,
        counter,
        lambda standing: withdraw_application(
            replace(command, standing=standing), transaction=counter.transaction, desk=counter.desk
        ),
    )
    return await application_of(actor, command.application_id, counter)

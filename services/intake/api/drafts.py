"""Which URL does what before an application is handed in: look it over, keep it, hand it in."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from services.intake.actions.end_draft import DiscardDraft, discard_draft
from services.intake.actions.hand_in import HandedIn
from services.intake.actions.save_draft import SaveDraft, list_drafts, read_draft, save_draft
from services.intake.actions.submit_draft import SubmitDraft, submit_draft
from services.intake.actions.validate_application import (
    ValidateApplication,
    validate_application,
)
from services.intake.api.wiring import Applicant, AtCounter, application_of
from services.intake.model import GrantId
from services.intake.schemas import ApplicationView, application_view
from services.intake.schemas.draft import (
    DiscardBody,
    DraftBody,
    DraftLineView,
    DraftListView,
    DraftView,
    ReadinessView,
    SubmitDraftBody,
    ValidateBody,
    draft_line_view,
    draft_view,
    readiness_view,
)
from shared.store import RequestKey
from shared.web import CurrentRequestKey, VersionRead

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Versioned:
    """A command about a record as its caller last read it."""

    key: RequestKey
    version: int


async def versioned(key: CurrentRequestKey, version: VersionRead) -> Versioned:
    """The command's key, and the version it is about."""
    return Versioned(key=key, version=version)


OfVersion = Annotated[Versioned, Depends(versioned)]

ItemCode = Annotated[str, Path(pattern=r"^[A-Z0-9-]{3,16}$")]


@router.post("/applications:validate", tags=["drafts"])
async def validate(body: ValidateBody, actor: Applicant, counter: AtCounter) -> ReadinessView:
    """Everything that would stand in the way of an application, at once; nothing is written."""
    command = ValidateApplication(
        actor=actor,
        item_code=body.item_code,
        form=body.form,
        materials=[HandedIn(key=each.key, file_id=each.file_id) for each in body.materials],
        on_behalf_of=GrantId(body.on_behalf_of) if body.on_behalf_of else None,
    )
    version, found = await validate_application(
        command, transaction=counter.transaction, desk=counter.desk, grants=counter.grants
    )
    return readiness_view(body.item_code, version, found)


@router.get("/drafts", tags=["drafts"])
async def list_own_drafts(actor: Applicant, counter: AtCounter) -> DraftListView:
    """The caller's own drafts, the one saved last first; what they say is not in the list."""
    found = await list_drafts(actor, transaction=counter.transaction, desk=counter.desk)
    return DraftListView(items=[draft_line_view(each) for each in found])


@router.get("/drafts/{code}", tags=["drafts"])
async def get_draft(
    code: ItemCode, actor: Applicant, counter: AtCounter, response: Response
) -> DraftView:
    """The caller's own draft for an item, with everything filled in so far."""
    line, content = await read_draft(
        actor, code, transaction=counter.transaction, desk=counter.desk
    )
    response.headers["ETag"] = f'"{line.version}"'
    response.headers["Cache-Control"] = "no-store"
    return draft_view(line, content)


@router.post("/drafts/{code}:save", tags=["drafts"])
async def save(
    code: ItemCode,
    body: DraftBody,
    actor: Applicant,
    request: OfVersion,
    counter: AtCounter,
    response: Response,
) -> DraftLineView:
    """Keep what has been filled in so far, for ninety days from the last save."""
    command = SaveDraft(
        actor=actor,
        item_code=code,
        content=body.content(),
        version=request.version,
        request=request.key,
    )
    line = await save_draft(command, transaction=counter.transaction, desk=counter.desk)
    response.headers["ETag"] = f'"{line.version}"'
    return draft_line_view(line)


@router.post("/drafts/{code}:discard", tags=["drafts"])
async def discard(
    code: ItemCode,
    _body: DiscardBody,
    actor: Applicant,
    request: OfVersion,
    counter: AtCounter,
) -> DraftListView:
    """Remove the draft for an item; the drafts that are left."""
    command = DiscardDraft(
        actor=actor, item_code=code, version=request.version, request=request.key
    )
    await discard_draft(command, transaction=counter.transaction, desk=counter.desk)
    return await list_own_drafts(actor, counter)


@router.post("/drafts/{code}:submit", status_code=201, tags=["drafts"])
async def submit_from_draft(
    code: ItemCode,
    body: SubmitDraftBody,
    actor: Applicant,
    request: OfVersion,
    counter: AtCounter,
) -> ApplicationView:
    """Hand the draft in; it ends as the application begins, or stays if that is refused."""
    command = SubmitDraft(
        actor=actor,
        item_code=code,
        version=request.version,
        channel=body.channel,
        on_behalf_of=GrantId(body.on_behalf_of) if body.on_behalf_of else None,
        request=request.key,
    )
    taken = await submit_draft(
        command, transaction=counter.transaction, desk=counter.desk, grants=counter.grants
    )
    if taken.reading is not None:
        return application_view(taken.reading)
    return await application_of(actor, taken.application_id, counter)

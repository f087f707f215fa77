"""Doors of possible duplicates: officers look, merge, dismiss, and undo."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from services.registry.actions.review_duplicates import (
    Review,
    UndoMerge,
    list_duplicates,
    review_duplicate,
    undo_merge,
)
from services.registry.api.residents import Looking, Officer, answered
from services.registry.api.wiring import Wired
from services.registry.model import PersonId
from services.registry.model.duplicates import CandidateId
from services.registry.schemas.duplicates import (
    CandidatePage,
    CandidateView,
    MergeRequest,
    Reviewed,
)
from services.registry.schemas.residents import Reference
from shared.web import CurrentRequestKey

MOST = 50
BEGINNING = UUID(int=0)


def routes() -> APIRouter:
    """Possible duplicates and merges."""
    router = APIRouter(tags=["duplicates"])
    add = router.add_api_route
    add("/v1/duplicates", list_pairs, name="list_duplicates", methods=["GET"])
    merging, parting = "/v1/duplicates/{candidate_id}:merge", "/v1/merges/{merge_id}:undo"
    add(merging, merge, name="merge_residents", methods=["POST"], response_model=Reviewed)
    dismissing = "/v1/duplicates/{candidate_id}:dismiss"
    add(dismissing, dismiss, name="dismiss_duplicate", methods=["POST"], response_model=Reviewed)
    add(parting, undo, name="undo_merge", methods=["POST"], response_model=Reference)
    return router


async def list_pairs(
    look: Looking,
    wired: Wired,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
    after: Annotated[UUID, Query()] = BEGINNING,
) -> CandidatePage:
    """Pairs that nobody has decided about, both records within the caller's divisions."""
    found = await list_duplicates(look, after=after, limit=limit, transaction=wired.transaction)
    last = found[-1].candidate.id if len(found) == limit else None
    return CandidatePage(items=[CandidateView.of(each) for each in found], after=last)


async def merge(
    candidate_id: UUID, body: MergeRequest, officer: Officer, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """The two are one person; nothing is moved, so it can be undone."""
    command = Review(
        actor=officer,
        request=key,
        candidate=CandidateId(candidate_id),
        keep=PersonId(body.keep),
    )
    answer = await review_duplicate(command, transaction=wired.transaction, clock=wired.clock)
    return answered(answer)


async def dismiss(
    candidate_id: UUID, officer: Officer, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """The two are two people; they are not proposed again."""
    command = Review(actor=officer, request=key, candidate=CandidateId(candidate_id), keep=None)
    answer = await review_duplicate(command, transaction=wired.transaction, clock=wired.clock)
    return answered(answer)


async def undo(
    merge_id: UUID, officer: Officer, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """Two merged records are two people after all; each is as it was."""
    command = UndoMerge(actor=officer, request=key, merge=merge_id)
    answer = await undo_merge(command, transaction=wired.transaction, clock=wired.clock)
    return answered(answer)

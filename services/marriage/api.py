"""Which URL of the marriage registry does what."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.marriage.actions.desk import Desk
from services.marriage.actions.read_marriages import list_marriages, read_marriage, read_parties
from services.marriage.schemas import MarriageList, MarriageView, PartiesView
from shared.auth import Actor, ActorKind
from shared.web import only

Reader = Annotated[Actor, Depends(only(ActorKind.CITIZEN, ActorKind.OFFICER, ActorKind.SERVICE))]

Registry = Annotated[Actor, Depends(only(ActorKind.SERVICE))]


def routes(desk: Desk) -> APIRouter:
    """The routes of the marriage registry."""
    router = APIRouter(prefix="/v1", tags=["marriages"])

    @router.get("/marriages/{marriage_id}", summary="One marriage")
    async def get_marriage(marriage_id: UUID, actor: Reader) -> MarriageView:
        return MarriageView.of(
            await read_marriage(marriage_id, actor=actor, transaction=desk.transaction)
        )

    @router.get("/marriages", summary="The marriages an application led to")
    async def get_marriages(application: Annotated[UUID, Query()], actor: Reader) -> MarriageList:
        found = await list_marriages(application, actor=actor, transaction=desk.transaction)
        return MarriageList(items=[MarriageView.of(each) for each in found])

    @router.get("/marriages/{marriage_id}/parties", summary="Whose marriage it is, as hashes")
    async def get_parties(marriage_id: UUID, registry: Registry) -> PartiesView:
        return PartiesView.of(
            await read_parties(marriage_id, actor=registry, transaction=desk.transaction)
        )

    return router

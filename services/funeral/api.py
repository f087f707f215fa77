"""Which URL of the funeral service does what."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.funeral.actions.desk import Desk
from services.funeral.actions.read_funerals import list_funerals, read_funeral
from services.funeral.schemas import FuneralList, FuneralView
from shared.auth import Actor, ActorKind
from shared.web import only

Reader = Annotated[Actor, Depends(only(ActorKind.OFFICER, ActorKind.SERVICE))]


def routes(desk: Desk) -> APIRouter:
    """The routes of the funeral service."""
    router = APIRouter(prefix="/v1", tags=["funerals"])

    @router.get("/funerals/{case_id}", summary="One funeral, with its booked times")
    async def get_funeral(case_id: UUID, actor: Reader) -> FuneralView:
        return FuneralView.of(
            await read_funeral(case_id, actor=actor, transaction=desk.transaction)
        )

    @router.get("/funerals", summary="The funerals an application led to")
    async def get_funerals(application: Annotated[UUID, Query()], actor: Reader) -> FuneralList:
        found = await list_funerals(application, actor=actor, transaction=desk.transaction)
        return FuneralList(items=[FuneralView.of(each) for each in found])

    return router

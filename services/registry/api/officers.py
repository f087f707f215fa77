"""Door of officers: who works in an office."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.registry.actions.list_officers import list_officers
from services.registry.api.wiring import Wired
from services.registry.schemas.officers import ColleagueList, ColleagueView
from shared.auth import Actor, ActorKind
from shared.web import only

Asker = Annotated[Actor, Depends(only(ActorKind.SERVICE, ActorKind.OFFICER))]


def routes() -> APIRouter:
    """Listing."""
    router = APIRouter(tags=["offices"])
    router.add_api_route(
        "/v1/offices/{office_id}/officers", list_colleagues, name="list_officers", methods=["GET"]
    )
    return router


async def list_colleagues(office_id: UUID, actor: Asker, wired: Wired) -> ColleagueList:
    """The active officers of an office: ids and roles, never names."""
    found = await list_officers(actor, office_id, transaction=wired.transaction)
    return ColleagueList(
        items=[ColleagueView(id=each.id, roles=sorted(each.roles)) for each in found]
    )

"""Which URL of relief does what."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.relief.actions.desk import Desk
from services.relief.actions.read_benefits import list_benefits, read_benefit, read_people
from services.relief.schemas import BenefitList, BenefitView, PeopleView
from shared.auth import Actor, ActorKind
from shared.web import only

Reader = Annotated[Actor, Depends(only(ActorKind.CITIZEN, ActorKind.OFFICER, ActorKind.SERVICE))]

Registry = Annotated[Actor, Depends(only(ActorKind.SERVICE))]


def routes(desk: Desk) -> APIRouter:
    """The routes of relief."""
    router = APIRouter(prefix="/v1", tags=["benefits"])

    @router.get("/benefits/{benefit_id}", summary="One benefit, with its payments")
    async def get_benefit(benefit_id: UUID, actor: Reader) -> BenefitView:
        return BenefitView.of(
            await read_benefit(benefit_id, actor=actor, transaction=desk.transaction)
        )

    @router.get("/benefits", summary="The benefits an application led to")
    async def get_benefits(application: Annotated[UUID, Query()], actor: Reader) -> BenefitList:
        found = await list_benefits(application, actor=actor, transaction=desk.transaction)
        return BenefitList(items=[BenefitView.of(each) for each in found])

    @router.get("/benefits/{benefit_id}/people", summary="Whom a benefit is for, as hashes")
    async def get_people(benefit_id: UUID, registry: Registry) -> PeopleView:
        return PeopleView.of(
            await read_people(benefit_id, actor=registry, transaction=desk.transaction)
        )

    return router

"""Doors of the service objects base (服务对象基础库), for officers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from services.registry.actions.keep_objects import (
    EndObject,
    EnterObject,
    end_object,
    enter_object,
)
from services.registry.actions.read_objects import (
    ListObjects,
    count_objects,
    list_object_people,
)
from services.registry.api.residents import Looking, Officer, answered
from services.registry.api.wiring import Wired
from services.registry.model import PersonId
from services.registry.model.objects import Category
from services.registry.schemas.objects import (
    CountsView,
    ObjectEnd,
    ObjectPage,
    ObjectPersonView,
    ObjectRequest,
)
from services.registry.schemas.residents import DIVISION, Reference
from shared.web import CurrentRequestKey

MOST = 100
BEGINNING = UUID(int=0)

InDivision = Annotated[str, Query(pattern=DIVISION)]


def routes() -> APIRouter:
    """Who is what, and how many."""
    router = APIRouter(tags=["service objects"])
    add = router.add_api_route
    add("/v1/service-objects", list_people, name="list_service_objects", methods=["GET"])
    add("/v1/service-objects/counts", show_counts, name="count_service_objects", methods=["GET"])
    entering, ending = "/v1/residents/{resident_id}/service-objects", "/v1/service-objects"
    add(
        entering,
        enter,
        name="enter_service_object",
        methods=["POST"],
        status_code=201,
        response_model=Reference,
    )
    add(
        ending + "/{object_id}:end",
        end,
        name="end_service_object",
        methods=["POST"],
        response_model=Reference,
    )
    return router


async def list_people(
    look: Looking,
    division: InDivision,
    wired: Wired,
    category: Annotated[Category | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
    after: Annotated[UUID, Query()] = BEGINNING,
) -> ObjectPage:
    """Who in a division is what: one question for the clerk of a village."""
    found = await list_object_people(
        ListObjects(look=look, division=division, category=category, after=after, limit=limit),
        transaction=wired.transaction,
        clock=wired.clock,
    )
    last = found[-1].resident.id if len(found) == limit else None
    return ObjectPage(items=[ObjectPersonView.of(each) for each in found], after=last)


async def show_counts(look: Looking, division: InDivision, wired: Wired) -> CountsView:
    """How many in a division are what; rounded for those who may not see the people."""
    counts = await count_objects(look, division, transaction=wired.transaction, clock=wired.clock)
    return CountsView.of(counts)


async def enter(
    resident_id: UUID, body: ObjectRequest, officer: Officer, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """Enter what no service of the house tells: 残疾, 孤儿, 优抚 and the like."""
    answer = await enter_object(
        EnterObject(
            actor=officer,
            request=key,
            resident=PersonId(resident_id),
            category=body.category,
            since=body.since,
        ),
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return answered(answer)


async def end(
    object_id: UUID, body: ObjectEnd, officer: Officer, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """End an officer's entry."""
    answer = await end_object(
        EndObject(actor=officer, request=key, reference=object_id, on=body.on),
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return answered(answer)

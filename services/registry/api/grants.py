"""Doors of grants (代办): citizens give and revoke them, services ask whether one holds."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from services.registry.actions.check_grant import CheckGrant, check_grant
from services.registry.actions.check_grant import list_grants as grants_of
from services.registry.actions.give_grant import GiveGrant, give_grant
from services.registry.actions.revoke_grant import RevokeGrant, revoke_grant
from services.registry.api.wiring import Wired
from services.registry.model import Grant, GrantId, PersonIndex
from services.registry.schemas import (
    GrantAnswer,
    GrantList,
    GrantQuestion,
    GrantRequest,
    GrantView,
)
from shared.auth import Actor, ActorKind
from shared.store import StoredAnswer
from shared.web import CurrentRequestKey, only

Citizen = Annotated[Actor, Depends(only(ActorKind.CITIZEN))]
Service = Annotated[Actor, Depends(only(ActorKind.SERVICE))]


def routes() -> APIRouter:
    """Giving, listing, revoking, checking."""
    router = APIRouter(tags=["grants"])
    router.add_api_route(
        "/v1/grants",
        give,
        name="give_grant",
        methods=["POST"],
        status_code=201,
        response_model=GrantView,
    )
    router.add_api_route("/v1/grants", list_own, name="list_own_grants", methods=["GET"])
    router.add_api_route(
        "/v1/grants/{grant_id}:revoke",
        revoke,
        name="revoke_grant",
        methods=["POST"],
        response_model=GrantView,
    )
    router.add_api_route("/v1/grants:check", check, name="check_grant", methods=["POST"])
    return router


async def give(
    body: GrantRequest, principal: Citizen, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """Let another citizen act for the caller, in named items, until a day."""
    answer = await give_grant(
        GiveGrant(
            principal=principal,
            request=key,
            agent_name=body.agent.name,
            agent_id_number=body.agent.id_no,
            items=frozenset(body.items),
            expires_on=body.expires_on,
        ),
        shown=_shown,
        transaction=wired.transaction,
        clock=wired.clock,
        index=wired.index,
    )
    return _answered(answer)


async def list_own(person: Citizen, wired: Wired) -> GrantList:
    """The grants the caller gave or was given."""
    found = await grants_of(person, transaction=wired.transaction)
    return GrantList(items=[GrantView.of(each) for each in found])


async def revoke(
    grant_id: UUID, principal: Citizen, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """End a grant the caller gave, at once."""
    answer = await revoke_grant(
        RevokeGrant(principal=principal, request=key, grant=GrantId(grant_id)),
        shown=_shown,
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return _answered(answer)


async def check(body: GrantQuestion, _service: Service, wired: Wired) -> GrantAnswer:
    """Whether an agent may act for a principal in an item. A question: it changes nothing."""
    refusal = await check_grant(
        CheckGrant(
            grant=GrantId(body.grant_id),
            agent=body.agent,
            principal_index=PersonIndex(body.principal_index),
            item=body.item_code,
        ),
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return GrantAnswer(allowed=refusal is None, reason=refusal)


def _shown(grant: Grant) -> dict[str, Any]:
    return GrantView.of(grant).as_json()


def _answered(answer: StoredAnswer) -> JSONResponse:
    return JSONResponse(answer.body, status_code=answer.status)

"""Doors of managing officers: for administrators with a fresh second factor, and operators."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse

from services.registry.actions.manage_officers import (
    AssignOfficer,
    CreateOfficer,
    DecideChange,
    SuspendOfficer,
    assign_officer,
    create_officer,
    decide_change,
    invite,
    list_managed,
    suspend_officer,
)
from services.registry.api.wiring import Wired
from services.registry.model.officers import Assignment, ChangeId, ChangeOutcome
from services.registry.schemas.officer_management import (
    AssignmentBody,
    InvitationView,
    ManagedOfficerPage,
    ManagedOfficerView,
    OfficerRequest,
    ReasonBody,
)
from services.registry.schemas.sign_in import OFFICER_ID
from shared.auth import Actor, ActorKind
from shared.step_up import freshly
from shared.store import StoredAnswer
from shared.web import CurrentRequestKey

Administrator = Annotated[Actor, Depends(freshly(ActorKind.OFFICER, ActorKind.OPERATOR))]
OfficerKey = Annotated[str, Path(pattern=OFFICER_ID)]


def routes() -> APIRouter:
    """Making, listing, assigning, suspending, inviting, deciding."""
    router = APIRouter(tags=["offices"])
    post = partial(router.add_api_route, methods=["POST"])
    told = partial(post, response_model=ManagedOfficerView)
    told("/v1/officers", create, name="create_officer", status_code=201)
    router.add_api_route("/v1/officers", list_own, name="list_managed_officers", methods=["GET"])
    told("/v1/officers/{officer_id}:assign", assign, name="assign_officer")
    told("/v1/officers/{officer_id}:suspend", suspend, name="suspend_officer")
    told("/v1/officers/{officer_id}:reinstate", reinstate, name="reinstate_officer")
    post("/v1/officers/{officer_id}:invite", ask_in, name="invite_officer")
    told("/v1/officer-changes/{change_id}:confirm", confirm, name="confirm_officer_change")
    told("/v1/officer-changes/{change_id}:reject", reject, name="reject_officer_change")
    return router


async def create(
    body: OfficerRequest, actor: Administrator, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """Make an officer; roles that give power over officers wait for another administrator."""
    command = CreateOfficer(
        actor=actor,
        request=key,
        officer=body.id,
        name=body.name,
        assignment=_assignment(body.assignment),
    )
    return _answered(
        await create_officer(command, transaction=wired.transaction, clock=wired.clock)
    )


async def list_own(
    actor: Administrator,
    wired: Wired,
    cursor: Annotated[str, Query(pattern=r"^[a-z0-9-]{0,63}$")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ManagedOfficerPage:
    """The officers of the caller's division and of all below it."""
    found = await list_managed(actor, after=cursor, limit=limit, transaction=wired.transaction)
    return ManagedOfficerPage.of(found, limit=limit)


async def assign(
    officer_id: OfficerKey,
    body: AssignmentBody,
    actor: Administrator,
    key: CurrentRequestKey,
    wired: Wired,
) -> JSONResponse:
    """Move an officer or change their roles; 202 when another administrator must agree."""
    command = AssignOfficer(
        actor=actor, request=key, officer=officer_id, assignment=_assignment(body)
    )
    return _answered(
        await assign_officer(command, transaction=wired.transaction, clock=wired.clock)
    )


async def suspend(
    officer_id: OfficerKey,
    body: ReasonBody,
    actor: Administrator,
    key: CurrentRequestKey,
    wired: Wired,
) -> JSONResponse:
    """Stop an officer at once; every session ends."""
    command = SuspendOfficer(
        actor=actor, request=key, officer=officer_id, is_active=False, reason=body.reason
    )
    return _answered(
        await suspend_officer(command, transaction=wired.transaction, clock=wired.clock)
    )


async def reinstate(
    officer_id: OfficerKey,
    body: ReasonBody,
    actor: Administrator,
    key: CurrentRequestKey,
    wired: Wired,
) -> JSONResponse:
    """Let a suspended officer sign in again."""
    command = SuspendOfficer(
        actor=actor, request=key, officer=officer_id, is_active=True, reason=body.reason
    )
    return _answered(
        await suspend_officer(command, transaction=wired.transaction, clock=wired.clock)
    )


async def ask_in(officer_id: OfficerKey, actor: Administrator, wired: Wired) -> InvitationView:
    """A new invitation; it is not kept, so it is answered once and a repeat makes another."""
    token = await invite(actor, officer_id, transaction=wired.transaction, clock=wired.clock)
    return InvitationView(invitation=token)


async def confirm(
    change_id: UUID, actor: Administrator, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """Agree to a change that another administrator proposed."""
    command = DecideChange(
        actor=actor, request=key, change=ChangeId(change_id), outcome=ChangeOutcome.CONFIRMED
    )
    return _answered(await decide_change(command, transaction=wired.transaction, clock=wired.clock))


async def reject(
    change_id: UUID, actor: Administrator, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """Refuse a change that another administrator proposed."""
    command = DecideChange(
        actor=actor, request=key, change=ChangeId(change_id), outcome=ChangeOutcome.REJECTED
    )
    return _answered(await decide_change(command, transaction=wired.transaction, clock=wired.clock))


def _assignment(body: AssignmentBody) -> Assignment:
    return Assignment(
        division=body.division, offices=frozenset(body.offices), roles=frozenset(body.roles)
    )


def _answered(answer: StoredAnswer) -> JSONResponse:
    return JSONResponse(answer.body, status_code=answer.status)

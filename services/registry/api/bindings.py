"""Doors of accounts at sign-in providers: beginning there, binding, unbinding."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.registry.actions.begin_sign_in import begin_sign_in
from services.registry.actions.bind_account import (
    BindAccount,
    bind_account,
    list_bindings,
    unbind_account,
)
from services.registry.api.limits import limited
from services.registry.api.wiring import Wired
from services.registry.schemas import SignInResponse
from services.registry.schemas.bindings import (
    BindingList,
    BindingRequest,
    SignInBeginning,
    SignInBegun,
)
from shared.auth import Actor, ActorKind
from shared.web import only, open_to_all

Citizen = Annotated[Actor, Depends(only(ActorKind.CITIZEN))]


def routes() -> APIRouter:
    """Beginning, binding, listing, unbinding."""
    router = APIRouter(tags=["identity"])
    slow = [Depends(limited), Depends(open_to_all())]
    router.add_api_route(
        "/v1/sign-in:begin", begin, name="begin_sign_in", methods=["POST"], dependencies=slow
    )
    router.add_api_route(
        "/v1/bindings", bind, name="bind_account", methods=["POST"], dependencies=slow
    )
    router.add_api_route("/v1/bindings", list_own, name="list_own_bindings", methods=["GET"])
    router.add_api_route(
        "/v1/bindings/{binding_id}:unbind",
        unbind,
        name="unbind_account",
        methods=["POST"],
        status_code=204,
    )
    return router


async def begin(body: SignInBeginning, wired: Wired) -> SignInBegun:
    """Begin a sign-in on a provider's own page; it ends at `POST /v1/sign-in`, with the state."""
    begun = await begin_sign_in(
        body.provider,
        redirecting=wired.redirecting,
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return SignInBegun.of(begun)


async def bind(body: BindingRequest, wired: Wired) -> SignInResponse:
    """Bind an account to the person whose it is, and sign them in.

    There is no idempotency key: a ticket is good once, and an answer with tokens in it is not
    kept anywhere.
    """
    signed_in = await bind_account(
        BindAccount(
            ticket=body.binding_ticket, name=body.name, id_number=body.id_no, code=body.code
        ),
        checkers=wired.checkers,
        transaction=wired.transaction,
        clock=wired.clock,
        index=wired.index,
        life_seconds=wired.issuing.life_seconds,
    )
    return SignInResponse.of(signed_in)


async def list_own(person: Citizen, wired: Wired) -> BindingList:
    """The accounts the caller can sign in with."""
    return BindingList.of(await list_bindings(person, transaction=wired.transaction))


async def unbind(binding_id: UUID, person: Citizen, wired: Wired) -> None:
    """Take a binding back; every session that began with that provider ends."""
    await unbind_account(person, binding_id, transaction=wired.transaction, clock=wired.clock)

"""Doors of residents and households, for officers: each sees the divisions of own offices."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from services.registry.actions.correct_register import (
    ChangeIdentity,
    NoteFact,
    change_identity,
    note_fact,
)
from services.registry.actions.keep_household import SettleHousehold, settle_household
from services.registry.actions.reach import Purpose
from services.registry.actions.read_residents import (
    FindResident,
    Look,
    find_resident,
    read_household,
    read_resident,
)
from services.registry.actions.register_resident import RegisterResident, register_resident
from services.registry.api.wiring import Wired
from services.registry.model import PersonId
from services.registry.model.residents import FactId, HouseholdId
from services.registry.schemas import LegalDate
from services.registry.schemas.residents import (
    FactRequest,
    HouseholdRequest,
    HouseholdView,
    IdentityRequest,
    Reference,
    ResidentQuestion,
    ResidentRequest,
    ResidentView,
)
from shared.auth import Actor, ActorKind
from shared.schemas import Instant
from shared.store import StoredAnswer
from shared.web import CurrentRequestKey, only

Officer = Annotated[Actor, Depends(only(ActorKind.OFFICER))]


async def looking(
    officer: Officer,
    purpose: Annotated[Purpose, Query()],
    on: Annotated[LegalDate | None, Query()] = None,
    known_at: Annotated[Instant | None, Query(alias="knownAt")] = None,
) -> Look:
    """Who looks, for what, as of when."""
    return Look(actor=officer, purpose=purpose, on=on, known_at=known_at)


Looking = Annotated[Look, Depends(looking)]


def routes() -> APIRouter:
    """Residents and households."""
    router = APIRouter(tags=["residents"])
    add = router.add_api_route
    add(
        "/v1/residents",
        register,
        name="register_resident",
        methods=["POST"],
        status_code=201,
        response_model=Reference,
    )
    add("/v1/residents:find", find, name="find_resident", methods=["POST"])
    add("/v1/residents/{resident_id}", show, name="show_resident", methods=["GET"])
    add(
        "/v1/residents/{resident_id}/facts",
        note,
        name="note_fact",
        methods=["POST"],
        status_code=201,
        response_model=Reference,
    )
    add(
        "/v1/residents/{resident_id}:change-identity",
        change,
        name="change_identity",
        methods=["POST"],
        response_model=Reference,
    )
    add(
        "/v1/households",
        found,
        name="found_household",
        methods=["POST"],
        status_code=201,
        response_model=Reference,
    )
    add(
        "/v1/households/{household_id}:settle",
        settle,
        name="settle_household",
        methods=["POST"],
        response_model=Reference,
    )
    add("/v1/households/{household_id}", show_household, name="show_household", methods=["GET"])
    return router


async def register(
    body: ResidentRequest, officer: Officer, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """Make a person known, born or moved into a household."""
    answer = await register_resident(
        RegisterResident(
            actor=officer,
            request=key,
            name=body.name,
            id_number=body.id_no,
            household=HouseholdId(body.household_id),
            by_birth=body.by_birth,
            on=body.on,
        ),
        transaction=wired.transaction,
        clock=wired.clock,
        index=wired.index,
    )
    return answered(answer)


async def find(body: ResidentQuestion, look: Looking, wired: Wired) -> ResidentView:
    """Whoever has a number, or had it before it was changed. A question: it changes nothing."""
    file = await find_resident(
        FindResident(look=look, id_number=body.id_no),
        transaction=wired.transaction,
        clock=wired.clock,
        index=wired.index,
    )
    return ResidentView.of(file)


async def show(resident_id: UUID, look: Looking, wired: Wired) -> ResidentView:
    """A resident on a day, as known at an instant."""
    file = await read_resident(
        PersonId(resident_id), look, transaction=wired.transaction, clock=wired.clock
    )
    return ResidentView.of(file)


async def note(
    resident_id: UUID, body: FactRequest, officer: Officer, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """Note a birth or a move, or correct one; in whatever order they become known."""
    answer = await note_fact(
        NoteFact(
            actor=officer,
            request=key,
            resident=PersonId(resident_id),
            kind=body.kind,
            on=body.on,
            household=None if body.household_id is None else HouseholdId(body.household_id),
            corrects=None if body.corrects is None else FactId(body.corrects),
        ),
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return answered(answer)


async def change(
    resident_id: UUID,
    body: IdentityRequest,
    officer: Officer,
    key: CurrentRequestKey,
    wired: Wired,
) -> JSONResponse:
    """Give a resident another number or name; the old ones still find them."""
    answer = await change_identity(
        ChangeIdentity(
            actor=officer,
            request=key,
            resident=PersonId(resident_id),
            on=body.on,
            id_number=body.id_no,
            name=body.name,
        ),
        transaction=wired.transaction,
        clock=wired.clock,
        index=wired.index,
    )
    return answered(answer)


async def found(
    body: HouseholdRequest, officer: Officer, key: CurrentRequestKey, wired: Wired
) -> JSONResponse:
    """Found a household in a place."""
    return await _settled(None, body, officer, key, wired)


async def settle(
    household_id: UUID,
    body: HouseholdRequest,
    officer: Officer,
    key: CurrentRequestKey,
    wired: Wired,
) -> JSONResponse:
    """Say where a household is from a day on, or correct what was said of that day."""
    return await _settled(HouseholdId(household_id), body, officer, key, wired)


async def show_household(household_id: UUID, look: Looking, wired: Wired) -> HouseholdView:
    """Who was in a household on a day, as known at an instant."""
    file = await read_household(
        HouseholdId(household_id), look, transaction=wired.transaction, clock=wired.clock
    )
    return HouseholdView.of(file)


def answered(answer: StoredAnswer) -> JSONResponse:
    """The answer of a command, as it was kept."""
    return JSONResponse(answer.body, status_code=answer.status)


async def _settled(
    household: HouseholdId | None,
    body: HouseholdRequest,
    officer: Actor,
    key: CurrentRequestKey,
    wired: Wired,
) -> JSONResponse:
    answer = await settle_household(
        SettleHousehold(
            actor=officer,
            request=key,
            household=household,
            division=body.division,
            address=body.address,
            since=body.since,
        ),
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return answered(answer)

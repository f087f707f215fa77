"""Doors of adoptions, organisations and place names, for officers of their divisions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from services.registry.actions import read_own_items as reading
from services.registry.actions.reach import Purpose
from services.registry.actions.read_residents import Look
from services.registry.api.residents import Officer
from services.registry.api.wiring import Wired
from services.registry.schemas.own_items import (
    AdoptionView,
    OrganisationPage,
    OrganisationView,
    PlaceNamePage,
)

MOST = 100

Number = Annotated[str, Path(pattern=r"^[A-Z]{2}[0-9]{1,30}$")]
Code = Annotated[str, Path(pattern=r"^[0-9A-Z]{18}$")]
Limit = Annotated[int, Query(ge=1, le=MOST)]
After = Annotated[str, Query(pattern=r"^[0-9A-Z]{0,40}$")]


async def for_purpose(officer: Officer, purpose: Annotated[Purpose, Query()]) -> Look:
    """Who looks, and for what."""
    return Look(actor=officer, purpose=purpose)


Looking = Annotated[Look, Depends(for_purpose)]


def routes() -> APIRouter:
    """What the registry's own items have ended in."""
    router = APIRouter(tags=["own items"])
    add = router.add_api_route
    add("/v1/adoptions/{adoption_number}", show_adoption, name="show_adoption", methods=["GET"])
    add("/v1/organisations", list_organisations, name="list_organisations", methods=["GET"])
    add("/v1/organisations/{uscc}", show_organisation, name="show_organisation", methods=["GET"])
    add("/v1/place-names", list_place_names, name="list_place_names", methods=["GET"])
    return router


async def show_adoption(adoption_number: Number, look: Looking, wired: Wired) -> AdoptionView:
    """A registered adoption, for officers of the division that registered it."""
    found = await reading.read_adoption(adoption_number, look, transaction=wired.transaction)
    return AdoptionView.of(found)


async def list_organisations(
    officer: Officer, wired: Wired, after: After = "", limit: Limit = MOST
) -> OrganisationPage:
    """Social organisations of one's divisions, page by page; nobody in them is named."""
    found = await reading.list_organisations(
        officer, after=after, limit=limit, transaction=wired.transaction
    )
    return OrganisationPage.of(found, limit=limit)


async def show_organisation(uscc: Code, look: Looking, wired: Wired) -> OrganisationView:
    """A social organisation, with who represents it."""
    found = await reading.read_organisation(uscc, look, transaction=wired.transaction)
    return OrganisationView.of(found)


async def list_place_names(
    officer: Officer,
    wired: Wired,
    name: Annotated[str, Query(max_length=30, pattern=r"^[\u3400-\u9fff·（）0-9]*$")] = "",
    after: After = "",
    limit: Limit = MOST,
) -> PlaceNamePage:
    """Names of places in one's divisions, those replaced too."""
    found = await reading.list_place_names(
        officer, name=name, after=after, limit=limit, transaction=wired.transaction
    )
    return PlaceNamePage.of(found, limit=limit)

"""Doors of the catalogue. What the state publishes, everybody may read, without a token."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from services.registry.actions import read_catalogue
from services.registry.api.wiring import Wired
from services.registry.schemas import (
    ITEM_CODE,
    DivisionDetail,
    ItemGuide,
    ItemList,
    ItemVersion,
    OfficePage,
    PublicationPage,
    PublicationView,
)
from shared.web import open_to_all

FOR_A_MINUTE = "public, max-age=60"
FOR_EVER = "public, max-age=31536000, immutable"
MOST_OFFICES = 200
MOST_PUBLICATIONS = 100

Code = Annotated[str, Path(pattern=ITEM_CODE)]


def routes() -> APIRouter:
    """Items, offices, divisions, publications."""
    router = APIRouter(tags=["catalogue"], dependencies=[Depends(open_to_all())])
    router.add_api_route("/v1/items", list_items, methods=["GET"])
    router.add_api_route("/v1/items/{code}", show_guide, methods=["GET"])
    router.add_api_route("/v1/items/{code}/versions/{version}", show_version, methods=["GET"])
    router.add_api_route("/v1/offices", list_offices, methods=["GET"])
    router.add_api_route("/v1/divisions/{code}", show_division, methods=["GET"])
    router.add_api_route("/v1/publications", list_publications, methods=["GET"])
    return router


async def list_items(wired: Wired, response: Response) -> ItemList:
    """What can be applied for."""
    response.headers["Cache-Control"] = FOR_A_MINUTE
    found = await read_catalogue.list_items(transaction=wired.transaction)
    return ItemList(items=[ItemGuide.of(each) for each in found])


async def show_guide(code: Code, wired: Wired, response: Response) -> ItemGuide:
    """The service guide: who decides, which papers, how long, by which law, and the form."""
    response.headers["Cache-Control"] = FOR_A_MINUTE
    return ItemGuide.of(await read_catalogue.get_item(code, transaction=wired.transaction))


async def show_version(
    code: Code,
    version: Annotated[int, Path(ge=1, le=2**31 - 1)],
    wired: Wired,
    response: Response,
) -> ItemVersion:
    """One version as it was published; it never changes."""
    found = await read_catalogue.get_item(code, version, transaction=wired.transaction)
    response.headers["Cache-Control"] = FOR_EVER
    return ItemVersion.of(found)


async def list_offices(
    wired: Wired,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=MOST_OFFICES)] = MOST_OFFICES,
    cursor: Annotated[str, Query(pattern=r"^[0-9a-f-]{0,36}$")] = "",
) -> OfficePage:
    """Offices, page by page."""
    response.headers["Cache-Control"] = FOR_A_MINUTE
    found = await read_catalogue.list_offices(
        after=cursor, limit=limit, transaction=wired.transaction
    )
    return OfficePage.of(found, limit=limit)


async def show_division(
    code: Annotated[str, Path(pattern=r"^[0-9]{12}$")], wired: Wired, response: Response
) -> DivisionDetail:
    """A division and the ones directly below it."""
    division, below = await read_catalogue.get_division(code, transaction=wired.transaction)
    response.headers["Cache-Control"] = FOR_A_MINUTE
    return DivisionDetail.of(division, below)


async def list_publications(
    wired: Wired,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_PUBLICATIONS)] = MOST_PUBLICATIONS,
) -> PublicationPage:
    """Everything published, in order, as its events told it: how a reader begins from nothing."""
    found = await read_catalogue.list_publications(
        after=after, limit=limit, transaction=wired.transaction
    )
    return PublicationPage(
        items=[PublicationView.of(each) for each in found],
        after=found[-1].seq if found else after,
    )

"""Door of divisions that changed."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from services.registry.actions.follow_division import follow_division
from services.registry.api.wiring import Wired
from services.registry.schemas.divisions import SuccessionView
from shared.web import open_to_all

FOR_A_MINUTE = "public, max-age=60"


def routes() -> APIRouter:
    """Following a code."""
    router = APIRouter(tags=["catalogue"], dependencies=[Depends(open_to_all())])
    router.add_api_route("/v1/divisions/{code}/succession", show_succession, methods=["GET"])
    return router


async def show_succession(
    code: Annotated[str, Path(pattern=r"^[1-9][0-9]{11}$")],
    wired: Wired,
    response: Response,
    written_on: Annotated[date | None, Query(alias="writtenOn")] = None,
    as_of: Annotated[date | None, Query(alias="asOf")] = None,
) -> SuccessionView:
    """What a code, written down one day, stands for on another: by default from ever to today."""
    found = await follow_division(
        code,
        written_on=written_on or date.min,
        as_of=as_of or wired.clock.today(),
        transaction=wired.transaction,
    )
    response.headers["Cache-Control"] = FOR_A_MINUTE
    return SuccessionView.of(found)

"""The registry's doors of residents, simulated for the gateway's tests: one widow, one village."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

RESIDENT_ID = "0195f1a0-0000-7000-8000-000000000001"
SUN, VILLAGE = "330106195411110048", "330106109201"

RESIDENT = {
    "id": RESIDENT_ID,
    "name": "孙**",
    "idNo": "330***********0048",
    "formerNumbers": [],
    "status": "ALIVE",
    "civilStatus": "WIDOWED",
    "diedOn": None,
    "division": VILLAGE,
    "objects": [
        {
            "category": "MINIMUM_LIVING",
            "title": {"zh": "低保", "en": "Minimum living allowance"},
            "source": "civil.relief.benefit",
            "reference": RESIDENT_ID,
            "period": {"since": "2024-03-01", "until": None},
        }
    ],
}


def resident_routes(problem: Callable[[int, str], Any]) -> list[Route]:
    """The doors; `problem` makes a refusal."""

    async def objects(request: Request) -> Any:
        if request.query_params["division"] != VILLAGE:
            return problem(404, "DIVISION_OUT_OF_REACH")
        return JSONResponse({"items": [RESIDENT], "after": None})

    async def resident(request: Request) -> Any:
        asked = request.path_params.get("id") or (await request.json())["idNo"]
        known = asked in (RESIDENT_ID, SUN)
        return JSONResponse(RESIDENT) if known else problem(404, "RESIDENT_NOT_FOUND")

    return [
        Route("/v1/service-objects", objects, methods=["GET"]),
        Route("/v1/residents:find", resident, methods=["POST"]),
        Route("/v1/residents/{id}", resident, methods=["GET"]),
    ]

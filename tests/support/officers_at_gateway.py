"""What the simulated window of the gateway's tests answers to officers among themselves."""

from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

DUE_AT = "2026-11-24T17:30:00+08:00"


class Intake(Protocol):
    """The simulated window, as far as these doors need it."""

    cases: dict[str, dict[str, Any]]
    bodies: list[Any]
    refuse_with: JSONResponse | None


def officer_routes(intake: Intake) -> list[Route]:
    """Searching, handing over, delegating, many tasks at once."""

    async def search(request: Request) -> JSONResponse:
        intake.bodies.append(await request.json())
        found = [_found(case) for case in intake.cases.values()]
        page = {"items": found, "nextCursor": None, "total": 1000, "isTotalExact": False}
        return intake.refuse_with or JSONResponse(page)

    async def bulk(request: Request) -> JSONResponse:
        command = await request.json()
        intake.bodies.append(command)
        first, *others = command["taskIds"]
        refused = {"code": "TASK_CLAIMED_BY_ANOTHER", "title": "已被领取", "titleEn": "Claimed"}
        results = [
            {"taskId": first, "status": 409, "problem": refused},
            *({"taskId": each, "status": 200, "problem": None} for each in others),
        ]
        return intake.refuse_with or JSONResponse({"results": results})

    async def reassign(request: Request) -> Response:
        intake.bodies.append(await request.json())
        return intake.refuse_with or Response(status_code=204)

    async def delegations(request: Request) -> JSONResponse:
        is_revoked = request.url.path.endswith(":revoke")
        if request.method == "POST" and not is_revoked:
            intake.bodies.append(await request.json())
        return intake.refuse_with or JSONResponse({"items": [_delegation(is_revoked)]})

    return [
        Route("/v1/applications:search", search, methods=["POST"]),
        Route("/v1/tasks:bulk", bulk, methods=["POST"]),
        Route("/v1/tasks/{id}:reassign", reassign, methods=["POST"]),
        Route("/v1/delegations", delegations, methods=["GET", "POST"]),
        Route("/v1/delegations/{id}:revoke", delegations, methods=["POST"]),
    ]


def _found(case: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: case[name] for name in ("id", "number", "stage", "outcome", "channel")},
        "itemCode": case["item"]["code"],
        "itemTitle": case["item"]["title"],
        "division": case["division"],
        "submittedAt": case["submittedAt"],
        "concludedAt": None,
        "dueAt": DUE_AT,
        "applicantName": case["applicant"]["name"],
        "applicantIdNo": case["applicant"]["idNo"],
        "cursor": case["id"],
    }


def _delegation(is_revoked: bool) -> dict[str, Any]:
    return {
        "id": "01a20511-1c10-71b7-8b9e-24189e80e4b5",
        "officeId": "e0222e44-1c65-5437-abb1-c4ecf9740346",
        "principal": "lin",
        "delegate": "mei",
        "startsOn": "2026-11-23",
        "endsOn": "2026-11-27",
        "revoked": is_revoked,
    }

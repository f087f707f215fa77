"""The registry's doors for signing in, simulated for the gateway's tests."""

from collections.abc import Callable

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Session = Callable[[], JSONResponse]
Problem = Callable[..., Response]


def ways_in(session: Session, problem: Problem) -> list[Route]:
    """One person of each kind comes in; `session` and `problem` are the simulated registry's."""

    async def sign_in(request: Request) -> Response:
        body = await request.json()
        if (body["provider"], body["code"]) == ("WECHAT", "strange-account"):
            return problem(409, "BINDING_NEEDED", bindingTicket="ticket-1")
        if body["provider"] != "DEVELOPMENT":
            return problem(422, "SIGN_IN_PROVIDER_NOT_CONFIGURED")
        if body["code"] != "resident:chen":
            return problem(401, "SIGN_IN_REFUSED")
        return session()

    async def begin(_request: Request) -> Response:
        address = "https://province.example/authorize"
        return JSONResponse({"address": address, "state": "state-of-this-sign-in"})

    async def bind(request: Request) -> Response:
        is_good = (await request.json())["bindingTicket"] == "ticket-1"
        return session() if is_good else problem(401, "BINDING_TICKET_REFUSED")

    async def officer(request: Request) -> Response:
        if (await request.json())["code"] != "123456":
            return problem(401, "OFFICER_REFUSED")
        body = orjson.loads(bytes(session().body))
        return JSONResponse({**body, "deviceToken": "device-1"})

    async def step_up(request: Request) -> Response:
        token = f"fresh for {request.headers['authorization']}"
        return JSONResponse({"accessToken": token, "expiresIn": 300})

    return [
        Route("/v1/sign-in", sign_in, methods=["POST"]),
        Route("/v1/sign-in:begin", begin, methods=["POST"]),
        Route("/v1/bindings", bind, methods=["POST"]),
        Route("/v1/officers:sign-in", officer, methods=["POST"]),
        Route("/v1/session:step-up", step_up, methods=["POST"]),
    ]

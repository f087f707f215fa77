"""How a route gets what the actions need."""

from typing import Annotated

from fastapi import Depends, Request

from services.registry.actions.wiring import Wiring


async def wiring_of(request: Request) -> Wiring:
    """The wiring of the application a request came to."""
    wiring: Wiring = request.app.state.wiring
    return wiring


Wired = Annotated[Wiring, Depends(wiring_of)]

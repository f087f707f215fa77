"""What the doors are given: made once by `app`, read by every route."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.registry.actions.issue_token import Issuing
from services.registry.ports import SignInProvider
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.sealing import BlindIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """The registry's parts, joined."""

    transaction: Transactions[Store]
    clock: Clock
    index: BlindIndex
    issuing: Issuing
    providers: Mapping[str, SignInProvider]
    """Sign-in providers of this installation, by name."""


async def wiring_of(request: Request) -> Wiring:
    """The wiring of the application a request came to."""
    wiring: Wiring = request.app.state.wiring
    return wiring


Wired = Annotated[Wiring, Depends(wiring_of)]

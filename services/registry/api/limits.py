"""How often one network address may knock at the doors that hand out tokens."""

from fastapi import Request

from services.registry.actions.limit_rate import limit_rate
from services.registry.api.wiring import Wired


async def limited(request: Request, wired: Wired) -> None:
    """Count a knock; the address is what the server believes, never what a caller says.

    Raises:
        TooManyRequests: This address knocks too often.
    """
    address = request.client.host if request.client else "unknown"
    await limit_rate(
        "address",
        address,
        wired.rates.address,
        transaction=wired.transaction,
        clock=wired.clock,
        index=wired.index,
    )

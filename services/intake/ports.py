"""What intake asks of others, as it needs it said."""

from typing import Protocol
from uuid import UUID


class Grants(Protocol):
    """Whether somebody may act for somebody else (代办)."""

    async def allows(
        self, grant_id: UUID, *, agent: str, principal_index: str, item_code: str
    ) -> bool:
        """Whether a grant is in force for this agent, this person and this item.

        Raises:
            Unavailable: The registry did not answer; that is never a yes.
        """


class Colleagues(Protocol):
    """Who works in an office."""

    async def of(self, office_id: UUID) -> frozenset[str]:
        """The ids of the officers who work in an office now.

        Raises:
            Unavailable: The registry did not answer; that is never "nobody".
        """


class Partners(Protocol):
    """Tells partner systems of their work by signed webhook."""

    async def tell(self, url: str, *, secret: str, webhook_id: str, body: bytes) -> int:
        """Deliver once and return the HTTP status.

        Raises:
            Unavailable: There was no answer, or the address is not one we may call.
        """

"""Asks the marriage registry and relief whom their events are about; the answer is hashes."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import httpx

from services.registry.model import PersonIndex
from shared.errors import Unavailable
from shared.http import ask


class HttpOwners:
    """The two services, each with a client of its own audience."""

    def __init__(self, *, marriage: httpx.AsyncClient, relief: httpx.AsyncClient) -> None:
        self._marriage = marriage
        self._relief = relief

    async def parties_of(self, marriage: UUID) -> Sequence[PersonIndex]:
        """The two people of a marriage."""
        body = await ask(self._marriage, "GET", f"/v1/marriages/{marriage}/parties")
        try:
            return [PersonIndex(str(each)) for each in body["parties"]]
        except (KeyError, TypeError):
            raise Unavailable from None

    async def people_of(self, benefit: UUID) -> Mapping[PersonIndex, date | None]:
        """Whom a benefit is for, and when those who left did."""
        body = await ask(self._relief, "GET", f"/v1/benefits/{benefit}/people")
        try:
            return {
                PersonIndex(str(each["person"])): _day(each["leftOn"]) for each in body["people"]
            }
        except (KeyError, TypeError, ValueError):
            raise Unavailable from None


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)

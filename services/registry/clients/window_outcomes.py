"""Asks the window over HTTP what a concluded matter ended in."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import httpx

from services.registry.model.certificates import Outcome
from shared.http import Refused, ask


@dataclass(frozen=True, slots=True)
class WindowOutcomes:
    """The window's door for outcomes, as the registry uses it."""

    client: httpx.AsyncClient

    async def matter_outcome(self, matter_id: UUID, paths: Sequence[str]) -> Outcome | None:
        """The document and the fields at these paths; None while it is not concluded."""
        try:
            answer = await ask(
                self.client, "GET", f"/v1/matters/{matter_id}/outcome?fields={','.join(paths)}"
            )
        except Refused as refusal:
            if refusal.http_status == httpx.codes.NOT_FOUND:
                return None
            raise
        return Outcome(
            application_id=UUID(answer["applicationId"]),
            matter_id=UUID(answer["matterId"]),
            item_code=answer["itemCode"],
            division=answer["division"],
            kind=answer["kind"],
            number=answer["number"] or "",
            facts=answer["facts"],
            fields=answer["fields"],
        )

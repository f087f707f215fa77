"""Tell who works in an office: for hand-overs among colleagues, and for a second pair of eyes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.registry.store import Store
from shared.auth import Actor, ActorKind
from shared.database import Transactions
from shared.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """An officer, as colleagues may know them: no name."""

    id: str
    roles: frozenset[str]


async def list_officers(
    actor: Actor, office_id: UUID, *, transaction: Transactions[Store]
) -> Sequence[Colleague]:
    """The active officers of an office, by id.

    Services may ask about every office, an officer about their own.

    Raises:
        NotFound: It is not theirs to ask about.
    """
    if actor.kind is ActorKind.OFFICER and str(office_id) not in actor.offices:
        raise NotFound
    async with transaction() as store:
        found = await store.list_officers(str(office_id))
    return [Colleague(id=id, roles=roles) for id, roles in found]

"""Take a grant back, at once."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.registry.actions.give_grant import Shown, note_of_grant
from services.registry.model import GrantId, PersonId
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeGrant:
    """A principal's wish that a grant ends."""

    principal: Actor
    request: RequestKey
    grant: GrantId


async def revoke_grant(
    command: RevokeGrant, *, shown: Shown, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """End a grant; one that is ended already stays as it is.

    Raises:
        GrantNotFound: There is no such grant, or another gave it.
    """
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        principal = PersonId(UUID(command.principal.id))
        grant = await store.lock_own_grant(command.grant, principal=principal)
        if grant.revoked_at is None:
            grant = replace(grant, revoked_at=clock.now())
            await store.revoke_grant(grant.id, at=clock.now())
            await store.write_journal(note_of_grant(grant, command.principal, "revoke-grant"))
        answer = StoredAnswer(status=200, body=dict(shown(grant)))
        await store.remember_answer(command.request, status=answer.status, body=answer.body)
    return answer

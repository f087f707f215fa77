"""Tell a service whether an agent may act for a principal, and show people their grants."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.registry.model import Grant, GrantId, GrantRefusal, PersonId, PersonIndex
from services.registry.rules import grants
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions

MOST_GRANTS = 200
"""The newest ones of a person; nobody reads more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckGrant:
    """Who wants to act, for whom, in what."""

    grant: GrantId
    agent: str
    """The agent's id, as their access token says it."""
    principal_index: PersonIndex
    item: str


async def check_grant(
    question: CheckGrant, *, transaction: Transactions[Store], clock: Clock
) -> GrantRefusal | None:
    """Why the grant does not cover the act, or None when it does."""
    async with transaction() as store:
        known = await store.find_grant_in_force(question.grant)
    return grants.grant_refusal(
        known,
        agent=question.agent,
        principal_index=question.principal_index,
        item=question.item,
        today=clock.today(),
    )


async def list_grants(person: Actor, *, transaction: Transactions[Store]) -> Sequence[Grant]:
    """The grants a citizen gave or was given, newest first."""
    async with transaction() as store:
        return await store.list_grants(PersonId(UUID(person.id)), limit=MOST_GRANTS)

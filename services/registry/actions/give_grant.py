"""Let another act for oneself (代办)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from services.registry.errors import (
    AgentNotAccepted,
    GrantPeriodNotAccepted,
    ItemsNotGrantable,
    PrincipalNotAccepted,
)
from services.registry.model import (
    Grant,
    GrantId,
    PersonId,
    PersonIndex,
    PublicationKind,
    Resident,
)
from services.registry.rules import death, grants
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import new_id
from shared.journal import JournalEntry
from shared.sealing import BlindIndex
from shared.store import RequestKey, StoredAnswer

Shown = Callable[[Grant], Mapping[str, Any]]
"""How a grant is told to the caller; kept beside the idempotency key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveGrant:
    """Whom a citizen lets act, for what, and until when."""

    principal: Actor
    request: RequestKey
    agent_name: str = field(repr=False)
    agent_id_number: str = field(repr=False)
    items: frozenset[str]
    expires_on: date


async def give_grant(
    command: GiveGrant,
    *,
    shown: Shown,
    transaction: Transactions[Store],
    clock: Clock,
    index: BlindIndex,
) -> StoredAnswer:
    """Give a grant once, however often the request comes.

    Raises:
        PrincipalNotAccepted: The caller is not a living resident.
        AgentNotAccepted: No living resident has that name and number, or it is the caller.
        GrantPeriodNotAccepted: It would end before today, or after more than a year.
        ItemsNotGrantable: An item is not published, or the law wants the person themselves.
    """
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        if not grants.is_period_acceptable(command.expires_on, today=clock.today()):
            raise GrantPeriodNotAccepted
        await _check_items(store, command.items)
        principal = await _principal(store, command.principal)
        agent = await _agent(store, command, index)
        if agent.id == principal.id:
            raise AgentNotAccepted
        grant = _drawn_up(command, principal, agent, clock)
        await store.add_grant(grant)
        await store.write_journal(note_of_grant(grant, command.principal, "give-grant"))
        answer = StoredAnswer(status=201, body=dict(shown(grant)))
        await store.remember_answer(command.request, status=answer.status, body=answer.body)
    return answer


def note_of_grant(grant: Grant, actor: Actor, act: str) -> JournalEntry:
    """The journal's entry of an act on a grant."""
    return JournalEntry(
        stream=f"grant:{grant.id}",
        actor=actor.subject,
        act=act,
        target=f"grant:{grant.id}",
        facts={"items": sorted(grant.items), "expiresOn": grant.expires_on.isoformat()},
    )


def _drawn_up(command: GiveGrant, principal: Resident, agent: Resident, clock: Clock) -> Grant:
    return Grant(
        id=GrantId(new_id()),
        principal=principal.id,
        agent=agent.id,
        items=command.items,
        granted_at=clock.now(),
        expires_on=command.expires_on,
    )


async def _check_items(store: Store, codes: frozenset[str]) -> None:
    published = await store.list_newest_of(PublicationKind.ITEM, codes)
    if not grants.are_grantable(codes, {each.key: each.content for each in published}):
        raise ItemsNotGrantable


async def _principal(store: Store, actor: Actor) -> Resident:
    resident = await store.find_resident(PersonId(UUID(actor.id)))
    if resident is None or not resident.is_alive:
        raise PrincipalNotAccepted
    return resident


async def _agent(store: Store, command: GiveGrant, index: BlindIndex) -> Resident:
    """One error for every mismatch: otherwise this door would say who exists."""
    found = PersonIndex(index.of(command.agent_id_number))
    agent = await store.find_resident_by_index(found)
    if agent is None or not agent.is_alive:
        raise AgentNotAccepted
    if not death.is_same_name(agent.name, command.agent_name):
        raise AgentNotAccepted
    return agent

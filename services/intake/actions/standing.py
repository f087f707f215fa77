"""Let a citizen act in a case: their own, one they handed in for another, or one for them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from services.intake.errors import ApplicationNotFound
from services.intake.model import ApplicationId, GrantId
from services.intake.model.kept import CaseLine
from services.intake.model.standing import Capacity, Parties, Standing
from services.intake.ports import Grants
from services.intake.rules.standing import capacity_of
from services.intake.store import Store
from shared.auth import Actor, ActorKind
from shared.database import Transactions

T = TypeVar("T")


async def with_standing(
    actor: Actor,
    application_id: ApplicationId,
    act: Callable[[Standing | None], Awaitable[T]],
    *,
    transaction: Transactions[Store],
    grants: Grants,
) -> T:
    """Let a citizen act; who applied for themselves needs nothing, others need a standing.

    Raises:
        ApplicationNotFound: It is not theirs, or not theirs any more.
    """
    try:
        return await act(None)
    except ApplicationNotFound:
        if actor.kind is not ActorKind.CITIZEN:
            raise
    standing = await take_standing(actor, application_id, transaction=transaction, grants=grants)
    return await act(standing)


async def take_standing(
    actor: Actor,
    application_id: ApplicationId,
    *,
    transaction: Transactions[Store],
    grants: Grants,
) -> Standing:
    """In which capacity a citizen acts in a case, asked before the act's own transaction.

    An agent's grant is asked of the registry each time, so that a grant that was withdrawn
    ends everything at once: what the agent began stays, and is the applicant's alone.

    Raises:
        ApplicationNotFound: It is not theirs, or not theirs any more.
        Unavailable: The registry did not say whether the grant is in force; never a yes.
    """
    async with transaction() as store:
        parties = await store.find_parties(application_id)
    if parties is None:
        raise ApplicationNotFound
    capacity = capacity_of(parties, subject=actor.subject, person_index=actor.person_index)
    if capacity is None:
        raise ApplicationNotFound
    if capacity is Capacity.AGENT and not await _in_force(actor, parties, grants):
        raise ApplicationNotFound
    return Standing(application_id=application_id, subject=actor.subject, capacity=capacity)


async def without_ended_grants(
    actor: Actor, lines: Sequence[CaseLine], *, grants: Grants
) -> Sequence[CaseLine]:
    """A list of an actor's cases without those whose grant is not in force any more."""
    asked = [line for line in lines if line.parties is not None and line.parties.grant]
    theirs = [line for line in asked if line.parties and line.parties.submitted_by == actor.subject]
    answers = await asyncio.gather(
        *(_in_force(actor, line.parties, grants) for line in theirs if line.parties)
    )
    ended = {line.id for line, answer in zip(theirs, answers, strict=True) if not answer}
    return [line for line in lines if line.id not in ended]


async def note_representation(
    store: Store, application_id: ApplicationId, *, grant: GrantId | None, principal_index: str
) -> None:
    """Keep for whom an agent applied; nothing where people apply for themselves."""
    if grant is not None:
        await store.add_representation(application_id, grant=grant, principal_index=principal_index)


async def _in_force(actor: Actor, parties: Parties, grants: Grants) -> bool:
    if parties.grant is None or parties.principal_index is None:
        return False
    return await grants.allows(
        parties.grant,
        agent=actor.id,
        principal_index=parties.principal_index,
        item_code=parties.item_code,
    )

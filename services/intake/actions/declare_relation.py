"""Declare one's own number and those of relatives, so that the window keeps one away from them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.intake.actions.desk import Desk
from services.intake.errors.officers import IdNumberUnreadable
from services.intake.model.officer import Relation, RelationId, RelationKind
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.identifiers import InvalidIdentifier, ResidentId
from shared.ids import new_id
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareRelation:
    """The command: this person is myself, or near to me."""

    actor: Actor
    kind: RelationKind
    id_no: str = field(repr=False)
    request: RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRelation:
    """The command: the declaration was wrong, or is so no longer."""

    actor: Actor
    id: RelationId
    request: RequestKey


async def declare_relation(
    command: DeclareRelation, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | None:
    """Keep the blind index of a person; the number itself is kept nowhere.

    Raises:
        IdNumberUnreadable: It is not the number of a resident.
    """
    try:
        ResidentId.parse(command.id_no, today=desk.clock.today())
    except InvalidIdentifier:
        raise IdNumberUnreadable from None
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        id = RelationId(new_id())
        await store.add_relation(
            id,
            command.actor.subject,
            command.kind,
            desk.index.of(command.id_no),
            at=desk.clock.now(),
        )
        await _note(store, command.actor, "declare-relation", id, kind=command.kind)
        await store.remember_answer(command.request, status=201, body={})
    return None


async def withdraw_relation(
    command: WithdrawRelation, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | None:
    """Take a declaration back; that it once stood remains in the journal.

    Raises:
        RelationNotFound: There is none, it is another's, or a register's word.
    """
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        await store.withdraw_relation(command.id, command.actor.subject, at=desk.clock.now())
        await _note(store, command.actor, "withdraw-relation", command.id)
        await store.remember_answer(command.request, status=200, body={})
    return None


async def list_relations(actor: Actor, *, transaction: Transactions[Store]) -> Sequence[Relation]:
    """What the officer has declared: what somebody is to them, never who."""
    async with transaction() as store:
        return await store.list_relations(actor.subject)


async def _note(
    store: Store, actor: Actor, act: str, id: RelationId, *, kind: RelationKind | None = None
) -> None:
    await store.write_journal(
        JournalEntry(
            stream=actor.subject,
            actor=actor.subject,
            act=act,
            target=f"relation:{id}",
            facts={"kind": str(kind)} if kind else {},
        )
    )

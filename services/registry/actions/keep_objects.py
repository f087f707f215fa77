"""Note who became, or ceased to be, an object of a service, and let what follows stand."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.registry.actions.reach import act_note, home_within, require_role, scope_of
from services.registry.errors.residents import (
    DayInFuture,
    ObjectEnded,
    ObjectNotFound,
    ResidentNotFound,
)
from services.registry.model import PersonId
from services.registry.model.objects import Category, ObjectAct, ObjectFact
from services.registry.rules import objects
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import derived_id, new_id
from shared.store import RequestKey, StoredAnswer

ENTERED = "entered-by-officer"


async def note_objects(
    store: Store, reference: UUID, facts: Iterable[ObjectFact], *, clock: Clock
) -> None:
    """Note facts about one benefit or entry, each once, and redo what follows from them.

    The rows that are believed are folded from all facts there are, so that it does not
    matter in which order they came.
    """
    await store.lock_reference(reference)
    at = clock.now()
    for fact in facts:
        await store.add_object_fact(replace(fact, recorded_at=at))
    kept = await store.list_objects_of_reference(reference)
    wanted = objects.periods(await store.list_object_facts(reference))
    await store.replace_objects(
        old=[row for row, each in kept.items() if each not in wanted],
        new={new_id(): each for each in wanted if each not in kept.values()},
        at=at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterObject:
    """An officer's entry for what no service of the house tells: 残疾, 孤儿, 优抚 …"""

    actor: Actor
    request: RequestKey
    resident: PersonId
    category: Category
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndObject:
    """An officer's note that an entry of theirs holds no longer.

    Args:
        on: The first day on which it does not.
    """

    actor: Actor
    request: RequestKey
    reference: UUID
    on: date


async def enter_object(
    command: EnterObject, *, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """Enter that a resident is something from a day on, until the entry is ended.

    Raises:
        RegisterRoleLacking: The officer may read only.
        DayInFuture: The day is still to come.
        ResidentNotFound: The resident is not within the officer's reach.
    """
    require_role(command.actor)
    if command.since > clock.today():
        raise DayInFuture
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        person = await store.resident_behind(command.resident)
        await home_within(store, person, await scope_of(store, command.actor))
        resident = await store.find_resident(person)
        if resident is None:
            raise ResidentNotFound
        reference = new_id()
        fact = ObjectFact(
            id=derived_id("object-fact", str(reference), ObjectAct.BEGIN),
            person=resident.index,
            category=command.category,
            act=ObjectAct.BEGIN,
            on=command.since,
            source=ENTERED,
            reference=reference,
            recorded_at=clock.now(),
        )
        await note_objects(store, reference, [fact], clock=clock)
        return await _answered(store, command, person, "enter-object", reference, 201)


async def end_object(
    command: EndObject, *, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """End an entry; what a service told, that service ends.

    Raises:
        RegisterRoleLacking: The officer may read only.
        DayInFuture: The day is still to come.
        ObjectNotFound: There is no such entry within the officer's reach.
        ObjectEnded: It has an end, or would have it before its beginning.
    """
    require_role(command.actor)
    if command.on > clock.today():
        raise DayInFuture
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        await store.lock_reference(command.reference)
        facts = await store.list_object_facts(command.reference)
        if not facts or facts[0].source != ENTERED:
            raise ObjectNotFound
        person = await store.person_with_number(facts[0].person)
        if person is None:
            raise ObjectNotFound
        try:
            await home_within(store, person, await scope_of(store, command.actor))
        except ResidentNotFound:
            raise ObjectNotFound from None
        if len(facts) > 1 or command.on <= facts[0].on:
            raise ObjectEnded
        end = replace(
            facts[0],
            id=derived_id("object-fact", str(command.reference), ObjectAct.END),
            act=ObjectAct.END,
            on=command.on,
        )
        await note_objects(store, command.reference, [end], clock=clock)
        return await _answered(store, command, person, "end-object", command.reference, 200)


async def _answered(
    store: Store,
    command: EnterObject | EndObject,
    person: PersonId,
    act: str,
    reference: UUID,
    status: int,
) -> StoredAnswer:
    note = act_note(command.actor, stream=f"resident:{person}", act=act, reference=str(reference))
    await store.write_journal(note)
    answer = StoredAnswer(status=status, body={"id": str(reference)})
    await store.remember_answer(command.request, status=status, body=answer.body)
    return answer

"""What happens to residents after they are known: moves, corrections, other numbers and names."""

from dataclasses import dataclass, field
from datetime import date

from services.registry.actions.note_life import note_facts
from services.registry.actions.reach import (
    act_note,
    home_within,
    require_household,
    require_role,
    scope_of,
)
from services.registry.actions.register_resident import checked_number, entered_fact
from services.registry.errors.residents import (
    DayInFuture,
    FactNotFound,
    FactOfAnotherService,
    ResidentNotFound,
)
from services.registry.events.residents import resident_renumbered
from services.registry.model import PersonId, PersonIndex, Resident
from services.registry.model.residents import (
    Alias,
    AliasKind,
    Entry,
    FactId,
    HouseholdId,
    LifeEvent,
    LifeFact,
)
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import new_id
from shared.sealing import BlindIndex
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFact:
    """An officer's note of a birth or a move, or the correction of one.

    Args:
        household: Where to, for a birth or a move in.
        corrects: The fact this one takes the place of.
    """

    actor: Actor
    request: RequestKey
    resident: PersonId
    kind: Entry
    on: date
    household: HouseholdId | None = None
    corrects: FactId | None = None


async def note_fact(
    command: NoteFact, *, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """Note what happened, in whatever order it is told.

    Raises:
        RegisterRoleLacking: The officer may read only.
        DayInFuture: The day is still to come.
        ResidentNotFound: The resident is not within the officer's reach.
        HouseholdNotFound: The household is not.
        FactNotFound: There is no such fact of this resident to correct.
        FactOfAnotherService: Marriages and deaths are corrected where they were registered.
        FactCorrectedAlready: It was corrected before.
    """
    require_role(command.actor)
    if command.on > clock.today():
        raise DayInFuture
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        resident = await _within_reach(store, command.actor, command.resident)
        if command.household is not None:
            await require_household(store, command.household, await scope_of(store, command.actor))
        if command.corrects is not None:
            await _require_correctable(store, resident.id, command.corrects)
        fact = LifeFact(
            id=entered_fact(new_id()),
            person=resident.index,
            kind=LifeEvent(command.kind),
            on=command.on,
            subject=command.household,
            source=command.actor.subject,
            corrects=command.corrects,
            recorded_at=clock.now(),
        )
        await note_facts(store, [fact], clock=clock)
        await store.write_journal(
            act_note(
                command.actor,
                stream=f"resident:{resident.id}",
                act="note-fact",
                fact=str(fact.id),
                kind=fact.kind.value,
                corrects=str(fact.corrects) if fact.corrects else None,
            )
        )
        answer = StoredAnswer(status=201, body={"id": str(fact.id)})
        await store.remember_answer(command.request, status=201, body=answer.body)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeIdentity:
    """An officer's note that a resident has another number, or another name, from a day on."""

    actor: Actor
    request: RequestKey
    resident: PersonId
    on: date
    id_number: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)


async def change_identity(
    command: ChangeIdentity,
    *,
    transaction: Transactions[Store],
    clock: Clock,
    index: BlindIndex,
) -> StoredAnswer:
    """Keep the new number or name; the old ones stay, and still find the resident.

    Raises:
        RegisterRoleLacking: The officer may read only.
        DayInFuture: The day is still to come.
        IdNumberInvalid: The new number is not one.
        ResidentNotFound: The resident is not within the officer's reach.
        NumberTaken: Another has, or had, the new number.
    """
    require_role(command.actor)
    if command.on > clock.today():
        raise DayInFuture
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        resident = await _within_reach(store, command.actor, command.resident)
        if command.id_number is not None:
            number = checked_number(command.id_number, today=clock.today()).value
            await store.change_number(
                resident,
                index=PersonIndex(index.of(number)),
                id_number=number,
                on=command.on,
                at=clock.now(),
            )
        if command.name is not None and command.name != resident.name:
            former = Alias(id=new_id(), kind=AliasKind.FORMER, name=resident.name)
            await store.add_alias(resident.id, former, at=clock.now())
            await store.rename(resident.id, command.name)
        await store.forget_blocking_keys(resident.id)
        await store.publish(resident_renumbered(resident.id, on=command.on))
        await store.write_journal(
            act_note(
                command.actor,
                stream=f"resident:{resident.id}",
                act="change-identity",
                number=command.id_number is not None,
                name=command.name is not None,
            )
        )
        answer = StoredAnswer(status=200, body={"id": str(resident.id)})
        await store.remember_answer(command.request, status=200, body=answer.body)
        return answer


async def _within_reach(store: Store, actor: Actor, person: PersonId) -> Resident:
    """The record that stands for a resident, locked.

    Raises:
        ResidentNotFound: There is none, or they live elsewhere.
    """
    root = await store.resident_behind(person)
    await store.lock_residents([root])
    await home_within(store, root, await scope_of(store, actor))
    found = await store.find_resident(root)
    if found is None:
        raise ResidentNotFound
    return found


async def _require_correctable(store: Store, person: PersonId, fact: FactId) -> None:
    facts = await store.list_facts(await store.list_numbers(person))
    found = next((each for each in facts if each.id == fact), None)
    if found is None:
        raise FactNotFound
    if found.kind.value not in set(Entry):
        raise FactOfAnotherService

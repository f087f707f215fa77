"""Make a person known to the register, born or moved into a household."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.registry.actions.note_life import bring_in_line, note_facts
from services.registry.actions.reach import (
    act_note,
    require_household,
    require_role,
    scope_of,
)
from services.registry.errors.residents import (
    DayInFuture,
    IdNumberInvalid,
    ResidentKnownAlready,
)
from services.registry.events.residents import resident_registered
from services.registry.model import PersonId, PersonIndex, Resident
from services.registry.model.residents import FactId, HouseholdId, LifeEvent, LifeFact
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.identifiers import InvalidIdentifier, ResidentId
from shared.ids import derived_id, new_id
from shared.sealing import BlindIndex
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterResident:
    """An officer's wish that somebody is in the register, and in a household from a day on."""

    actor: Actor
    request: RequestKey
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    household: HouseholdId
    by_birth: bool
    """Born into the household; otherwise moved in."""
    on: date


async def register_resident(
    command: RegisterResident,
    *,
    transaction: Transactions[Store],
    clock: Clock,
    index: BlindIndex,
) -> StoredAnswer:
    """Add a resident, with everything that was already heard of them.

    Raises:
        RegisterRoleLacking: The officer may read only.
        IdNumberInvalid: The number is not one.
        DayInFuture: The day is still to come.
        HouseholdNotFound: It is not within the officer's reach.
        ResidentKnownAlready: Somebody has, or had, the number.
    """
    require_role(command.actor)
    number = checked_number(command.id_number, today=clock.today())
    if command.on > clock.today():
        raise DayInFuture
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        await require_household(store, command.household, await scope_of(store, command.actor))
        resident = Resident(
            id=PersonId(new_id()),
            index=PersonIndex(index.of(number.value)),
            name=command.name,
            id_number=number.value,
        )
        await make_known(store, resident, clock=clock)
        await note_facts(store, [_arrival(command, resident, clock)], clock=clock)
        await store.write_journal(
            act_note(
                command.actor,
                stream=f"resident:{resident.id}",
                act="register-resident",
                household=str(command.household),
            )
        )
        answer = StoredAnswer(status=201, body={"id": str(resident.id)})
        await store.remember_answer(command.request, status=201, body=answer.body)
        return answer


async def make_known(store: Store, resident: Resident, *, clock: Clock) -> None:
    """Add a record; what was heard of the person before they were known counts from now on.

    Raises:
        ResidentKnownAlready: Somebody has, or had, the number.
    """
    await store.lock_numbers([resident.index])
    await store.add_resident(resident, at=clock.now())
    if await store.owner_of_number(resident.index) != resident.id:
        raise ResidentKnownAlready
    await bring_in_line(store, resident.id, at=clock.now())
    await store.publish(resident_registered(resident.id))


def checked_number(text: str, *, today: date) -> ResidentId:
    """A valid number of eighteen characters.

    Raises:
        IdNumberInvalid: It is not one; the error says in which way, and not what was sent.
    """
    try:
        return ResidentId.parse(text, today=today)
    except InvalidIdentifier as fault:
        raise IdNumberInvalid(fault=fault.code, zh=fault.message_zh, en=fault.message_en) from None


def entered_fact(entry: UUID) -> FactId:
    """The id of a fact that an officer entered."""
    return FactId(derived_id("entered-fact", str(entry)))


def _arrival(command: RegisterResident, resident: Resident, clock: Clock) -> LifeFact:
    return LifeFact(
        id=entered_fact(new_id()),
        person=resident.index,
        kind=LifeEvent.BIRTH if command.by_birth else LifeEvent.MOVE_IN,
        on=command.on,
        subject=command.household,
        source=command.actor.subject,
        recorded_at=clock.now(),
    )

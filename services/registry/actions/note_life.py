"""Note what happened in lives, and bring the register in line with it; a step of many actions."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from services.registry.events.residents import household_members_changed, resident_changed
from services.registry.model import PersonId, PersonIndex
from services.registry.model.households import KeptMembership, Membership
from services.registry.model.residents import HouseholdId, LifeFact
from services.registry.rules import life
from services.registry.store import Store
from shared.clock import Clock
from shared.ids import new_id


async def note_facts(store: Store, facts: Iterable[LifeFact], *, clock: Clock) -> list[LifeFact]:
    """Note facts, each once, and redo what follows from them; those that were new.

    A person the register does not know yet may have facts: they wait for the person.

    Raises:
        FactCorrectedAlready: A correction comes after another of the same fact.
        InTwoHouseholds: Somebody would be in two households on one day.
    """
    given = list(facts)
    people = await _locked(store, sorted({each.person for each in given}))
    at = clock.now()
    new = []
    for fact in given:
        dated = replace(fact, recorded_at=at)
        if await store.add_fact(dated):
            new.append(dated)
    concerned = {people[each.person] for each in new}
    for person in sorted(each for each in concerned if each):
        await bring_in_line(store, person, at=at)
    for fact in new:
        known = people[fact.person]
        if known is not None:
            await store.publish(resident_changed(known, fact))
    return new


async def bring_in_line(store: Store, person: PersonId, *, at: datetime) -> None:
    """Let memberships and death of a person be what the facts say; what was believed is kept.

    Args:
        person: The record that stands for the person, locked.
    """
    facts = life.standing(await store.list_facts(await store.list_numbers(person)))
    await replace_memberships(store, person, life.memberships(facts), at=at)
    died_on = life.died_on(facts)
    if died_on is not None:
        await store.record_death(person, died_on)


async def replace_memberships(
    store: Store, person: PersonId, wanted: Sequence[Membership], *, at: datetime
) -> None:
    """Supersede the memberships that are not wanted any more, and add those that are new."""
    kept = await store.list_memberships(person)
    gone = [each for each in kept if each.membership not in wanted]
    there = [each.membership for each in kept]
    new = [each for each in wanted if each not in there]
    if not gone and not new:
        return
    await store.replace_memberships(
        person,
        old=[each.id for each in gone],
        new={new_id(): each for each in new},
        at=at,
    )
    for household in sorted(_households(gone, new)):
        await store.publish(household_members_changed(household))


async def _locked(
    store: Store, indexes: Sequence[PersonIndex]
) -> dict[PersonIndex, PersonId | None]:
    """The records that stand for people, locked in one order for everybody.

    The numbers are locked first: a person who becomes known in the same moment is either
    seen here, or sees the facts.
    """
    await store.lock_numbers(indexes)
    while True:
        found = {index: await store.person_with_number(index) for index in indexes}
        people = {each for each in found.values() if each}
        await store.lock_residents(people)
        again = {index: await store.person_with_number(index) for index in indexes}
        # A merge may have come between the look and the lock.
        if again == found:
            return found


def _households(gone: Iterable[KeptMembership], new: Iterable[Membership]) -> set[HouseholdId]:
    return {each.membership.household for each in gone} | {each.household for each in new}

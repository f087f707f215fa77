"""Read residents and households; every look is journalled with its purpose."""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.registry.actions.reach import Purpose, home_within, read_note, scope_of
from services.registry.errors.residents import HouseholdNotFound, ResidentNotFound
from services.registry.model import PersonId, PersonIndex
from services.registry.model.files import AsOf, HouseholdFile, ResidentFile
from services.registry.model.households import Home
from services.registry.model.residents import HouseholdId
from services.registry.rules import life
from services.registry.rules.scope import is_within
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.sealing import BlindIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Who looks, for what, and as of when; by default today, as known now."""

    actor: Actor
    purpose: Purpose
    on: date | None = None
    known_at: datetime | None = None

    def as_of(self, clock: Clock) -> AsOf:
        """The two times of the question."""
        return AsOf(on=self.on or clock.today(), known_at=self.known_at or clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class FindResident:
    """An officer asks for whoever has, or had, a number."""

    look: Look
    id_number: str = field(repr=False)


async def find_resident(
    query: FindResident, *, transaction: Transactions[Store], clock: Clock, index: BlindIndex
) -> ResidentFile:
    """The resident with a number, be it an old one.

    Raises:
        ResidentNotFound: Nobody has it, or they are not within the officer's reach.
    """
    async with transaction() as store:
        person = await store.owner_of_number(PersonIndex(index.of(query.id_number)))
        if person is None:
            raise ResidentNotFound
        return await _opened(store, person, query.look, act="find-resident", clock=clock)


async def read_resident(
    person: PersonId, look: Look, *, transaction: Transactions[Store], clock: Clock
) -> ResidentFile:
    """A resident on a day, as known at an instant; a merged record shows the one it is now.

    Raises:
        ResidentNotFound: There is none, or they are not within the officer's reach.
    """
    async with transaction() as store:
        return await _opened(store, person, look, act="read-resident", clock=clock)


async def read_household(
    household: HouseholdId, look: Look, *, transaction: Transactions[Store], clock: Clock
) -> HouseholdFile:
    """Who was in a household, and where it was, on a day, as known at an instant.

    Raises:
        HouseholdNotFound: There is none, or it is not within the officer's reach now.
    """
    as_of = look.as_of(clock)
    async with transaction() as store:
        places = await store.list_places(household)
        scope = await scope_of(store, look.actor)
        if not places or not is_within(places[-1].place.division, scope):
            raise HouseholdNotFound
        file = HouseholdFile(
            id=household,
            as_of=as_of,
            place=await store.find_place(household, on=as_of.on, known_at=as_of.known_at),
            members=await store.list_members(household, on=as_of.on, known_at=as_of.known_at),
        )
        await store.write_journal(
            read_note(
                look.actor,
                look.purpose,
                stream=f"household:{household}",
                act="read-household",
                members=[str(each.resident.id) for each in file.members],
                **_asked(as_of),
            )
        )
        return file


async def _opened(
    store: Store, person: PersonId, look: Look, *, act: str, clock: Clock
) -> ResidentFile:
    root = await store.resident_behind(person)
    home = await home_within(store, root, await scope_of(store, look.actor))
    as_of = look.as_of(clock)
    file = await _file(store, root, home, as_of)
    await store.write_journal(
        read_note(look.actor, look.purpose, stream=f"resident:{root}", act=act, **_asked(as_of))
    )
    return file


async def _file(store: Store, person: PersonId, home: Home, as_of: AsOf) -> ResidentFile:
    resident = await store.find_resident(person)
    if resident is None:
        raise ResidentNotFound
    numbers = await store.list_numbers(person)
    facts = life.standing(await store.list_facts(numbers), known_at=as_of.known_at)
    stays = [each for each in life.memberships(facts) if each.period.has(as_of.on)]
    return ResidentFile(
        resident=resident,
        as_of=as_of,
        home=home,
        household=stays[0].household if stays else None,
        civil_status=life.civil_status(facts, on=as_of.on),
        died_on=life.died_on(facts) or resident.died_on,
        aliases=await store.list_aliases(person),
        former_numbers=await store.list_former_numbers(person),
        objects=await store.list_objects(numbers, on=as_of.on, known_at=as_of.known_at),
        facts=facts,
    )


def _asked(as_of: AsOf) -> dict[str, str]:
    return {"on": as_of.on.isoformat(), "knownAt": as_of.known_at.isoformat()}

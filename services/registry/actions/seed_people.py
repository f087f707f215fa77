"""Put the made-up people of the development seed into the register."""

from collections.abc import Mapping
from datetime import date

from services.registry.actions.keep_household import Settling, settle
from services.registry.actions.note_life import note_facts
from services.registry.model import (
    Catalogue,
    Identity,
    PersonId,
    PersonIndex,
    PersonKind,
    Resident,
    SeedResident,
)
from services.registry.model.residents import FactId, HouseholdId, LifeEvent, LifeFact
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import derived_id
from shared.sealing import BlindIndex

SEED_SINCE = date(2020, 1, 1)
SEED_ADDRESS = "示例路1号"


async def seed_people(
    catalogue: Catalogue, *, transaction: Transactions[Store], clock: Clock, index: BlindIndex
) -> None:
    """Make officers and residents known; whoever is known already stays as they are now.

    A resident who died in a case of yesterday is not brought back to life by a restart.
    """
    async with transaction() as store:
        for officer in catalogue.officers:
            await store.add_officer(officer)
        for each in catalogue.residents:
            await store.add_resident(_resident(each, index), at=clock.now())
        for each in catalogue.residents:
            await _house(store, each, clock=clock, index=index)


def development_people(catalogue: Catalogue, *, index: BlindIndex) -> Mapping[str, Identity]:
    """Sign-in codes of the seed: `resident:<key>` and `officer:<key>`."""
    citizens = {
        f"resident:{each.key}": Identity(kind=PersonKind.CITIZEN, key=index.of(each.id_number))
        for each in catalogue.residents
    }
    officers = {
        f"officer:{each.id}": Identity(kind=PersonKind.OFFICER, key=each.id)
        for each in catalogue.officers
    }
    return {**citizens, **officers}


async def _house(store: Store, seed: SeedResident, *, clock: Clock, index: BlindIndex) -> None:
    """Let a resident live where the seed says, with those they live with; once."""
    together = sorted(seed.household) or [seed.key]
    household = HouseholdId(derived_id("development-household", *together))
    if not await store.lock_household(household):
        await store.add_household(household, at=clock.now())
        place = Settling(division=seed.division, address=SEED_ADDRESS, since=SEED_SINCE)
        await settle(store, household, place, clock=clock)
    fact = LifeFact(
        id=FactId(derived_id("development-move", seed.key)),
        person=PersonIndex(index.of(seed.id_number)),
        kind=LifeEvent.MOVE_IN,
        on=SEED_SINCE,
        subject=household,
        source="development-seed",
        recorded_at=clock.now(),
    )
    await note_facts(store, [fact], clock=clock)


def _resident(seed: SeedResident, index: BlindIndex) -> Resident:
    return Resident(
        id=PersonId(derived_id("development-resident", seed.key)),
        index=PersonIndex(index.of(seed.id_number)),
        name=seed.name,
        id_number=seed.id_number,
        status=seed.status,
        died_on=seed.died_on,
    )

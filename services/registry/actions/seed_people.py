"""Put the made-up people of the development seed into the register."""

from collections.abc import Mapping

from services.registry.model import (
    Catalogue,
    Identity,
    PersonId,
    PersonIndex,
    PersonKind,
    Resident,
    SeedResident,
)
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import derived_id
from shared.sealing import BlindIndex


async def seed_people(
    catalogue: Catalogue, *, transaction: Transactions[Store], clock: Clock, index: BlindIndex
) -> None:
    """Make officers and residents known; whoever is known already stays as they are now.

    A resident who died in a case of yesterday is not brought back to life by a restart.
    """
    async with transaction() as store:
        for officer in catalogue.officers:
            await store.keep_officer(officer)
        for each in catalogue.residents:
            await store.add_resident(_resident(each, index), at=clock.now())


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


def _resident(seed: SeedResident, index: BlindIndex) -> Resident:
    return Resident(
        id=PersonId(derived_id("development-resident", seed.key)),
        index=PersonIndex(index.of(seed.id_number)),
        name=seed.name,
        id_number=seed.id_number,
        status=seed.status,
        died_on=seed.died_on,
    )

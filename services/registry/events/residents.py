"""What the registry tells of residents and households: ids, codes and days, never a person."""

from datetime import date
from uuid import UUID

from services.registry.model import PersonId
from services.registry.model.residents import HouseholdId, LifeFact, Merge
from shared.events import Event

RESIDENT = "civil.registry.resident"
HOUSEHOLD = "civil.registry.household"


def resident_changed(person: PersonId, fact: LifeFact) -> Event:
    """Something that happened to a resident was noted, or corrected; what, only its kind says."""
    return _of_resident(
        "resident-changed",
        person,
        {
            "factId": str(fact.id),
            "kind": fact.kind.value,
            "on": fact.on.isoformat(),
            "corrects": str(fact.corrects) if fact.corrects else None,
        },
    )


def resident_registered(person: PersonId) -> Event:
    """A person became known to the register."""
    return _of_resident("resident-registered", person, {})


def resident_renumbered(person: PersonId, *, on: date) -> Event:
    """A resident has another ID number, or another name; the old one still finds them."""
    return _of_resident("resident-renumbered", person, {"on": on.isoformat()})


def residents_merged(merge: Merge) -> Event:
    """Two records were found to be one person: what concerned one concerns the other."""
    return _of_merge("residents-merged", merge)


def residents_unmerged(merge: Merge) -> Event:
    """Two records that were merged are two people after all."""
    return _of_merge("residents-unmerged", merge)


def household_settled(household: HouseholdId, *, division: str, since: date) -> Event:
    """A household is, was or will be in a division from a day on; or that was corrected."""
    return _of_household(
        "household-settled", household, {"division": division, "since": since.isoformat()}
    )


def household_members_changed(household: HouseholdId) -> Event:
    """Who is in a household changed, or is known better than before."""
    return _of_household("household-members-changed", household, {})


def _of_resident(fact: str, person: PersonId, data: dict[str, object]) -> Event:
    return Event(
        topic=RESIDENT,
        type=f"civil.registry.{fact}.v1",
        key=str(person),
        data={"residentId": str(person), **data},
    )


def _of_merge(fact: str, merge: Merge) -> Event:
    return Event(
        topic=RESIDENT,
        type=f"civil.registry.{fact}.v1",
        key=str(merge.kept),
        data={
            "mergeId": str(merge.id),
            "keptId": str(merge.kept),
            "absorbedId": str(merge.absorbed),
        },
    )


def _of_household(fact: str, household: UUID, data: dict[str, object]) -> Event:
    return Event(
        topic=HOUSEHOLD,
        type=f"civil.registry.{fact}.v1",
        key=str(household),
        data={"householdId": str(household), **data},
    )

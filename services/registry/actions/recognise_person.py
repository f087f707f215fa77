"""Find the person behind an identity or a session; a step of sign-in and refresh."""

from dataclasses import dataclass, field
from uuid import UUID

from services.registry.model import Identity, Officer, PersonId, PersonIndex, PersonKind, Resident
from services.registry.store import Store
from shared.auth import Actor, ActorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who may act now, with the name to greet them by."""

    actor: Actor
    name: str = field(repr=False)


async def person_of_identity(store: Store, identity: Identity) -> Person | None:
    """The person a provider recognised, if they may act."""
    if identity.kind is PersonKind.OFFICER:
        return _officer(await store.find_officer(identity.key))
    return _citizen(await store.find_resident_by_index(PersonIndex(identity.key)))


async def person_of_session(store: Store, kind: PersonKind, person: str) -> Person | None:
    """The person of a session as they are now: offices and roles may have changed."""
    if kind is PersonKind.OFFICER:
        return _officer(await store.find_officer(person))
    return _citizen(await store.find_resident(PersonId(UUID(person))))


def _officer(officer: Officer | None) -> Person | None:
    if officer is None or not officer.is_active:
        return None
    actor = Actor(
        kind=ActorKind.OFFICER,
        id=officer.id,
        offices=officer.offices,
        division=officer.division,
        roles=officer.roles,
    )
    return Person(actor=actor, name=officer.name)


def _citizen(resident: Resident | None) -> Person | None:
    """The dead do not act, and nobody acts as them."""
    if resident is None or not resident.is_alive:
        return None
    actor = Actor(kind=ActorKind.CITIZEN, id=str(resident.id), person_index=resident.index)
    return Person(actor=actor, name=resident.name)

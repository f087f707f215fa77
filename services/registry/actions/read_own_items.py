"""Read adoptions, organisations and place names; looks at people are journalled."""

from collections.abc import Sequence

from services.registry.actions.reach import read_note, scope_of
from services.registry.actions.read_residents import Look
from services.registry.errors.own_items import AdoptionNotFound, OrganisationNotFound
from services.registry.model.adoption import Adoption
from services.registry.model.organisations import Organisation
from services.registry.model.place_names import PlaceName
from services.registry.rules.scope import is_within
from services.registry.store import Store
from shared.auth import Actor
from shared.database import Transactions


async def read_adoption(number: str, look: Look, *, transaction: Transactions[Store]) -> Adoption:
    """The adoption with a number.

    Raises:
        AdoptionNotFound: There is none, or it was registered beyond the officer's reach.
        PersonalDataErased: Its key was destroyed.
    """
    async with transaction() as store:
        adoption = await store.find_adoption(number)
        scope = await scope_of(store, look.actor)
        if adoption is None or not is_within(adoption.division, scope):
            raise AdoptionNotFound
        await store.write_journal(
            read_note(
                look.actor, look.purpose, stream=f"adoption:{adoption.id}", act="read-adoption"
            )
        )
        return adoption


async def read_organisation(
    uscc: str, look: Look, *, transaction: Transactions[Store]
) -> Organisation:
    """The organisation with a code, and who represents it.

    Raises:
        OrganisationNotFound: There is none, or it is beyond the officer's reach.
        PersonalDataErased: Its key was destroyed.
    """
    async with transaction() as store:
        organisation = await store.find_organisation(uscc)
        scope = await scope_of(store, look.actor)
        if organisation is None or not is_within(organisation.division, scope):
            raise OrganisationNotFound
        await store.write_journal(
            read_note(
                look.actor,
                look.purpose,
                stream=f"organisation:{organisation.id}",
                act="read-organisation",
            )
        )
        return organisation


async def list_organisations(
    actor: Actor, *, after: str, limit: int, transaction: Transactions[Store]
) -> Sequence[Organisation]:
    """Organisations of the divisions of an officer's offices, in the order of their codes."""
    async with transaction() as store:
        scope = await scope_of(store, actor)
        return await store.list_organisations(scope, after=after, limit=limit)


async def list_place_names(
    actor: Actor, *, name: str, after: str, limit: int, transaction: Transactions[Store]
) -> Sequence[PlaceName]:
    """Names in the divisions of an officer's offices, in the order of their numbers."""
    async with transaction() as store:
        scope = await scope_of(store, actor)
        return await store.list_place_names(scope, name=name, after=after, limit=limit)

"""Read the service objects base: who in a division is what, and how many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.registry.actions.reach import read_note, scope_of
from services.registry.actions.read_residents import Look
from services.registry.errors.residents import DivisionOutOfReach
from services.registry.model.objects import Category, ObjectPerson
from services.registry.rules.objects import told_count
from services.registry.rules.scope import is_within, prefix_of
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class ListObjects:
    """An officer asks who in a division is what.

    Args:
        category: Only those who are this; everybody who is something, when None.
    """

    look: Look
    division: str
    category: Category | None
    after: UUID
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectCounts:
    """How many are what; None is more than none told and fewer than can be told."""

    division: str
    is_exact: bool
    counts: Mapping[Category, int | None]


async def list_object_people(
    query: ListObjects, *, transaction: Transactions[Store], clock: Clock
) -> Sequence[ObjectPerson]:
    """Residents of a division who are something, each with everything they are.

    Raises:
        DivisionOutOfReach: It is not among, nor below, those of the officer's offices.
    """
    as_of = query.look.as_of(clock)
    async with transaction() as store:
        scope = await scope_of(store, query.look.actor)
        if not is_within(query.division, scope):
            raise DivisionOutOfReach
        people = await store.page_object_people(
            division=prefix_of(query.division),
            scope=scope,
            category=query.category,
            on=as_of.on,
            after=query.after,
            limit=query.limit,
        )
        found = []
        for each in people:
            numbers = await store.list_numbers(each.resident.id)
            held = await store.list_objects(numbers, on=as_of.on, known_at=as_of.known_at)
            found.append(replace(each, objects=tuple(held)))
        await store.write_journal(
            read_note(
                query.look.actor,
                query.look.purpose,
                stream=f"division:{query.division}",
                act="list-service-objects",
                category=query.category.value if query.category else None,
                residents=[str(each.resident.id) for each in found],
            )
        )
        return found


async def count_objects(
    look: Look, division: str, *, transaction: Transactions[Store], clock: Clock
) -> ObjectCounts:
    """How many residents of a division are what.

    Exactly for those who may see the people; for all others small numbers are not told and
    the rest are rounded.
    """
    as_of = look.as_of(clock)
    async with transaction() as store:
        is_exact = is_within(division, await scope_of(store, look.actor))
        counted = await store.count_objects(division=prefix_of(division), on=as_of.on)
        await store.write_journal(
            read_note(
                look.actor,
                look.purpose,
                stream=f"division:{division}",
                act="count-service-objects",
                exact=is_exact,
            )
        )
    every = {each: counted.get(each, 0) for each in Category}
    counts = every if is_exact else {each: told_count(n) for each, n in every.items()}
    return ObjectCounts(division=division, is_exact=is_exact, counts=counts)

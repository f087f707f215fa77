"""Read what is published; everybody may."""

from collections.abc import Sequence

from services.registry.model import Division, Publication, PublicationKind
from services.registry.store import Store
from shared.database import Transactions


async def list_items(*, transaction: Transactions[Store]) -> Sequence[Publication]:
    """The newest version of every service item."""
    async with transaction() as store:
        return await store.list_newest(PublicationKind.ITEM)


async def get_item(
    code: str, version: int | None = None, *, transaction: Transactions[Store]
) -> Publication:
    """One version of an item, by default the newest.

    Raises:
        ItemNotFound: It was never published.
    """
    async with transaction() as store:
        return await store.get_item(code, version)


async def list_offices(
    *, after: str, limit: int, transaction: Transactions[Store]
) -> Sequence[Publication]:
    """The offices as they are now, in the order of their ids."""
    async with transaction() as store:
        return await store.list_newest(PublicationKind.OFFICE, after=after, limit=limit)


async def get_division(
    code: str, *, transaction: Transactions[Store]
) -> tuple[Division, Sequence[Division]]:
    """A division, and the ones directly below it.

    Raises:
        DivisionNotFound: There is none with this code.
    """
    async with transaction() as store:
        return await store.get_division(code), await store.list_divisions_below(code)


async def list_publications(
    *, after: int, limit: int, transaction: Transactions[Store]
) -> Sequence[Publication]:
    """Everything published behind a place in the order, for a reader who catches up."""
    async with transaction() as store:
        return await store.list_publications(after=after, limit=limit)

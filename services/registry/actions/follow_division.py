"""Tell what a code of a division stands for after divisions changed."""

from datetime import date

from services.registry.errors import DivisionNotFound
from services.registry.model.divisions import Succession
from services.registry.rules.divisions import succession
from services.registry.store import Store
from shared.database import Transactions
from shared.identifiers import InvalidIdentifier


async def follow_division(
    code: str, *, written_on: date, as_of: date, transaction: Transactions[Store]
) -> Succession:
    """The divisions that a code, written down one day, stands for on another.

    Raises:
        DivisionNotFound: There can be no division with this code.
    """
    async with transaction() as store:
        changes = await store.list_division_changes()
    try:
        return succession(code, changes, written_on=written_on, as_of=as_of)
    except InvalidIdentifier:
        raise DivisionNotFound from None

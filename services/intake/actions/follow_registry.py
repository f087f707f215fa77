"""Keep what the registry publishes, so that a submission asks nobody else."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.intake.model import Office, OfficeId
from services.intake.rules.expressions import Expressions
from services.intake.rules.item import parse_item
from services.intake.rules.publication import check_item
from services.intake.store import Store
from services.intake.store.published import PublishedItem
from shared.database import Transactions
from shared.identifiers import DivisionLevel


async def follow_item(
    data: Mapping[str, Any], *, transaction: Transactions[Store], expressions: Expressions
) -> None:
    """Keep a published version of an item.

    Raises:
        ItemMalformed: The definition is not one the window can work with.
    """
    check_item(parse_item(data["definition"]), expressions=expressions)
    async with transaction() as store:
        await store.keep_item(
            PublishedItem(
                code=data["code"],
                version=data["version"],
                hash=data["hash"],
                definition=data["definition"],
            )
        )


async def follow_parameters(data: Mapping[str, Any], *, transaction: Transactions[Store]) -> None:
    """Keep a published version of the local parameters."""
    async with transaction() as store:
        await store.keep_parameters(data["version"], data["parameters"])


async def follow_calendar(data: Mapping[str, Any], *, transaction: Transactions[Store]) -> None:
    """Keep a published version of the working calendar."""
    async with transaction() as store:
        await store.keep_calendar(data["version"], data["calendar"])


async def follow_office(data: Mapping[str, Any], *, transaction: Transactions[Store]) -> None:
    """Keep an office as the registry says it is now."""
    name = data["name"]
    async with transaction() as store:
        await store.keep_office(
            Office(
                id=OfficeId(UUID(data["officeId"])),
                name=name["zh"] if isinstance(name, dict) else name,
                division=data["division"],
                level=DivisionLevel(data["level"]),
                functions=frozenset(data["functions"]),
            )
        )

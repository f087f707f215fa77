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
from shared.journal import JournalEntry


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
    """Keep a published version of the working calendar; open clocks are read anew by it."""
    async with transaction() as store:
        earlier = await store.newest_calendar_version()
        is_new = await store.keep_calendar(data["version"], data["calendar"])
        if earlier is None or not is_new:
            return
        # Every open clock is read anew soon: a day that became a rest day moves its end.
        await store.look_again_at_all()
        await store.write_journal(
            JournalEntry(
                stream="calendar",
                actor="service:registry",
                act="publish-calendar",
                target=f"calendar:{data['version']}",
                facts={"version": data["version"]},
            )
        )


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

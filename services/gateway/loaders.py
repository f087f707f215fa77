"""What one operation reads, read once: a loader per thing, new for every operation."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from services.gateway.clients import Body, IntakeClient, RegistryClient, rows_of

K = TypeVar("K")

MOST_OFFICE_PAGES = 20
"""More than a province has."""


@dataclass(frozen=True, slots=True)
class Loaders:
    """The loaders of one operation."""

    applications: DataLoader[UUID, Body]
    tasks: DataLoader[UUID, Body]
    disclosures: DataLoader[UUID, Body]
    items: DataLoader[str, Body]
    offices: DataLoader[str, Body | None]
    """By office id; None for one that is not published. A page of calls, not one each."""


def loaders_of(intake: IntakeClient, registry: RegistryClient) -> Loaders:
    """New loaders in one caller's name."""
    return Loaders(
        applications=DataLoader(_each(intake.get_application)),
        tasks=DataLoader(_each(intake.get_task)),
        disclosures=DataLoader(_each(intake.get_disclosure)),
        items=DataLoader(_each(registry.get_item)),
        offices=DataLoader(_offices(registry)),
    )


def _each(
    read: Callable[[K], Awaitable[Body]],
) -> Callable[[list[K]], Awaitable[Sequence[Body | BaseException]]]:
    """A batch of single reads at the same time; one that fails fails alone."""

    async def read_all(keys: list[K]) -> Sequence[Body | BaseException]:
        return await asyncio.gather(*map(read, keys), return_exceptions=True)

    return read_all


def _offices(
    registry: RegistryClient,
) -> Callable[[list[str]], Awaitable[Sequence[Body | None]]]:
    async def read_offices(ids: list[str]) -> Sequence[Body | None]:
        found: dict[str, Body] = {}
        cursor: str | None = None
        for _ in range(MOST_OFFICE_PAGES):
            page = await registry.list_offices(cursor=cursor)
            found.update((str(row.get("id")), row) for row in rows_of(page))
            cursor = page.get("nextCursor")
            if not cursor or found.keys() >= set(ids):
                break
        return [found.get(each) for each in ids]

    return read_offices

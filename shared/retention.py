"""How long personal data is kept, and its end: the keys of closed records are destroyed.

What a key sealed cannot be read again in any copy of the row; the record itself, its numbers
and its journal stay, and say that it was done, when, and on which basis.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import yaml

from shared.clock import Clock
from shared.database import Transactions
from shared.department_store import DepartmentStore
from shared.errors import Unavailable
from shared.journal import JournalEntry
from shared.service import Background
from shared.telemetry import logger

EVERY_SECONDS = 6 * 3600
STREAM = "retention"
"""The chain of the journal in which destructions stand."""


class RetentionInvalid(ValueError):
    """The schedule cannot be used: a value is missing, or shorter than the law allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long one kind of record is kept.

    Args:
        record: Its table.
        years: Whole years after the day it is closed.
        source: Where that stands.
    """

    record: str
    effective_from: date
    years: int
    source: str
    illustrative: bool


K = TypeVar("K", bound=DepartmentStore)


def read_keepings(folder: Path, *, service: str, least: Mapping[str, int]) -> list[Keeping]:
    """The schedule of one service, from the catalogue's folder.

    Args:
        least: For each kind of record the fewest years the law allows; it names all kinds.

    Raises:
        RetentionInvalid: An entry cannot be read, is of no known record, or too short.
    """
    path = folder / "retention" / "records.yaml"
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))["retention"]
    return [parse_keeping(each, least=least) for each in listed if each.get("service") == service]


def parse_keeping(entry: Mapping[str, Any], *, least: Mapping[str, int]) -> Keeping:
    """One entry of a schedule.

    Raises:
        RetentionInvalid: It cannot be read, is of no known record, or too short.
    """
    match entry:
        case {
            "record": str(record),
            "effective_from": date() as effective_from,
            "years": int(years),
            "source": str(source),
            "illustrative": bool(illustrative),
        } if source.strip():
            if record not in least or years < least[record]:
                raise RetentionInvalid(f"{record}: unknown, or kept for less than the law says")
            return Keeping(
                record=record,
                effective_from=effective_from,
                years=years,
                source=source,
                illustrative=illustrative,
            )
    raise RetentionInvalid(f"{entry.get('record')}: an entry cannot be read")


def keeping_on(keepings: Sequence[Keeping], record: str, *, today: date) -> Keeping | None:
    """What counts for a kind of record today; None if nothing says, and then it is kept."""
    known = [each for each in keepings if each.record == record and each.effective_from <= today]
    return max(known, key=lambda each: each.effective_from, default=None)


def closed_by(keeping: Keeping, *, today: date) -> date:
    """The last day of closing for which the time of keeping is over today.

    A record is kept through the whole of the day on which its years are full.
    """
    year = today.year - keeping.years
    try:
        then = today.replace(year=year)
    except ValueError:  # 29 February, in a year that has none
        then = today.replace(year=year, day=28)
    return then - timedelta(days=1)


async def destroy_what_is_over(
    keepings: Sequence[Keeping],
    *,
    service: str,
    records: Sequence[str],
    transaction: Transactions[K],
    clock: Clock,
) -> int:
    """Destroy the keys of all records whose time is over, a batch a transaction; how many.

    A batch and its line in the journal are written together; whatever an earlier run did is
    not found again.
    """
    done, today = 0, clock.today()
    for record in records:
        keeping = keeping_on(keepings, record, today=today)
        if keeping is None:
            continue
        last = closed_by(keeping, today=today)
        while True:
            async with transaction() as store:
                ids = await store.destroy_keys(record, closed_by=last)
                if not ids:
                    break
                await store.write_journal(_line(service, keeping, ids, last))
            done += len(ids)
    return done


def retention_clock(
    *,
    service: str,
    folder: Path,
    least: Mapping[str, int],
    transaction: Transactions[K],
    clock: Clock,
) -> Background:
    """The loop that destroys what is over, for as long as the process lives.

    Raises:
        RetentionInvalid: The schedule cannot be used; said at start, not years later.
    """
    keepings = read_keepings(folder, service=service, least=least)

    async def run() -> None:
        while True:
            try:
                await destroy_what_is_over(
                    keepings,
                    service=service,
                    records=list(least),
                    transaction=transaction,
                    clock=clock,
                )
            except Unavailable as error:
                logger("retention").warning("retention.waiting", code=error.code)
                await asyncio.sleep(5)
                continue
            await asyncio.sleep(EVERY_SECONDS)

    return run


def _line(service: str, keeping: Keeping, ids: Sequence[str], last: date) -> JournalEntry:
    return JournalEntry(
        stream=STREAM,
        actor=f"service:{service}",
        act="destroy-keys",
        target=keeping.record,
        reason=f"个人信息保护法 第19条, 第47条; {keeping.source}",
        facts={"records": list(ids), "years": keeping.years, "closedBy": last.isoformat()},
    )

"""Count thousands of random periods twice and print where the two ways differ.

A process of its own, because the time zone of a process is set when it starts:
`TZ=America/New_York python -m tests.support.count_twice 10000 7` counts ten thousand periods of
seed 7 and prints one JSON object: how many were counted of each unit, what differed, and a digest
of every result, so that runs in different zones can be compared.
"""

import hashlib
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import yaml

from services.intake.model import Limit
from services.intake.model.clock import RunningClock
from services.intake.model.kept import ClockEntry
from services.intake.rules.clock import read_clock
from shared.calendar import Duration, Pause, Unit, WorkingCalendar, calendar_from_notices, due
from tests.support.almanac import BEIJING, Counted, days_between, ends, is_rest_day

NOTICES = Path(__file__).parents[2] / "catalogue" / "calendar"
LONGEST = {"working_day": 60, "civil_day": 120, "calendar_day": 120, "hour": 240, "month": 24}


@dataclass(frozen=True)
class Case:
    """One period: when it starts, how long it is, and what happened to it."""

    start: datetime
    length: int
    unit: str
    extended_by: int
    pauses: tuple[tuple[datetime, datetime], ...]
    last_day_stays: bool
    looked_at: datetime


def a_case(chance: random.Random) -> Case:
    unit = chance.choice(list(LONGEST))
    start = an_instant(chance)
    pauses = some_pauses(chance, start) if unit == "working_day" else ()
    return Case(
        start=start,
        length=chance.randint(1, LONGEST[unit]),
        unit=unit,
        extended_by=chance.choice((0, 0, 0, 1, 5, 10, 15)) if unit != "month" else 0,
        pauses=pauses,
        last_day_stays=unit == "month" and chance.random() < 0.3,
        looked_at=start + timedelta(days=chance.uniform(-2, 150)),
    )


def an_instant(chance: random.Random) -> datetime:
    """Any second of 2024 to mid 2027, at any hour, written in any zone: before, in and after hours.

    Half of them lie near the days where countings go wrong: feasts, make-up days, month ends.
    """
    if chance.random() < 0.5:
        edge = date(*chance.choice(EDGES)) + timedelta(days=chance.randint(-12, 12))
    else:
        edge = date(2024, 1, 1) + timedelta(days=chance.randrange(1_270))
    second = chance.choice((0, 1, 8 * 3600, 17 * 3600 + 1, 86_399, chance.randrange(86_400)))
    written_in = timezone(timedelta(minutes=15 * chance.randint(-48, 56)))
    midnight = datetime(edge.year, edge.month, edge.day, tzinfo=BEIJING)
    return (midnight + timedelta(seconds=second)).astimezone(written_in)


EDGES = (
    (2024, 2, 9), (2024, 2, 29), (2024, 10, 1), (2024, 12, 31), (2025, 1, 28), (2025, 5, 1),
    (2025, 10, 8), (2026, 1, 4), (2026, 2, 14), (2026, 2, 28), (2026, 4, 5), (2026, 5, 9),
    (2026, 6, 20), (2026, 9, 20), (2026, 10, 1), (2026, 10, 10), (2026, 12, 31), (2027, 2, 28),
)  # fmt: skip


def some_pauses(chance: random.Random, start: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Up to three pauses one after another, some of a single day, some over a feast."""
    pauses, at = [], start
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        since = at + timedelta(hours=chance.randint(1, 700))
        until = since + timedelta(hours=chance.choice((0, 5, chance.randint(1, 900))))
        pauses.append((since, until))
        at = until + timedelta(days=1)
    return tuple(pauses)


def by_the_law(case: Case) -> Counted:
    return ends(
        case.start,
        case.length + case.extended_by,
        case.unit,
        stopped=stopped_days(case),
        last_day_stays=case.last_day_stays,
    )


def by_the_rules(case: Case, calendar: WorkingCalendar) -> Counted:
    """The same period, as `shared.calendar` counts it."""
    unit = Unit(case.unit)
    moves = not case.last_day_stays
    duration = Duration(case.length, unit, moves) if unit is Unit.MONTH else None
    found = due(
        case.start,
        duration or Duration(case.length, unit),
        calendar,
        pauses=[Pause(local(since), local(until)) for since, until in case.pauses],
        extended_by=case.extended_by,
    )
    return Counted(found.last_day, found.due_at, not found.provisional)


def by_the_ledger(case: Case, calendar: WorkingCalendar) -> tuple[datetime, int]:
    """The same period as the clock of a case reads it from its ledger: when due, days used."""
    entries = [ClockEntry(clock="procedure", kind="start", at=case.start, reason="受理")]
    for since, until in case.pauses:
        entries.append(ClockEntry(clock="procedure", kind="pause", at=since, reason="hearing"))
        entries.append(ClockEntry(clock="procedure", kind="resume", at=until, reason="恢复"))
    if case.extended_by:
        at = case.start + timedelta(hours=1)
        extension = ClockEntry(
            clock="statutory", kind="extend", at=at, reason="licensing", days=case.extended_by
        )
        entries.append(extension)
    limit = Limit(length=case.length, unit=Unit(case.unit))
    clock = RunningClock(name="statutory", limit=limit, started_at=case.start)
    reading = read_clock(clock, entries, at=case.looked_at, calendar=calendar)
    return reading.deadline.due_at, reading.used


def used_by_the_law(case: Case, whole: Counted) -> int:
    """Days of a working-day period that are over at the instant somebody looks."""
    stopped, used = stopped_days(case), 0
    for day in days_between(local(case.start) + timedelta(days=1), whole.last_day):
        is_over = case.looked_at >= datetime(day.year, day.month, day.day, 0, 0, tzinfo=BEIJING) + (
            timedelta(days=1)
        )
        used += is_over and day not in stopped and not is_rest_day(day)
    return used


def stopped_days(case: Case) -> set[date]:
    return {day for since, until in case.pauses for day in days_between(local(since), local(until))}


def local(instant: datetime) -> date:
    return instant.astimezone(BEIJING).date()


def differences(case: Case, calendar: WorkingCalendar) -> list[str]:
    law, rules = by_the_law(case), by_the_rules(case, calendar)
    found = [] if law == rules else [f"{case}: the law says {law}, the rules {rules}"]
    if case.unit == "working_day" and all(until <= case.looked_at for _, until in case.pauses):
        read = by_the_ledger(case, calendar)
        wanted = (law.too_late_from, used_by_the_law(case, law))
        if read != wanted:
            found.append(f"{case}: the law says {wanted}, the clock reads {read}")
    return found


def main(number: int, seed: int) -> None:
    paths = sorted(NOTICES.glob("*.yaml"))
    calendar = calendar_from_notices(yaml.safe_load(path.read_text("utf-8")) for path in paths)
    chance, units, found = random.Random(seed), Counter(), []
    digest, uncertain, paused = hashlib.sha256(), 0, 0
    for _ in range(number):
        case = a_case(chance)
        rules = by_the_rules(case, calendar)
        found += differences(case, calendar)
        units[case.unit] += 1
        uncertain += not rules.is_certain
        paused += bool(case.pauses)
        digest.update(f"{rules.too_late_from.astimezone(UTC)}{rules.is_certain}".encode())
    told = {
        "zone": time.tzname[0],
        "units": units,
        "uncertain": uncertain,
        "paused": paused,
        "differences": found[:5],
        "different": len(found),
        "digest": digest.hexdigest(),
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

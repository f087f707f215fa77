"""By when an application, a task and a late material are due; clocks themselves are not here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.intake.model import (
    ApplicationClock,
    ClockName,
    DeferredMaterial,
    Limit,
    ServiceItem,
)
from shared.calendar import Deadline, Pause, Unit, WorkingCalendar, due


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialDue:
    """By when a deferred material must be handed in."""

    key: str
    due_on: date
    provisional: bool


def task_deadline(
    limit: Limit | None, *, opened_at: datetime, calendar: WorkingCalendar
) -> Deadline | None:
    """When the answer to a task is due; None when the item sets the task no limit.

    Args:
        limit: The task's own limit.
        opened_at: The instant it opened, aware. The day itself is not counted; hours are.
        calendar: The version of the working calendar to count on.

    Source:
        行政许可法 art. 82 (working days); 民法典 arts 201-203 (first and last day, hours).
    """
    return None if limit is None else due(opened_at, limit.duration, calendar)


def application_clocks(
    item: ServiceItem,
    *,
    accepted_at: datetime,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause] = (),
) -> tuple[ApplicationClock, ...]:
    """Every limit an application is measured by, the promise beside the statute.

    Args:
        item: The version of the item the application is pinned to.
        accepted_at: The instant of acceptance, aware; its day is day nought.
        calendar: The version of the working calendar to count on.
        pauses: Lawful pauses. They stop working-day clocks; other units run on.

    Source:
        行政许可法 arts 42, 45, 82; GB/T 39046-2020 table 4 (statutory and promised limit).
    """
    limits = {ClockName.STATUTORY: item.statutory, ClockName.PROMISED: item.promised}
    return tuple(
        ApplicationClock(
            name=name,
            limit=limit,
            deadline=due(
                accepted_at,
                limit.duration,
                calendar,
                pauses=pauses if limit.unit is Unit.WORKING_DAY else (),
            ),
        )
        for name, limit in limits.items()
        if limit is not None
    )


def material_deadlines(
    deferred: Iterable[DeferredMaterial], *, accepted_at: datetime, calendar: WorkingCalendar
) -> tuple[MaterialDue, ...]:
    """By when each deferred material must be in; those without a limit of their own are left out.

    Source:
        House rule on 容缺受理: the item names how long each paper may be missing.
    """
    deadlines = (
        (each.key, due(accepted_at, each.limit.duration, calendar))
        for each in deferred
        if each.limit is not None
    )
    return tuple(
        MaterialDue(key=key, due_on=deadline.last_day, provisional=deadline.provisional)
        for key, deadline in deadlines
    )

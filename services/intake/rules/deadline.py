"""By when an application, a task and a late material are due; clocks themselves are not here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.intake.model import DeferredMaterial, Limit
from shared.calendar import Deadline, Duration, Unit, WorkingCalendar, due

NOTICE_LIMIT = Limit(
    length=5, unit=Unit.WORKING_DAY, source="行政许可法 第32条第一款第四项、第82条"
)
"""How long the window has to say what must be corrected."""

CORRECTION_LIMIT = Limit(length=10, unit=Unit.WORKING_DAY, source="本平台规定")
"""How long an applicant has to answer a correction notice."""


DEFERRAL_ENDS_BEFORE, MOST_DEFERRED = 2, 20
"""Working days: how long before the promise a deferred paper is in, and the most it may take."""


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


def notice_deadline(received_at: datetime, *, calendar: WorkingCalendar) -> Deadline:
    """By when the window must say what is missing; after it, silence is acceptance.

    Args:
        received_at: The instant the papers came in, aware; its day is not counted.
        calendar: The version of the working calendar to count on.

    Source:
        行政许可法 art. 32(1)(4) (once, within five days, else accepted on receipt), art. 82.
    """
    return due(received_at, NOTICE_LIMIT.duration, calendar)


def correction_deadline(issued_at: datetime, *, calendar: WorkingCalendar) -> Deadline:
    """By when an applicant is asked to answer a correction notice.

    Args:
        issued_at: The instant the notice was sent, aware; its day is not counted.
        calendar: The version of the working calendar to count on.

    Source:
        House rule: ten working days, counted as 行政许可法 art. 82 counts.
    """
    return due(issued_at, CORRECTION_LIMIT.duration, calendar)


def latest_deferral_day(
    promise: Limit, *, accepted_at: datetime, calendar: WorkingCalendar
) -> date:
    """The last day somebody may promise a deferred material for: before the case is promised.

    Args:
        promise: The item's promised limit, in working days.
        accepted_at: The instant of acceptance, aware; its day is not counted.
        calendar: The version of the working calendar to count on.

    Raises:
        ValueError: The promise is not in working days, or leaves no day.

    Source:
        House rule, after a city's rule on 容缺受理 (深圳): at least two working days before the
        promised limit, and at most twenty working days.
    """
    length = min(promise.length - DEFERRAL_ENDS_BEFORE, MOST_DEFERRED)
    if promise.unit is not Unit.WORKING_DAY or length < 1:
        raise ValueError("the promise leaves no working day for a deferred material")
    return due(accepted_at, Duration(length, Unit.WORKING_DAY), calendar).last_day


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

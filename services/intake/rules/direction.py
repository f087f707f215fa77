"""Who directs the work of an office, for how long it may be handed on, and who stands above."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from services.intake.errors.officers import NobodyAbove, PeriodInvalid
from services.intake.model import Office
from services.intake.model.officer import LEAD, SUPERVISION, Period
from shared.identifiers import DivisionCode, DivisionLevel

LONGEST = timedelta(days=92)
"""A hand-over or an absence of more than three months is a change of post."""

_UPWARDS = tuple(reversed(list(DivisionLevel)))


def may_direct(
    roles: Collection[str],
    *,
    offices: Collection[str],
    division: str | None,
    office: str,
    place: str,
) -> bool:
    """Whether an officer may give the work of an office to one of its officers.

    Args:
        roles: Of the officer who wants to.
        offices: Theirs.
        division: The division they belong to.
        office: Whose work it is.
        place: The division of the case.

    Source:
        House rule: the lead of the office, or the supervision of the division above it.
    """
    if LEAD in roles and office in offices:
        return True
    return SUPERVISION in roles and division is not None and _covers(division, place)


def check_period(period: Period, *, today: date) -> None:
    """Refuse a period that cannot be worked with.

    Raises:
        PeriodInvalid: It ends before it starts, is over already, or is too long.

    Source:
        House rule: at most three months, and nothing is handed over in hindsight.
    """
    if period.ends_on < period.starts_on:
        raise PeriodInvalid(reason="ends-before-it-starts")
    if period.ends_on < today:
        raise PeriodInvalid(reason="over")
    if period.ends_on - period.starts_on > LONGEST:
        raise PeriodInvalid(reason="too-long")


def covers(period: Period, day: date, *, ended_on: date | None = None) -> bool:
    """Whether a day lies in a period that has not been ended.

    Source:
        House rule: both days count; what is ended is ended at once.
    """
    return ended_on is None and period.starts_on <= day <= period.ends_on


def office_above(office: Office, offices: Iterable[Office]) -> Office:
    """Who answers for an office in which nobody may: the next one above that does such work.

    Where no office above has one of the same functions (a village committee has none), it
    is the civil-affairs office of the next level.

    Raises:
        NobodyAbove: There is none.

    Source:
        House rule, after 社会救助暂行办法 art. 48 (the county answers for what the township
        verifies) and 民发〔2021〕57号 art. 20 (cases of staff relatives are the county's to visit).
    """
    own = DivisionCode.parse(office.division)
    known = sorted(offices, key=lambda each: str(each.id))
    for functions in (set(office.functions), {"civil-affairs"}):
        for level in _UPWARDS[_UPWARDS.index(office.level) + 1 :]:
            place = str(own.at(level))
            for each in known:
                if (
                    each.level is level
                    and each.division == place
                    and functions & set(each.functions)
                ):
                    return each
    raise NobodyAbove


def _covers(division: str, place: str) -> bool:
    own = next(length for length in (2, 4, 6, 9, 12) if not division[length:].strip("0"))
    return place[:own] == division[:own]

"""What follows from the facts of a life: where a person lived, and whether they are married."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from services.registry.model.households import Membership, Period
from services.registry.model.residents import (
    CivilPeriod,
    CivilStatus,
    FactId,
    HouseholdId,
    LifeEvent,
    LifeFact,
)

_RANK = {
    LifeEvent.BIRTH: 0,
    LifeEvent.MOVE_OUT: 1,
    LifeEvent.MOVE_IN: 2,
    LifeEvent.DIVORCE: 3,
    LifeEvent.BEREAVEMENT: 4,
    LifeEvent.MARRIAGE: 5,
    LifeEvent.DEATH: 6,
}
"""On one day: a marriage ends before the next begins, and nothing comes after death."""

_STAYS = (LifeEvent.BIRTH, LifeEvent.MOVE_IN, LifeEvent.MOVE_OUT)
_ENDINGS = {
    LifeEvent.DIVORCE: CivilStatus.DIVORCED,
    LifeEvent.BEREAVEMENT: CivilStatus.WIDOWED,
}
ONE_DAY = timedelta(days=1)


def standing(facts: Iterable[LifeFact], *, known_at: datetime | None = None) -> list[LifeFact]:
    """The facts that stood at an instant, in the order in which they happened.

    The order is that of life, not of arrival: events may come late, twice, or the later one
    first, and the outcome is the same.

    Args:
        known_at: Only what was recorded by then counts; by default everything.

    Source:
        House rule: a correction takes the place of what it corrects, which stays on record.
    """
    told = {each.id: each for each in facts if known_at is None or each.recorded_at <= known_at}
    corrected: set[FactId] = {each.corrects for each in told.values() if each.corrects}
    left = (each for each in told.values() if each.id not in corrected)
    return sorted((each for each in left if each.kind in _RANK), key=_place_in_life)


def died_on(facts: Sequence[LifeFact]) -> date | None:
    """The day of death, if there is one; the first where records contradict each other.

    Source:
        民法典 (2020) art. 15: the time of death is that on the certificate; which of two days
        is true, evidence decides, and until then nothing is counted after the first.
    """
    return min((each.on for each in facts if each.kind is LifeEvent.DEATH), default=None)


def memberships(facts: Sequence[LifeFact]) -> list[Membership]:
    """In which household a person was, and when: one after another, never two at once.

    Whoever moves in has moved out of where they were. Death ends the last membership after
    its day; what is noted of the time after it does not count. A marriage moves nobody: the
    move is a fact of its own.

    Args:
        facts: Those that stand, in order.

    Source:
        House rule on 户口登记条例 (1958) art. 8 (a death is registered and the entry closed).
        That one is registered in one household is from memory (art. 6), check before go-live.
    """
    end = died_on(facts)
    stays: list[Membership] = []
    for fact in (each for each in facts if each.kind in _STAYS):
        if end is not None and fact.on > end:
            break
        stays = _until(stays, fact.on)
        if fact.kind is LifeEvent.MOVE_OUT or fact.subject is None:
            continue
        stays = _joined(stays, HouseholdId(fact.subject), fact.on)
    return stays if end is None else _until(stays, end + ONE_DAY)


def civil_periods(facts: Sequence[LifeFact]) -> list[CivilPeriod]:
    """The civil status from its first known day on, each period until the next begins.

    The end of one marriage does not end another: a late note of an old divorce leaves who
    has married again married.

    Source:
        民法典 (2020) arts. 1049, 1080 (a marriage begins with its registration, and ends with
        the registration of the divorce or the judgment).
    """
    open_marriages: set[UUID | None] = set()
    ended: set[UUID | None] = set()
    periods: list[CivilPeriod] = []
    for fact in facts:
        if fact.kind is LifeEvent.MARRIAGE and fact.subject not in ended:
            open_marriages.add(fact.subject)
            periods = _from(periods, CivilStatus.MARRIED, fact.on)
        elif fact.kind in _ENDINGS:
            open_marriages.discard(fact.subject)
            ended.add(fact.subject)
            if not open_marriages:
                periods = _from(periods, _ENDINGS[fact.kind], fact.on)
    return periods


def civil_status(facts: Sequence[LifeFact], *, on: date) -> CivilStatus:
    """The civil status on a day.

    Source:
        House rule: nothing recorded is not "single"; archives are known to be incomplete.
    """
    found = [each.status for each in civil_periods(facts) if each.since <= on]
    return found[-1] if found else CivilStatus.UNKNOWN


def _place_in_life(fact: LifeFact) -> tuple[date, int, str]:
    return (fact.on, _RANK[fact.kind], str(fact.id))


def _until(stays: list[Membership], day: date) -> list[Membership]:
    """The stays with the last one ended before a day; one that would have no day goes."""
    if not stays or stays[-1].period.until is not None:
        return stays
    last = stays[-1]
    if last.period.since >= day:
        return stays[:-1]
    ended = Membership(household=last.household, period=Period(since=last.period.since, until=day))
    return [*stays[:-1], ended]


def _joined(stays: list[Membership], household: HouseholdId, day: date) -> list[Membership]:
    """The stays with another begun; moving to where one is goes on without a seam."""
    last = stays[-1] if stays else None
    if last and last.household == household and last.period.until == day:
        whole = Membership(household=household, period=Period(since=last.period.since))
        return [*stays[:-1], whole]
    return [*stays, Membership(household=household, period=Period(since=day))]


def _from(periods: list[CivilPeriod], status: CivilStatus, day: date) -> list[CivilPeriod]:
    if periods and periods[-1].status is status:
        return periods
    if periods and periods[-1].since == day:
        periods = periods[:-1]
    return [*periods, CivilPeriod(status=status, since=day)]

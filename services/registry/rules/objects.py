"""Who is an object of which service, by what was heard; and how many may be told to whom."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.registry.model.households import Period
from services.registry.model.objects import Category, ObjectAct, ObjectFact, ServiceObject

SMALLEST_COUNT = 5
"""Counts below this are not told to those who may not see the people; others are rounded to it."""

_CATEGORY_OF_BENEFIT: Mapping[str, Category] = {
    "MINIMUM_LIVING": Category.MINIMUM_LIVING,
    "SUPPORT": Category.SPECIAL_HARDSHIP,
    "LOW_INCOME_EDGE": Category.LOW_INCOME_EDGE,
    "RIGID_EXPENDITURE": Category.RIGID_EXPENDITURE,
    "DISABILITY_LIVING": Category.DISABLED,
    "DISABILITY_NURSING": Category.DISABLED,
    "OLD_AGE": Category.OLD_AGE,
    "ORPHAN": Category.ORPHAN,
    "DE_FACTO_UNATTENDED": Category.DE_FACTO_UNATTENDED,
}


def category_of(benefit_kind: str) -> Category | None:
    """What a person is by drawing a benefit; None for help that is given once.

    Source:
        社会救助暂行办法 (国务院令第649号) chapters 2-10 name the kinds of relief. That temporary
        relief, which answers an event, makes nobody anything, is a house rule.
    """
    return _CATEGORY_OF_BENEFIT.get(benefit_kind)


def periods(facts: Iterable[ObjectFact]) -> list[ServiceObject]:
    """The times for which people are something, by what one or several sources said.

    The order of arrival does not matter; an end that is heard before its beginning waits.

    Source:
        House rule: a source speaks for its own entry only, and never ends another's.
    """
    entries: dict[tuple[str, object], list[ObjectFact]] = {}
    for each in {fact.id: fact for fact in facts}.values():
        entries.setdefault((each.person, each.reference), []).append(each)
    found: list[ServiceObject] = []
    for of_one in entries.values():
        found.extend(_of_one_entry(sorted(of_one, key=_in_time)))
    return found


def told_count(count: int) -> int | None:
    """A count for those who may not see the people; None when it is too small to tell.

    Rounding keeps the difference of two counts from giving away a third.

    Source:
        House rule on 个人信息保护法 (2021) art. 51(3) (de-identification).
    """
    if count < SMALLEST_COUNT:
        return None
    return SMALLEST_COUNT * round(count / SMALLEST_COUNT)


def _of_one_entry(facts: list[ObjectFact]) -> list[ServiceObject]:
    found: list[ServiceObject] = []
    since: date | None = None
    for fact in facts:
        if fact.act is ObjectAct.BEGIN:
            since = since or fact.on
        elif since is not None:
            if since < fact.on:
                found.append(_object(fact, Period(since=since, until=fact.on)))
            since = None
    if since is not None:
        found.append(_object(facts[-1], Period(since=since)))
    return found


def _object(fact: ObjectFact, period: Period) -> ServiceObject:
    return ServiceObject(
        person=fact.person,
        category=fact.category,
        source=fact.source,
        reference=fact.reference,
        period=period,
    )


def _in_time(fact: ObjectFact) -> tuple[date, bool, str]:
    return (fact.on, fact.act is ObjectAct.END, str(fact.id))

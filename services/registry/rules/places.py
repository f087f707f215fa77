"""Where a household is: one place after another, never two at once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from services.registry.model.households import Period, Place


def settled(places: Iterable[Place], *, division: str, address: str, since: date) -> list[Place]:
    """The places of a household, with another from a day on until the next that is known.

    A place noted late takes its room between those that are known already; one for a day
    that has a place of its own takes that one's stead.

    Source:
        House rule: a household is in exactly one place on any day.
    """
    others = [each for each in places if each.period.since != since]
    new = Place(division=division, address=address, period=Period(since=since))
    return _in_a_row([*others, new])


def never_moved(places: Sequence[Place], *, since: date) -> list[Place]:
    """The places without the one that began on a day: the one before it goes on.

    Source:
        House rule: a move that never was is corrected, and stays on record as such.
    """
    return _in_a_row(each for each in places if each.period.since != since)


def _in_a_row(places: Iterable[Place]) -> list[Place]:
    ordered = sorted(places, key=lambda each: each.period.since)
    ends = [each.period.since for each in ordered[1:]]
    return [
        replace(each, period=Period(since=each.period.since, until=end))
        for each, end in zip(ordered, [*ends, None], strict=True)
    ]

"""Online appointments (网上预约): when one may be booked or cancelled, and who is barred.

No national law says how; each place has its own pack of rules. A bar concerns booking only: whoever
comes to the counter is served, and the window after a divorce is never lost for want of a slot.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from services.marriage.model.appointments import (
    BanRule,
    BookingRules,
    Missed,
    MissedKind,
)


def may_book(slot_on: date, *, today: date, rules: BookingRules) -> bool:
    """Whether a slot of a day may be booked today: neither too late nor too early.

    Source:
        House rule, after local booking rules (肇庆, 中山): at least a day ahead, at most fifteen.
    """
    ahead = (slot_on - today).days
    return rules.least_days_ahead <= ahead <= rules.most_days_ahead


def may_cancel(slot_on: date, *, today: date, rules: BookingRules) -> bool:
    """Whether a booking may still be cancelled without counting against anybody.

    Source:
        House rule, after local booking rules (肇庆: a day before; 汕头: two days before).
    """
    return (slot_on - today).days >= rules.cancel_days_ahead


def bookable_capacity(capacity: int, *, walk_in_reserved: int) -> int:
    """How many of a slot's places may be booked: some stay for those who come without booking.

    Source:
        House rule: a statutory service is not lost because its slots are booked.
    """
    return max(0, capacity - walk_in_reserved)


def barred_until(ledger: Sequence[Missed], *, rules: BookingRules) -> date | None:
    """The first day on which somebody may book again; None if they never were barred.

    Every rule of the pack is tried at each entry of the ledger; the bar that lasts longest holds.

    Args:
        ledger: What somebody missed or cancelled, in any order; it is only ever added to.
        rules: The pack of the place.

    Source:
        House rule, after local booking rules: a number of no-shows or cancellations within a
        period bars from booking for a period, counted from the last of them.
    """
    ordered = sorted(ledger, key=lambda each: each.on)
    ends = [
        entry.on + timedelta(days=rule.barred_days)
        for rule in rules.bans
        for entry in ordered
        if _is_reached(rule, ordered, entry.on)
    ]
    return max(ends, default=None)


def is_barred(ledger: Sequence[Missed], *, today: date, rules: BookingRules) -> bool:
    """Whether somebody may not book today; the counter serves them all the same.

    Source:
        House rule, after local booking rules.
    """
    until = barred_until(ledger, rules=rules)
    return until is not None and today < until


def _is_reached(rule: BanRule, ordered: Sequence[Missed], on: date) -> bool:
    since = on - timedelta(days=rule.within_days)
    recent = [each.kind for each in ordered if since < each.on <= on]
    no_shows, cancelled = recent.count(MissedKind.NO_SHOW), recent.count(MissedKind.CANCELLED)
    is_enough = no_shows >= rule.no_shows and cancelled >= rule.cancellations
    return is_enough and bool(recent)

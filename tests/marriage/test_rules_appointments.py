"""When may a slot be booked and cancelled, and who may not book for a while?"""

from datetime import date

import pytest

from services.marriage.model.appointments import BanRule, BookingRules, Missed, MissedKind
from services.marriage.rules.appointments import (
    barred_until,
    bookable_capacity,
    is_barred,
    may_book,
    may_cancel,
)
from tests.support.calendars import on

FIFTEEN_DAYS = BookingRules(
    least_days_ahead=1,
    most_days_ahead=15,
    cancel_days_ahead=1,
    bans=(BanRule(no_shows=2, within_days=30, barred_days=15),),
)
"""The worked example's pack GD-15."""
HALF_A_YEAR = BookingRules(
    least_days_ahead=1,
    most_days_ahead=30,
    cancel_days_ahead=2,
    bans=(
        BanRule(no_shows=2, within_days=180, barred_days=180),
        BanRule(cancellations=5, within_days=180, barred_days=180),
        BanRule(no_shows=1, cancellations=2, within_days=180, barred_days=180),
        BanRule(cancellations=3, within_days=30, barred_days=180),
    ),
)
"""The worked example's pack GD-180."""


def missed(*days: str) -> list[Missed]:
    return [Missed(kind=MissedKind.NO_SHOW, on=on(day)) for day in days]


def cancelled(*days: str) -> list[Missed]:
    return [Missed(kind=MissedKind.CANCELLED, on=on(day)) for day in days]


def test_t13_a_slot_is_booked_at_most_fifteen_days_ahead_and_not_for_today() -> None:
    booked = {day: may_book(on(day), today=on("05-05"), rules=FIFTEEN_DAYS) for day in
              ("05-05", "05-06", "05-20", "05-21")}  # fmt: skip
    assert booked == {"05-05": False, "05-06": True, "05-20": True, "05-21": False}


def test_t13_a_booking_is_cancelled_until_the_end_of_the_day_before() -> None:
    assert may_cancel(on("05-20"), today=on("05-19"), rules=FIFTEEN_DAYS)
    assert not may_cancel(on("05-20"), today=on("05-20"), rules=FIFTEEN_DAYS)
    assert not may_cancel(on("05-20"), today=on("05-19"), rules=HALF_A_YEAR)


def test_t13_two_no_shows_in_thirty_days_bar_for_fifteen() -> None:
    ledger = missed("06-10", "05-20")
    assert barred_until(ledger, rules=FIFTEEN_DAYS) == on("06-25")
    assert is_barred(ledger, today=on("06-24"), rules=FIFTEEN_DAYS)
    assert not is_barred(ledger, today=on("06-25"), rules=FIFTEEN_DAYS)


def test_one_no_show_or_two_far_apart_bar_nobody() -> None:
    assert barred_until(missed("05-20"), rules=FIFTEEN_DAYS) is None
    assert barred_until(missed("05-20", "06-19"), rules=FIFTEEN_DAYS) is None
    assert barred_until([], rules=HALF_A_YEAR) is None


def test_t13_three_cancellations_in_thirty_days_bar_for_half_a_year() -> None:
    ledger = cancelled("05-01", "05-10", "05-30")
    assert barred_until(ledger, rules=HALF_A_YEAR) == date(2026, 11, 26)


@pytest.mark.parametrize(
    "ledger",
    [missed("03-01", "07-01"), cancelled("01-10", "02-10", "03-20", "04-25", "06-01"),
     [*missed("05-01"), *cancelled("03-01", "07-01")]],
)  # fmt: skip
def test_any_rule_of_a_pack_bars_by_itself(ledger: list[Missed]) -> None:
    assert barred_until(ledger, rules=HALF_A_YEAR) is not None


def test_t13_some_places_of_a_slot_stay_for_those_who_did_not_book() -> None:
    assert bookable_capacity(30, walk_in_reserved=5) == 25
    assert bookable_capacity(3, walk_in_reserved=5) == 0

"""When is a warning, a yellow or a red card due, and when must a clock be looked at again?"""

from datetime import timedelta

import pytest

from services.intake.model import ApplicationId, Limit, LimitUnit, OfficeId
from services.intake.model.clock import CardLevel, LeadCandidate, RunningClock
from services.intake.model.kept import ClockEntry
from services.intake.rules.clock import read_clock
from services.intake.rules.supervision import (
    THRESHOLDS,
    card_schedule,
    cards_due,
    lead_office,
    next_look,
)
from shared.ids import derived_id
from tests.support.calendars import beijing, official_calendar

CALENDAR = official_calendar()
ACCEPTED = beijing("2026-09-14 10:00")
START = ClockEntry(clock="procedure", kind="start", at=ACCEPTED, reason="")
PAUSE = ClockEntry(clock="procedure", kind="pause", at=beijing("2026-09-22 09:00"), reason="")
RESUME = ClockEntry(clock="procedure", kind="resume", at=beijing("2026-10-12 17:00"), reason="")


def reading(length=20, unit="working_day", *entries, at="2026-09-15 12:00", since=ACCEPTED):
    clock = RunningClock(
        name="statutory", limit=Limit(length=length, unit=LimitUnit(unit)), started_at=since
    )
    return read_clock(clock, [START, *entries], at=beijing(at), calendar=CALENDAR)


def schedule(*args, **more):
    return {
        str(card.level): f"{card.at:%m-%d %H:%M}"
        for card in card_schedule(reading(*args, **more), CALENDAR)
    }


def test_twenty_days_warn_at_ten_turn_yellow_at_sixteen_and_red_the_day_after():
    assert schedule(20) == {
        "warning": "09-29 00:00",
        "yellow": "10-13 00:00",
        "red": "10-17 00:00",
    }


def test_a_special_procedure_moves_every_card_that_was_not_due():
    moved = schedule(20, "working_day", PAUSE, RESUME, at="2026-10-13 09:00")
    assert moved == {"warning": "10-17 00:00", "yellow": "10-27 00:00", "red": "10-31 00:00"}


def test_an_extension_moves_them_too():
    more = ClockEntry(clock="statutory", kind="extend", at=ACCEPTED, reason="", days=10)
    moved = schedule(20, "working_day", PAUSE, RESUME, more, at="2026-10-13 09:00")
    assert moved["red"] == "11-14 00:00"
    assert moved["yellow"] == "11-06 00:00"


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        # Two of five days left comes before four fifths used.
        (5, {"yellow": "09-18 00:00", "red": "09-21 00:00"}),
        (3, {"yellow": "09-17 00:00", "red": "09-18 00:00"}),
        (2, {"yellow": "09-16 00:00", "red": "09-17 00:00"}),
        # The whole of the one day is yellow, and there is nothing to warn of before it.
        (1, {"yellow": "09-15 00:00", "red": "09-16 00:00"}),
    ],
)
def test_short_limits_turn_yellow_with_two_days_left_but_not_at_once(length, expected):
    assert schedule(length) == expected


def test_hours_run_by_the_hour():
    assert schedule(10, "hour") == {
        "warning": "09-14 15:00",
        "yellow": "09-14 18:00",
        "red": "09-14 20:00",
    }


def test_calendar_days_count_rest_days_too_but_two_days_left_are_worked_ones():
    # Nine days from the 15th: the 19th rests and is used all the same; the 23rd and 24th are left.
    assert schedule(9, "calendar_day", since=beijing("2026-09-15 09:00")) == {
        "warning": "09-21 00:00",
        "yellow": "09-23 00:00",
        "red": "09-25 00:00",
    }


def test_cards_are_due_from_their_instant_on():
    cards = card_schedule(reading(20), CALENDAR)
    due = [
        [str(card.level) for card in cards_due(cards, at=beijing(at))]
        for at in ("2026-09-28 23:59", "2026-09-29 00:00", "2026-10-16 23:59", "2026-10-17 00:00")
    ]
    assert due == [[], ["warning"], ["warning", "yellow"], ["warning", "yellow", "red"]]


def test_while_a_clock_stands_still_no_further_card_is_due():
    for at in ("2026-09-23 09:00", "2026-10-09 09:00", "2027-02-01 09:00"):
        paused = reading(20, "working_day", PAUSE, at=at)
        assert cards_due(card_schedule(paused, CALENDAR), at=beijing(at)) == ()


def test_the_next_look_is_the_next_card_or_a_week_later():
    clock = reading(20)
    cards = card_schedule(clock, CALENDAR)
    assert next_look(cards, clock, at=beijing("2026-09-15 12:00")) == beijing("2026-09-22 12:00")
    assert next_look(cards, clock, at=beijing("2026-09-28 12:00")) == beijing("2026-09-29 00:00")


def test_a_clock_that_stands_still_is_looked_at_every_night():
    paused = reading(20, "working_day", PAUSE, at="2026-10-09 09:00")
    cards = card_schedule(paused, CALENDAR)
    assert next_look(cards, paused, at=beijing("2026-10-09 09:00")) == beijing("2026-10-10 00:00")


def test_after_the_red_card_there_is_nothing_to_look_at():
    clock = reading(20, at="2026-10-17 00:00")
    assert next_look(card_schedule(clock, CALENDAR), clock, at=beijing("2026-10-17 00:00")) is None


def test_the_next_look_is_always_later_than_the_last():
    at = ACCEPTED
    for _ in range(200):
        clock = reading(45, at=f"{at:%Y-%m-%d %H:%M}")
        following = next_look(card_schedule(clock, CALENDAR), clock, at=at)
        if following is None:
            break
        assert at < following <= at + timedelta(days=7)
        at = following
    assert at == clock.deadline.due_at


def test_thresholds_are_data_in_the_order_in_which_they_are_reached():
    assert [each.level for each in THRESHOLDS] == list(CardLevel)
    assert [each.percent_used for each in THRESHOLDS] == [50, 80, 100]


def candidate(name, position, *, leads=False):
    return LeadCandidate(
        application_id=ApplicationId(derived_id("application", "one")),
        position=position,
        office_id=OfficeId(derived_id("office", name)),
        leads=leads,
    )


@pytest.mark.law("行政许可法", 26)
def test_the_named_lead_answers_for_the_case_else_the_first_office_asked():
    village, township, county = (
        candidate("village", 0),
        candidate("township", 1),
        candidate("county", 2, leads=True),
    )
    assert lead_office([township, village]) == village.office_id
    assert lead_office([village, township, county]) == county.office_id
    assert lead_office([]) is None

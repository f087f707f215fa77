"""Which slots does a hall offer on a day?"""

from dataclasses import replace
from datetime import date

from services.funeral.model import ResourceKind
from services.funeral.rules.timetable import slots_on
from tests.support.calendars import beijing
from tests.support.funeral import one_resource

HALL = one_resource(ResourceKind.HALL, 7, 10)


def test_a_hall_open_for_three_hours_has_three_hourly_slots():
    slots = slots_on(HALL, date(2026, 11, 23))

    assert [slot.starts_at.hour for slot in slots] == [7, 8, 9]
    assert slots[-1].ends_at == beijing("2026-11-23 10:00")


def test_a_slot_that_would_end_after_closing_is_not_offered():
    slots = slots_on(replace(HALL, slot_minutes=70), date(2026, 11, 23))
    assert len(slots) == 2


def test_the_slots_of_a_day_are_the_same_ones_however_often_they_are_opened():
    assert slots_on(HALL, date(2026, 11, 23)) == slots_on(HALL, date(2026, 11, 23))


def test_national_day_has_slots_like_any_other_day():
    assert len(slots_on(HALL, date(2026, 10, 1))) == 3

"""By when are tasks, applications and late materials due?"""

from datetime import datetime

import pytest

from services.intake.model import DeferredMaterial, Limit, LimitUnit
from services.intake.rules.deadline import material_deadlines, task_deadline
from shared.calendar import calendar_from_notices
from tests.support.forms import read_catalogue

CALENDAR = calendar_from_notices([read_catalogue("calendar/cn-2026.yaml")])
FRIDAY = datetime.fromisoformat("2026-09-18T16:00:00+08:00")


def limit(length, unit):
    return Limit(length=length, unit=LimitUnit(unit))


@pytest.mark.parametrize(
    ("length", "unit", "due_at"),
    [
        # Sunday 20 September is worked instead of a day of the Mid-Autumn holiday.
        (1, "working_day", "2026-09-21T00:00:00+08:00"),
        (2, "working_day", "2026-09-22T00:00:00+08:00"),
        (24, "hour", "2026-09-19T16:00:00+08:00"),
        (3, "calendar_day", "2026-09-22T00:00:00+08:00"),
        (1, "month", "2026-10-20T00:00:00+08:00"),
    ],
)
def test_a_task_is_due_by_its_own_limit(length, unit, due_at):
    deadline = task_deadline(limit(length, unit), opened_at=FRIDAY, calendar=CALENDAR)
    assert deadline.due_at == datetime.fromisoformat(due_at)


def test_a_task_without_a_limit_has_no_due_date():
    assert task_deadline(None, opened_at=FRIDAY, calendar=CALENDAR) is None


def test_a_due_date_in_an_unpublished_year_is_provisional():
    december = datetime.fromisoformat("2026-12-30T09:00:00+08:00")
    deadline = task_deadline(limit(5, "working_day"), opened_at=december, calendar=CALENDAR)
    assert deadline.provisional


def test_a_deferred_material_has_a_day_to_be_in_by():
    deferred = [
        DeferredMaterial(key="identity_card", limit=limit(2, "working_day")),
        DeferredMaterial(key="photograph", limit=None),
    ]
    (due,) = material_deadlines(deferred, accepted_at=FRIDAY, calendar=CALENDAR)
    assert (due.key, due.due_on.isoformat()) == ("identity_card", "2026-09-21")

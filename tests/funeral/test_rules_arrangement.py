"""Which slots does a funeral take, and what does the check answer?"""

from datetime import date

import pytest

from services.funeral.model import DeathFact, PlanObstacle
from services.funeral.rules.arrangement import arrangement_answer, plan
from shared.answers import TaskVerdict
from tests.support.funeral import furnace, hall, request

REGULATION = "殡葬管理条例"


def test_the_farewell_comes_before_the_cremation_as_close_as_can_be():
    early, late = hall("2026-11-22 08:00"), hall("2026-11-22 09:00")
    oven = furnace("2026-11-22 10:00")
    planned = plan(request(), free=[early, oven, late])

    assert planned.hall == late
    assert planned.furnace == oven
    assert planned.slots == (late, oven)


def test_the_earliest_day_that_fits_is_taken():
    planned = plan(
        request(),
        free=[
            furnace("2026-11-24 10:00"),
            hall("2026-11-24 08:00"),
            furnace("2026-11-23 10:00"),
            hall("2026-11-23 08:00"),
            furnace("2026-11-22 10:00"),
        ],
    )
    assert planned.furnace.starts_at.day == 23


def test_a_hall_on_another_day_or_after_the_cremation_does_not_fit():
    slots = [hall("2026-11-22 11:00"), furnace("2026-11-22 10:00"), hall("2026-11-21 08:00")]
    assert plan(request(), free=slots) == (PlanObstacle.NO_FREE_SLOT,)


def test_without_a_farewell_only_the_furnace_is_taken():
    planned = plan(request(wants_farewell=False), free=[furnace("2026-11-22 10:00")])
    assert planned.hall is None
    assert len(planned.slots) == 1


def test_days_the_family_cannot_be_there_are_not_taken():
    slots = [furnace("2026-11-21 10:00"), furnace("2026-11-26 10:00")]
    assert plan(request(wants_farewell=False), free=slots) == (PlanObstacle.NO_FREE_SLOT,)


@pytest.mark.law(REGULATION, 28)
def test_without_a_certified_death_nothing_is_arranged():
    asked = request(death=DeathFact(died_on=date(2026, 11, 20), is_certified=False))
    assert plan(asked, free=[]) == (PlanObstacle.DEATH_NOT_CERTIFIED,)


def test_every_obstacle_is_told_at_once():
    asked = request(
        death=DeathFact(died_on=date(2026, 11, 23), is_certified=False),
        earliest_on=date(2026, 11, 22),
    )
    assert plan(asked, free=[]) == (
        PlanObstacle.DEATH_NOT_CERTIFIED,
        PlanObstacle.DAYS_OUT_OF_ORDER,
    )


@pytest.mark.law(REGULATION, 27)
def test_a_cremation_after_the_third_day_needs_an_extended_storage():
    late = plan(request(wants_farewell=False), free=[furnace("2026-11-24 10:00")])
    in_time = plan(request(wants_farewell=False), free=[furnace("2026-11-23 10:00")])

    assert late.needs_storage_extension
    assert not in_time.needs_storage_extension
    assert arrangement_answer(late).facts["needsStorageExtension"] is True
    assert "延期存放" in arrangement_answer(late).opinion
    assert "延期存放" not in arrangement_answer(in_time).opinion


def test_an_obstacle_is_answered_as_something_to_correct():
    answer = arrangement_answer((PlanObstacle.NO_FREE_SLOT,))

    assert answer.verdict is TaskVerdict.NEEDS_CORRECTION
    assert answer.facts == {"obstacles": ["NO_FREE_SLOT"]}

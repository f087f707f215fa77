"""By when must a bad rating, a work order or an inspection be dealt with, and by whom?"""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.intake.errors.redress import (
    ContestTooLate,
    MatterNotRateable,
    NoteRequired,
    NotYourHand,
    RatingFinal,
    RatingScaleUnknown,
    RedressActNotAllowed,
    RedressExtensionNotAllowed,
    ReturnTooLate,
)
from services.intake.model import MatterStatus
from services.intake.model.rating import SATISFACTION_TITLES, Satisfaction, Scale
from services.intake.model.redress import (
    Category,
    Hand,
    Redress,
    RedressAct,
    RedressId,
    RedressKind,
    RedressOutcome,
    RedressStage,
)
from services.intake.rules.clock import read_clock
from services.intake.rules.rating import (
    invited_from,
    is_bad,
    require_editable,
    require_rateable,
    satisfaction_of,
)
from services.intake.rules.redress import (
    LOOPS,
    clock_of,
    next_step,
    require_extension,
    require_timely,
)
from tests.support.calendars import beijing, official_calendar

CALENDAR = official_calendar()
RATED = beijing("2026-09-30 16:00")


def loop(kind=RedressKind.BAD_RATING, stage=RedressStage.OPEN, **changes):
    at = changes.pop("at", RATED)
    return Redress(
        id=RedressId(uuid4()),
        kind=kind,
        stage=stage,
        division="330106109000",
        office_id=None,
        opened_at=at,
        round_at=at,
        entered_at=changes.pop("entered_at", at),
        **changes,
    )


def last_day(redress, **more):
    clock = clock_of(redress, **more)
    reading = read_clock(clock, (), at=redress.entered_at, calendar=CALENDAR)
    return reading.deadline.last_day.isoformat()


def test_a_bad_rating_before_the_national_day_is_taken_up_and_mended_by_the_worked_days():
    assert last_day(loop()) == "2026-10-08"
    taken_up = beijing("2026-10-08 10:00")
    for stage, day in (
        (RedressStage.FIXING_NOW, "2026-10-13"),
        (RedressStage.FIXING_PLANNED, "2026-10-27"),
    ):
        assert last_day(loop(stage=stage, entered_at=taken_up)) == day


def test_a_place_that_has_published_shorter_limits_is_held_to_them():
    pack = {"redress_simple_working_days": 3}

    assert last_day(loop(stage=RedressStage.FIXING_NOW), pack=pack) == "2026-10-10"


def test_one_is_the_best_code_and_stars_run_the_other_way():
    assert satisfaction_of(1, Scale.SATISFACTION_CODE) is Satisfaction.VERY_SATISFIED
    assert satisfaction_of(1, Scale.STARS) is Satisfaction.VERY_DISSATISFIED
    assert satisfaction_of(5, Scale.STARS) is Satisfaction.VERY_SATISFIED
    assert [SATISFACTION_TITLES[each].zh for each in Satisfaction] == [
        "非常满意",
        "满意",
        "基本满意",
        "不满意",
        "非常不满意",
    ]
    assert [each for each in Satisfaction if is_bad(each)] == [4, 5]


@pytest.mark.parametrize("value", [0, 6])
def test_a_rating_off_its_scale_is_refused(value):
    with pytest.raises(RatingScaleUnknown):
        satisfaction_of(value, Scale.STARS)


def test_a_rating_may_be_changed_once_and_within_seven_days():
    require_editable(rated_at=RATED, edited_at=None, at=RATED + timedelta(days=6))
    with pytest.raises(RatingFinal):
        require_editable(rated_at=RATED, edited_at=None, at=RATED + timedelta(days=7))
    with pytest.raises(RatingFinal):
        require_editable(rated_at=RATED, edited_at=RATED, at=RATED)


@pytest.mark.parametrize("status", [MatterStatus.IN_REVIEW, MatterStatus.WITHDRAWN])
def test_only_what_is_over_is_rated(status):
    require_rateable(MatterStatus.CONCLUDED)
    with pytest.raises(MatterNotRateable):
        require_rateable(status)


def test_a_bereaved_family_is_not_asked_for_seven_days():
    assert invited_from(RATED, ["relief"]) == RATED
    assert invited_from(RATED, ["funeral", None]) == RATED + timedelta(days=7)


def step(redress, act, hand, note=True):
    return next_step(redress, act, hands=frozenset({hand}), has_note=note)


def test_a_work_order_has_the_limit_of_what_it_asks():
    monday = beijing("2026-11-23 09:00")
    in_progress = {"kind": RedressKind.HOTLINE, "stage": RedressStage.IN_PROGRESS, "at": monday}
    assert last_day(loop(**in_progress, category=Category.CONSULTATION)) == "2026-11-24"
    assert last_day(loop(**in_progress, category=Category.COMPLAINT)) == "2026-11-30"
    assert last_day(loop(**in_progress, is_complex=True)) == "2026-12-14"
    extended = loop(**in_progress, category=Category.HELP, extended_days=5)
    assert last_day(extended) == "2026-12-07"
    urgent = loop(RedressKind.HOTLINE, RedressStage.DISPATCHED, at=monday, is_urgent=True)
    due_at = read_clock(clock_of(urgent), (), at=monday, calendar=CALENDAR).deadline.due_at
    assert due_at == monday + timedelta(hours=2)


def test_an_inspection_wants_a_plan_in_15_days_mending_in_30_and_another_look_in_60():
    found = beijing("2026-11-23 09:00")
    days = [
        last_day(loop(RedressKind.INSPECTION, stage, at=found))
        for stage in (RedressStage.FOUND, RedressStage.PLANNED, RedressStage.FIXED)
    ]

    assert days == ["2026-12-08", "2026-12-23", "2027-01-22"]


def test_an_act_is_for_its_own_hand_and_its_own_stage():
    with pytest.raises(NotYourHand):
        step(loop(), RedressAct.TAKE_UP, Hand.SUPERVISOR)
    with pytest.raises(RedressActNotAllowed):
        step(loop(), RedressAct.ANSWER, Hand.OFFICE)
    with pytest.raises(NoteRequired):
        step(loop(stage=RedressStage.FIXING_NOW), RedressAct.ANSWER, Hand.OFFICE, note=False)


def test_a_contested_rating_is_reviewed_by_the_supervisor_alone():
    contested = loop(stage=RedressStage.CONTESTED)
    with pytest.raises(NotYourHand):
        step(contested, RedressAct.UPHOLD, Hand.OFFICE)
    upheld = step(contested, RedressAct.UPHOLD, Hand.SUPERVISOR)
    assert (upheld.to, upheld.outcome) == (RedressStage.CLOSED, RedressOutcome.EXCLUDED)


def test_a_rating_is_contested_within_three_working_days_and_once():
    verifying = loop(stage=RedressStage.VERIFYING)
    in_time = beijing("2026-10-10 23:59")
    require_timely(verifying, RedressAct.CONTEST, at=in_time, calendar=CALENDAR)
    for redress, at in (
        (verifying, beijing("2026-10-11 00:00")),
        (replace(verifying, contested_at=RATED), in_time),
    ):
        with pytest.raises(ContestTooLate):
            require_timely(redress, RedressAct.CONTEST, at=at, calendar=CALENDAR)


def test_a_wrong_dispatch_is_returned_within_one_working_day():
    sent = loop(RedressKind.HOTLINE, RedressStage.DISPATCHED)
    require_timely(sent, RedressAct.RETURN, at=beijing("2026-10-08 20:00"), calendar=CALENDAR)
    with pytest.raises(ReturnTooLate):
        require_timely(sent, RedressAct.RETURN, at=beijing("2026-10-09 00:00"), calendar=CALENDAR)


def test_a_work_order_is_extended_once_by_no_more_than_its_own_limit():
    order = loop(RedressKind.HOTLINE, RedressStage.IN_PROGRESS, category=Category.HELP)
    assert require_extension(order, 5) == 5
    for redress, days in ((order, 6), (order, None), (replace(order, extended_days=2), 1)):
        with pytest.raises(RedressExtensionNotAllowed):
            require_extension(redress, days)


def test_the_answer_to_an_anonymous_rating_ends_the_loop():
    answered = step(
        loop(stage=RedressStage.FIXING_NOW, is_anonymous=True), RedressAct.ANSWER, Hand.OFFICE
    )

    assert (answered.to, answered.outcome) == (RedressStage.CLOSED, RedressOutcome.ANSWERED)


def test_every_stage_of_every_loop_leads_on_and_has_a_clock():
    for kind, stages in LOOPS.items():
        reached = {s.to for steps in stages.values() for s in steps.values()}
        assert reached - set(stages) == {RedressStage.CLOSED}
        assert all(clock_of(loop(kind, stage)) is not None for stage in stages)

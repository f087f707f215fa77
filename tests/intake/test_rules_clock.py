"""What does a clock show, and when may it be stopped or given more time?"""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.errors import (
    ClockAlreadyExtended,
    ClockAlreadyPaused,
    ClockNotPaused,
    ClockNotRunning,
    ExtensionNotAllowed,
    ExtensionTooLate,
    PauseBasisRequired,
    PromiseBeyondStatute,
)
from services.intake.model import Limit, LimitUnit
from services.intake.model.clock import ExtensionBasis, PauseReason, RunningClock
from services.intake.model.kept import ClockEntry
from services.intake.rules.clock import (
    EXTENSIONS,
    PAUSES,
    clocks_of_item,
    is_paused,
    pauses_of,
    read_clock,
    require_may_extend,
    require_may_pause,
    require_may_resume,
    require_promise_within_statute,
    require_running,
)
from tests.support.builders import an_item, catalogue_item
from tests.support.calendars import (
    beijing,
    end_of_working_days,
    is_worked,
    official_calendar,
    on,
)

CALENDAR = official_calendar()
ACCEPTED = beijing("2026-09-14 10:00")
NOON = beijing("2026-09-22 12:00")


def entry(kind, at, *, clock="procedure", days=None):
    return ClockEntry(clock=clock, kind=kind, at=beijing(at), reason="", days=days)


START = entry("start", "2026-09-14 10:00")
PAUSE, RESUME = entry("pause", "2026-09-22 09:00"), entry("resume", "2026-10-12 17:00")
TEN_MORE = entry("extend", "2026-10-13 09:00", clock="statutory", days=10)
STOP = entry("stop", "2026-10-14 09:00")


def statutory(length=20, unit="working_day", name="statutory", since=ACCEPTED):
    limit = Limit(length=length, unit=LimitUnit(unit))
    return RunningClock(name=name, limit=limit, started_at=since)


def read(*entries, at="2026-10-20 12:00", clock=None):
    return read_clock(clock or statutory(), entries, at=beijing(at), calendar=CALENDAR)


@pytest.mark.law("行政许可法", 42)
@pytest.mark.parametrize(
    ("entries", "last_day"),
    [
        ((START,), "2026-10-16"),
        ((START, PAUSE, RESUME), "2026-10-30"),
        ((START, PAUSE, RESUME, TEN_MORE), "2026-11-13"),
    ],
)
def test_twenty_working_days_with_a_special_procedure_and_an_extension(entries, last_day):
    assert read(*entries).deadline.last_day == on(last_day)


@pytest.mark.law("行政许可法", 42)
def test_joint_handling_has_forty_five_working_days_and_fifteen_more():
    june = beijing("2026-06-01 09:00")
    clock = statutory(length=45, since=june)
    more = entry("extend", "2026-08-03 09:00", clock="statutory", days=15)

    assert read(at="2026-06-02 09:00", clock=clock).deadline.last_day == on("2026-08-04")
    assert read(more, at="2026-08-03 10:00", clock=clock).deadline.last_day == on("2026-08-25")


@pytest.mark.law("行政许可法", 45)
def test_the_first_and_the_last_day_of_a_pause_are_not_counted():
    assert read(START, PAUSE, at="2026-09-22 00:00").used == 6
    assert read(START, PAUSE, RESUME, at="2026-10-13 00:00").used == 6
    assert read(START, PAUSE, RESUME, at="2026-10-14 00:00").used == 7


def test_a_pause_freezes_the_share_that_is_used():
    shares = {
        read(START, PAUSE, at=f"2026-{day} 12:00").percent_used
        for day in ("09-22", "09-28", "10-09", "12-01")
    }
    assert shares == {30}


def test_a_paused_clock_is_never_overdue():
    reading = read(START, PAUSE, at="2027-03-01 12:00")
    assert reading.is_paused
    assert not reading.is_overdue


def test_sixteen_of_twenty_days_are_used_when_the_twelfth_of_october_is_over():
    assert read(START, at="2026-10-12 23:59").used == 15
    reading = read(START, at="2026-10-13 00:00")
    assert (reading.used, reading.percent_used) == (16, 80)


def test_a_clock_is_overdue_from_the_day_after_the_last():
    assert not read(START, at="2026-10-16 23:59").is_overdue
    assert read(START, at="2026-10-17 00:00").is_overdue


def test_a_stopped_clock_shows_what_it_showed_then():
    then, later = read(START, at="2026-10-14 09:00"), read(START, STOP, at="2026-12-01 09:00")
    assert (later.used, later.is_overdue) == (then.used, False)


def test_the_second_pause_is_counted_beside_the_first():
    entries = (PAUSE, RESUME, entry("pause", "2026-10-20 09:00"), STOP)
    assert [(each.first, each.last) for each in pauses_of(entries, until=on("2026-12-01"))] == [
        (on("2026-09-22"), on("2026-10-12")),
        # A stop noted before the second pause began does not end it.
        (on("2026-10-20"), on("2026-12-01")),
    ]


def test_a_decision_ends_an_open_pause():
    entries = (START, PAUSE, STOP)
    assert not is_paused(entries)
    assert pauses_of(entries, until=on("2026-12-01"))[0].last == on("2026-10-14")


def test_an_extension_of_one_clock_leaves_the_others():
    promised = statutory(length=10, name="promised")
    assert read(START, TEN_MORE, clock=promised).extended_by == 0


@pytest.mark.parametrize(("unit", "length"), [("hour", 24), ("calendar_day", 7), ("month", 1)])
def test_only_a_clock_of_working_days_stands_still(unit, length):
    clock = statutory(length=length, unit=unit)
    paused, running = read(START, PAUSE, clock=clock), read(START, clock=clock)
    assert not paused.is_paused
    assert paused.deadline.due_at == running.deadline.due_at


def test_hours_are_used_by_the_hour():
    clock = statutory(length=24, unit="hour")
    assert read(at="2026-09-14 22:30", clock=clock).used == 12
    assert read(at="2026-09-20 22:30", clock=clock).percent_used == 100


def test_the_promise_is_counted_beside_the_statute():
    accepted = datetime.fromisoformat("2026-09-18T16:00:00+08:00")
    clocks = clocks_of_item(catalogue_item("JZ201"), accepted_at=accepted)
    due = {clock.name: read(clock=clock).deadline.last_day.isoformat() for clock in clocks}
    assert due == {"promised": "2026-09-21", "statutory": "2026-09-24"}


def test_an_item_without_limits_has_no_clocks():
    assert clocks_of_item(an_item(), accepted_at=ACCEPTED) == ()


@pytest.mark.law("行政许可法", 45)
def test_every_reason_for_a_pause_and_every_basis_of_an_extension_has_a_source():
    assert all(PAUSES[reason].source for reason in PauseReason)
    assert all(EXTENSIONS[basis].source for basis in ExtensionBasis)


@pytest.mark.parametrize("entries", [(), (START, STOP)])
def test_a_clock_that_does_not_run_is_left_alone(entries):
    with pytest.raises(ClockNotRunning):
        require_running(entries)


def test_a_clock_is_not_paused_twice_nor_resumed_unpaused():
    with pytest.raises(ClockAlreadyPaused):
        require_may_pause([START, PAUSE], PauseReason.HEARING, basis=None)
    with pytest.raises(ClockNotPaused):
        require_may_resume([START, PAUSE, RESUME])
    require_may_pause([START, PAUSE, RESUME], PauseReason.HEARING, basis=None)
    require_may_resume([START, PAUSE])


@pytest.mark.parametrize("reason", [PauseReason.ANNOUNCEMENT, PauseReason.SUPPLEMENT])
def test_what_the_statute_does_not_list_needs_the_items_own_rule(reason):
    with pytest.raises(PauseBasisRequired):
        require_may_pause([START], reason, basis=None)
    require_may_pause([START], reason, basis="民发〔2021〕43号 第14条")


@pytest.mark.law("行政许可法", 42)
def test_a_clock_is_extended_once():
    with pytest.raises(ClockAlreadyExtended):
        require_may_extend(read(START, TEN_MORE), days=1, basis=ExtensionBasis.LICENSING)


@pytest.mark.parametrize(
    ("basis", "most"),
    [
        (ExtensionBasis.LICENSING, 10),
        (ExtensionBasis.JOINT_HANDLING, 15),
        (ExtensionBasis.MINIMUM_LIVING, 15),
    ],
)
def test_a_basis_allows_so_many_days_and_no_more(basis, most):
    reading = read(START, at="2026-10-01 09:00")
    require_may_extend(reading, days=most, basis=basis)
    for days in (0, most + 1):
        with pytest.raises(ExtensionNotAllowed):
            require_may_extend(reading, days=days, basis=basis)


def test_a_late_case_is_not_made_timely_afterwards():
    with pytest.raises(ExtensionTooLate):
        require_may_extend(
            read(START, at="2026-10-17 00:00"), days=1, basis=ExtensionBasis.LICENSING
        )


def test_hours_are_not_extended_by_working_days():
    reading = read(at="2026-09-14 12:00", clock=statutory(length=24, unit="hour"))
    with pytest.raises(ExtensionNotAllowed):
        require_may_extend(reading, days=1, basis=ExtensionBasis.LICENSING)


def test_a_promise_stays_within_the_statute():
    within, beyond = statutory(20, name="promised"), statutory(21, name="promised")
    require_promise_within_statute([read(START), read(START, clock=within)])
    require_promise_within_statute([read(START, clock=beyond)])
    with pytest.raises(PromiseBeyondStatute):
        require_promise_within_statute([read(START), read(START, clock=beyond)])


FIRST_DAY = on("2026-01-05")
PAUSES_BY_DAY = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 25)), max_size=4, unique_by=lambda each: each[0]
)


@given(gaps=PAUSES_BY_DAY, length=st.integers(1, 60), after=st.integers(0, 300))
def test_any_ledger_reads_as_a_count_by_hand_does(gaps, length, after):
    lines, stopped, day = [], set(), FIRST_DAY
    for gap, lasts in gaps:
        first = day + timedelta(days=gap)
        day = first + timedelta(days=lasts)
        lines += [entry("pause", f"{first} 09:00"), entry("resume", f"{day} 17:00")]
        stopped |= {first + timedelta(days=each) for each in range(lasts + 1)}
    at = max(day, FIRST_DAY + timedelta(days=after))
    clock = statutory(length=length, since=beijing(f"{FIRST_DAY} 10:00"))
    reading = read(*lines, at=f"{at} 23:00", clock=clock)

    last = end_of_working_days(FIRST_DAY, length, stopped)
    gone = [FIRST_DAY + timedelta(days=each + 1) for each in range((at - FIRST_DAY).days - 1)]
    used = sum(is_worked(each) and each not in stopped for each in gone)
    assert reading.deadline.last_day == last
    assert reading.used == min(used, length)
    assert reading.is_overdue == (at > last)

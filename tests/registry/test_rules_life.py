"""What follows from the facts of a life, in whatever order they are heard?"""

import itertools
import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.registry.model import PersonIndex
from services.registry.model.households import Membership, Period, Place
from services.registry.model.residents import CivilStatus, FactId, LifeEvent, LifeFact
from services.registry.rules import life, places
from services.registry.rules.scope import is_within, prefix_of
from shared.ids import new_id

HERE, THERE, ELSEWHERE = (UUID(int=each) for each in (1, 2, 3))
FIRST, SECOND = UUID(int=11), UUID(int=12)
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def a_fact(kind: str, on: str, subject: UUID | None = None, **changes) -> LifeFact:
    given = {
        "id": FactId(new_id()),
        "person": PersonIndex("a" * 64),
        "kind": LifeEvent(kind),
        "on": date.fromisoformat(on),
        "subject": subject,
        "source": "officer:lin",
        "recorded_at": NOON,
        **changes,
    }
    return LifeFact(**given)


def stays(*facts: LifeFact) -> list[tuple[UUID, str, str | None]]:
    return [
        (
            each.household,
            each.period.since.isoformat(),
            each.period.until.isoformat() if each.period.until else None,
        )
        for each in life.memberships(life.standing(facts))
    ]


def status(*facts: LifeFact, on: str = "2026-11-22") -> CivilStatus:
    return life.civil_status(life.standing(facts), on=date.fromisoformat(on))


def test_whoever_moves_in_has_moved_out_of_where_they_were():
    born = a_fact("BIRTH", "1990-01-01", HERE)
    moved = a_fact("MOVE_IN", "2015-05-05", THERE)
    assert stays(born, moved) == [
        (HERE, "1990-01-01", "2015-05-05"),
        (THERE, "2015-05-05", None),
    ]


def test_the_order_of_arrival_does_not_matter_and_a_repeat_is_nothing():
    facts = [
        a_fact("BIRTH", "1990-01-01", HERE),
        a_fact("MOVE_IN", "2015-05-05", THERE),
        a_fact("MOVE_OUT", "2018-01-01"),
        a_fact("MOVE_IN", "2020-01-01", ELSEWHERE),
        a_fact("MARRIAGE", "2016-01-01", FIRST),
        a_fact("DIVORCE", "2019-01-01", FIRST),
    ]
    expected = stays(*facts), status(*facts)
    for order in itertools.permutations(facts):
        assert (stays(*order, order[0]), status(*order)) == expected


def test_nobody_is_in_two_households_on_one_day_whatever_is_noted():
    rng = random.Random(20261122)
    kinds = ("BIRTH", "MOVE_IN", "MOVE_OUT", "DEATH")
    for _ in range(300):
        facts = [
            a_fact(
                rng.choice(kinds),
                (date(2000, 1, 1) + timedelta(days=rng.randrange(60))).isoformat(),
                rng.choice((HERE, THERE, ELSEWHERE)),
            )
            for _ in range(rng.randrange(8))
        ]
        found = life.memberships(life.standing(facts))
        for day in (date(2000, 1, 1) + timedelta(days=n) for n in range(70)):
            assert sum(each.period.has(day) for each in found) <= 1
        assert all(e.period.until is None or e.period.since < e.period.until for e in found)


def test_moving_to_where_one_is_leaves_no_seam():
    assert stays(a_fact("BIRTH", "1990-01-01", HERE), a_fact("MOVE_IN", "2000-01-01", HERE)) == [
        (HERE, "1990-01-01", None)
    ]


@pytest.mark.law("户口登记条例", 8)
def test_death_ends_the_last_membership_after_its_day_and_the_dead_do_not_move():
    assert stays(
        a_fact("BIRTH", "1950-01-01", HERE),
        a_fact("DEATH", "2026-11-20"),
        a_fact("MOVE_IN", "2026-11-21", THERE),
    ) == [(HERE, "1950-01-01", "2026-11-21")]


def test_a_death_that_never_was_gives_the_household_its_member_back():
    born, death = a_fact("BIRTH", "1950-01-01", HERE), a_fact("DEATH", "2026-11-20")
    void = a_fact("VOID", "2026-11-20", corrects=death.id)
    assert stays(born, death, void) == [(HERE, "1950-01-01", None)]


def test_a_correction_takes_the_place_of_what_it_corrects_and_the_past_knew_no_better():
    wrong = a_fact("MOVE_IN", "2020-01-01", THERE, recorded_at=NOON)
    right = a_fact(
        "MOVE_IN", "2020-03-01", THERE, corrects=wrong.id, recorded_at=NOON + timedelta(days=1)
    )
    then = life.standing([wrong, right], known_at=NOON)
    assert [each.id for each in then] == [wrong.id]
    assert stays(wrong, right) == [(THERE, "2020-03-01", None)]


def test_nothing_known_is_not_single():
    assert status() is CivilStatus.UNKNOWN


@pytest.mark.law("民法典", 1049)
def test_a_marriage_holds_from_its_day_until_it_ends():
    facts = [a_fact("MARRIAGE", "2016-01-01", FIRST), a_fact("DIVORCE", "2019-01-01", FIRST)]
    found = [status(*facts, on=day) for day in ("2015-12-31", "2016-01-01", "2019-01-01")]
    assert found == [CivilStatus.UNKNOWN, CivilStatus.MARRIED, CivilStatus.DIVORCED]


def test_a_late_note_of_an_old_divorce_does_not_end_the_marriage_of_today():
    facts = [
        a_fact("MARRIAGE", "2020-01-01", SECOND),
        a_fact("DIVORCE", "2021-01-01", FIRST),
        a_fact("MARRIAGE", "2010-01-01", FIRST),
    ]
    assert status(*facts) is CivilStatus.MARRIED


def test_an_end_heard_before_its_beginning_still_ends_it():
    end = a_fact("BEREAVEMENT", "2026-11-20", FIRST)
    assert status(end) is CivilStatus.WIDOWED
    assert status(end, a_fact("MARRIAGE", "1977-10-01", FIRST)) is CivilStatus.WIDOWED


def test_a_marriage_that_ended_on_its_own_day_does_not_begin_again():
    facts = [a_fact("MARRIAGE", "2020-01-01", FIRST), a_fact("DIVORCE", "2020-01-01", FIRST)]
    assert status(*facts) is CivilStatus.DIVORCED


# --- places ----------------------------------------------------------------------------------


def settle(found: list[Place], division: str, since: str) -> list[Place]:
    return places.settled(
        found, division=division, address="示例路1号", since=date.fromisoformat(since)
    )


def shown(found: list[Place]) -> list[tuple[str, str, str | None]]:
    return [
        (
            each.division,
            each.period.since.isoformat(),
            each.period.until.isoformat() if each.period.until else None,
        )
        for each in found
    ]


def test_a_place_noted_late_takes_its_room_between_those_known_already():
    moves = [("a", "2000-01-01"), ("b", "2010-01-01"), ("c", "2020-01-01")]
    for order in itertools.permutations(moves):
        found: list[Place] = []
        for division, since in order:
            found = settle(found, division, since)
        assert shown(found) == [
            ("a", "2000-01-01", "2010-01-01"),
            ("b", "2010-01-01", "2020-01-01"),
            ("c", "2020-01-01", None),
        ]


def test_a_place_for_a_day_that_has_one_takes_its_stead():
    found = settle(settle([], "a", "2000-01-01"), "b", "2000-01-01")
    assert shown(found) == [("b", "2000-01-01", None)]


def test_a_move_that_never_was_lets_the_place_before_it_go_on():
    found = settle(settle([], "a", "2000-01-01"), "b", "2010-01-01")
    assert shown(places.never_moved(found, since=date(2010, 1, 1))) == [("a", "2000-01-01", None)]


# --- scope -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("division", "prefix"),
    [
        ("330000000000", "33"),
        ("330100000000", "3301"),
        ("330106000000", "330106"),
        ("330106109000", "330106109"),
        ("330106109201", "330106109201"),
        ("441900003000", "441900003"),
    ],
)
def test_everything_in_a_division_begins_as_it_does(division, prefix):
    assert prefix_of(division) == prefix


def test_a_neighbour_is_not_within():
    assert is_within("330106109201", [prefix_of("330106109000")])
    assert not is_within("330106110000", [prefix_of("330106109000")])
    assert not is_within("330106109201", [])


def test_a_period_has_its_first_day_and_not_the_day_it_ends_on():
    period = Period(since=date(2026, 1, 1), until=date(2026, 2, 1))
    assert period.has(date(2026, 1, 1))
    assert not period.has(date(2026, 2, 1))
    assert Membership(household=HERE, period=period).period == period

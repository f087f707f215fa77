"""Who may marry whom, on which day, and what must be said when they may not?"""

from datetime import UTC, date, datetime

import pytest

from services.marriage.model import (
    AgeAttained,
    Flag,
    Kinship,
    MaritalStatus,
    OpenPoint,
    RefusalGround,
)
from services.marriage.rules.eligibility import (
    attains_age_on,
    examine,
    is_of_marriageable_age,
    refusal_grounds,
)
from shared.clock import FakeClock
from tests.support.marriage import couple, man, woman

CIVIL_CODE = "民法典"
TODAY = date(2026, 11, 22)


@pytest.mark.law(CIVIL_CODE, 1047)
@pytest.mark.parametrize(
    ("on", "old_enough"), [(date(2026, 11, 22), False), (date(2026, 11, 23), True)]
)
def test_a_man_may_marry_from_his_twenty_second_birthday(on, old_enough):
    party = man(born_on=date(2004, 11, 23))
    assert is_of_marriageable_age(party, on=on) is old_enough


@pytest.mark.law(CIVIL_CODE, 1047)
@pytest.mark.parametrize(
    ("on", "old_enough"), [(date(2026, 11, 22), False), (date(2026, 11, 23), True)]
)
def test_a_woman_may_marry_from_her_twentieth_birthday(on, old_enough):
    party = woman(born_on=date(2006, 11, 23))
    assert is_of_marriageable_age(party, on=on) is old_enough


@pytest.mark.law(CIVIL_CODE, 202)
@pytest.mark.parametrize(
    ("on", "old_enough"), [(date(2026, 2, 27), False), (date(2026, 2, 28), True)]
)
def test_born_on_a_leap_day_the_last_of_february_is_the_birthday(on, old_enough):
    party = man(born_on=date(2004, 2, 29))
    assert is_of_marriageable_age(party, on=on) is old_enough


def test_where_the_day_after_counts_everything_is_one_day_later():
    day_after = AgeAttained.DAY_AFTER
    assert attains_age_on(date(2004, 2, 29), 22, attained=day_after) == date(2026, 3, 1)
    assert attains_age_on(date(2004, 11, 23), 22, attained=day_after) == date(2026, 11, 24)


def test_a_leap_day_birthday_in_a_leap_year_is_itself():
    assert attains_age_on(date(2004, 2, 29), 20) == date(2024, 2, 29)


@pytest.mark.law(CIVIL_CODE, 1047)
def test_the_day_of_registration_is_the_one_in_shanghai_not_in_utc():
    clock = FakeClock(datetime(2026, 11, 22, 16, 30, tzinfo=UTC))
    assert is_of_marriageable_age(man(born_on=date(2004, 11, 23)), on=clock.today())


@pytest.mark.law(CIVIL_CODE, 1046)
def test_a_man_and_a_woman_who_are_free_willing_and_of_age_may_marry():
    examination = examine(couple(), on=TODAY)

    assert examination.may_register
    assert examination.flags == ()


@pytest.mark.parametrize(
    ("refused", "ground"),
    [
        (couple(man(born_on=date(2005, 1, 1))), RefusalGround.UNDER_AGE),
        (couple(second=woman(willing=False)), RefusalGround.NOT_VOLUNTARY),
        (couple(man(status=MaritalStatus.MARRIED)), RefusalGround.ALREADY_MARRIED),
        (couple(kinship=Kinship.DIRECT_LINE), RefusalGround.PROHIBITED_KINSHIP),
        (couple(kinship=Kinship.COLLATERAL_WITHIN_THREE), RefusalGround.PROHIBITED_KINSHIP),
        (couple(man(), man()), RefusalGround.NOT_ONE_MAN_AND_ONE_WOMAN),
    ],
)
@pytest.mark.law("婚姻登记条例", 1)
def test_each_ground_of_refusal(refused, ground):
    assert refusal_grounds(refused, on=TODAY) == (ground,)


def test_a_refusal_states_every_ground_at_once():
    refused = couple(
        man(born_on=date(2010, 1, 1), status=MaritalStatus.MARRIED, willing=False),
        kinship=Kinship.DIRECT_LINE,
    )
    assert set(refusal_grounds(refused, on=TODAY)) == {
        RefusalGround.UNDER_AGE,
        RefusalGround.NOT_VOLUNTARY,
        RefusalGround.ALREADY_MARRIED,
        RefusalGround.PROHIBITED_KINSHIP,
    }


@pytest.mark.parametrize("status", [MaritalStatus.DIVORCED, MaritalStatus.WIDOWED])
def test_who_was_married_before_may_marry_again(status):
    assert examine(couple(man(status=status)), on=TODAY).may_register


def test_nothing_found_is_not_single_but_may_rest_on_the_declaration_and_is_flagged():
    examination = examine(couple(man(status=MaritalStatus.NO_RECORD)), on=TODAY)

    assert examination.may_register
    assert examination.flags == (Flag.STATUS_RESTS_ON_DECLARATION,)


def test_nothing_found_and_nothing_declared_stands_open():
    party = man(status=MaritalStatus.NO_RECORD, declares_no_spouse=False)
    examination = examine(couple(party), on=TODAY)

    assert not examination.may_register
    assert examination.open_points == (OpenPoint.SPOUSE_DECLARATION_MISSING,)
    assert examination.grounds == ()


@pytest.mark.parametrize(
    ("status", "point"),
    [
        (MaritalStatus.CONFLICT, OpenPoint.STATUS_IN_CONFLICT),
        (MaritalStatus.UNAVAILABLE, OpenPoint.STATUS_UNAVAILABLE),
    ],
)
def test_contradiction_and_silence_stand_open_and_are_no_refusal(status, point):
    examination = examine(couple(man(status=status)), on=TODAY)

    assert not examination.may_register
    assert examination.grounds == ()
    assert examination.open_points == (point,)


def test_kinship_must_be_declared():
    examination = examine(couple(kinship=Kinship.UNDECLARED), on=TODAY)
    assert examination.open_points == (OpenPoint.KINSHIP_DECLARATION_MISSING,)

"""What does the marriage registry do with what the window says?"""

import pytest

from services.marriage.consumers import department
from services.marriage.errors import PartyUnreadable
from shared.department import ANSWER, PERFORM, CheckUnknown
from tests.support.calendars import beijing
from tests.support.departments import (
    OpenWindow,
    count_rows,
    job,
    matter_decided,
    published,
    task_opened,
)
from tests.support.marriage import LIU, TAN, marriage_form


def registry(desk, form=None, **window):
    return department(desk, window=OpenWindow(form or marriage_form(), **window))


async def answer(desk, check, **window):
    await registry(desk, **window).jobs()[ANSWER].handler(job(ANSWER, task_opened(check)))


async def perform(desk, effect, form=None, **window):
    decided = job(PERFORM, matter_decided("marriage", effect))
    await registry(desk, form, **window).jobs()[PERFORM].handler(decided)


async def test_an_opened_task_is_answered_with_the_fields_it_discloses(desk, marriage_database):
    await answer(desk, "marital-status")
    assert len(await published(marriage_database, "task-answered")) == 1


async def test_a_task_that_is_no_longer_open_is_not_answered(desk, marriage_database):
    await answer(desk, "marital-status", is_open=False)
    assert await published(marriage_database) == []


async def test_a_question_nobody_knows_is_parked(desk):
    with pytest.raises(CheckUnknown):
        await answer(desk, "horoscope")


async def test_a_decided_marriage_is_registered(desk, marriage_database):
    await perform(desk, "register-marriage")
    assert await count_rows(marriage_database, "marriage") == 1


async def test_the_local_rule_on_birthdays_is_taken_from_the_parameters(desk, marriage_database):
    # 22 on 2027-05-01; where the day after counts, one day too early.
    desk.clock.set(beijing("2027-05-01 10:00"))
    form = marriage_form(TAN)
    await perform(desk, "register-marriage", form, params={"marriage_age_attained_on": "day_after"})
    await perform(desk, "register-marriage", form)

    assert len(await published(marriage_database, "matter-failed")) == 1
    assert len(await published(marriage_database, "marriage-registered")) == 1


async def test_a_number_that_is_none_is_parked_and_registers_nothing(desk, marriage_database):
    with pytest.raises(PartyUnreadable):
        await perform(desk, "register-marriage", marriage_form(LIU[:-1] + "0"))
    assert await count_rows(marriage_database, "marriage") == 0

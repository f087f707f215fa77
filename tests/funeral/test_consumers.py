"""What does the funeral service do with what the window says?"""

import pytest

from services.funeral.actions.open_slots import open_slots
from services.funeral.actions.seed_development import seed_development
from services.funeral.consumers import department
from shared.department import ANSWER, PERFORM, CheckUnknown
from tests.support.departments import (
    OpenWindow,
    count_rows,
    job,
    matter_decided,
    published,
    task_opened,
)
from tests.support.funeral import funeral_form


def home(desk, **window):
    return department(desk, window=OpenWindow(funeral_form(), **window))


async def answer(desk, check, **window):
    await home(desk, **window).jobs()[ANSWER].handler(job(ANSWER, task_opened(check)))


async def test_an_opened_task_is_answered_with_the_fields_it_discloses(desk, funeral_database):
    await answer(desk, "funeral-arrangement")
    assert len(await published(funeral_database, "task-answered")) == 1


async def test_a_task_that_is_no_longer_open_is_not_answered(desk, funeral_database):
    await answer(desk, "funeral-arrangement", is_open=False)
    assert await published(funeral_database) == []


async def test_a_question_nobody_knows_is_parked(desk):
    with pytest.raises(CheckUnknown):
        await answer(desk, "horoscope")


async def test_a_decided_funeral_is_arranged(desk, funeral_database):
    await seed_development(transaction=desk.transaction)
    await open_slots(transaction=desk.transaction, clock=desk.clock)
    decided = job(PERFORM, matter_decided("funeral", "arrange-funeral"))
    await home(desk).jobs()[PERFORM].handler(decided)
    assert await count_rows(funeral_database, "funeral_case") == 1

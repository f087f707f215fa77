"""What does the check of both parties' marital status answer?"""

import asyncio
from datetime import date

import pytest

from services.marriage.consumers import checks, effects
from services.marriage.errors import StatusUnavailable
from services.marriage.model import MaritalRecord, MaritalStatus
from tests.support.departments import (
    INDEX,
    count_rows,
    matter_request,
    published,
    task_request,
)
from tests.support.marriage import LIU, WEI, YAN, marriage_form


def question(form=None, **changed):
    return task_request("marital-status", form or marriage_form(), item_code="HY601", **changed)


async def ask(desk, database, form=None):
    await checks(desk)["marital-status"](question(form))
    return (await published(database, "task-answered"))[-1]


async def say(desk, id_number, status):
    record = MaritalRecord(status=status, source="archive", as_of=date(2026, 1, 1))
    async with desk.transaction() as store:
        await store.keep_record(INDEX.of(id_number), record)


async def test_two_people_confirmed_single_are_approved(desk, marriage_database):
    for one in (LIU, WEI):
        await say(desk, one, MaritalStatus.SINGLE_CONFIRMED)
    answer = await ask(desk, marriage_database)

    assert answer["verdict"] == "approve"
    assert "flag" not in answer["facts"]


async def test_nothing_found_is_approved_and_flagged_for_the_registrar(desk, marriage_database):
    await say(desk, LIU, MaritalStatus.SINGLE_CONFIRMED)
    answer = await ask(desk, marriage_database)

    assert answer["verdict"] == "approve"
    assert answer["facts"]["partner"] == "NO_RECORD"
    assert answer["facts"]["flag"] == "STATUS_RESTS_ON_DECLARATION"


async def test_somebody_married_here_is_refused(desk, marriage_database):
    await effects(desk)["register-marriage"](
        matter_request("register-marriage", marriage_form(LIU, WEI))
    )
    answer = await ask(desk, marriage_database, marriage_form(LIU, YAN))

    assert answer["verdict"] == "refuse"
    assert answer["facts"]["applicant"] == "MARRIED"


async def test_a_divorce_that_no_record_shows_must_be_proved(desk, marriage_database):
    answer = await ask(desk, marriage_database, marriage_form(stated="DIVORCED"))
    assert answer["verdict"] == "needs-correction"


async def test_a_source_that_does_not_answer_leaves_the_task_to_be_asked_again(
    desk, marriage_database
):
    await say(desk, LIU, MaritalStatus.UNAVAILABLE)
    with pytest.raises(StatusUnavailable):
        await checks(desk)["marital-status"](question())
    assert await count_rows(marriage_database, "task_answer") == 0


async def test_a_round_is_answered_once_however_often_it_is_asked(desk, marriage_database):
    task = question()
    await asyncio.gather(*(checks(desk)["marital-status"](task) for _ in range(5)))
    assert len(await published(marriage_database, "task-answered")) == 1


async def test_an_older_word_of_a_source_never_replaces_a_newer_one(desk, marriage_database):
    await say(desk, LIU, MaritalStatus.SINGLE_CONFIRMED)
    older = MaritalRecord(status=MaritalStatus.MARRIED, source="archive", as_of=date(2020, 1, 1))
    async with desk.transaction() as store:
        await store.keep_record(INDEX.of(LIU), older)
    assert (await ask(desk, marriage_database))["facts"]["applicant"] == "SINGLE_CONFIRMED"

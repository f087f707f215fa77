"""What does the duplicate check answer, and how often?"""

import asyncio
from datetime import timedelta

from services.relief.consumers import checks, effects
from tests.support.departments import published, task_request
from tests.support.relief import CHEN, PARAMS, grant_matter


def question(kind="ILLNESS", **changed):
    fields = {"applicant": {"id_no": CHEN}, "event": {"kind": kind}}
    return task_request("duplicate-relief", fields, **{"params": PARAMS, **changed})


async def ask(desk, task):
    await checks(desk)["duplicate-relief"](task)


async def test_without_earlier_relief_the_check_approves(desk, relief_database):
    task = question()
    await ask(desk, task)
    [answer] = await published(relief_database, "task-answered")

    assert (answer["taskId"], answer["round"]) == (str(task.task_id), 1)
    assert answer["verdict"] == "approve"


async def test_the_same_event_again_is_flagged_with_its_date(desk, relief_database):
    await effects(desk)["grant-temporary-relief"](grant_matter(event_kind="ILLNESS"))
    desk.clock.advance(timedelta(days=30))
    await ask(desk, question())

    answer = (await published(relief_database, "task-answered"))[-1]
    assert answer["verdict"] == "refuse"
    assert answer["facts"] == {"duplicates": 1, "lastGrantedOn": "2026-11-22"}


async def test_another_event_or_a_later_year_is_not(desk, relief_database):
    await effects(desk)["grant-temporary-relief"](grant_matter(event_kind="ILLNESS"))
    await ask(desk, question("FIRE"))
    desk.clock.advance(timedelta(days=100))
    await ask(desk, question())

    answers = await published(relief_database, "task-answered")
    assert [each["verdict"] for each in answers] == ["approve", "approve"]


async def test_a_round_is_answered_once_however_often_it_is_asked(desk, relief_database):
    task = question()
    await asyncio.gather(*(ask(desk, task) for _ in range(5)))
    assert len(await published(relief_database, "task-answered")) == 1


async def test_another_round_of_the_task_is_answered_again(desk, relief_database):
    first = question()
    await ask(desk, first)
    await ask(desk, question(task_id=first.task_id, round=2))
    assert len(await published(relief_database, "task-answered")) == 2

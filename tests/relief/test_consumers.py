"""What does relief do with what the window says?"""

import pytest

from services.relief.consumers import decision_in, department, parameters_of
from services.relief.model import Level
from shared.department import ANSWER, PERFORM, CheckUnknown
from shared.money import Money
from tests.support.departments import (
    OpenWindow,
    count_rows,
    job,
    matter_decided,
    published,
    task_opened,
)
from tests.support.relief import PARAMS, grant_matter

FIELDS = dict(grant_matter().fields)


def relief(desk, **window):
    return department(desk, window=OpenWindow(FIELDS, params=PARAMS, **window))


async def answer(desk, check, **window):
    await relief(desk, **window).jobs()[ANSWER].handler(job(ANSWER, task_opened(check)))


async def test_an_opened_task_is_answered_with_the_fields_it_discloses(desk, relief_database):
    await answer(desk, "duplicate-relief")
    [told] = await published(relief_database, "task-answered")
    assert told["verdict"] == "approve"


async def test_a_task_that_is_no_longer_open_is_not_answered(desk, relief_database):
    await answer(desk, "duplicate-relief", is_open=False)
    assert await published(relief_database) == []


async def test_a_question_nobody_knows_is_parked_and_not_answered(desk, relief_database):
    with pytest.raises(CheckUnknown):
        await answer(desk, "horoscope")
    assert await published(relief_database) == []


async def test_a_decided_matter_is_made_real(desk, relief_database):
    decided = job(PERFORM, matter_decided("relief", "grant-temporary-relief"))
    await relief(desk).jobs()[PERFORM].handler(decided)
    assert await count_rows(relief_database, "benefit") == 1


def test_the_amount_and_level_of_whoever_decided_are_taken_over():
    facts = {"fact_check": {}, "county_decision": {"grantedFen": 500_000}}
    assert decision_in(facts) == (Money(500_000), Level.COUNTY)


@pytest.mark.parametrize("facts", [{}, {"township_decision": {}}])
def test_a_decision_without_an_amount_leaves_it_to_the_rules(facts):
    assert decision_in(facts) == (None, None)


def test_lengths_of_time_are_local_and_have_a_default():
    local = parameters_of({**PARAMS, "temporary_relief_duplicate_months": 6})
    assert (local.duplicate_months, local.start_hours) == (6, 24)
    assert local.case_cap == Money.of_yuan(9_000)

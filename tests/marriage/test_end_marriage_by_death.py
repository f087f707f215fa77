"""What happens to a marriage, and to the survivor, when a spouse dies?"""

import asyncio

import pytest

from services.marriage.consumers import checks, effects
from tests.support.departments import matter_request, published, task_request
from tests.support.marriage import LIU, WEI, YAN, marriage_form


def death_of(id_number, on="2026-11-22"):
    fields = {"deceased": {"id_no": id_number}, "death": {"date": on}}
    return matter_request("end-marriage-by-death", fields, item_code="BND-02")


async def marry(desk, first=LIU, second=WEI):
    form = marriage_form(first, second)
    await effects(desk)["register-marriage"](matter_request("register-marriage", form))


async def die(desk, request):
    await effects(desk)["end-marriage-by-death"](request)


@pytest.mark.law("民法典", 13)
async def test_the_marriage_ends_on_the_day_of_death(desk, marriage_database):
    await marry(desk)
    request = death_of(LIU)
    await die(desk, request)

    [fact] = await published(marriage_database, "marriage-ended")
    assert (fact["endedOn"], fact["cause"]) == ("2026-11-22", "DEATH")
    assert fact["applicationId"] == str(request.application_id)


async def test_the_survivor_is_widowed_and_may_marry_again(desk, marriage_database):
    await marry(desk, LIU, WEI)
    await die(desk, death_of(WEI))
    form = marriage_form(LIU, YAN, stated="WIDOWED")
    await checks(desk)["marital-status"](task_request("marital-status", form))
    [answer] = await published(marriage_database, "task-answered")
    assert answer["facts"]["applicant"] == "WIDOWED"

    await marry(desk, LIU, YAN)
    assert len(await published(marriage_database, "marriage-registered")) == 2


async def test_the_same_death_again_changes_nothing(desk, marriage_database):
    await marry(desk)
    request = death_of(LIU)
    await asyncio.gather(*(die(desk, request) for _ in range(5)))
    assert len(await published(marriage_database, "marriage-ended")) == 1


async def test_somebody_unmarried_leaves_nothing_to_end(desk, marriage_database):
    await die(desk, death_of(LIU))
    assert len(await published(marriage_database, "matter-performed")) == 1
    assert await published(marriage_database, "marriage-ended") == []


async def test_a_death_before_the_wedding_is_left_to_people(desk, marriage_database):
    await marry(desk)
    await die(desk, death_of(LIU, on="2026-11-21"))

    [failed] = await published(marriage_database, "matter-failed")
    assert failed["reason"] == "DEATH_BEFORE_MARRIAGE"
    assert await published(marriage_database, "marriage-ended") == []


@pytest.mark.parametrize(("married", "verdict"), [(True, "approve"), (False, "not-applicable")])
async def test_the_check_says_whether_the_deceased_was_married_here(
    desk, marriage_database, married, verdict
):
    if married:
        await marry(desk)
    fields = {"deceased": {"id_no": LIU}, "death": {"date": "2026-11-22"}}
    await checks(desk)["marriage-of-deceased"](task_request("marriage-of-deceased", fields))

    [answer] = await published(marriage_database, "task-answered")
    assert answer["verdict"] == verdict

"""What becomes of a decided marriage, and who may not be married twice?"""

import asyncio
from collections import Counter

import pytest

from services.marriage.consumers import effects
from services.marriage.model import MarriageStatus
from shared.visibility import Visibility
from tests.support.calendars import beijing
from tests.support.departments import (
    INDEX,
    count_rows,
    every_column_as_text,
    matter_request,
    published,
)
from tests.support.marriage import DONGCHENG, LIU, TAN, WEI, XIHU, YAN, marriage_form


def matter(form=None, **changed):
    fields = form or marriage_form()
    return matter_request("register-marriage", fields, item_code="HY601", **changed)


async def register(desk, request):
    await effects(desk)["register-marriage"](request)


async def reasons(database):
    return [failed["reason"] for failed in await published(database, "matter-failed")]


async def test_a_marriage_is_registered_with_a_number_and_two_parties(desk, marriage_database):
    request = matter()
    await register(desk, request)
    async with desk.transaction() as store:
        [registered] = await store.list_marriages_of_application(
            request.application_id, visible=Visibility(everything=True)
        )

    assert registered.status is MarriageStatus.IN_FORCE
    assert registered.certificate_number == "J330106-2026-000001"
    assert registered.registered_on.isoformat() == "2026-11-22"
    assert registered.parties == (INDEX.of(LIU), INDEX.of(WEI))
    assert await count_rows(marriage_database, "marriage_party") == 2


async def test_the_window_gets_the_certificate_and_the_others_the_fact(desk, marriage_database):
    request = matter()
    await register(desk, request)
    [performed] = await published(marriage_database, "matter-performed")
    [fact] = await published(marriage_database, "marriage-registered")

    assert performed["document"]["number"] == "J330106-2026-000001"
    assert performed["document"]["facts"]["copies"] == 2
    assert fact["certificateNumber"] == "J330106-2026-000001"
    assert fact["applicationId"] == str(request.application_id)


@pytest.mark.law("民法典", 1042)
async def test_one_person_marrying_in_two_places_at_once_is_married_once(desk, marriage_database):
    here = matter(marriage_form(LIU, WEI, registry=XIHU))
    there = matter(marriage_form(LIU, YAN, registry=DONGCHENG))
    await asyncio.gather(register(desk, here), register(desk, there))

    assert len(await published(marriage_database, "marriage-registered")) == 1
    assert await reasons(marriage_database) == ["PERSON_STATUS_CHANGED"]
    assert await count_rows(marriage_database, "marriage") == 1


@pytest.mark.law("民法典", 1042)
async def test_twenty_attempts_at_once_make_one_marriage_and_consume_one_number(
    desk, marriage_database
):
    attempts = [
        matter(marriage_form(LIU, partner, registry=registry))
        for partner in (WEI, YAN)
        for registry in (XIHU, DONGCHENG)
        for _ in range(5)
    ]
    await asyncio.gather(*(register(desk, attempt) for attempt in attempts))

    assert await count_rows(marriage_database, "marriage") == 1
    assert Counter(await reasons(marriage_database)) == {"PERSON_STATUS_CHANGED": 19}
    [performed] = await published(marriage_database, "matter-performed")
    assert performed["document"]["number"].endswith("-2026-000001")


async def test_who_was_married_after_the_check_is_told_so(desk, marriage_database):
    await register(desk, matter(marriage_form(LIU, WEI)))
    await register(desk, matter(marriage_form(LIU, YAN)))
    assert await reasons(marriage_database) == ["PERSON_STATUS_CHANGED"]


async def test_a_matter_that_arrives_again_changes_nothing(desk, marriage_database):
    request = matter()
    await asyncio.gather(*(register(desk, request) for _ in range(6)))

    assert await count_rows(marriage_database, "marriage") == 1
    assert len(await published(marriage_database)) == 2


@pytest.mark.law("民法典", 1047)
async def test_who_is_too_young_on_the_day_is_refused_and_no_number_is_consumed(
    desk, marriage_database
):
    await register(desk, matter(marriage_form(TAN, WEI)))
    assert await reasons(marriage_database) == ["REGISTRATION_REFUSED"]

    await register(desk, matter())
    [performed] = await published(marriage_database, "matter-performed")
    assert performed["document"]["number"] == "J330106-2026-000001"


async def test_numbers_begin_anew_each_year_and_run_per_registry(desk, marriage_database):
    await register(desk, matter(marriage_form(LIU, WEI)))
    desk.clock.set(beijing("2027-05-04 09:00"))
    await register(desk, matter(marriage_form(TAN, YAN)))

    numbers = {
        each["document"]["number"]
        for each in await published(marriage_database, "matter-performed")
    }
    assert numbers == {"J330106-2026-000001", "J330106-2027-000001"}


async def test_the_day_of_registration_is_the_one_in_shanghai(desk, marriage_database):
    desk.clock.set(beijing("2026-11-23 00:30"))
    await register(desk, matter())
    [fact] = await published(marriage_database, "marriage-registered")
    assert fact["registeredOn"] == "2026-11-23"


async def test_no_number_and_no_name_is_kept_or_told_in_clear(desk, marriage_database):
    await register(desk, matter())
    kept = await every_column_as_text(marriage_database)

    for secret in (LIU, WEI, "刘示例", "王示例"):
        assert secret not in kept
        assert secret.encode().hex() not in kept

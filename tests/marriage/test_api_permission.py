"""Who may read which marriage over HTTP?"""

from uuid import uuid4

import pytest

from services.marriage.api import routes
from services.marriage.consumers import effects
from tests.support.departments import (
    INDEX,
    Door,
    citizen,
    count_rows,
    matter_request,
    officer,
    partner,
    service,
)
from tests.support.marriage import LIU, WEI, YAN, marriage_form

READERS = [
    (officer("330106000000"), 200),
    (officer("330000000000"), 200),
    (officer("330106109000"), 404),
    (officer("110101000000"), 404),
    (service(), 200),
    (citizen(LIU), 200),
    (citizen(WEI), 200),
    (citizen(YAN), 404),
    (partner(), 403),
    (None, 401),
]


@pytest.fixture
async def door(desk):
    opened = Door("marriage", lambda api: api.include_router(routes(desk)))
    yield opened
    await opened.close()


@pytest.fixture
async def registered(desk, door):
    request = matter_request("register-marriage", marriage_form())
    await effects(desk)["register-marriage"](request)
    found = await door.get(f"/v1/marriages?application={request.application_id}", actor=service())
    return found.json()["items"][0]


@pytest.mark.parametrize(("actor", "status"), READERS)
async def test_who_may_read_a_marriage(door, registered, actor, status):
    response = await door.get(f"/v1/marriages/{registered['id']}", actor=actor)
    assert response.status_code == status


async def test_anothers_marriage_answers_like_one_that_does_not_exist(door, registered):
    hidden = await door.get(f"/v1/marriages/{registered['id']}", actor=citizen(YAN))
    missing = await door.get(f"/v1/marriages/{uuid4()}", actor=citizen(YAN))
    assert hidden.json()["code"] == missing.json()["code"] == "MARRIAGE_NOT_FOUND"


async def test_a_marriage_shows_its_number_and_nobodys_name(door, registered):
    assert registered["certificateNumber"] == "J330106-2026-000001"
    assert registered["status"] == "IN_FORCE"
    for secret in (LIU, WEI, "示例"):
        assert secret not in str(registered)


async def test_a_read_and_a_list_are_journalled(door, registered, marriage_database):
    await door.get(f"/v1/marriages/{registered['id']}", actor=service())
    assert await count_rows(marriage_database, "journal") == 2


async def test_whose_marriage_it_is_is_told_to_the_register_alone_and_as_hashes(door, registered):
    path = f"/v1/marriages/{registered['id']}/parties"
    for actor in (service("relief"), officer("330106000000"), citizen(LIU), partner()):
        assert (await door.get(path, actor=actor)).status_code == 403
    told = (await door.get(path, actor=service("registry"))).json()
    assert sorted(told["parties"]) == sorted(INDEX.of(each) for each in (LIU, WEI))
    missing = await door.get(f"/v1/marriages/{uuid4()}/parties", actor=service("registry"))
    assert (missing.status_code, missing.json()["code"]) == (404, "MARRIAGE_NOT_FOUND")

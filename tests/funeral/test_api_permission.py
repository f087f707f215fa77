"""Who may read which funeral over HTTP?"""

from uuid import uuid4

import pytest

from services.funeral.actions.open_slots import open_slots
from services.funeral.actions.seed_development import seed_development
from services.funeral.api import routes
from services.funeral.consumers import effects
from tests.support.departments import (
    Door,
    citizen,
    count_rows,
    matter_request,
    officer,
    partner,
    service,
)
from tests.support.funeral import DECEASED, funeral_form

READERS = [
    (officer("330106109000"), 200),
    (officer("330106000000"), 200),
    (officer("330106110000"), 404),
    (service(), 200),
    (citizen(DECEASED), 403),
    (partner(), 403),
    (None, 401),
]


@pytest.fixture
async def door(desk):
    opened = Door("funeral", lambda api: api.include_router(routes(desk)))
    yield opened
    await opened.close()


@pytest.fixture
async def arranged(desk, door):
    await seed_development(transaction=desk.transaction)
    await open_slots(transaction=desk.transaction, clock=desk.clock)
    request = matter_request("arrange-funeral", funeral_form())
    await effects(desk)["arrange-funeral"](request)
    found = await door.get(f"/v1/funerals?application={request.application_id}", actor=service())
    return found.json()["items"][0]


@pytest.mark.parametrize(("actor", "status"), READERS)
async def test_who_may_read_a_funeral(door, arranged, actor, status):
    response = await door.get(f"/v1/funerals/{arranged['id']}", actor=actor)
    assert response.status_code == status


async def test_another_divisions_funeral_answers_like_one_that_does_not_exist(door, arranged):
    other = officer("330106110000")
    hidden = await door.get(f"/v1/funerals/{arranged['id']}", actor=other)
    missing = await door.get(f"/v1/funerals/{uuid4()}", actor=other)
    assert hidden.json()["code"] == missing.json()["code"] == "FUNERAL_NOT_FOUND"


async def test_a_funeral_shows_its_times_in_shanghai_and_nobodys_name(door, arranged):
    assert [slot["kind"] for slot in arranged["slots"]] == ["HALL", "FURNACE"]
    assert all(slot["startsAt"].endswith("+08:00") for slot in arranged["slots"])
    assert "示例" not in str(arranged)
    assert DECEASED not in str(arranged)


async def test_a_read_and_a_list_are_journalled(door, arranged, funeral_database):
    await door.get(f"/v1/funerals/{arranged['id']}", actor=officer())
    assert await count_rows(funeral_database, "journal") == 2

"""Who may read which benefit over HTTP?"""

from uuid import uuid4

import pytest

from services.relief.api import routes
from services.relief.consumers import effects
from tests.support.departments import INDEX, Door, citizen, count_rows, officer, partner, service
from tests.support.relief import CHEN, grant_matter

SOMEBODY_ELSE = "330106195411110048"

READERS = [
    (officer("330106109000"), 200),
    (officer("330106000000"), 200),
    (officer("330000000000"), 200),
    (officer("330106110000"), 404),
    (officer("330106109201"), 404),
    (service(), 200),
    (citizen(CHEN), 200),
    (citizen(SOMEBODY_ELSE), 404),
    (partner(), 403),
    (None, 401),
]


@pytest.fixture
async def door(desk):
    opened = Door("relief", lambda api: api.include_router(routes(desk)))
    yield opened
    await opened.close()


@pytest.fixture
async def granted(desk, door):
    request = grant_matter()
    await effects(desk)["grant-temporary-relief"](request)
    found = await door.get(f"/v1/benefits?application={request.application_id}", actor=service())
    return found.json()["items"][0]


@pytest.mark.parametrize(("actor", "status"), READERS)
async def test_who_may_read_a_benefit(door, granted, actor, status):
    response = await door.get(f"/v1/benefits/{granted['id']}", actor=actor)
    assert response.status_code == status


async def test_another_divisions_benefit_answers_like_one_that_does_not_exist(door, granted):
    other = officer("330106110000")
    hidden = await door.get(f"/v1/benefits/{granted['id']}", actor=other)
    missing = await door.get(f"/v1/benefits/{uuid4()}", actor=other)

    assert hidden.json()["code"] == missing.json()["code"] == "BENEFIT_NOT_FOUND"


async def test_the_list_asks_the_same_question_as_the_read(door, granted):
    path = f"/v1/benefits?application={granted['applicationId']}"
    assert (await door.get(path, actor=officer("330106110000"))).json() == {"items": []}
    assert len((await door.get(path, actor=officer("330106109000"))).json()["items"]) == 1


async def test_a_benefit_shows_amounts_and_payments_and_nobodys_name(door, granted):
    assert granted["appraisal"]["grantedFen"] == 200_000
    assert granted["payments"] == [
        {"period": "1", "dueOn": "2026-11-22", "amountFen": 200_000, "status": "PENDING"}
    ]
    assert "陈" not in str(granted)
    assert CHEN not in str(granted)


async def test_a_read_and_a_list_are_journalled(door, granted, relief_database):
    await door.get(f"/v1/benefits/{granted['id']}", actor=officer())
    assert await count_rows(relief_database, "journal") == 2


async def test_what_is_no_id_is_told_without_repeating_it(door):
    response = await door.get("/v1/benefits/not-an-id", actor=officer())
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


async def test_whom_a_benefit_is_for_is_told_to_the_register_alone_and_as_hashes(
    door, granted, relief_database
):
    path = f"/v1/benefits/{granted['id']}/people"
    for actor in (service("intake"), officer("330106109000"), citizen(CHEN), partner()):
        assert (await door.get(path, actor=actor)).status_code == 403
    told = (await door.get(path, actor=service("registry"))).json()
    assert told == {"people": [{"person": INDEX.of(CHEN), "leftOn": None}]}
    assert CHEN not in str(told)

"""Does the service come up, and what does its door look like from outside?"""

from uuid import uuid4

from services.relief.app import create_app, starters
from services.relief.settings import ReliefSettings
from tests.support.apps import department_settings, running


def settings(database, **changed):
    return ReliefSettings(**department_settings(database.url("relief"), **changed))


async def test_the_service_is_ready_when_its_database_answers(database):
    async with running(create_app(settings(database))) as client:
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/readyz")).json()["checks"] == {"database": True}


async def test_nobody_reads_anything_without_a_token(database):
    async with running(create_app(settings(database))) as client:
        response = await client.get(f"/v1/benefits?application={uuid4()}")
        assert response.status_code == 401
        assert response.headers["content-type"] == "application/problem+json"


async def test_the_door_describes_itself(database):
    async with running(create_app(settings(database))) as client:
        described = (await client.get("/openapi.json")).json()
    assert set(described["paths"]) == {
        "/v1/benefits",
        "/v1/benefits/{benefit_id}",
        "/v1/benefits/{benefit_id}/people",
    }


def test_production_is_never_seeded(database, desk):
    assert len(starters(settings(database, ENVIRONMENT="production"), desk)) == 0
    assert len(starters(settings(database, ENVIRONMENT="development"), desk)) == 1

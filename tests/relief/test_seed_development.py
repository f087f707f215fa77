"""What does relief hold on the first day of a development stack?"""

from pathlib import Path

from services.relief.actions.seed_development import Seed, seed_development
from services.relief.consumers import checks
from shared.residents import residents_in
from tests.support.departments import (
    CIPHER,
    INDEX,
    count_rows,
    every_column_as_text,
    published,
    task_request,
)
from tests.support.relief import PARAMS

CATALOGUE = Path(__file__).parents[2] / "catalogue"
RESIDENTS = residents_in(CATALOGUE)


async def seed(desk):
    await seed_development(
        Seed(residents=RESIDENTS, index=INDEX, cipher=CIPHER), transaction=desk.transaction
    )


async def test_seeding_twice_is_seeding_once(desk, relief_database):
    await seed(desk)
    first = await count_rows(relief_database, "benefit")
    await seed(desk)

    assert first == await count_rows(relief_database, "benefit") == 2


async def test_the_deceased_father_draws_a_benefit(desk, relief_database):
    await seed(desk)
    father = {"deceased": {"id_no": RESIDENTS["zhao_father"].id_number}}
    await checks(desk)["benefits-of-deceased"](task_request("benefits-of-deceased", father))

    [answer] = await published(relief_database, "task-answered")
    assert answer["facts"] == {"benefits": 1, "kinds": ["MINIMUM_LIVING"]}


async def test_a_second_grant_for_the_same_illness_is_a_duplicate(desk, relief_database):
    await seed(desk)
    fields = {"applicant": {"id_no": RESIDENTS["fang"].id_number}, "event": {"kind": "ILLNESS"}}
    await checks(desk)["duplicate-relief"](task_request("duplicate-relief", fields, params=PARAMS))

    [answer] = await published(relief_database, "task-answered")
    assert answer["verdict"] == "refuse"


async def test_nobodys_number_is_kept_in_clear(desk, relief_database):
    await seed(desk)
    kept = await every_column_as_text(relief_database)
    assert not [one.key for one in RESIDENTS.values() if one.id_number in kept]


def test_a_catalogue_without_places_has_no_residents(tmp_path):
    assert residents_in(tmp_path) == {}

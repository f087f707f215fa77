"""What does the marriage registry hold on the first day of a development stack?"""

from pathlib import Path

from services.marriage.actions.seed_development import Seed, seed_development
from services.marriage.consumers import checks, effects
from shared.residents import residents_in
from tests.support.departments import (
    CIPHER,
    INDEX,
    count_rows,
    every_column_as_text,
    matter_request,
    published,
    task_request,
)
from tests.support.marriage import marriage_form

RESIDENTS = residents_in(Path(__file__).parents[2] / "catalogue")


def number(key):
    return RESIDENTS[key].id_number


async def seed(desk):
    await seed_development(
        Seed(residents=RESIDENTS, index=INDEX, cipher=CIPHER), transaction=desk.transaction
    )


async def test_seeding_twice_is_seeding_once(desk, marriage_database):
    await seed(desk)
    await seed(desk)
    assert await count_rows(marriage_database, "marriage") == 2
    assert await count_rows(marriage_database, "marriage_party") == 4


async def test_liu_and_wang_may_marry(desk, marriage_database):
    await seed(desk)
    form = marriage_form(number("liu"), number("wang"))
    await checks(desk)["marital-status"](task_request("marital-status", form))
    await effects(desk)["register-marriage"](matter_request("register-marriage", form))

    [answer] = await published(marriage_database, "task-answered")
    assert (answer["verdict"], answer["facts"]["partner"]) == ("approve", "SINGLE_CONFIRMED")
    assert len(await published(marriage_database, "marriage-registered")) == 1


async def test_hu_is_married_already(desk, marriage_database):
    await seed(desk)
    form = marriage_form(number("hu"), number("gu"))
    await checks(desk)["marital-status"](task_request("marital-status", form))

    [answer] = await published(marriage_database, "task-answered")
    assert answer["verdict"] == "refuse"


async def test_nobodys_number_is_kept_in_clear(desk, marriage_database):
    await seed(desk)
    kept = await every_column_as_text(marriage_database)
    assert not [one.key for one in RESIDENTS.values() if one.id_number in kept]

"""How many statements do the acts of the hot path take? The number may only fall."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.intake.test_give_verdict import (
    say,
    submitted_death,
    submitted_marriage,
    tasks_of,
)
from tests.support.forms import bnd02_form, item_definition
from tests.support.window import Window, publish_item


@contextmanager
def round_trips(window: Window) -> Iterator[list[str]]:
    """Everything that is sent to the database, BEGIN and COMMIT included."""
    trips: list[str] = []
    watchers = window.database.statements.watchers
    watchers.append(trips.append)
    yield trips
    watchers.remove(trips.append)


@contextmanager
def counted(window: Window) -> Iterator[list[str]]:
    """The statements that are sent."""
    statements: list[str] = []
    with round_trips(window) as trips:
        yield statements
    statements += [sql for sql in trips if sql not in ("BEGIN", "COMMIT")]


async def test_a_list_of_ones_own_cases_takes_two_statements(window: Window) -> None:
    await submitted_death(window)
    with counted(window) as statements:
        await window.citizen("zhao").get("/v1/applications")

    assert len(statements) == 2


async def test_submission_and_verdict_stay_within_their_budgets(window: Window) -> None:
    # What the catalogue keeps parsed is read once, and is not the submission's.
    await submitted_marriage(window)
    zhao = window.citizen("zhao")
    materials = [
        {"key": "death_certificate", "fileId": await zhao.upload()},
        {"key": "kinship_proof"},
    ]
    body = {"itemCode": "BND-02", "form": bnd02_form(), "materials": materials}
    await publish_item(window.transaction, item_definition("BND-02"), version=2)
    async with window.transaction() as store:
        await window.desk.catalogue.item(store, "BND-02", 2)
    with round_trips(window) as submitting:
        application = await zhao.post("/v1/applications", body)
    with round_trips(window) as answering:
        await say(window.partner("police"), tasks_of(application.json())["hukou_review"])

    # Claim and item, what holds at the place, whose files these are, and the writing.
    assert (len(submitting), submitting.count("COMMIT")) == (6, 1)
    # The locks, the case, and the writing.
    assert (len(answering), answering.count("COMMIT")) == (5, 1)


async def test_a_look_into_the_inbox_stays_within_its_budget(window: Window) -> None:
    await submitted_death(window)
    with round_trips(window) as looking:
        await window.partner("police").get("/v1/tasks")

    assert len(looking) == 1

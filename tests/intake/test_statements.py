"""How many statements do the acts of the hot path take? The number may only fall."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.intake.test_give_verdict import say, submitted_death, tasks_of
from tests.support.window import Window


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
    with counted(window) as submitting:
        application = await submitted_death(window)
    with counted(window) as answering:
        await say(window.partner("police"), tasks_of(application)["hukou_review"])

    assert len(submitting) <= 41
    assert len(answering) <= 15

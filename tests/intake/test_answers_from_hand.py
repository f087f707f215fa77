"""Acts answer from what they have in hand; a reading right afterwards must say the same."""

import pytest

from tests.intake.test_give_verdict import (
    submitted_death,
    submitted_marriage,
    submitted_relief,
    tasks_of,
)
from tests.support.forms import item_definition
from tests.support.window import Window, publish_item


@pytest.mark.parametrize(
    ("submitted", "who"),
    [(submitted_death, "zhao"), (submitted_marriage, "liu"), (submitted_relief, "chen")],
)
async def test_a_submission_is_answered_as_it_is_read(window: Window, submitted, who) -> None:
    answered = await submitted(window)
    read = await window.citizen(who).get(f"/v1/applications/{answered['id']}")

    assert answered == read.json()


async def test_a_submission_that_an_officer_accepts_is_answered_as_it_is_read(
    window: Window,
) -> None:
    await publish_item(
        window.transaction, {**item_definition("JZ201"), "acceptance": "officer"}, version=2
    )
    answered = await submitted_relief(window)
    read = await window.citizen("chen").get(f"/v1/applications/{answered['id']}")

    assert answered["stage"] == "submitted"
    assert answered == read.json()


@pytest.mark.parametrize("verdict", ["approve", "refuse", "needs-correction"])
async def test_a_verdict_is_answered_as_the_task_is_read(window: Window, verdict: str) -> None:
    police = window.partner("police")
    task = tasks_of(await submitted_death(window))["hukou_review"]
    body = {"verdict": verdict, "opinion": "户籍材料", "facts": {"count": 2, "ok": True}}
    answered = await police.post(f"/v1/tasks/{task['id']}:verdict", body)
    assert answered.status_code == 200, answered.text
    read = await police.get(f"/v1/tasks/{task['id']}")

    assert answered.json() == read.json()

"""People's days: does a whole case run through all services, and can everyone see it?"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from deploy.local.stack import LocalStack
from tests.support.town import Town, until

pytestmark = pytest.mark.journey


@pytest.fixture
async def town(stack: LocalStack) -> Town:
    return Town(stack)


def documents(application: Mapping[str, Any]) -> dict[str, str]:
    return {
        matter["key"]: matter["document"]["number"]
        for matter in application["matters"]
        if matter["document"]
    }


async def test_a_couple_is_married_by_three_departments_at_once(town: Town) -> None:
    application = await town.concluded("resident:liu", await town.submit_marriage())

    assert application["outcome"] == "granted"
    [number] = documents(application).values()
    assert number.startswith("J330106-2026-")
    [married] = await town.rows(
        "SELECT count(*) AS parties FROM marriage.marriage_party p JOIN marriage.marriage m "
        "ON m.id = p.marriage_id WHERE m.application_id = $1",
        application["id"],
    )
    assert married["parties"] == 2


async def test_after_a_death_eight_departments_answer_at_once_and_one_trace_shows_it(
    stack: LocalStack, town: Town
) -> None:
    submitted = await town.submit_after_death()
    first_wave = [
        task for matter in submitted["matters"] for task in matter["tasks"] if task["openedAt"]
    ]
    assert len({task["handlerName"] for task in first_wave}) >= 8

    application = await town.concluded("resident:zhao", submitted)
    assert application["outcome"] in ("granted", "partly-granted")
    assert {"funeral", "death_record"} <= set(documents(application))
    assert_parallel(application)
    await assert_one_trace(stack, application)


def assert_parallel(application: Mapping[str, Any]) -> None:
    """Everyone of the first wave was asked before anyone had answered."""
    tasks = [task for matter in application["matters"] for task in matter["tasks"]]
    asked = sorted(task["openedAt"] for task in tasks if task["openedAt"])
    answered = sorted(task["closedAt"] for task in tasks if task["closedAt"])
    assert asked[7] < answered[0]


async def assert_one_trace(stack: LocalStack, application: Mapping[str, Any]) -> None:
    """From the submission through every answering service and back: one trace id."""
    services: dict[str, set[str]] = {}

    async def is_written() -> bool:
        services.clear()
        for file in stack.traces.glob("*.jsonl"):
            for line in file.read_text(encoding="utf-8").splitlines():
                span = json.loads(line)
                if span["attributes"].get("ow.application.id") == application["id"]:
                    services.setdefault(span["trace"], set()).add(span["service"])
        return any(len(found) >= 6 for found in services.values())

    await until(is_written, seconds=20)
    widest = max(services.values(), key=len)
    assert {"intake", "relief", "marriage", "funeral", "registry"} <= widest

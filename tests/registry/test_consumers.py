"""Does the registry do its part as a department of the window?"""

from uuid import uuid4

import pytest

from services.registry.consumers import department
from shared.department import ANSWER, PERFORM, TOPIC, CheckUnknown
from shared.ids import new_id
from shared.jobs import Job
from shared.messaging import Message
from tests.support.registry import TestRegistry, disclosed_death


class OpenWindow:
    """The window, as far as a department asks it."""

    def __init__(self, *, is_open: bool = True) -> None:
        self.is_open = is_open

    async def task_disclosure(self, task_id):
        return self._disclosed() if self.is_open else None

    async def matter_disclosure(self, matter_id):
        return self._disclosed()

    def _disclosed(self):
        return {"itemCode": "BND-02", "division": "330106109201", "fields": disclosed_death()}


def made(registry: TestRegistry, window=None):
    return department(window or OpenWindow(), registry.parts.wiring)


def the_task(**changes):
    return {
        "applicationId": str(new_id()),
        "number": "n",
        "taskId": str(uuid4()),
        "round": 1,
        "handler": "service:registry",
        "check": "death-fact",
        **changes,
    }


def the_matter(**changes):
    return {
        "applicationId": str(new_id()),
        "number": "n",
        "matterId": str(uuid4()),
        "matter": "death_record",
        "outcome": "granted",
        "effect": {"service": "registry", "name": "register-death"},
        **changes,
    }


async def hear(registry: TestRegistry, type_: str, data) -> None:
    subscription, full = made(registry).subscription(), f"civil.intake.{type_}.v1"
    message = Message(
        id=new_id(), type=full, topic=TOPIC, key=data["applicationId"], source="/t", data=data
    )
    if subscription.takes(message):
        await subscription.handlers[full](message, transaction=registry.transaction)


async def work(registry: TestRegistry, kind: str, payload, window=None) -> None:
    job = Job(id=new_id(), kind=kind, key="k", payload=payload, attempts=1)
    await made(registry, window).jobs()[kind].handler(job)


async def test_a_task_for_the_registry_becomes_work_once(registry):
    task = the_task()
    for _ in range(2):
        await hear(registry, "task-opened", task)
    await hear(registry, "task-opened", the_task(handler="service:relief"))
    (job,) = await registry.rows("SELECT kind, payload FROM job")
    assert (job["kind"], job["payload"]) == (ANSWER, task)


@pytest.mark.parametrize(
    "changes", [{"outcome": "refused"}, {"effect": None}, {"effect": {"service": "relief"}}]
)
async def test_what_was_not_granted_or_is_not_ours_is_not_performed(registry, changes):
    await hear(registry, "matter-decided", the_matter(**changes))
    assert await registry.rows("SELECT 1 FROM job") == []


async def test_the_whole_way_from_task_to_answer_and_from_decision_to_fact(registry):
    await work(registry, ANSWER, the_task())
    await work(registry, PERFORM, the_matter())
    about = {f"civil.registry.{each}" for each in ("matter", "resident")}
    events = [each for each in await registry.events() if each["topic"] in about]
    told = [event["type"].split(".")[2] for event in events]
    assert told[-4:] == [
        "task-answered",
        "resident-changed",
        "death-registered",
        "matter-performed",
    ]


async def test_a_task_that_was_closed_meanwhile_is_left_alone(registry):
    before = len(await registry.events())
    await work(registry, ANSWER, the_task(), OpenWindow(is_open=False))
    assert len(await registry.events()) == before


async def test_a_question_the_registry_does_not_know_is_parked(quiet_registry):
    with pytest.raises(CheckUnknown):
        await work(quiet_registry, ANSWER, the_task(check="colour"))

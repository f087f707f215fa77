"""What do people notice when a process is killed, or a store restarts, in the middle of their case?

Real processes, real kills. Whatever happens, nothing is lost and nothing happens twice.
"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer

from deploy.local.processes import is_alive
from deploy.local.stack import LocalStack
from tests.support.town import Town, until

pytestmark = pytest.mark.journey

SERVICES = ("intake", "relief", "marriage", "funeral", "registry")


@pytest.fixture
async def town(stack: LocalStack) -> Town:
    return Town(stack)


def restarted_with(stack: LocalStack, service: str, failpoint: str) -> int:
    """Start a service that will kill itself at a named place; returns its process id."""
    stack.stop(service)
    stack.start(service, environment={"FAILPOINTS": failpoint})
    return pid_of(stack, service)


def pid_of(stack: LocalStack, service: str) -> int:
    return stack.supervisor.programs[service].process.pid


async def killed_itself(pid: int) -> None:
    async def dead() -> bool:
        return not is_alive(pid)

    await until(dead)


async def assert_once(town: Town, application: Mapping[str, Any]) -> None:
    """Nothing of a concluded case is missing, and nothing of it happened twice."""
    case = application["id"]
    assert application["outcome"] == "granted"
    assert all(matter["status"] == "concluded" for matter in application["matters"])
    closed = sum(task["state"] == "closed" for m in application["matters"] for task in m["tasks"])
    verdicts = """SELECT count(*) FROM intake.verdict v JOIN intake.approval_task t
                  ON t.id = v.task_id WHERE t.application_id = $1"""
    assert await town.count(verdicts, case) == closed
    concluded = """SELECT count(*) FROM intake.outbox WHERE application_id = $1
                   AND type = 'civil.intake.application-concluded.v1'"""
    assert await town.count(concluded, case) == 1
    benefits = "SELECT count(*) FROM relief.benefit WHERE application_id = $1"
    assert await town.count(benefits, case) == 1
    await nothing_is_left_over(town)


async def nothing_is_left_over(town: Town) -> None:
    """Every event is published, every job done, nothing lies among the dead letters."""

    async def all_published() -> bool:
        left = 0
        for service in SERVICES:
            unpublished = f"SELECT count(*) FROM {service}.outbox WHERE published_at IS NULL"
            jobs = f"SELECT count(*) FROM {service}.job WHERE finished_at IS NULL"
            left += await town.count(unpublished) + await town.count(jobs)
        return left == 0

    await until(all_published, seconds=180)
    for service in SERVICES:
        buried = f"SELECT count(*) FROM {service}.outbox WHERE aggregatetype LIKE '%.dead-letter'"
        assert await town.count(buried) == 0


KILLS = {
    "intake_after_the_commit_before_publishing": ("intake", "relay.before_send=kill"),
    "intake_after_publishing_before_it_is_noted": ("intake", "relay.after_send=kill"),
    "relief_after_its_commit_before_the_offset": ("relief", "consumer.after_commit=kill"),
    "relief_before_its_commit": ("relief", "consumer.before_commit=kill"),
    "intake_after_taking_an_answer_before_the_offset": ("intake", "consumer.after_commit=kill"),
    "relief_after_its_answer_before_its_job_is_done": ("relief", "jobs.before_finish=kill"),
}


@pytest.mark.parametrize("where", KILLS)
async def test_a_kill_loses_nothing_and_doubles_nothing(
    stack: LocalStack, town: Town, where: str
) -> None:
    service, failpoint = KILLS[where]
    pid = restarted_with(stack, service, failpoint)
    application = asyncio.create_task(town.submit_relief(key=f"kill-{uuid4().hex}"))
    await killed_itself(pid)
    stack.start(service)

    ended = await town.concluded("resident:chen", await application)
    await assert_once(town, ended)


async def test_a_broker_that_restarts_in_the_middle_delays_and_loses_nothing(
    stack: LocalStack, town: Town
) -> None:
    assert stack.broker is not None
    first = await town.submit_relief()
    stack.broker.kill()
    accepted = await town.read("resident:chen", first)
    await town.officers_approve()
    stack.broker.start()

    assert accepted["stage"] == "in-review"
    await assert_once(town, await town.concluded("resident:chen", first, seconds=90))


async def test_a_database_that_restarts_in_the_middle_loses_nothing(
    stack: LocalStack, town: Town
) -> None:
    assert stack.postgres is not None
    first = await town.submit_relief()
    stack.postgres.kill()
    stack.postgres.start()

    await assert_once(town, await town.concluded("resident:chen", first, seconds=90))


async def test_what_is_on_the_topics_is_what_was_committed(stack: LocalStack, town: Town) -> None:
    """Published if and only if committed: event ids of topics and outboxes are the same set."""
    assert stack.broker is not None
    await nothing_is_left_over(town)
    for service in SERVICES:
        rows = await town.rows(f"SELECT id, aggregatetype AS topic FROM {service}.outbox")
        committed = {(row["topic"], str(row["id"])) for row in rows}
        topics = sorted({topic for topic, _ in committed})
        if topics:
            found = await ids_on(stack.broker.bootstrap_servers, topics, at_least=len(committed))
            assert found == committed


async def ids_on(bootstrap: str, topics: list[str], *, at_least: int) -> set[tuple[str, str]]:
    reader = AIOKafkaConsumer(*topics, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await reader.start()
    found: set[tuple[str, str]] = set()
    quiet = 0
    try:
        while quiet < 3 or len(found) < at_least:
            polled = await reader.getmany(timeout_ms=500)
            quiet = quiet + 1 if not polled else 0
            if quiet > 20:
                break
            for records in polled.values():
                found |= {(r.topic, dict(r.headers)["ce_id"].decode()) for r in records}
    finally:
        await reader.stop()
    return found

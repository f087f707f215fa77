"""Does every reader take the recorded examples, as they are and grown by a member it doesn't know?

The examples go through the real inbox on real PostgreSQL. Only what names a case is changed,
where the reader must already know the case.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from aiokafka import ConsumerRecord
from sqlalchemy import text

from services.gateway.consumers import ProgressFeed, ProgressHub
from services.intake.consumers import subscriptions
from services.intake.store import Store
from shared.database import Database
from shared.department import ANSWER, PERFORM, Department, MatterRequest, TaskRequest
from shared.failpoints import Failpoints
from shared.inbox import Consumer
from shared.jobs import Job
from shared.store import SharedStore
from tests.conftest import TestDatabase
from tests.support.departments import OpenWindow
from tests.support.forms import bnd02_form
from tests.support.recorded_events import DEPARTMENTS, Recorded, recorded, recorded_events
from tests.support.window import Window, open_window

UNKNOWN: Mapping[str, Any] = {"addedLater": {"nested": [1, "x", None]}}
GROWN = pytest.mark.parametrize("more", [{}, UNKNOWN], ids=["as recorded", "grown"])


def record(event: Recorded, **changes: Any) -> ConsumerRecord[bytes, bytes]:
    """The example as the broker would hand it over, with an id of its own."""
    headers = [(k, v) for k, v in event.headers if k != "ce_id"]
    return ConsumerRecord(
        topic=event.topic,
        partition=0,
        offset=0,
        timestamp=0,
        timestamp_type=0,
        key=event.event.key.encode(),
        value=orjson.dumps({**event.data, **changes}),
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=[*headers, ("ce_id", str(uuid4()).encode())],
    )


async def rows(database: Database, statement: str) -> Sequence[Mapping[str, Any]]:
    async with database.engine.connect() as connection:
        found = await connection.execute(text(statement))
        return [dict(row._mapping) for row in found]


async def dead_letters(database: Database) -> list[Any]:
    letters = await rows(
        database,
        "SELECT payload->>'code' AS code FROM outbox WHERE aggregatetype LIKE '%.dead-letter'",
    )
    return [letter["code"] for letter in letters]


# --- departments hear the window -----------------------------------------------------------


@dataclass
class Asked:
    """What a department was asked to do."""

    tasks: list[TaskRequest] = field(default_factory=list)
    matters: list[MatterRequest] = field(default_factory=list)

    async def answer(self, request: TaskRequest) -> None:
        self.tasks.append(request)

    async def perform(self, request: MatterRequest) -> None:
        self.matters.append(request)


@asynccontextmanager
async def listening(
    database: TestDatabase, service: str, asked: Asked
) -> AsyncIterator[tuple[Consumer[SharedStore], Database, Department]]:
    opened = Database(database.url(service), schema=service)
    department = Department(
        service=service,
        window=OpenWindow({}),
        checks={"duplicate-relief": asked.answer},
        effects={"grant-temporary-relief": asked.perform},
    )
    consumer = Consumer(
        service,
        [department.subscription()],
        database=opened,
        store=SharedStore,
        bootstrap_servers="",
        failpoints=Failpoints(),
    )
    yield consumer, opened, department
    await opened.close()


async def do_jobs(database: Database, department: Department) -> None:
    """Do what was enqueued, as the worker would."""
    for row in await rows(database, "SELECT id, kind, key, payload FROM job"):
        job = Job(**row, attempts=1)
        await department.jobs()[job.kind].handler(job)


@GROWN
@pytest.mark.parametrize("service", DEPARTMENTS)
async def test_a_department_is_asked_by_the_windows_example(
    service: str, more: Mapping[str, Any], database: TestDatabase
) -> None:
    asked = Asked()
    async with listening(database, service, asked) as (consumer, opened, department):
        opened_task = recorded("civil.intake.task-opened.v1")
        decided = recorded("civil.intake.matter-decided.v1")
        effect = {**decided.data["effect"], "service": service}
        await consumer.apply(
            [
                record(opened_task, handler=f"service:{service}", **more),
                record(decided, effect=effect, **more),
            ]
        )
        kinds = {row["kind"] for row in await rows(opened, "SELECT kind FROM job")}
        assert kinds == {ANSWER, PERFORM}
        assert await dead_letters(opened) == []
        await do_jobs(opened, department)

    assert [str(task.task_id) for task in asked.tasks] == [opened_task.data["taskId"]]
    assert [str(matter.matter_id) for matter in asked.matters] == [decided.data["matterId"]]


@GROWN
@pytest.mark.parametrize("service", DEPARTMENTS)
async def test_a_department_lets_everything_else_of_the_window_pass(
    service: str, more: Mapping[str, Any], database: TestDatabase
) -> None:
    others = [each for each in recorded_events() if each.topic == "civil.intake.application"]
    async with listening(database, service, Asked()) as (consumer, opened, _department):
        await consumer.apply(
            [record(each, handler="officer", effect=None, **more) for each in others]
        )
        assert await rows(opened, "SELECT 1 FROM job") == []
        assert await dead_letters(opened) == []


# --- the window hears departments and the registry ------------------------------------------


@dataclass
class Hearing:
    """A window with its inbox."""

    window: Window
    consumer: Consumer[Store]

    async def apply(self, *records: ConsumerRecord[bytes, bytes]) -> None:
        await self.consumer.apply(records)

    async def dead_letters(self) -> list[Any]:
        return await dead_letters(self.window.database)


@pytest.fixture
async def hearing(database: TestDatabase) -> AsyncIterator[Hearing]:
    async with open_window(database.url("intake")) as window:
        consumer = Consumer(
            "intake",
            subscriptions(window.desk),
            database=window.database,
            store=Store,
            bootstrap_servers="",
            failpoints=Failpoints(),
        )
        yield Hearing(window, consumer)


async def a_joint_case(window: Window) -> Mapping[str, Any]:
    zhao = window.citizen("zhao")
    body = {
        "itemCode": "BND-02",
        "form": bnd02_form(),
        "materials": [
            {"key": "death_certificate", "fileId": await zhao.upload()},
            {"key": "kinship_proof"},
        ],
    }
    answer = await zhao.post("/v1/applications", body)
    assert answer.status_code == 201, answer.text
    found: Mapping[str, Any] = answer.json()
    return found


@GROWN
async def test_the_window_takes_what_the_registry_publishes(
    more: Mapping[str, Any], hearing: Hearing
) -> None:
    published = [each for each in recorded_events() if each.type.endswith("-published.v1")]
    before = await hearing.window.value("SELECT count(*) FROM office")

    # The window knows the first versions of the real catalogue already; these come after.
    await hearing.apply(*(record(each, version=2, **more) for each in published))

    assert len(published) == 6
    assert await hearing.dead_letters() == []
    assert await hearing.window.value("SELECT count(*) FROM office") == before + 1
    items = await hearing.window.rows("SELECT code FROM published_item WHERE code = 'TS101'")
    assert len(items) == 1


@GROWN
async def test_the_window_takes_every_departments_answer(
    more: Mapping[str, Any], hearing: Hearing
) -> None:
    case = await a_joint_case(hearing.window)
    open_tasks = {
        task["handler"].removeprefix("service:"): task["id"]
        for matter in case["matters"]
        for task in matter["tasks"]
        if task["state"] == "open"
    }
    await hearing.apply(
        *(
            record(
                recorded(f"civil.{service}.task-answered.v1"),
                applicationId=case["id"],
                taskId=open_tasks[service],
                **more,
            )
            for service in DEPARTMENTS
        )
    )

    assert await hearing.dead_letters() == []
    answered = await hearing.window.rows(
        "SELECT verdict FROM approval_task WHERE id = ANY(CAST(:ids AS uuid[]))",
        ids=[open_tasks[service] for service in DEPARTMENTS],
    )
    assert [row["verdict"] for row in answered] == ["approve"] * len(DEPARTMENTS)


@GROWN
async def test_the_window_takes_what_became_of_every_departments_matter(
    more: Mapping[str, Any], hearing: Hearing
) -> None:
    case = await a_joint_case(hearing.window)
    for service in DEPARTMENTS:
        matter = await _granted(hearing.window, service)
        names = {"applicationId": case["id"], "matterId": str(matter)}
        for fact, status in (("matter-failed", "failed"), ("matter-performed", "concluded")):
            await hearing.apply(record(recorded(f"civil.{service}.{fact}.v1"), **names, **more))
            [row] = await hearing.window.rows(
                "SELECT status, document FROM matter WHERE id = :id", id=matter
            )
            assert row["status"] == status
        assert row["document"]["number"]

    assert await hearing.dead_letters() == []


async def _granted(window: Window, service: str) -> UUID:
    """Grant one matter of a service out of hand: how it is decided is another file's question."""
    async with window.database.engine.begin() as connection:
        found = await connection.execute(
            text("""
                UPDATE matter SET status = 'decided', outcome = 'granted'
                WHERE id = (SELECT id FROM matter WHERE effect_service = :service LIMIT 1)
                RETURNING id
            """),
            {"service": service},
        )
        granted: UUID = found.scalar_one()
        return granted


# --- the gateway hears the window -----------------------------------------------------------


@GROWN
@pytest.mark.parametrize(
    "event",
    [each for each in recorded_events() if each.topic == "civil.intake.application"],
    ids=lambda event: event.type,
)
async def test_the_gateway_wakes_the_screen_of_the_case(
    event: Recorded, more: Mapping[str, Any]
) -> None:
    hub = ProgressHub(most=1, every=60)
    application = event.event.application_id
    assert application is not None
    with hub.watch(application) as watch:
        ProgressFeed(hub, bootstrap_servers="").apply(record(event, **more))
        assert await anext(watch.changes()) == {}

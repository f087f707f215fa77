"""How a service of ours is a department: it answers approval tasks and makes decisions real.

The consumer only notes the work as a job, inside the inbox's transaction. The job asks
the window over HTTP for the fields that the task discloses, and hands them to the
service's own action, which writes its record and its answer in one transaction.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import httpx

from shared.database import Transactions
from shared.errors import CivilError
from shared.events import Event
from shared.http import Refused, ask
from shared.jobs import Job, JobKind
from shared.messaging import Message, Subscription
from shared.store import JobRequest, SharedStore

TOPIC = "civil.intake.application"
ANSWER = "answer-task"
PERFORM = "perform-matter"


class CheckUnknown(CivilError):
    """The catalogue asks this department a question it does not know."""

    title = "本部门不认识该核查事项"
    title_en = "This department does not know the check it was asked for"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRequest:
    """An approval task this department has to answer, with the fields it may see."""

    application_id: UUID
    number: str
    task_id: UUID
    round: int
    check: str
    item_code: str
    division: str
    fields: Mapping[str, Any]
    """The disclosed part of the form, nested as in the form."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """Local parameters in force when the application was submitted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRequest:
    """A decided matter this department has to make real."""

    application_id: UUID
    number: str
    matter_id: UUID
    matter: str
    effect: str
    item_code: str
    division: str
    fields: Mapping[str, Any]
    params: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the matter's tasks found, by task key."""


Answer = Callable[[TaskRequest], Awaitable[None]]
Perform = Callable[[MatterRequest], Awaitable[None]]


class Window(Protocol):
    """What a department asks the window."""

    async def task_disclosure(self, task_id: UUID) -> Mapping[str, Any] | None:
        """The fields a task discloses; None if the task is no longer open."""

    async def matter_disclosure(self, matter_id: UUID) -> Mapping[str, Any]:
        """The fields a decided matter discloses to whoever makes it real."""


@dataclass(frozen=True, slots=True)
class WindowClient:
    """The window over HTTP."""

    client: httpx.AsyncClient

    async def task_disclosure(self, task_id: UUID) -> Mapping[str, Any] | None:
        """The fields a task discloses; None if the task is no longer open."""
        try:
            return await ask(self.client, "GET", f"/v1/tasks/{task_id}/disclosure")
        except Refused as refusal:
            if refusal.http_status in (404, 409):
                return None
            raise

    async def matter_disclosure(self, matter_id: UUID) -> Mapping[str, Any]:
        """The fields a decided matter discloses to whoever makes it real."""
        return await ask(self.client, "GET", f"/v1/matters/{matter_id}/disclosure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """One service's answers and effects, wired to events and jobs.

    Args:
        service: Its name, as the catalogue's handlers (`service:<name>`) call it.
        checks: Name of a check to what answers it.
        effects: Name of an effect to what makes it real.
    """

    service: str
    window: Window
    checks: Mapping[str, Answer]
    effects: Mapping[str, Perform]

    def subscription(self) -> Subscription:
        """What a department listens to."""
        return Subscription(
            topic=TOPIC,
            handlers={
                "civil.intake.task-opened.v1": self._hear_task,
                "civil.intake.matter-decided.v1": self._hear_matter,
            },
            concerns=self._is_ours,
        )

    def jobs(self) -> Mapping[str, JobKind]:
        """The kinds of jobs a department does."""
        return {ANSWER: JobKind(handler=self._answer), PERFORM: JobKind(handler=self._perform)}

    def _is_ours(self, message: Message) -> bool:
        """Whether a task is put to this department, or a grant is its to make real."""
        data = message.data
        if message.type == "civil.intake.task-opened.v1":
            return bool(data["handler"] == f"service:{self.service}")
        effect = data["effect"] or {}
        return data["outcome"] == "granted" and effect.get("service") == self.service

    async def _hear_task(self, message: Message, *, transaction: Transactions[SharedStore]) -> None:
        key = f"{message.data['taskId']}:{message.data['round']}"
        async with transaction() as store:
            await store.enqueue(_job(ANSWER, key, message))

    async def _hear_matter(
        self, message: Message, *, transaction: Transactions[SharedStore]
    ) -> None:
        async with transaction() as store:
            await store.enqueue(_job(PERFORM, str(message.data["matterId"]), message))

    async def _answer(self, job: Job) -> None:
        task = job.payload
        answer = self.checks.get(task["check"])
        if answer is None:
            raise CheckUnknown(check=task["check"])
        disclosed = await self.window.task_disclosure(UUID(task["taskId"]))
        if disclosed is None:
            return
        await answer(
            TaskRequest(
                application_id=UUID(task["applicationId"]),
                number=task["number"],
                task_id=UUID(task["taskId"]),
                round=task["round"],
                check=task["check"],
                item_code=disclosed["itemCode"],
                division=disclosed["division"],
                fields=disclosed["fields"],
                params=disclosed.get("params", {}),
            )
        )

    async def _perform(self, job: Job) -> None:
        matter = job.payload
        name = matter["effect"]["name"]
        perform = self.effects.get(name)
        if perform is None:
            raise CheckUnknown(effect=name)
        disclosed = await self.window.matter_disclosure(UUID(matter["matterId"]))
        await perform(
            MatterRequest(
                application_id=UUID(matter["applicationId"]),
                number=matter["number"],
                matter_id=UUID(matter["matterId"]),
                matter=matter["matter"],
                effect=name,
                item_code=disclosed["itemCode"],
                division=disclosed["division"],
                fields=disclosed["fields"],
                params=disclosed.get("params", {}),
                facts=disclosed.get("facts", {}),
            )
        )


def task_answered(
    service: str,
    request: TaskRequest,
    *,
    verdict: str,
    opinion: str = "",
    conditions: Sequence[str] = (),
    facts: Mapping[str, object] | None = None,
) -> Event:
    """A department's verdict on a task. Opinion, conditions and facts carry no personal data."""
    return Event(
        topic=f"civil.{service}.matter",
        type=f"civil.{service}.task-answered.v1",
        key=str(request.application_id),
        application_id=request.application_id,
        data={
            "applicationId": str(request.application_id),
            "taskId": str(request.task_id),
            "round": request.round,
            "verdict": verdict,
            "opinion": opinion,
            "facts": dict(facts or {}),
            # Only a conditional approval has any, and without them it could not be one.
            **({"conditions": list(conditions)} if conditions else {}),
        },
    )


def matter_performed(
    service: str,
    request: MatterRequest,
    *,
    document: Mapping[str, object] | None = None,
) -> Event:
    """The decision has become real; `document` is {kind, number, facts}."""
    return _about_matter(service, request, "matter-performed", {"document": document})


def matter_failed(service: str, request: MatterRequest, *, reason: str) -> Event:
    """The decision cannot be made real; `reason` is a stable code, never a person's data."""
    return _about_matter(service, request, "matter-failed", {"reason": reason})


def answer_topics(services: Sequence[str]) -> list[str]:
    """The topics on which departments answer."""
    return [f"civil.{service}.matter" for service in services]


def _about_matter(
    service: str, request: MatterRequest, fact: str, data: Mapping[str, object]
) -> Event:
    return Event(
        topic=f"civil.{service}.matter",
        type=f"civil.{service}.{fact}.v1",
        key=str(request.application_id),
        application_id=request.application_id,
        data={
            "applicationId": str(request.application_id),
            "matterId": str(request.matter_id),
            **data,
        },
    )


def _job(kind: str, key: str, message: Message) -> JobRequest:
    return JobRequest(
        kind=kind,
        key=key,
        payload=message.data,
        application_id=UUID(message.data["applicationId"]),
    )

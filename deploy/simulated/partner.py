"""One partner department's system: what it does about a task, however it came to know of it."""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx
import stamina
from opentelemetry.context import Context
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.trace import SpanKind

from deploy.simulated.faults import FaultKind, Faults
from deploy.simulated.findings import Department, Finding, look_up, refusal
from shared.clock import Clock
from shared.errors import CivilError, Unavailable
from shared.http import Refused, ask
from shared.telemetry import case_span, fail_span, logger, mark_application

ATTEMPTS = 8
PATIENCE_SECONDS = 60
SLOWNESS = 10
SOON_SECONDS = 0.5
REMEMBERED = 10_000
"""So many webhook ids are remembered; a repeat comes within days, not after ten thousand."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long departments take: the quickest and the slowest of them, in seconds."""

    quickest: float = 0.3
    slowest: float = 1.5

    def seconds(self, department: Department, chance: Random) -> float:
        """How long this department takes this time."""
        place = chance.uniform(department.earliest, department.latest)
        return self.quickest + (self.slowest - self.quickest) * place


@dataclass(frozen=True, slots=True)
class Asked:
    """A task in one of its rounds."""

    task_id: str
    round: int

    @property
    def key(self) -> str:
        """The idempotency key of the answer: the same on every try."""
        return f"verdict-{self.task_id}-{self.round}"


class PartnerSystem:
    """A department's own system, on the other side of REST and webhooks.

    Args:
        name: As after `partner:` in a service item.
        intake: Asks the window in this system's name.
    """

    def __init__(
        self,
        name: str,
        department: Department,
        *,
        intake: httpx.AsyncClient,
        pace: Pace,
        faults: Faults,
        clock: Clock,
    ) -> None:
        self.name = name
        self.faults = faults
        self._department = department
        self._intake = intake
        self._pace = pace
        self._clock = clock
        self._chance = Random()
        self._heard: OrderedDict[str, None] = OrderedDict()
        self._in_hand: set[Asked] = set()
        self._working: set[asyncio.Task[None]] = set()
        self._log = logger("partner").bind(system=name, simulated=True)

    @property
    def is_busy(self) -> bool:
        """Whether anybody here works on a task."""
        return bool(self._in_hand)

    def hear(self, webhook_id: str, asked: Asked, *, parent: Context | None) -> None:
        """Take up what a webhook tells of; a webhook that was heard before changes nothing."""
        if webhook_id in self._heard:
            self._log.info("webhook.repeated", webhook_id=webhook_id)
            return
        self._heard[webhook_id] = None
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        self.take_up(asked, parent=parent)

    def take_up(self, asked: Asked, *, parent: Context | None = None) -> None:
        """Start working on a task, unless somebody in this department does already."""
        if asked in self._in_hand:
            return
        self._in_hand.add(asked)
        self._start(self._work(asked, parent))

    async def poll(self, *, every_seconds: float) -> None:
        """Look into the window's list for ever: a webhook may be lost, and we may restart.

        The first look, which fails until the platform is up, also brings the access token.
        """
        while True:
            pause = every_seconds
            if not self.faults.stands(FaultKind.UNAVAILABLE) and not await self._has_looked():
                pause = min(pause, SOON_SECONDS)
            await asyncio.sleep(pause)

    async def _has_looked(self) -> bool:
        try:
            await self.look_into_list()
        except (Unavailable, Refused) as problem:
            self._log.info("poll.failed", code=problem.code)
            return False
        return True

    async def look_into_list(self) -> None:
        """Take up what lies in the window's list and is not in hand."""
        # A look into an empty list belongs to no case: it would only bury the traces of cases.
        with suppress_instrumentation():
            page = await ask(self._intake, "GET", "/v1/tasks?state=open&limit=100")
        for task in page["items"]:
            self.take_up(Asked(str(task["id"]), int(task["round"])))

    async def close(self) -> None:
        """Drop what is in hand; the window still has it."""
        for task in self._working:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)
        await self._intake.aclose()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _work(self, asked: Asked, parent: Context | None) -> None:
        with case_span(
            f"answer {self.name}",
            kind=SpanKind.CONSUMER if parent else SpanKind.INTERNAL,
            parent=parent,
            attributes={"ow.partner.system": self.name},
        ):
            try:
                await self._work_with_patience(asked)
            except CivilError as problem:
                fail_span(problem.code)
                told = problem.refused_code if isinstance(problem, Refused) else problem.code
                self._log.warning("task.left", task_id=asked.task_id, code=told)
            finally:
                self._in_hand.discard(asked)

    async def _work_with_patience(self, asked: Asked) -> None:
        await asyncio.sleep(self._seconds())
        finding: Finding | None = None
        async for attempt in stamina.retry_context(
            on=Unavailable, attempts=ATTEMPTS, timeout=PATIENCE_SECONDS
        ):
            with attempt:
                finding = finding or await self._find(asked)
                if finding is not None:
                    await self._answer(asked, finding)

    def _seconds(self) -> float:
        seconds = self._pace.seconds(self._department, self._chance)
        return seconds * SLOWNESS if self.faults.strikes(FaultKind.SLOW) else seconds

    async def _find(self, asked: Asked) -> Finding | None:
        """What our records say; None if the task is not open any more, or not ours to know."""
        path = f"/v1/tasks/{asked.task_id}"
        task = await ask(self._intake, "GET", path)
        if task["state"] not in ("open", "claimed") or task["round"] != asked.round:
            return None
        disclosed = await ask(self._intake, "GET", f"{path}/disclosure")
        mark_application(disclosed["applicationId"])
        finding = look_up(
            self._department,
            check=str(task["check"]),
            task_id=asked.task_id,
            fields=disclosed["fields"],
            today=self._clock.today(),
        )
        if finding is None:
            self._log.warning("check.unknown", task_id=asked.task_id, check=task["check"])
            return None
        return refusal(self._department) if self.faults.strikes(FaultKind.REFUSE) else finding

    async def _answer(self, asked: Asked, finding: Finding) -> None:
        path = f"/v1/tasks/{asked.task_id}:verdict"
        if self.faults.strikes(FaultKind.WRONG):
            await ask(self._intake, "POST", path, json=_NONSENSE, key=f"{asked.key}-wrong")
            return
        body = _body(asked, finding)
        await ask(self._intake, "POST", path, json=body, key=asked.key)
        if self.faults.strikes(FaultKind.DUPLICATE):
            await ask(self._intake, "POST", path, json=body, key=asked.key)
        self._log.info("task.answered", task_id=asked.task_id, verdict=finding.verdict)


_NONSENSE: Mapping[str, Any] = {"verdict": "perhaps", "weather": "fine"}


def _body(asked: Asked, finding: Finding) -> Mapping[str, Any]:
    return {
        "verdict": finding.verdict,
        "opinion": finding.opinion,
        "facts": dict(finding.facts),
        "round": asked.round,
    }

"""One act on many tasks: each with its own result, or all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from services.intake.actions.claim_task import ClaimTask, claim_task, release_task
from services.intake.actions.desk import Desk
from services.intake.actions.give_verdict import GiveVerdict, give_verdict
from services.intake.actions.reassign_task import ReassignTask, reassign_task
from services.intake.errors import TaskNotFound
from services.intake.errors.officers import BulkRefused
from services.intake.model import Answer, TaskId
from services.intake.model.officer import ReassignReason
from services.intake.ports import Colleagues
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions, joined
from shared.errors import CivilError, Unavailable
from shared.problems import problem_of
from shared.store import RequestKey

MOST_TASKS = 50

Result = Mapping[str, object]


class BulkMode(StrEnum):
    """What one refusal means for the others."""

    EACH = "each"
    """Every task stands for itself, in its own transaction."""
    ALL = "all"
    """One transaction: a single refusal, and nothing was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """To whom the tasks go, and why."""

    to: str
    reason: ReassignReason
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkInBulk:
    """The command: one act on many tasks."""

    actor: Actor
    task_ids: Sequence[TaskId]
    act: "Act"
    mode: BulkMode
    request: RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Which act: exactly one of them."""

    claim: bool = False
    release: bool = False
    hand_over: HandOver | None = None
    answer: Answer | None = None


async def work_in_bulk(
    command: WorkInBulk, *, transaction: Transactions[Store], desk: Desk, colleagues: Colleagues
) -> Sequence[Result]:
    """Do one act on many tasks; says of every task what became of it.

    Tasks are taken in the order of their cases, so that two bulks over the same ones wait
    for each other and never both ways. In `each`, what was done before a crash is done, and
    the same key goes on with the rest; an answer in which an outside system was missing is
    not kept, so that the same key tries again.

    Raises:
        BulkRefused: In `all`: some of it cannot be done, so nothing was.
        Unavailable: In `all`: an outside system was missing, and nothing was done.
    """
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return _kept(earlier.body)
        ordered = await store.in_order_of_cases(command.task_ids)
        places = await store.offices_of_tasks(command.task_ids)
    asking = _Asking(colleagues=colleagues)
    if command.act.hand_over is not None:
        # Asked before any transaction opens: no network call inside one.
        await asking.learn(places)
    if command.mode is BulkMode.ALL:
        return await _all(command, ordered, transaction=transaction, desk=desk, asking=asking)
    return await _each(command, ordered, transaction=transaction, desk=desk, asking=asking)


async def _each(
    command: WorkInBulk,
    ordered: Sequence[TaskId],
    *,
    transaction: Transactions[Store],
    desk: Desk,
    asking: "_Asking",
) -> Sequence[Result]:
    results = [
        await _one(
            command,
            task,
            request=_own_key(command.request, task),
            transaction=transaction,
            desk=desk,
            asking=asking,
        )
        for task in ordered
    ]
    if any(result["status"] == Unavailable.status for result in results):
        return results
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return _kept(earlier.body)
        await store.remember_answer(command.request, status=200, body={"results": results})
    return results


async def _all(
    command: WorkInBulk,
    ordered: Sequence[TaskId],
    *,
    transaction: Transactions[Store],
    desk: Desk,
    asking: "_Asking",
) -> Sequence[Result]:
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return _kept(earlier.body)
        inner = joined(Store, store.connection)
        results = [
            await _one(command, task, request=None, transaction=inner, desk=desk, asking=asking)
            for task in ordered
        ]
        if any(result["status"] == Unavailable.status for result in results):
            raise Unavailable
        if any(result["status"] != 200 for result in results):
            raise BulkRefused(results)
        await store.remember_answer(command.request, status=200, body={"results": results})
        # What the joined transactions published is this one's to tell the relay of.
        store.has_published = store.has_enqueued = True
    return results


async def _one(
    command: WorkInBulk,
    task: TaskId,
    *,
    request: RequestKey | None,
    transaction: Transactions[Store],
    desk: Desk,
    asking: "_Asking",
) -> Result:
    """What became of one task; a refusal is a result, a bug is not."""
    try:
        await _do(command, task, request=request, transaction=transaction, desk=desk, asking=asking)
    except CivilError as refusal:
        problem = {**problem_of(refusal)}
        problem.pop("traceId", None)
        return {"taskId": str(task), "status": refusal.status, "problem": problem}
    return {"taskId": str(task), "status": 200, "problem": None}


async def _do(
    command: WorkInBulk,
    task: TaskId,
    *,
    request: RequestKey | None,
    transaction: Transactions[Store],
    desk: Desk,
    asking: "_Asking",
) -> None:
    actor, act = command.actor, command.act
    if act.hand_over is not None:
        given = act.hand_over
        reassign = ReassignTask(
            actor=actor,
            task_id=task,
            to=given.to,
            reason=given.reason,
            note=given.note,
            request=request,
        )
        await reassign_task(reassign, transaction=transaction, desk=desk, colleagues=asking)
    elif act.answer is not None:
        verdict = GiveVerdict(actor=actor, task_id=task, answer=act.answer, request=request)
        await give_verdict(verdict, transaction=transaction, desk=desk)
    elif act.claim:
        await claim_task(ClaimTask(actor=actor, task_id=task), transaction=transaction, desk=desk)
    else:
        await release_task(ClaimTask(actor=actor, task_id=task), transaction=transaction, desk=desk)


def _own_key(request: RequestKey, task: TaskId) -> RequestKey:
    """The key of one task of a bulk: the bulk's, at a door of its own."""
    return replace(request, route=f"{request.route}#{task}")


def _kept(body: Mapping[str, object]) -> Sequence[Result]:
    results = body["results"]
    return list(results) if isinstance(results, list) else []


@dataclass(slots=True)
class _Asking:
    """Who works where, as the registry said before the first transaction opened."""

    colleagues: Colleagues
    known: dict[UUID, frozenset[str]] = field(default_factory=dict)

    async def learn(self, offices: Sequence[UUID]) -> None:
        for office in offices:
            self.known[office] = await self.colleagues.of(office)

    async def of(self, office_id: UUID) -> frozenset[str]:
        if office_id not in self.known:
            raise TaskNotFound
        return self.known[office_id]

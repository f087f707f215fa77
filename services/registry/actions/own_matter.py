"""What every act on the registry's own items shares: once per matter, once per task and round."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from services.registry.actions.answer_death_fact import SERVICE
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import (
    MatterRequest,
    TaskRequest,
    matter_failed,
    matter_performed,
    task_answered,
)
from shared.events import Event
from shared.journal import JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a granted matter has become."""

    record: UUID
    kind: str
    """Kind of the document, as the item names it."""
    number: str
    """Number of the document."""
    facts: Mapping[str, object]
    """What else the document says; nothing personal."""
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the registry answers to a task."""

    verdict: str
    grounds: Sequence[StrEnum]
    words: Sequence[str]
    """The grounds, each in words for the officer."""
    act: str
    """What the journal calls the look into the register."""
    reason: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def opinion(self) -> str:
        """The grounds in words, all of them."""
        return "；".join(self.words) or "核查未发现问题"


async def perform_once(
    request: MatterRequest,
    make: Callable[[Store], Awaitable[Made | StrEnum]],
    *,
    transaction: Transactions[Store],
    clock: Clock,
) -> None:
    """Make a matter real, or say by which ground it cannot be; a repeat changes nothing."""
    async with transaction() as store:
        await store.lock_matter(request.matter_id)
        if await store.has_item_outcome(request.matter_id):
            return
        made = await make(store)
        if isinstance(made, Made):
            await _keep(store, request, made, clock=clock)
        else:
            await _fail(store, request, made.value, clock=clock)


async def answer_once(
    request: TaskRequest, finding: Finding, *, store: Store, clock: Clock
) -> None:
    """Answer a task, unless this round of it was answered before."""
    grounds = [each.value for each in finding.grounds]
    is_new = await store.note_task_answer(
        (request.task_id, request.round),
        request.application_id,
        verdict=finding.verdict,
        found=",".join(grounds),
        at=clock.now(),
    )
    if not is_new:
        return
    await store.write_journal(
        JournalEntry(
            stream=f"application:{request.application_id}",
            actor=f"service:{SERVICE}",
            act=finding.act,
            target=f"task:{request.task_id}",
            reason=finding.reason,
            facts={"verdict": finding.verdict, "grounds": grounds},
        )
    )
    await store.publish(
        task_answered(
            SERVICE,
            request,
            verdict=finding.verdict,
            opinion=finding.opinion,
            facts={**finding.facts, "grounds": ",".join(grounds)},
        )
    )


async def _keep(store: Store, request: MatterRequest, made: Made, *, clock: Clock) -> None:
    await store.add_item_outcome(
        request.matter_id,
        request.application_id,
        effect=request.effect,
        record=made.record,
        at=clock.now(),
    )
    await store.write_journal(
        JournalEntry(
            stream=f"application:{request.application_id}",
            actor=f"service:{SERVICE}",
            act=request.effect,
            target=f"record:{made.record}",
            facts={"number": made.number},
        )
    )
    await store.publish(made.event)
    document = {"kind": made.kind, "number": made.number, "facts": dict(made.facts)}
    await store.publish(matter_performed(SERVICE, request, document=document))


async def _fail(store: Store, request: MatterRequest, reason: str, *, clock: Clock) -> None:
    await store.add_item_outcome(
        request.matter_id,
        request.application_id,
        effect=request.effect,
        failure=reason,
        at=clock.now(),
    )
    await store.write_journal(
        JournalEntry(
            stream=f"application:{request.application_id}",
            actor=f"service:{SERVICE}",
            act="fail-matter",
            target=f"matter:{request.matter_id}",
            reason=reason,
        )
    )
    await store.publish(matter_failed(SERVICE, request, reason=reason))

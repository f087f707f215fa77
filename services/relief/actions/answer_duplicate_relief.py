"""Answer whether a household was already helped for the same kind of event."""

from dataclasses import dataclass

from services.relief.model import EventKind, PersonIndex, TemporaryReliefParameters
from services.relief.rules import temporary
from services.relief.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import TaskRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDuplicateRelief:
    """The question, with the person as an index and never as a number."""

    task: TaskRequest
    person: PersonIndex
    event_kind: EventKind
    parameters: TemporaryReliefParameters


async def answer_duplicate_relief(
    command: AnswerDuplicateRelief, *, transaction: Transactions[Store], clock: Clock
) -> None:
    """Look into our own benefits, and answer the task once."""
    async with transaction() as store:
        if not await store.claim_task(command.task):
            return
        earlier = await store.list_earlier_relief(command.person)
        found = temporary.duplicates(
            earlier,
            event_kind=command.event_kind,
            household=frozenset({command.person}),
            on=clock.today(),
            parameters=command.parameters,
        )
        answer = temporary.duplicate_answer(found, parameters=command.parameters)
        await store.tell_answer("relief", command.task, answer)

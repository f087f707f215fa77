"""Answer the window's question whether a person has died."""

from services.registry.events import MATTER
from services.registry.model import DeathFinding, PersonIndex
from services.registry.rules import death
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import TaskRequest, task_answered
from shared.journal import JournalEntry
from shared.sealing import BlindIndex

SERVICE = MATTER.split(".")[1]


async def answer_death_fact(
    request: TaskRequest, *, transaction: Transactions[Store], clock: Clock, index: BlindIndex
) -> None:
    """Compare a reported death with the register, and answer the task once per round.

    Raises:
        DisclosureIncomplete: The window disclosed less than the question needs.
    """
    reported = death.read_report(request.fields)
    async with transaction() as store:
        known = await store.find_resident_by_index(PersonIndex(index.of(reported.id_number)))
        finding = death.assess_death(reported, known, today=clock.today())
        is_new = await store.add_task_answer(
            (request.task_id, request.round), request.application_id, finding, at=clock.now()
        )
        if not is_new:
            return
        await store.write_journal(_noted(request, finding))
        await store.publish(
            task_answered(
                SERVICE,
                request,
                verdict=finding.verdict,
                opinion=finding.opinion,
                facts={"inRegister": finding.found.value},
            )
        )


def _noted(request: TaskRequest, finding: DeathFinding) -> JournalEntry:
    """Looking somebody up in the register is an act, whoever asks."""
    return JournalEntry(
        stream=f"application:{request.application_id}",
        actor=f"service:{SERVICE}",
        act="read-life-status",
        target=f"task:{request.task_id}",
        reason="死亡事实核对",
        facts={"found": finding.found.value, "verdict": finding.verdict},
    )

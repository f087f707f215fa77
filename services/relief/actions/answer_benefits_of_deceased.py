"""Answer whether a deceased drew a benefit here."""

from services.relief.model import PersonIndex
from services.relief.rules.death import deceased_answer
from services.relief.store import Store
from shared.database import Transactions
from shared.department import TaskRequest


async def answer_benefits_of_deceased(
    task: TaskRequest, *, deceased: PersonIndex, transaction: Transactions[Store]
) -> None:
    """Look into our own benefits, and answer the task once."""
    async with transaction() as store:
        if not await store.claim_task(task):
            return
        benefits = await store.lock_benefits_of(deceased)
        await store.tell_answer("relief", task, deceased_answer(benefits, deceased=deceased))

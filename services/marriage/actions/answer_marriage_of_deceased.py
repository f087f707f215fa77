"""Answer whether a deceased was married here."""

from services.marriage.model import PersonIndex
from services.marriage.rules.status import marriage_of_deceased_answer
from services.marriage.store import Store
from shared.database import Transactions
from shared.department import TaskRequest


async def answer_marriage_of_deceased(
    task: TaskRequest, *, deceased: PersonIndex, transaction: Transactions[Store]
) -> None:
    """Look into our register, and answer the task once."""
    async with transaction() as store:
        if not await store.claim_task(task):
            return
        standings = await store.list_standings([deceased])
        answer = marriage_of_deceased_answer(standings[deceased])
        await store.tell_answer("marriage", task, answer)

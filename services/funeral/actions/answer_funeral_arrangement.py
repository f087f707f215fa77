"""Answer whether a funeral can be arranged as the family wishes; nothing is booked by it."""

from services.funeral.actions.choose_slots import choose_slots
from services.funeral.model import ArrangementRequest
from services.funeral.rules.arrangement import arrangement_answer, nothing_asked_answer
from services.funeral.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import TaskRequest


async def answer_funeral_arrangement(
    task: TaskRequest,
    *,
    request: ArrangementRequest | None,
    transaction: Transactions[Store],
    clock: Clock,
) -> None:
    """Look at the free slots, and answer the task once.

    Args:
        request: What the family wishes; None if it arranges nothing through the window.
    """
    async with transaction() as store:
        if not await store.claim_task(task):
            return
        if request is None:
            answer = nothing_asked_answer()
        else:
            chosen = await choose_slots(request, county=task.division[:6], store=store, clock=clock)
            answer = arrangement_answer(chosen)
        await store.tell_answer("funeral", task, answer)

"""Answer whether both parties are free to marry."""

from dataclasses import dataclass

from services.marriage.model import PersonIndex, StatedStatus, StatusFinding
from services.marriage.rules.status import status_answer, status_from
from services.marriage.store import Store
from shared.database import Transactions
from shared.department import TaskRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMaritalStatus:
    """Both parties, and what each says of themselves."""

    task: TaskRequest
    applicant: PersonIndex
    applicant_states: StatedStatus
    partner: PersonIndex
    partner_states: StatedStatus


async def answer_marital_status(
    command: AnswerMaritalStatus, *, transaction: Transactions[Store]
) -> None:
    """Look into our register and the records beside it, and answer the task once.

    Raises:
        StatusUnavailable: A source did not answer; the task stays open and is asked again.
    """
    people = (command.applicant, command.partner)
    async with transaction() as store:
        if not await store.claim_task(command.task):
            return
        standings = await store.list_standings(people)
        records = await store.list_records(people)
        found = [status_from(standings[person], records[person]) for person in people]
        answer = status_answer(
            StatusFinding(stated=command.applicant_states, status=found[0]),
            StatusFinding(stated=command.partner_states, status=found[1]),
        )
        await store.tell_answer("marriage", command.task, answer)

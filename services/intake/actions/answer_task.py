"""Take an answer to a task; one that comes too late to count is kept, and changes nothing."""

from services.intake import events
from services.intake.actions.authorise import may_handle
from services.intake.actions.desk import Desk
from services.intake.actions.give_verdict import GiveVerdict, give_verdict
from services.intake.errors import StaleRound, TaskNotOpen
from services.intake.model import Answer
from services.intake.model.kept import Case, CaseTask, TaskRow
from services.intake.model.late import LateAnswer, LateCause
from services.intake.rules.late import late_cause
from services.intake.rules.verdict import check_reasons
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.database import Transactions
from shared.ids import derived_id
from shared.journal import JournalEntry


async def answer_task(
    command: GiveVerdict, *, transaction: Transactions[Store], desk: Desk
) -> TaskRow | None:
    """Give a verdict; if it came too late, keep it for the lead office and refuse it.

    Returns:
        As `give_verdict`.

    Raises:
        TaskNotOpen: The task will not be answered any more; `kept` says the answer was kept.
        StaleRound: The department has been asked again since; likewise.
    """
    try:
        return await give_verdict(command, transaction=transaction, desk=desk)
    except (TaskNotOpen, StaleRound) as refusal:
        if not await _keep(command, transaction=transaction, desk=desk):
            raise
        raise type(refusal)(refusal.detail, **{**refusal.facts, "kept": True}) from None


async def _keep(command: GiveVerdict, *, transaction: Transactions[Store], desk: Desk) -> bool:
    """Keep a late answer in a transaction of its own: that of the verdict was undone."""
    async with transaction() as store:
        case = await store.lock_case_of_task(command.task_id)
        task = next(each for each in case.tasks if each.id == command.task_id)
        if not may_handle(command.actor, task) or task.opened_at is None:
            return False
        if command.answer.verdict not in task.verdicts:
            return False
        check_reasons(command.answer)
        cause = late_cause(task.progress(), command.answer)
        if cause is None:
            return False
        late = _late(case, task, command, cause, desk=desk)
        if await store.add_late_answer(late):
            await _tell(store, case, late, actor=command.actor.subject)
    return True


def _late(
    case: Case, task: CaseTask, command: GiveVerdict, cause: LateCause, *, desk: Desk
) -> LateAnswer:
    answer: Answer = command.answer
    answered_round = task.round if answer.round is None else answer.round
    late_id = derived_id("late", str(task.id), str(answered_round), command.actor.subject)
    return LateAnswer(
        id=late_id,
        application_id=case.id,
        task_id=task.id,
        ref=task.ref,
        round=answered_round,
        cause=cause,
        verdict=answer.verdict,
        opinion_sealed=desk.cipher.seal(answer.opinion.encode(), place=opinion_place(late_id))
        if answer.opinion
        else None,
        conditions=answer.conditions,
        facts=answer.facts,
        given_by=command.actor.subject,
        received_at=desk.clock.now(),
    )


async def _tell(store: Store, case: Case, late: LateAnswer, *, actor: str) -> None:
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=actor,
            act="answer-late",
            target=f"task:{late.ref}",
            facts={
                "verdict": str(late.verdict),
                "round": late.round,
                "cause": str(late.cause),
            },
        )
    )
    await store.publish(events.late_answer_kept(case.ref, late))


def opinion_place(late_id: object) -> str:
    """Where the opinion of a late answer belongs; sealed for it, it opens nowhere else."""
    return f"late_answer.opinion:{late_id}"

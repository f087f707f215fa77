"""Answer an approval task, and let everything that follows from the answer happen at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.intake import events
from services.intake.actions.accept_application import judge_acceptance
from services.intake.actions.advance_case import carry_out
from services.intake.actions.desk import Desk
from services.intake.actions.request_correction import ask, issue_if_ready, require_askable
from services.intake.actions.stand_at_task import note_on_behalf, stand_at_task
from services.intake.errors import TaskNotFound
from services.intake.model import (
    ACCEPTANCE_TASK,
    Act,
    Answer,
    CorrectionPhase,
    TaskId,
    Verdict,
)
from services.intake.model.changed import closed, row_of
from services.intake.model.kept import Case, CaseTask, TaskRow
from services.intake.rules.acceptance import check_no_remedy
from services.intake.rules.progress import advance
from services.intake.rules.stage import next_stage
from services.intake.rules.verdict import check_answer
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer
from shared.telemetry import mark_application


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveVerdict:
    """The command: somebody's answer to a task."""

    actor: Actor
    task_id: TaskId
    answer: Answer
    request: RequestKey | None = None
    """None when the answer came by event: the inbox makes that happen once."""
    journal_facts: Mapping[str, Any] = field(default_factory=dict)


async def give_verdict(
    command: GiveVerdict, *, transaction: Transactions[Store], desk: Desk
) -> TaskRow | None:
    """Write one answer to one task; the case moves on in the same transaction.

    Returns:
        The task as it stands now, or None if an earlier identical request was answered.

    Raises:
        TaskNotFound: There is no such task, or it is not this actor's to answer.
        TaskAlreadyClosed: The round has been answered.
        StaleRound: The answer is for an earlier round.
        VerdictNotAllowed: The item does not allow this verdict here.
        OpinionRequired: This verdict needs its reasons.
        MarkInvalid: A mark names nothing in the item, or goes with another verdict.
        NoticeAlreadyGiven: The one-time notice before acceptance has been given.
        CorrectionAlreadyAsked: The department has asked, and this was visible then.
        RemedyRequired: A refusal to accept names no remedy, or something else names one.
        ConflictOfInterest: The officer must keep away from the case.
    """
    async with transaction() as store:
        case = await _lock(store, command)
        if isinstance(case, StoredAnswer):
            return None
        mark_application(case.id)
        task = _task_of(case, command.task_id)
        principal = await stand_at_task(store, case, task, command.actor, desk=desk)
        check_answer(task.progress(), command.answer, allowed=task.verdicts)
        await require_askable(store, case, task, command.answer, desk=desk)
        answered = await _close(store, case, task, command, desk=desk)
        await note_on_behalf(store, case, task, principal, actor=command.actor)
        if task.ref == ACCEPTANCE_TASK:
            actor = command.actor.subject
            await judge_acceptance(store, case, task, command.answer, actor=actor, desk=desk)
        else:
            await _go_on(store, case, task, command.answer, desk=desk)
        if command.request is not None:
            await store.remember_answer(command.request, status=200, body={"taskId": str(task.id)})
    return row_of(case, answered)


async def _lock(store: Store, command: GiveVerdict) -> Case | StoredAnswer:
    if command.request is None:
        return await store.lock_case_of_task(command.task_id)
    return await store.claim_case_of_task(command.task_id, command.request)


async def _go_on(store: Store, case: Case, task: CaseTask, answer: Answer, *, desk: Desk) -> None:
    """Let follow what follows from a department's answer."""
    next_stage(case.stage, Act.ANSWER)
    check_no_remedy(answer)
    if answer.verdict is Verdict.NEEDS_CORRECTION:
        next_stage(case.stage, Act.ASK_CORRECTION)
        await ask(store, task, answer, phase=CorrectionPhase.REVIEW, desk=desk)
    after = case.answered(task, answer)
    changes = advance(after.state())
    await carry_out(store, after, changes, desk=desk)
    await issue_if_ready(store, after, changes, desk=desk)


async def _close(
    store: Store, case: Case, task: CaseTask, command: GiveVerdict, *, desk: Desk
) -> CaseTask:
    answer, at = command.answer, desk.clock.now()
    sealed = desk.seal_opinion(task, answer.opinion)
    await store.close_task(task, answer, opinion_sealed=sealed, by=command.actor.subject, at=at)
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=command.actor.subject,
            act="answer",
            target=f"task:{task.ref}",
            facts={"verdict": str(answer.verdict), "round": task.round},
        )
    )
    await store.publish(
        events.task_closed(
            case.ref, task.id, task.ref, task_round=task.round, verdict=answer.verdict
        )
    )
    return closed(task, answer, opinion_sealed=sealed, at=at)


def _task_of(case: Case, task_id: TaskId) -> CaseTask:
    for task in case.tasks:
        if task.id == task_id:
            return task
    raise TaskNotFound

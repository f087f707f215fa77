"""Show a department the fields its task names, and nothing else; every look is journalled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.intake.actions.claim_task import ClaimTask, their_task
from services.intake.actions.desk import Desk
from services.intake.actions.stand_at_task import require_impartial
from services.intake.errors import MatterNotFound
from services.intake.model import MatterId, MatterStatus, TaskId, TaskState
from services.intake.model.kept import Case, CaseTask
from services.intake.rules.paths import select_fields
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor, ActorKind
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.telemetry import mark_application


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierAnswer:
    """What another task of the same case has answered."""

    task: str
    title: str
    verdict: str
    opinion: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What a department may know in order to answer, or to make real."""

    case: Case
    fields: Mapping[str, Any]
    answers: tuple[EarlierAnswer, ...]
    facts: Mapping[str, Any]


async def disclose_task(
    actor: Actor, task_id: TaskId, *, transaction: Transactions[Store], desk: Desk
) -> Disclosure:
    """The fields an open task discloses to whoever must answer it.

    Raises:
        TaskNotFound: It is not theirs.
        TaskAlreadyClosed: It has been answered; there is no purpose any more.
        TaskNotOpen: It was cancelled.
        ConflictOfInterest: The officer must keep away from the case.
    """
    async with transaction() as store:
        case = await store.lock_case_of_task(task_id)
        mark_application(case.id)
        task = their_task(case, ClaimTask(actor=actor, task_id=task_id))
        await require_impartial(store, case, task, actor, desk=desk)
        await _note(store, case, actor, f"task:{task.ref}", task.title.zh, task.discloses)
    needed = {need.task for need in task.needs}
    answers = tuple(
        _answer(other, desk=desk, with_opinion=actor.kind is ActorKind.OFFICER)
        for other in case.tasks
        if other.ref in needed and other.state is TaskState.CLOSED
    )
    return Disclosure(
        case=case,
        fields=select_fields(desk.open_form(case), task.discloses),
        answers=answers,
        facts={answer.task: dict(answer.facts) for answer in answers},
    )


async def disclose_matter(
    actor: Actor, matter_id: MatterId, *, transaction: Transactions[Store], desk: Desk
) -> Disclosure:
    """The fields a granted matter discloses to the service that makes it real.

    Raises:
        MatterNotFound: There is none, or another service makes it real.
    """
    async with transaction() as store:
        case = await store.lock_case_of_matter(matter_id)
        mark_application(case.id)
        matter = next(each for each in case.matters if each.id == matter_id)
        if actor.kind is not ActorKind.SERVICE or matter.effect_service != actor.system:
            raise MatterNotFound
        if matter.status not in (
            MatterStatus.DECIDED,
            MatterStatus.FAILED,
            MatterStatus.CONCLUDED,
        ):
            raise MatterNotFound
        await _note(store, case, actor, f"matter:{matter.key}", matter.title.zh, matter.discloses)
    facts = {task.ref.task: dict(task.facts) for task in case.tasks_of(matter.key)}
    return Disclosure(
        case=case,
        fields=select_fields(desk.open_form(case), matter.discloses),
        answers=(),
        facts=facts,
    )


def _answer(task: CaseTask, *, desk: Desk, with_opinion: bool) -> EarlierAnswer:
    return EarlierAnswer(
        task=task.ref.task,
        title=task.title.zh,
        verdict=str(task.verdict),
        opinion=desk.open_opinion(task) if with_opinion else None,
        facts=task.facts,
    )


async def _note(
    store: Store, case: Case, actor: Actor, target: str, purpose: str, fields: tuple[str, ...]
) -> None:
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=actor.subject,
            act="read",
            target=target,
            reason=purpose,
            facts={"fields": list(fields)},
        )
    )

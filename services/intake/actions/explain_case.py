"""Say why: who was asked and why, why each join fell so, how each due date came about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.intake.actions.authorise import may_handle, require_owner, require_reader
from services.intake.actions.standing import with_standing
from services.intake.errors import ApplicationNotFound, TaskNotFound
from services.intake.model import ApplicationId, TaskId
from services.intake.model.kept import Case, CaseMatter, CaseTask
from services.intake.model.standing import Standing
from services.intake.ports import Grants
from services.intake.rules.join import Vote, matter_votes
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.telemetry import mark_application


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterExplanation:
    """One matter, its join, and what each of its tasks says for it."""

    matter: CaseMatter
    votes: Sequence[tuple[CaseTask, Vote]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseExplanation:
    """Why a case went as it did, from what was recorded when it did."""

    case: Case
    plan: Sequence[Mapping[str, Any]]
    """Every matter and task of the item: asked or not, the condition, and its inputs."""
    matters: Sequence[MatterExplanation]


async def explain_case(
    actor: Actor,
    application_id: ApplicationId,
    *,
    transaction: Transactions[Store],
    standing: Standing | None = None,
) -> CaseExplanation:
    """Why each department was or was not asked, and why each matter came out as it did.

    Raises:
        ApplicationNotFound: There is none, or it is not theirs to read.
    """
    async with transaction() as store:
        case = await store.get_case(application_id)
        require_reader(actor, case, standing)
        mark_application(case.id)
        plan = await store.get_plan_records(case.id)
    votes = {matter.key: matter_votes(matter) for matter in case.state().matters}
    return CaseExplanation(
        case=case,
        plan=plan,
        matters=[
            MatterExplanation(
                matter=matter,
                votes=[
                    (task, votes[matter.key][task.ref.task]) for task in case.tasks_of(matter.key)
                ],
            )
            for matter in case.matters
        ],
    )


async def explain_deadline(
    actor: Actor, task_id: TaskId, *, transaction: Transactions[Store], grants: Grants
) -> CaseTask:
    """How the due date of a task came about; for whoever answers it, and for the applicant.

    Raises:
        TaskNotFound: There is none, it is not theirs to see, or nobody was asked yet.
    """
    async with transaction() as store:
        case = await store.get_case_of_task(task_id)
    mark_application(case.id)
    task = next(each for each in case.tasks if each.id == task_id)
    if task.opened_at is None:
        raise TaskNotFound
    if not may_handle(actor, task):
        await _require_party(actor, case, transaction=transaction, grants=grants)
    return task


async def _require_party(
    actor: Actor, case: Case, *, transaction: Transactions[Store], grants: Grants
) -> None:
    async def own(standing: Standing | None) -> None:
        require_owner(actor, case, standing)

    try:
        await with_standing(actor, case.id, own, transaction=transaction, grants=grants)
    except ApplicationNotFound:
        raise TaskNotFound from None

"""What another plan makes of a case under way: who is asked in addition, and who not any more.

A corrected form and a new version of the item ask the same question. What has been answered
stands, and what has been decided is not touched.
"""

from collections.abc import Iterator
from dataclasses import replace

from services.intake.model import (
    CancelReason,
    Join,
    Plan,
    PlannedMatter,
    PlannedTask,
    TaskRef,
    TaskState,
)
from services.intake.model.kept import Case, CaseMatter, CaseTask
from services.intake.model.replan import MatterChange, Replan

_ASKED = frozenset({TaskState.OPEN, TaskState.CLAIMED})
_UNANSWERED = _ASKED | {TaskState.WAITING}


def replan(case: Case, plan: Plan) -> Replan:
    """What must be done for the case to go on under another plan.

    Source:
        House rule, after 行政许可法 art. 8 (what was lawfully settled is not changed at will)
        and art. 26: departments that have answered are not asked for nothing.
    """
    settled = tuple(matter.key for matter in case.matters if matter.outcome is not None)
    known = {matter.key: matter for matter in case.matters}
    under_review = [each for each in plan.matters if each.key in known and each.key not in settled]
    kept = tuple(
        task.ref
        for task in case.tasks
        if task.matter_id is not None
        and task.state is TaskState.CLOSED
        and task.ref.matter not in settled
    )
    tasks = {task.ref: task for task in case.tasks}
    planned = [task for matter in under_review for task in matter.tasks]
    return Replan(
        add_matters=tuple(each for each in plan.matters if each.key not in known),
        add_tasks=tuple(task for task in planned if task.ref not in tasks),
        drop=tuple(_dropped(case, plan, settled)),
        ask_again=tuple(
            task for task in planned if task.ref in tasks and _asked_anew(tasks[task.ref], task)
        ),
        change=tuple(
            task for task in planned if task.ref in tasks and _changed(tasks[task.ref], task)
        ),
        matters=tuple(_matter_change(known[each.key], each, case) for each in under_review),
        kept=kept,
        settled=settled,
    )


def _dropped(case: Case, plan: Plan, settled: tuple[str, ...]) -> Iterator[TaskRef]:
    asked = {task.ref for task in plan.tasks}
    for task in case.tasks:
        if task.matter_id is None or task.ref.matter in settled:
            continue
        if task.ref not in asked and task.state in _UNANSWERED:
            yield task.ref


def _asked_anew(task: CaseTask, planned: PlannedTask) -> bool:
    """Whether the question goes to somebody else now, or is asked after all."""
    if task.state is TaskState.CANCELLED:
        return task.cancel_reason is CancelReason.NOT_ASKED_ANY_MORE
    return task.state in _ASKED and not _same_question(task, planned)


def _changed(task: CaseTask, planned: PlannedTask) -> bool:
    if task.state not in _UNANSWERED or _asked_anew(task, planned):
        return False
    as_it_is = (task.title, task.needs, task.limit, task.verdicts, task.discloses)
    as_planned = (planned.title, planned.needs, planned.limit, planned.verdicts, planned.discloses)
    return _bare(as_it_is) != _bare(as_planned) or not _same_question(task, planned)


def _bare(parts: tuple[object, ...]) -> tuple[object, ...]:
    """Without what is not kept with a task: the words that name a limit's source."""
    title, needs, limit, *rest = parts
    return title, needs, getattr(limit, "duration", None), *rest


def _same_question(task: CaseTask, planned: PlannedTask) -> bool:
    office = planned.office.id if planned.office else None
    return (task.handler, task.check, task.office_id) == (planned.handler, planned.check, office)


def _matter_change(matter: CaseMatter, planned: PlannedMatter, case: Case) -> MatterChange:
    return MatterChange(matter=planned, join=_join(matter.join, planned, case))


def _join(before: Join, planned: PlannedMatter, case: Case) -> Join:
    """The planned join, in which whoever has answered keeps the vote they had."""
    asked = {task.ref.task for task in planned.tasks}
    answered = {
        task.ref.task
        for task in case.tasks_of(planned.key)
        if task.state is TaskState.CLOSED and task.ref.task not in asked
    }
    voters = (*planned.join.voters, *(key for key in before.voters if key in answered))
    lead = (*planned.join.lead, *(key for key in before.lead if key in answered))
    return replace(planned.join, voters=voters, lead=lead)

"""The plan of a case: which matters and tasks apply, who answers them, in which wave, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from services.intake.errors import NothingToAsk
from services.intake.model import (
    HandlerKind,
    Join,
    MatterSpec,
    Need,
    NeedKind,
    Office,
    Plan,
    PlannedMatter,
    PlannedTask,
    PlanReason,
    PlanRecord,
    ServiceItem,
    TaskRef,
    TaskSpec,
)
from services.intake.rules.expressions import Expressions, Scope, holds
from services.intake.rules.office import competent_office


def expand_plan(
    item: ServiceItem,
    *,
    form: Mapping[str, object],
    params: Mapping[str, object],
    offices: Iterable[Office],
    division: str,
    expressions: Expressions,
) -> Plan:
    """Everything that will be asked in this case, and why.

    Args:
        item: The version of the item the application is pinned to.
        form: The form, already validated.
        params: Local numbers in force for the division on the day of the application.
        offices: The directory, or the part of it in the division's chain.
        division: Twelve-digit code of the place that decides competence.
        expressions: The caller's compiled conditions.

    Raises:
        OfficeNotFound: A task that applies has no competent office.
        ExpressionUnusable: A condition has no answer for this form.
        NothingToAsk: No task applies at all.

    Source:
        House rule, after 行政许可法 art. 26: one organ accepts, and asks every department
        whose say the case needs; the catalogue names them.
    """
    scope = Scope.of(form=form, params=params, visible=frozenset(item.summary))
    records = _drop_unmeetable(item, _conditions(item, scope, expressions))
    asked = {
        TaskRef(record.matter, record.task)
        for record in records
        if record.asked and record.task is not None
    }
    if not asked:
        raise NothingToAsk(item=item.code)
    waves = _waves(item, asked)
    directory = tuple(offices)
    matters = tuple(
        _planned_matter(
            matter,
            tuple(
                _planned_task(matter.key, task, waves, _office(task, division, directory))
                for task in matter.tasks
                if TaskRef(matter.key, task.key) in asked
            ),
        )
        for matter in item.matters
        if any(ref.matter == matter.key for ref in asked)
    )
    return Plan(item_code=item.code, division=division, matters=matters, records=records)


def why(plan: Plan, *, matter: str, task: str | None = None) -> PlanRecord | None:
    """Why a matter, or a task of it, was or was not asked; None if the item has none such.

    Source:
        House rule: "why was this department not asked?" has an answer with its inputs.
    """
    return next(
        (record for record in plan.records if (record.matter, record.task) == (matter, task)), None
    )


def _conditions(
    item: ServiceItem, scope: Scope, expressions: Expressions
) -> tuple[PlanRecord, ...]:
    """What the conditions alone say, matter by matter and task by task."""
    records: list[PlanRecord] = []
    for matter in item.matters:
        whole = _record(matter.key, None, matter.when, scope, expressions)
        records.append(whole)
        for task in matter.tasks:
            if whole.asked:
                records.append(_record(matter.key, task.key, task.when, scope, expressions))
            else:
                reason = PlanReason.MATTER_NOT_ASKED
                records.append(
                    PlanRecord(matter=matter.key, task=task.key, asked=False, reason=reason)
                )
    return tuple(records)


def _record(
    matter: str, task: str | None, when: str | None, scope: Scope, expressions: Expressions
) -> PlanRecord:
    if when is None:
        return PlanRecord(matter=matter, task=task, asked=True, reason=PlanReason.ALWAYS)
    evaluation = holds(when, scope, expressions=expressions)
    asked = bool(evaluation.value)
    return PlanRecord(
        matter=matter,
        task=task,
        asked=asked,
        reason=PlanReason.CONDITION_HOLDS if asked else PlanReason.CONDITION_FAILS,
        expression=when,
        inputs=evaluation.inputs,
    )


def _drop_unmeetable(item: ServiceItem, records: tuple[PlanRecord, ...]) -> tuple[PlanRecord, ...]:
    """Take out what needs the approval of somebody who is not asked, and matters left empty."""
    specs = {
        TaskRef(matter.key, task.key): task for matter in item.matters for task in matter.tasks
    }
    asked = {TaskRef(each.matter, each.task): each for each in records if each.task and each.asked}
    lost: dict[TaskRef, Need] = {}
    while found := {
        ref: need
        for ref in asked
        if ref not in lost
        for need in specs[ref].needs
        if need.kind is NeedKind.APPROVED and (need.task not in asked or need.task in lost)
    }:
        lost |= found
    left = {ref.matter for ref in asked if ref not in lost}
    return tuple(_without(record, lost, left) for record in records)


def _without(record: PlanRecord, lost: Mapping[TaskRef, Need], left: set[str]) -> PlanRecord:
    if record.task is None:
        empty = record.asked and record.matter not in left
        return replace(record, asked=False, reason=PlanReason.NO_TASK_ASKED) if empty else record
    need = lost.get(TaskRef(record.matter, record.task))
    if need is None:
        return record
    return replace(record, asked=False, reason=PlanReason.NEED_NOT_ASKED, need=str(need))


def _waves(item: ServiceItem, asked: set[TaskRef]) -> Mapping[TaskRef, int]:
    """The wave of every task that is asked: one after the latest of what it needs."""
    specs = {
        TaskRef(matter.key, task.key): task for matter in item.matters for task in matter.tasks
    }
    waves: dict[TaskRef, int] = {}

    def wave(ref: TaskRef) -> int:
        if ref not in waves:
            needed = [need.task for need in specs[ref].needs if need.task in asked]
            waves[ref] = 1 + max((wave(each) for each in needed), default=-1)
        return waves[ref]

    for ref in asked:
        wave(ref)
    return waves


def _office(task: TaskSpec, division: str, offices: tuple[Office, ...]) -> Office | None:
    if task.office is None or task.handler.kind is not HandlerKind.OFFICER:
        return None
    return competent_office(task.office, division=division, offices=offices)


def _planned_task(
    matter: str, task: TaskSpec, waves: Mapping[TaskRef, int], office: Office | None
) -> PlannedTask:
    ref = TaskRef(matter, task.key)
    return PlannedTask(
        ref=ref,
        title=task.title,
        handler=task.handler,
        office=office,
        check=task.check,
        needs=tuple(need for need in task.needs if need.task in waves),
        wave=waves[ref],
        limit=task.limit,
        verdicts=task.verdicts,
        discloses=task.discloses,
    )


def _planned_matter(matter: MatterSpec, tasks: tuple[PlannedTask, ...]) -> PlannedMatter:
    return PlannedMatter(
        key=matter.key,
        title=matter.title,
        join=_planned_join(matter.join, tuple(task.ref.task for task in tasks)),
        effect=matter.effect,
        discloses=matter.discloses,
        outcome_document=matter.outcome_document,
        tasks=tasks,
    )


def _planned_join(join: Join, asked: tuple[str, ...]) -> Join:
    """The join among those who are asked; whoever is not asked has no vote to wait for."""
    voters = tuple(key for key in join.voters or asked if key in asked)
    return replace(
        join, voters=voters or asked, lead=tuple(key for key in join.lead if key in asked)
    )

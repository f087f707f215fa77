"""Plans a case without a case: who would be asked, why, in which wave, and by when."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from services.intake.actions.catalogue_files import CatalogueFiles
from services.intake.errors import ItemMalformed, ItemNotFound
from services.intake.model import (
    ClockName,
    LocalParameters,
    MaterialCheck,
    Office,
    OfficeId,
    Plan,
    PlannedTask,
    PlanReason,
    PlanRecord,
    ServiceItem,
    TaskRef,
)
from services.intake.rules.deadline import task_deadline
from services.intake.rules.expressions import Expressions, Scope
from services.intake.rules.form import require_form
from services.intake.rules.item import parse_item
from services.intake.rules.materials import check_materials
from services.intake.rules.parameters import local_parameters
from services.intake.rules.paths import text_at
from services.intake.rules.plan import expand_plan, why
from services.intake.rules.publication import check_item
from shared.calendar import Deadline, Unit, WorkingCalendar, calendar_from_notices
from shared.clock import SHANGHAI
from shared.identifiers import DivisionLevel
from shared.ids import derived_id

OPENING = time(9, 0)
"""When the day of the dry run begins: hours are counted from here."""

MANY = 3
"""More needs than this are not listed one by one."""

_REASONS = {
    PlanReason.ALWAYS: "必须征询",
    PlanReason.CONDITION_HOLDS: "条件成立",
    PlanReason.CONDITION_FAILS: "条件不成立",
    PlanReason.MATTER_NOT_ASKED: "所属分项不适用",
    PlanReason.NEED_NOT_ASKED: "所等待的任务不在此案中",
    PlanReason.NO_TASK_ASKED: "没有适用的任务",
}


_CLOCKS = {ClockName.STATUTORY: "法定期限", ClockName.PROMISED: "承诺期限"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAnswer:
    """One question of a dry run, opened as late as its limits allow."""

    task: PlannedTask
    record: PlanRecord
    department: str
    opens_at: datetime
    """The latest instant: everything it needs takes all the time it has."""
    deadline: Deadline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What a form would set in motion."""

    item: ServiceItem
    accepted_at: datetime
    plan: Plan
    answers: tuple[PlannedAnswer, ...]
    clocks: Mapping[ClockName, Deadline]
    """The item's own limits, as far as it has them."""
    materials: MaterialCheck


def dry_run_plan(
    files: Mapping[str, str], *, code: str, form: Mapping[str, Any], on: date
) -> DryRun:
    """Plan an application of an item, accepted on a day at nine in the morning.

    Args:
        files: Text by path inside the catalogue, as `lint_catalogue` takes it.
        code: Code of the item.
        form: The form as an applicant would hand it in.
        on: The day of acceptance, in Asia/Shanghai; local numbers are those of the day.

    Raises:
        ItemNotFound: The catalogue has no such item.
        ItemMalformed: A file is not YAML, or the item breaks its format.
        FormInvalid: With everything that is wrong in the form.
        OfficeNotFound: A task that applies has no competent office.
    """
    own = f"items/{code}.yaml"
    found = CatalogueFiles.of(
        {name: text for name, text in files.items() if name == own or not name.startswith("items/")}
    )
    if found.faults:
        first = found.faults[0]
        raise ItemMalformed(f"{first.file}:{first.line}", first.message)
    expressions = Expressions()
    item = _item(found, code, expressions)
    require_form(item, form, today=on)
    division = text_at(form, item.division) or ""
    params = local_parameters(_parameters(found), division=division, on=on)
    plan = expand_plan(
        item,
        form=form,
        params=params,
        offices=_offices(found),
        division=division,
        expressions=expressions,
    )
    calendar = calendar_from_notices([each.value for each in found.calendar])
    accepted_at = datetime.combine(on, OPENING, tzinfo=SHANGHAI)
    return DryRun(
        item=item,
        accepted_at=accepted_at,
        plan=plan,
        answers=tuple(_answers(plan, accepted_at, calendar, _partners(found))),
        clocks=_clocks(item, accepted_at, calendar),
        materials=check_materials(
            item, provided=[], scope=Scope.of(form=form, params=params), expressions=expressions
        ),
    )


def _item(found: CatalogueFiles, code: str, expressions: Expressions) -> ServiceItem:
    for document in found.items:
        if document.value.get("code") == code:
            item = parse_item(document.value)
            check_item(item, expressions=expressions)
            return item
    raise ItemNotFound(item=code)


def _parameters(found: CatalogueFiles) -> list[LocalParameters]:
    return [
        LocalParameters(
            division=str(table["division"]),
            effective_from=table["effective_from"],
            values=table["values"],
        )
        for document in found.parameters
        for _, table in document.entries("parameters")
    ]


def _offices(found: CatalogueFiles) -> list[Office]:
    return [
        Office(
            # The registry derives the id from the key, too: of several, the same one is taken.
            id=OfficeId(derived_id("office", str(entry["key"]))),
            name=str(entry["name"]["zh"]),
            division=str(entry["division"]),
            level=DivisionLevel(entry["level"]),
            functions=frozenset(entry["functions"]),
        )
        for _, _, entry in found.listed("offices")
    ]


def _partners(found: CatalogueFiles) -> Mapping[str, str]:
    return {str(each["system"]): str(each["name"]["zh"]) for _, _, each in found.listed("partners")}


def _clocks(
    item: ServiceItem, accepted_at: datetime, calendar: WorkingCalendar
) -> Mapping[ClockName, Deadline]:
    limits = {ClockName.STATUTORY: item.statutory, ClockName.PROMISED: item.promised}
    ends = {
        name: task_deadline(limit, opened_at=accepted_at, calendar=calendar)
        for name, limit in limits.items()
    }
    return {name: end for name, end in ends.items() if end is not None}


def _answers(
    plan: Plan, accepted_at: datetime, calendar: WorkingCalendar, partners: Mapping[str, str]
) -> Iterator[PlannedAnswer]:
    ends: dict[TaskRef, datetime] = {}
    for task in sorted(plan.tasks, key=lambda each: each.wave):
        opens_at = max((ends[need.task] for need in task.needs), default=accepted_at)
        deadline = task_deadline(task.limit, opened_at=opens_at, calendar=calendar)
        ends[task.ref] = _latest_answer(task, deadline, opens_at)
        record = why(plan, matter=task.ref.matter, task=task.ref.task)
        if record is None:
            raise AssertionError("every task of a plan has its record")
        yield PlannedAnswer(
            task=task,
            record=record,
            department=_department(task, partners),
            opens_at=opens_at,
            deadline=deadline,
        )


def _latest_answer(task: PlannedTask, deadline: Deadline | None, opens_at: datetime) -> datetime:
    """When an answer on the last occasion comes: the end of a day is the first instant too late."""
    if deadline is None or task.limit is None:
        return opens_at
    if task.limit.unit is Unit.HOUR:
        return deadline.due_at
    return deadline.due_at - timedelta(seconds=1)


def _department(task: PlannedTask, partners: Mapping[str, str]) -> str:
    if task.office is not None:
        return task.office.name
    system = task.handler.system or ""
    return partners.get(system, f"内部服务 {system}")


# --- for people ---------------------------------------------------------------------------


def plan_as_text(run: DryRun) -> str:
    """The dry run as a table for people, in Chinese."""
    lines = [
        f"{run.item.code} {run.item.title.zh}",
        f"受理 {run.accepted_at:%Y-%m-%d}  区划 {run.plan.division}",
        *(f"{_CLOCKS[name]} {_last_day(end)}" for name, end in run.clocks.items()),
        *_material_lines(run),
    ]
    for wave in sorted({each.task.wave for each in run.answers}):
        lines += ["", f"第 {wave + 1} 批" + ("（受理即同时征询）" if wave == 0 else "")]
        asked = [each for each in run.answers if each.task.wave == wave]
        lines += _wave_table(asked, run.plan)
    spared = [record for record in run.plan.records if not record.asked]
    if spared:
        lines += ["", "不征询"]
        lines += [f"  {_name(record)}  {_reason(record)}" for record in spared]
    return "\n".join(lines)


def _material_lines(run: DryRun) -> Iterator[str]:
    titles = {material.key: material.title.zh for material in run.item.materials}
    if run.materials.missing:
        yield "必须提交 " + "、".join(titles[key] for key in run.materials.missing)
    if run.materials.deferred:
        yield "可以后补 " + "、".join(titles[each.key] for each in run.materials.deferred)


def _wave_table(answers: Sequence[PlannedAnswer], plan: Plan) -> Iterator[str]:
    rows = [("任务", "部门", "最迟", "等待")]
    rows += [
        (
            f"{each.task.ref} {each.task.title.zh}",
            each.department,
            "不限时" if each.deadline is None else _due(each),
            _waits(each.task, plan),
        )
        for each in answers
    ]
    widths = [max(_width(row[column]) for row in rows) for column in range(3)]
    reasons = [
        None,
        *(_reason(each.record) if each.record.expression else None for each in answers),
    ]
    for row, reason in zip(rows, reasons, strict=True):
        yield "  " + "  ".join([*(_padded(row[n], widths[n]) for n in range(3)), row[3]])
        if reason:
            yield f"      {reason}"


def _waits(task: PlannedTask, plan: Plan) -> str:
    """What a task waits for; long lists are named by what they have in common."""
    before = {
        each.ref
        for each in plan.tasks
        if each.ref.matter == task.ref.matter and each.wave < task.wave
    }
    if len(before) > MANY and before == {need.task for need in task.needs}:
        return f"本分项此前全部 {len(before)} 项"
    own = f"{task.ref.matter}."
    return "、".join(str(need).removeprefix(own) for need in task.needs) or "—"


def _due(answer: PlannedAnswer) -> str:
    if answer.deadline is None or answer.task.limit is None:
        return ""
    if answer.task.limit.unit is Unit.HOUR:
        return f"{answer.deadline.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return _last_day(answer.deadline)


def _last_day(deadline: Deadline) -> str:
    note = "（暂定：当年日历未公布）" if deadline.provisional else ""
    return f"{deadline.last_day:%Y-%m-%d}{note}"


def _name(record: PlanRecord) -> str:
    return record.matter if record.task is None else f"{record.matter}.{record.task}"


def _reason(record: PlanRecord) -> str:
    parts = [_REASONS[record.reason]]
    if record.need:
        parts.append(record.need)
    if record.expression:
        parts.append(" ".join(record.expression.split()))
    parts += [
        f"{each.path} = {'（个人信息，不显示）' if each.withheld else each.value}"
        for each in record.inputs
    ]
    return "；".join(parts)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


# --- for programs -------------------------------------------------------------------------


def plan_as_data(run: DryRun) -> dict[str, Any]:
    """The dry run as JSON values."""
    return {
        "item": run.item.code,
        "division": run.plan.division,
        "acceptedAt": run.accepted_at.isoformat(),
        "clocks": [{"name": str(name), **_deadline_data(end)} for name, end in run.clocks.items()],
        "materials": {
            "required": list(run.materials.missing),
            "deferrable": [each.key for each in run.materials.deferred],
        },
        "tasks": [
            {
                "wave": each.task.wave,
                "matter": each.task.ref.matter,
                "task": each.task.ref.task,
                "title": {"zh": each.task.title.zh, "en": each.task.title.en},
                "handler": str(each.task.handler),
                "department": each.department,
                "needs": [str(need) for need in each.task.needs],
                "opensAtLatest": each.opens_at.astimezone(SHANGHAI).isoformat(),
                **_deadline_data(each.deadline),
                "why": _record_data(each.record),
            }
            for each in run.answers
        ],
        "notAsked": [
            {"matter": record.matter, "task": record.task, "why": _record_data(record)}
            for record in run.plan.records
            if not record.asked
        ],
    }


def _deadline_data(deadline: Deadline | None) -> dict[str, Any]:
    if deadline is None:
        return {"dueAt": None, "lastDay": None, "provisional": False}
    return {
        "dueAt": deadline.due_at.astimezone(SHANGHAI).isoformat(),
        "lastDay": deadline.last_day.isoformat(),
        "provisional": deadline.provisional,
    }


def _record_data(record: PlanRecord) -> dict[str, Any]:
    return {
        "reason": str(record.reason),
        "expression": record.expression,
        "need": record.need,
        "inputs": [
            {"path": each.path, "withheld": each.withheld, "value": each.value}
            for each in record.inputs
        ],
    }

"""Looks a catalogue over before anybody publishes it: every mistake, with file and line."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from services.intake.actions.catalogue_files import (
    ITEM_SCHEMA,
    CatalogueFiles,
    Document,
    Fault,
    Place,
)
from services.intake.errors import ExpressionUnusable, ItemMalformed
from services.intake.model import (
    Join,
    JoinRule,
    MatterSpec,
    NeedKind,
    ServiceItem,
    TaskRef,
    TaskSpec,
    Verdict,
)
from services.intake.rules.expressions import Condition, Expressions, Scope, evaluate
from services.intake.rules.item import parse_item
from services.intake.rules.paths import schema_at
from services.intake.rules.publication import check_item
from shared.calendar import WorkingCalendar, calendar_from_notices

_POSITIVE = {Verdict.APPROVE, Verdict.CONDITIONAL}
_COUNTED = {"working_day", "civil_day"}
_LANGUAGES = {"zh", "en"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What items may name."""

    offices: frozenset[tuple[str, str]]
    """Function and level."""
    partners: Mapping[str, frozenset[str] | None]
    """System to its checks; None: the system does not list them."""
    checks: Mapping[str, frozenset[str]]
    effects: Mapping[str, frozenset[str]]
    params: frozenset[str]
    calendar: WorkingCalendar | None
    on: date


@dataclass(slots=True)
class _Item:
    """One item under examination."""

    document: Document
    known: _Known
    expressions: Expressions
    faults: list[Fault] = field(default_factory=list)

    def add(self, place: Sequence[str | int], code: str, message: str) -> None:
        self.faults.append(self.document.fault(place, code, message))

    def tasks(self) -> Iterator[tuple[Place, Mapping[str, Any], Mapping[str, Any]]]:
        """The place of every task, with its matter and itself."""
        for number, matter in enumerate(self.document.value["matters"]):
            for index, task in enumerate(matter["tasks"]):
                yield ("matters", number, "tasks", index), matter, task


def lint_catalogue(files: Mapping[str, str], *, on: date) -> list[Fault]:
    """Everything that is wrong with a catalogue, in the order of files and lines.

    Args:
        files: Text by path inside the catalogue: `item.schema.json`, `items/*.yaml`,
            `places/*.yaml`, `parameters/*.yaml`, `calendar/*.yaml`.
        on: The day from which deadlines must be countable.
    """
    found = CatalogueFiles.of(files)
    faults = [*found.faults, *_place_faults(found)]
    calendar, calendar_faults = _calendar(found)
    faults += calendar_faults
    known = _known(found, calendar, on)
    schema = _schema(files)
    if schema is None:
        return [*faults, Fault(ITEM_SCHEMA, 1, "unreadable", "缺少事项格式定义，或不是有效的 JSON")]
    expressions = Expressions()
    for document in found.items:
        faults += _item_faults(document, schema, known, expressions)
    faults += _repeated(
        ((document, ("code",), document.value.get("code")) for document in found.items),
        "事项编码",
    )
    return sorted(set(faults))


def _schema(files: Mapping[str, str]) -> Mapping[str, Any] | None:
    try:
        schema: Mapping[str, Any] = json.loads(files[ITEM_SCHEMA])
    except (KeyError, ValueError):
        return None
    return schema


# --- places, parameters, calendar ---------------------------------------------------------


def _place_faults(found: CatalogueFiles) -> Iterator[Fault]:
    for noun, key, what in (
        ("divisions", "code", "行政区划"),
        ("offices", "key", "机构"),
        ("officers", "key", "经办人"),
        ("partners", "system", "协同部门系统"),
        ("services", "service", "内部服务"),
    ):
        rows = (
            (document, (noun, index, key), entry.get(key))
            for document, index, entry in found.listed(noun)
        )
        yield from _repeated(rows, what)
    divisions = {entry.get("code") for _, _, entry in found.listed("divisions")}
    offices = {entry.get("key") for _, _, entry in found.listed("offices")}
    for document, index, office in found.listed("offices"):
        if office.get("division") not in divisions:
            place = ("offices", index, "division")
            yield document.fault(place, "unknown-division", f"没有区划 {office.get('division')}")
    for document, index, officer in found.listed("officers"):
        for name in set(officer.get("offices", ())) - offices:
            place = ("officers", index, "offices")
            yield document.fault(place, "unknown-office", f"没有机构 {name}")


def _repeated(rows: Iterable[tuple[Document, Place, object]], what: str) -> Iterator[Fault]:
    seen: set[object] = set()
    for document, place, key in rows:
        if key in seen:
            yield document.fault(place, "duplicate-key", f"{what} {key} 出现两次")
        seen.add(key)


def _calendar(found: CatalogueFiles) -> tuple[WorkingCalendar | None, list[Fault]]:
    if not found.calendar:
        return None, []
    try:
        return calendar_from_notices([each.value for each in found.calendar]), []
    except (ValueError, KeyError, TypeError) as problem:
        message = f"工作日历无法使用：{problem}"
        return None, [found.calendar[0].fault((), "missing-calendar", message)]


def _known(found: CatalogueFiles, calendar: WorkingCalendar | None, on: date) -> _Known:
    services = [entry for _, _, entry in found.listed("services")]
    return _Known(
        offices=frozenset(
            (str(function), str(office.get("level")))
            for _, _, office in found.listed("offices")
            for function in office.get("functions", ())
        ),
        partners={
            str(entry.get("system")): frozenset(entry["checks"]) if "checks" in entry else None
            for _, _, entry in found.listed("partners")
        },
        checks={str(each.get("service")): frozenset(each.get("checks", ())) for each in services},
        effects={str(each.get("service")): frozenset(each.get("effects", ())) for each in services},
        params=frozenset(
            str(name)
            for document in found.parameters
            for _, table in document.entries("parameters")
            for name in table.get("values", {})
        ),
        calendar=calendar,
        on=on,
    )


# --- one item -----------------------------------------------------------------------------


def _item_faults(
    document: Document, schema: Mapping[str, Any], known: _Known, expressions: Expressions
) -> list[Fault]:
    """The faults of an item: its shape first, for the rest rests on it."""
    item = _Item(document, known, expressions)
    for error in Draft202012Validator(schema).iter_errors(document.value):
        _add_schema_fault(item, error)
    if item.faults:
        return item.faults
    if document.file != f"items/{document.value['code']}.yaml":
        item.add(("code",), "wrong-file", f"文件名与事项编码 {document.value['code']} 不一致")
    _check_words(item, document.value["form"], ("form",), is_field=True)
    _check_repeated(item)
    _check_handlers(item)
    _check_limits(item, document.value, ())
    _check_paths(item)
    _check_conditions(item)
    _check_needs(item)
    if not item.faults:
        _check_whole(item)
    return item.faults


def _add_schema_fault(item: _Item, error: ValidationError) -> None:
    place = tuple(error.absolute_path)
    wanted: Any = error.validator_value
    if error.validator == "required" and set(wanted) == _LANGUAGES:
        given: Any = error.instance
        absent = "、".join(sorted(_LANGUAGES - set(given)))
        item.add(place, "missing-translation", f"缺少译文：{absent}")
    else:
        item.add(place, "schema", f"不符合事项格式：{error.message}")


def _check_words(item: _Item, schema: object, place: Place, *, is_field: bool = False) -> None:
    """Every field that people see has its name in both languages, and so has every message."""
    if not isinstance(schema, Mapping):
        return
    if is_field and not _is_named(item.document.value["form"], schema):
        item.add(place, "missing-translation", "字段缺少 title（中文）或 x-en（英文）")
    for keyword, words in schema.get("x-messages", {}).items():
        if not isinstance(words, Mapping) or set(words) < _LANGUAGES:
            item.add((*place, "x-messages", keyword), "missing-translation", "提示缺少译文")
    for name, inner in schema.get("properties", {}).items():
        # Inside `if` and `then` a field is only narrowed, and was named where it is described.
        narrows = any(part in {"if", "then", "else", "contains"} for part in place)
        _check_words(item, inner, (*place, "properties", name), is_field=not narrows)
    _check_words(item, schema.get("items"), (*place, "items"), is_field=False)
    for name, inner in schema.get("$defs", {}).items():
        _check_words(item, inner, (*place, "$defs", name))


def _is_named(form: Mapping[str, object], schema: Mapping[str, object]) -> bool:
    """Whether a field has both names, its own or those of what it refers to."""
    resolved = schema_at({"properties": {"field": schema}, **_definitions(form)}, ["field"])
    return resolved is not None and {"title", "x-en"} <= set(resolved)


def _definitions(form: Mapping[str, object]) -> dict[str, object]:
    return {"$defs": form["$defs"]} if "$defs" in form else {}


def _check_repeated(item: _Item) -> None:
    document, value = item.document, item.document.value
    lists: list[tuple[Place, Sequence[Mapping[str, Any]], str]] = [
        (("matters",), value["matters"], "分项"),
        (("materials",), value.get("materials", ()), "材料"),
    ]
    lists += [
        (("matters", number, "tasks"), matter["tasks"], "任务")
        for number, matter in enumerate(value["matters"])
    ]
    for place, entries, what in lists:
        rows = [(document, (*place, n, "key"), each["key"]) for n, each in enumerate(entries)]
        item.faults += _repeated(rows, what)


def _check_handlers(item: _Item) -> None:
    """Who is named must exist: offices, partners, services, and what they answer."""
    value, known = item.document.value, item.known
    if "acceptance_office" in value:
        _check_office(item, value["acceptance_office"], ("acceptance_office",))
    for place, _, task in item.tasks():
        kind, _, system = task["handler"].partition(":")
        if kind == "officer":
            _check_office(item, task["office"], (*place, "office"))
        elif kind == "partner" and system not in known.partners:
            item.add((*place, "handler"), "unknown-partner", f"没有协同部门系统 {system}")
        elif kind == "service" and system not in known.checks:
            item.add((*place, "handler"), "unknown-service", f"没有内部服务 {system}")
        else:
            answers = known.partners[system] if kind == "partner" else known.checks[system]
            if answers is not None and task["check"] not in answers:
                message = f"{system} 不回答 {task['check']}"
                item.add((*place, "check"), "unknown-check", message)
    for number, matter in enumerate(value["matters"]):
        effect = matter.get("effect")
        if effect and effect["name"] not in known.effects.get(effect["service"], ()):
            message = f"{effect['service']} 不能办成 {effect['name']}"
            item.add(("matters", number, "effect"), "unknown-effect", message)


def _check_office(item: _Item, query: Mapping[str, str], place: Place) -> None:
    if (query["function"], query["level"]) not in item.known.offices:
        message = f"没有机构在 {query['level']} 一级承担 {query['function']}"
        item.add(place, "missing-office", message)


def _check_limits(item: _Item, value: object, place: Place) -> None:
    """Limits in working days need a published calendar to be counted on."""
    if isinstance(value, Mapping):
        if value.get("unit") in _COUNTED and "length" in value:
            calendar = item.known.calendar
            if calendar is None:
                item.add(place, "missing-calendar", "期限按工作日计算，但目录中没有可用的工作日历")
            elif not calendar.is_published(item.known.on):
                message = f"期限按工作日计算，但工作日历不含 {item.known.on.year} 年"
                item.add(place, "missing-calendar", message)
        for key, inner in value.items():
            if key != "form":
                _check_limits(item, inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check_limits(item, inner, (*place, index))


# --- fields and conditions ----------------------------------------------------------------


def _check_paths(item: _Item) -> None:
    form = item.document.value["form"]
    for place, path in _paths(item):
        if schema_at(form, path.split(".")) is None:
            item.add(place, "unknown-field", f"表单没有字段 {path}")


def _paths(item: _Item) -> Iterator[tuple[Place, str]]:
    value = item.document.value
    for key, path in value["applicant"].items():
        yield ("applicant", key), path
    yield ("division",), value["division"]
    if value.get("subject"):
        yield ("subject",), value["subject"]
    lists: list[tuple[Place, Mapping[str, Any], str]] = [((), value, "summary")]
    lists += [(("matters", n), each, "discloses") for n, each in enumerate(value["matters"])]
    lists += [(place, task, "discloses") for place, _, task in item.tasks()]
    for place, holder, key in lists:
        for index, path in enumerate(holder.get(key, ())):
            yield (*place, key, index), path


def _conditions(item: _Item) -> Iterator[tuple[Place, str]]:
    value = item.document.value
    holders: list[tuple[Place, Mapping[str, Any]]] = [
        (("materials", n), each) for n, each in enumerate(value.get("materials", ()))
    ]
    holders += [(("matters", n), each) for n, each in enumerate(value["matters"])]
    holders += [(place, task) for place, _, task in item.tasks()]
    for place, holder in holders:
        if "when" in holder:
            yield (*place, "when"), holder["when"]


def _check_conditions(item: _Item) -> None:
    for place, source in _conditions(item):
        try:
            condition = item.expressions.get(source)
        except ExpressionUnusable as problem:
            item.add(place, "bad-expression", f"条件无法使用：{problem.facts['reason']}")
            continue
        _check_condition(item, place, condition)


def _check_condition(item: _Item, place: Place, condition: Condition) -> None:
    form = item.document.value["form"]
    for path in condition.paths:
        root, _, inner = path.partition(".")
        if root == "facts":
            item.add(place, "bad-expression", "计划在答复之前作出，条件不能依据 facts")
        elif root == "form" and schema_at(form, inner.split(".")) is None:
            item.add(place, "unknown-field", f"条件中的字段 {path} 不在表单中")
        elif root == "params" and inner not in item.known.params:
            item.add(place, "unknown-parameter", f"没有地方参数 {inner}")
    if not condition.paths and _is_never(item, condition):
        item.add(place, "unreachable", "条件恒为假，永远不会适用")


def _is_never(item: _Item, condition: Condition) -> bool:
    try:
        scope = Scope.of(form={}, params={})
        return evaluate(condition.source, scope, expressions=item.expressions).value is False
    except ExpressionUnusable:
        return False


# --- what waits for what ------------------------------------------------------------------


def _check_needs(item: _Item) -> None:
    places: dict[str, Place] = {}
    needs: dict[str, set[str]] = {}
    for place, matter, task in item.tasks():
        name = f"{matter['key']}.{task['key']}"
        places[name] = place
        needs[name] = {_full_name(need, matter["key"]) for need in task.get("needs", ())}
    for name, needed in needs.items():
        for missing in sorted(needed - needs.keys()):
            item.add((*places[name], "needs"), "unknown-task", f"等待的任务 {missing} 不存在")
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as circle:
        names = circle.args[1]
        place = places.get(names[0], ("matters",))
        item.add((*place, "needs"), "cycle", "任务互相等待：" + " → ".join(names))


def _full_name(need: str, matter: str) -> str:
    name = need.partition(":")[0]
    return name if "." in name else f"{matter}.{name}"


def _check_whole(item: _Item) -> None:
    """What only the whole item shows: joins that cannot be met, tasks that are never opened."""
    value = item.document.value
    try:
        parsed = parse_item(value)
        check_item(parsed, expressions=item.expressions)
    except ItemMalformed as problem:
        code = "join-never-met" if ".join." in str(problem.facts["path"]) else "malformed"
        item.add(_place_of(str(problem.facts["path"])), code, f"{problem}")
        return
    for number, matter in enumerate(parsed.matters):
        reason = _never_met(matter)
        if reason:
            place = ("matters", number, "join" if "join" in value["matters"][number] else "tasks")
            item.add(place, "join-never-met", reason)
    _check_reach(item, parsed)


def _place_of(path: str) -> Place:
    """`matters[0].tasks[2].handler` as a place."""
    parts = path.replace("[", ".").replace("]", "").split(".")
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _never_met(matter: MatterSpec) -> str:
    """Why nobody could ever win this matter; empty if somebody can."""
    tasks = {task.key: task for task in matter.tasks}
    join: Join = matter.join
    voters = [tasks[key] for key in join.voters or tasks]
    able = [task.key for task in voters if _can_approve(task)]
    unable = [task.key for task in voters if not _can_approve(task) and _answers(task)]
    if join.rule is JoinRule.LEAD:
        blocked = [key for key in join.lead if not _can_approve(tasks[key])]
        return f"决定任务 {'、'.join(blocked)} 没有同意的结论" if blocked else ""
    if join.rule in {JoinRule.ALL, JoinRule.REQUIRED} and unable:
        return f"须全部同意，但任务 {'、'.join(unable)} 没有同意的结论"
    wanted = join.count or 1
    if len(able) < wanted:
        return f"须有 {wanted} 个同意，但只有 {len(able)} 个任务能够同意"
    return ""


def _can_approve(task: TaskSpec) -> bool:
    return bool(_POSITIVE & set(task.verdicts))


def _answers(task: TaskSpec) -> bool:
    """Whether it takes part in the count at all: who can only be absent is not counted."""
    return Verdict.REFUSE in task.verdicts or Verdict.NEEDS_CORRECTION in task.verdicts


def _check_reach(item: _Item, parsed: ServiceItem) -> None:
    """Tasks that no case ever opens."""
    tasks = {
        TaskRef(matter.key, task.key): task for matter in parsed.matters for task in matter.tasks
    }
    places = {TaskRef(matter["key"], task["key"]): place for place, matter, task in item.tasks()}
    lost: dict[TaskRef, str] = {}
    for ref, task in tasks.items():
        for need in task.needs:
            if need.kind is NeedKind.APPROVED and not _can_approve(tasks[need.task]):
                lost[ref] = f"等待 {need.task} 同意，但它没有同意的结论"
    for matter in parsed.matters:
        for ref in _after_decision(matter, tasks):
            lost.setdefault(ref, "在决定任务之后才开启，而决定一作出分项即告终结")
    while more := {
        ref: f"等待 {need.task} 同意，但它永远不会开启"
        for ref, task in tasks.items()
        if ref not in lost
        for need in task.needs
        if need.kind is NeedKind.APPROVED and need.task in lost
    }:
        lost |= more
    for ref, reason in lost.items():
        item.add(places[ref], "unreachable", f"任务 {ref} 永远不会开启：{reason}")


def _after_decision(matter: MatterSpec, tasks: Mapping[TaskRef, TaskSpec]) -> Iterator[TaskRef]:
    """Tasks of a led matter that wait for its only lead, and that no other matter waits for."""
    if matter.join.rule is not JoinRule.LEAD or len(matter.join.lead) != 1:
        return
    lead = TaskRef(matter.key, matter.join.lead[0])
    awaited = {
        need.task for ref, task in tasks.items() if ref.matter != matter.key for need in task.needs
    }
    for task in matter.tasks:
        ref = TaskRef(matter.key, task.key)
        if ref not in awaited and _waits_for(ref, lead, tasks):
            yield ref


def _waits_for(ref: TaskRef, lead: TaskRef, tasks: Mapping[TaskRef, TaskSpec]) -> bool:
    return any(need.task == lead or _waits_for(need.task, lead, tasks) for need in tasks[ref].needs)

"""What one version of an item changes against another, told as a notice (公告) tells it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from services.intake.model import (
    Acceptance,
    Handler,
    HandlerKind,
    Limit,
    MaterialRule,
    MaterialSpec,
    MatterSpec,
    ServiceItem,
    TaskSpec,
    Text,
)
from services.intake.model.notice import ItemChange
from shared.calendar import Unit

_UNITS = {
    Unit.WORKING_DAY: ("个工作日", "working days"),
    Unit.HOUR: ("小时", "hours"),
    Unit.MONTH: ("个月", "months"),
}
_OTHER_UNIT = ("日", "days")
_RULES = {
    MaterialRule.KEY: ("必须提交", "must be handed in"),
    MaterialRule.DEFERRABLE: ("可以容缺后补", "may be handed in later"),
    MaterialRule.SHARED: ("由部门共享，无需提交", "is shared between departments, not handed in"),
    MaterialRule.COMMITMENT: ("可以告知承诺代替", "may be replaced by a commitment"),
}
_ACCEPTANCE = {
    Acceptance.AUTOMATIC: ("提交即受理", "accepted on receipt"),
    Acceptance.OFFICER: ("由工作人员审核后受理", "accepted by an officer"),
}
_PARAMETER = re.compile(r"\bparams\.(\w+)")


def changes_between(before: ServiceItem, after: ServiceItem) -> tuple[ItemChange, ...]:
    """Everything that changes for applicants and departments, in the order of a notice.

    Source:
        行政许可法 art. 30 (items, conditions, limits and papers are public); house rule: a
        version that changes nothing for anybody gives an empty notice.
    """
    return (
        *_item(before, after),
        *_materials(before, after),
        *_fields(before.form, after.form, ""),
        *_matters(before, after),
        *_parameters(before, after),
    )


def _change(about: str, place: str, zh: str, en: str) -> ItemChange:
    return ItemChange(about=about, place=place, words=Text(zh=zh, en=en))


def _item(before: ServiceItem, after: ServiceItem) -> Iterator[ItemChange]:
    if before.title != after.title:
        zh = f"事项名称由“{before.title.zh}”改为“{after.title.zh}”"
        yield _change("title", "", zh, f"The item is now called “{after.title.en}”")
    for basis in (each for each in after.legal_basis if each not in before.legal_basis):
        yield _change("basis", "", f"新增依据：{basis}", f"New legal basis: {basis}")
    for basis in (each for each in before.legal_basis if each not in after.legal_basis):
        yield _change("basis", "", f"不再依据：{basis}", f"No longer based on: {basis}")
    for name, zh, en in (
        ("statutory", "法定办结时限", "The statutory limit"),
        ("promised", "承诺办结时限", "The promised limit"),
    ):
        then, now = _limit(getattr(before, name)), _limit(getattr(after, name))
        if then != now:
            words = f"{zh}由{then.zh}改为{now.zh}"
            yield _change("limits", name, words, f"{en} changes from {then.en} to {now.en}")
    if before.acceptance is not after.acceptance:
        words_zh, words_en = _ACCEPTANCE[after.acceptance]
        yield _change(
            "acceptance", "", f"受理方式改为：{words_zh}", f"Applications are now {words_en}"
        )


def _materials(before: ServiceItem, after: ServiceItem) -> Iterator[ItemChange]:
    old: Mapping[str, MaterialSpec] = {each.key: each for each in before.materials}
    new: Mapping[str, MaterialSpec] = {each.key: each for each in after.materials}
    for key in (each for each in new if each not in old):
        zh, en = _RULES[new[key].rule]
        words = f"新增材料“{new[key].title.zh}”（{zh}）"
        yield _change("materials", key, words, f"New material “{new[key].title.en}”: it {en}")
    for key in (each for each in old if each not in new):
        title = old[key].title
        yield _change(
            "materials",
            key,
            f"不再需要材料“{title.zh}”",
            f"Material “{title.en}” is no longer asked for",
        )
    for key in (each for each in new if each in old):
        yield from _material(old[key], new[key])


def _material(before: MaterialSpec, after: MaterialSpec) -> Iterator[ItemChange]:
    title = after.title
    if before.rule is not after.rule:
        zh, en = _RULES[after.rule]
        yield _change(
            "materials", after.key, f"材料“{title.zh}”改为{zh}", f"Material “{title.en}” now {en}"
        )
    if before.limit != after.limit:
        now = _limit(after.limit)
        yield _change(
            "materials",
            after.key,
            f"材料“{title.zh}”的补交期限改为{now.zh}",
            f"Material “{title.en}” may be late by {now.en}",
        )
    if before.when != after.when:
        yield _condition(after.key, f"材料“{title.zh}”", f"Material “{title.en}”", after.when)


def _fields(before: object, after: object, place: str) -> Iterator[ItemChange]:
    """Fields that people fill in: new ones, gone ones, and what must be filled in now."""
    old, new = _properties(before), _properties(after)
    for name in dict.fromkeys([*old, *new]):
        at = f"{place}/{name}"
        title_zh, title_en = _field_title(new.get(name, old.get(name)), name)
        if name not in old:
            yield _change(
                "form", at, f"表单新增“{title_zh}”", f"The form asks for “{title_en}” in addition"
            )
        elif name not in new:
            yield _change(
                "form", at, f"表单不再填写“{title_zh}”", f"The form no longer asks for “{title_en}”"
            )
        else:
            yield from _field(old[name], new[name], at, (title_zh, title_en))
    for name in sorted(_required(after) - _required(before)):
        if name in old and name in new:
            zh, en = _field_title(new[name], name)
            yield _change("form", f"{place}/{name}", f"“{zh}”改为必填", f"“{en}” must be filled in")
    for name in sorted(_required(before) - _required(after)):
        if name in old and name in new:
            zh, en = _field_title(new[name], name)
            yield _change("form", f"{place}/{name}", f"“{zh}”改为选填", f"“{en}” may be left out")


def _field(before: object, after: object, at: str, title: tuple[str, str]) -> Iterator[ItemChange]:
    if _properties(before) or _properties(after):
        yield from _fields(before, after, at)
    elif before != after:
        zh, en = title
        yield _change("form", at, f"“{zh}”的填写要求有变化", f"What “{en}” may say has changed")


def _properties(schema: object) -> Mapping[str, object]:
    found = schema.get("properties") if isinstance(schema, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _required(schema: object) -> set[str]:
    found = schema.get("required") if isinstance(schema, Mapping) else None
    return {str(name) for name in found} if isinstance(found, list) else set()


def _field_title(schema: object, name: str) -> tuple[str, str]:
    if not isinstance(schema, Mapping):
        return name, name
    return str(schema.get("title", name)), str(schema.get("x-en", name))


def _matters(before: ServiceItem, after: ServiceItem) -> Iterator[ItemChange]:
    old = {matter.key: matter for matter in before.matters}
    new = {matter.key: matter for matter in after.matters}
    for key in (each for each in new if each not in old):
        title = new[key].title
        yield _change(
            "matters", key, f"新增办理内容“{title.zh}”", f"“{title.en}” is now part of the item"
        )
    for key in (each for each in old if each not in new):
        title = old[key].title
        yield _change(
            "matters", key, f"不再办理“{title.zh}”", f"“{title.en}” is no longer part of the item"
        )
    for key in new:
        if key in old:
            yield from _matter(old[key], new[key])


def _matter(before: MatterSpec, after: MatterSpec) -> Iterator[ItemChange]:
    title = after.title
    if before.join != after.join:
        yield _change(
            "matters",
            after.key,
            f"“{title.zh}”的会签规则由 {before.join.rule} 改为 {after.join.rule}",
            f"“{title.en}” is decided by another rule: {before.join.rule}, now {after.join.rule}",
        )
    if before.when != after.when:
        yield _condition(after.key, f"“{title.zh}”", f"“{title.en}”", after.when)
    old = {task.key: task for task in before.tasks}
    new = {task.key: task for task in after.tasks}
    for key in (each for each in new if each not in old):
        zh, en = _who(new[key])
        yield _change(
            "departments",
            f"{after.key}.{key}",
            f"新增由{zh}办理“{new[key].title.zh}”",
            f"{en} is asked in addition: “{new[key].title.en}”",
        )
    for key in (each for each in old if each not in new):
        zh, en = _who(old[key])
        yield _change(
            "departments",
            f"{after.key}.{key}",
            f"不再由{zh}办理“{old[key].title.zh}”",
            f"{en} is no longer asked: “{old[key].title.en}”",
        )
    for key in new:
        if key in old:
            yield from _task(f"{after.key}.{key}", old[key], new[key])


def _task(place: str, before: TaskSpec, after: TaskSpec) -> Iterator[ItemChange]:
    title = after.title
    zh, en = f"“{title.zh}”", f"“{title.en}”"
    if (before.handler, before.office) != (after.handler, after.office):
        who_zh, who_en = _who(after)
        yield _change("departments", place, f"{zh}改由{who_zh}办理", f"{en} is now with {who_en}")
    if before.limit != after.limit:
        then, now = _limit(before.limit), _limit(after.limit)
        words = f"{zh}的时限由{then.zh}改为{now.zh}"
        yield _change("limits", place, words, f"The limit of {en}: {then.en}, now {now.en}")
    if before.when != after.when:
        yield _condition(place, zh, en, after.when)
    told: Sequence[tuple[str, Callable[[TaskSpec], object], str, str]] = (
        (
            "departments",
            lambda task: task.needs,
            "的办理顺序有变化",
            " waits for others than before",
        ),
        (
            "departments",
            lambda task: task.verdicts,
            "可作的结论有变化",
            " may be answered otherwise",
        ),
        ("departments", lambda task: task.discloses, "可见的内容有变化", " is shown other fields"),
    )
    for about, part, words_zh, words_en in told:
        if part(before) != part(after):
            yield _change(about, place, f"{zh}{words_zh}", f"{en}{words_en}")


def _parameters(before: ServiceItem, after: ServiceItem) -> Iterator[ItemChange]:
    old, new = _named_parameters(before), _named_parameters(after)
    for name in sorted(new - old):
        yield _change(
            "parameters", name, f"开始适用地方标准 {name}", f"Local number {name} applies"
        )
    for name in sorted(old - new):
        words = f"Local number {name} no longer applies"
        yield _change("parameters", name, f"不再适用地方标准 {name}", words)


def _named_parameters(item: ServiceItem) -> set[str]:
    conditions = [
        *(material.when for material in item.materials),
        *(matter.when for matter in item.matters),
        *(task.when for matter in item.matters for task in matter.tasks),
    ]
    return {name for each in conditions if each for name in _PARAMETER.findall(each)}


def _condition(place: str, zh: str, en: str, when: str | None) -> ItemChange:
    if when is None:
        return _change("conditions", place, f"{zh}现在一律适用", f"{en} now always applies")
    return _change("conditions", place, f"{zh}适用条件改为：{when}", f"{en} now applies if: {when}")


def _limit(limit: Limit | None) -> Text:
    if limit is None:
        return Text(zh="不设时限", en="no limit")
    zh, en = _UNITS.get(limit.unit, _OTHER_UNIT)
    return Text(zh=f"{limit.length}{zh}", en=f"{limit.length} {en}")


def _who(task: TaskSpec) -> tuple[str, str]:
    handler: Handler = task.handler
    if handler.kind is HandlerKind.OFFICER and task.office is not None:
        office = f"{task.office.level} {task.office.function}"
        return f"经办机关（{office}）", f"The office for {office}"
    system = handler.system or str(handler)
    return f"协同系统 {system}", f"The system {system}"

"""Everything that stands in the way of an application, told at once instead of one by one.

What each check says is the rule's own that would refuse the application; here they are all
asked, and what the mistakes of the form make unanswerable is left for the next look.
"""

import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from services.intake.errors import (
    ExpressionUnusable,
    MaterialMissing,
    MaterialTwice,
    MaterialUnknown,
    NothingToAsk,
    OfficeNotFound,
)
from services.intake.model import (
    Acceptance,
    FieldProblem,
    MaterialRule,
    MaterialSpec,
    Office,
    OfficeQuery,
    ServiceItem,
    Text,
)
from services.intake.model.readiness import Lack, LackKind, Place, Readiness
from services.intake.rules.acceptance import acceptance_query
from services.intake.rules.expressions import Expressions, Scope, holds
from services.intake.rules.form import MOST_PROBLEMS, validate_form
from services.intake.rules.office import competent_office
from services.intake.rules.paths import text_at
from services.intake.rules.plan import expand_plan
from shared.errors import CivilError


def readiness(
    item: ServiceItem,
    *,
    form: Mapping[str, Any],
    provided: Sequence[str],
    place: Place,
    expressions: Expressions,
    today: date,
) -> Readiness:
    """Everything wrong with form, materials and place, and what may be brought later.

    Args:
        item: The newest version of the item.
        form: The form as it came, plain JSON values.
        provided: Keys of the materials handed in, as often as each was.
        place: The offices there are, and the local numbers in force.
        expressions: The caller's compiled conditions.
        today: The legal date in Asia/Shanghai.

    Source:
        行政许可法 art. 32(1)(3) (what can be put right on the spot is put right there) and (4)
        (told once, everything).
    """
    mistakes = validate_form(item, form, today=today)
    sound = sound_part(form, mistakes)
    scope = Scope.of(form=sound, params=place.params)
    asked = [(each, _is_asked(each, scope, expressions)) for each in item.materials]
    missing = [each for each, is_asked in asked if is_asked and each.key not in provided]
    return Readiness(
        lacks=(
            *(_mistake(each) for each in mistakes),
            *_material_lacks(item, missing, provided),
            *_place_lacks(item, sound, place, expressions, is_whole=not mistakes),
        ),
        deferrable=tuple(each.key for each in missing if each.rule is MaterialRule.DEFERRABLE),
        undecided=tuple(each.key for each, is_asked in asked if is_asked is None),
    )


def sound_part(form: Mapping[str, Any], mistakes: Collection[FieldProblem]) -> Mapping[str, Any]:
    """The form without the fields that have mistakes: conditions are asked of nothing else.

    Source:
        House rule: a condition never sees a value its form would have refused.
    """
    if len(mistakes) >= MOST_PROBLEMS:
        return {}
    sound: dict[str, Any] = copy.deepcopy(dict(form))
    for mistake in mistakes:
        if mistake.code != "unknown-field":
            _drop(sound, mistake.pointer)
    return sound


def _drop(form: dict[str, Any], pointer: str) -> None:
    if not pointer:
        form.clear()
        return
    *path, last = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    holder: Any = form
    for part in path:
        if isinstance(holder, dict):
            holder = holder.get(part)
        elif isinstance(holder, list):
            # One wrong entry makes the list no better than none; it is not renumbered.
            holder.clear()
            return
    if isinstance(holder, dict):
        holder.pop(last, None)
    elif isinstance(holder, list):
        holder.clear()


def _is_asked(material: MaterialSpec, scope: Scope, expressions: Expressions) -> bool | None:
    """Whether a material is needed; None while the form does not say."""
    if material.rule is MaterialRule.SHARED:
        return False
    if material.when is None:
        return True
    try:
        return bool(holds(material.when, scope, expressions=expressions).value)
    except ExpressionUnusable:
        return None


def _mistake(problem: FieldProblem) -> Lack:
    return Lack(
        kind=LackKind.FORM,
        code=problem.code,
        pointer=problem.pointer,
        message=problem.message,
    )


def _material_lacks(
    item: ServiceItem, missing: Sequence[MaterialSpec], provided: Sequence[str]
) -> Iterator[Lack]:
    for material in missing:
        if material.rule is not MaterialRule.DEFERRABLE:
            words = Text(zh=f"缺少材料：{material.title.zh}", en=f"Missing: {material.title.en}")
            yield _lack(LackKind.MATERIAL, MaterialMissing([]), words, material.key)
    known = {material.key for material in item.materials}
    for key in sorted({each for each in provided if each not in known}):
        yield _lack(LackKind.MATERIAL, MaterialUnknown([]), None, key)
    for key in sorted({each for each in provided if provided.count(each) > 1}):
        yield _lack(LackKind.MATERIAL, MaterialTwice(), None, key)


def _place_lacks(
    item: ServiceItem,
    form: Mapping[str, Any],
    place: Place,
    expressions: Expressions,
    *,
    is_whole: bool,
) -> Iterator[Lack]:
    """Offices that the place has not; while the form has mistakes, only what is sure."""
    division = text_at(form, item.division)
    if division is None:
        return
    if not place.offices:
        yield lack_of(LackKind.PLACE, OfficeNotFound(function="", level="", division=division))
        return
    if is_whole:
        try:
            expand_plan(
                item,
                form=form,
                params=place.params,
                offices=place.offices,
                division=division,
                expressions=expressions,
            )
        except OfficeNotFound:
            pass  # All of them are gathered below, not only the first.
        except NothingToAsk as refusal:
            yield lack_of(LackKind.APPLICATION, refusal)
        else:
            yield from _without_office(_accepting(item), division, place.offices)
            return
    scope = Scope.of(form=form, params=place.params)
    queries = [*_accepting(item), *_asking(item, scope, expressions)]
    yield from _without_office(queries, division, place.offices)


def _accepting(item: ServiceItem) -> list[OfficeQuery]:
    query = acceptance_query(item) if item.acceptance is Acceptance.OFFICER else None
    return [] if query is None else [query]


def _asking(item: ServiceItem, scope: Scope, expressions: Expressions) -> Iterator[OfficeQuery]:
    """The offices of every task that applies for certain."""
    for matter in item.matters:
        for task in matter.tasks:
            conditions = [when for when in (matter.when, task.when) if when is not None]
            if task.office is not None and _all_hold(conditions, scope, expressions):
                yield task.office


def _all_hold(conditions: Sequence[str], scope: Scope, expressions: Expressions) -> bool:
    try:
        return all(holds(when, scope, expressions=expressions).value for when in conditions)
    except ExpressionUnusable:
        return False


def _without_office(
    queries: Sequence[OfficeQuery], division: str, offices: Sequence[Office]
) -> Iterator[Lack]:
    for query in dict.fromkeys(queries):
        try:
            competent_office(query, division=division, offices=offices)
        except OfficeNotFound as refusal:
            words = Text(
                zh=f"{refusal.title}（{query.function}）",
                en=f"{refusal.title_en} ({query.function})",
            )
            yield _lack(LackKind.PLACE, refusal, words, None)


def lack_of(kind: LackKind, refusal: CivilError) -> Lack:
    """What stands in the way, in the words of the refusal it would become.

    Source:
        House rule: a problem has one code and one text, whoever tells it.
    """
    return _lack(kind, refusal, None, None)


def _lack(kind: LackKind, refusal: CivilError, words: Text | None, material: str | None) -> Lack:
    usual = Text(zh=refusal.title, en=refusal.title_en)
    return Lack(kind=kind, code=refusal.code, message=words or usual, material=material)

"""What may be asked to be corrected, what a correction may touch, and when a notice goes out.

Departments that find mistakes in one round are not heard one by one: the applicant gets a
single notice, with everything, once nobody who was asked can still answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from services.intake.errors import (
    CorrectionIncomplete,
    FieldNotMarked,
    MarkInvalid,
)
from services.intake.model import (
    Allowed,
    Answer,
    ApplicationState,
    Brought,
    Mark,
    ServiceItem,
    TaskId,
    TaskState,
    Verdict,
)
from services.intake.model.kept import CorrectionItem
from services.intake.rules.join import is_correcting
from services.intake.rules.paths import schema_at

_ABSENT = object()

Shown = Mapping[TaskId, Sequence[str]]
"""The form paths that each task discloses to whoever answers it."""


def check_marks(item: ServiceItem, answer: Answer) -> None:
    """Refuse marks that name nothing in the item, or that go with another verdict.

    Raises:
        MarkInvalid: With the positions of all such marks.

    Source:
        行政许可法 art. 32(4): what must be corrected is told so that it can be corrected.
    """
    asks = answer.verdict is Verdict.NEEDS_CORRECTION
    materials = {material.key for material in item.materials}
    wrong = [
        position
        for position, mark in enumerate(answer.marks)
        if not (asks and _names_one_thing(item, mark, materials))
    ]
    if wrong:
        raise MarkInvalid(wrong)


def already_visible(marks: Sequence[Mark], brought: Brought) -> tuple[int, ...]:
    """Positions of the marks about something that could be seen when the last notice was given.

    Only what the answer to that notice brought is new: a field that has another value now,
    anything inside it, and a material handed in anew.

    Source:
        行政许可法 art. 32(4) (told once, everything).
    """
    return tuple(position for position, mark in enumerate(marks) if not _lies_in(mark, brought))


def notice_is_ready(state: ApplicationState) -> bool:
    """Whether what the departments found can be told to the applicant now.

    It can when somebody asked for a correction and nobody who has been asked can still
    answer: the last answer of the round, whatever it is, sends the notice. Tasks that wait
    for others cannot answer, and matters already decided have nothing to add.

    Source:
        House rule, after 行政许可法 art. 32(4) (told once, everything) and art. 26 (one window).
    """
    undecided = [matter for matter in state.matters if matter.outcome is None]
    still_asked = any(
        task.state in {TaskState.OPEN, TaskState.CLAIMED}
        for matter in undecided
        for task in matter.tasks
    )
    return not still_asked and any(is_correcting(matter) for matter in undecided)


def merged_form(form: Mapping[str, object], patch: Mapping[str, object]) -> dict[str, object]:
    """The form with a correction in it: members replace members, `null` takes one away.

    Source:
        RFC 7396 (JSON Merge Patch); an applicant need not send what stays as it is.
    """
    merged = dict(form)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            inner = merged.get(name)
            merged[name] = merged_form(inner if isinstance(inner, Mapping) else {}, value)
        else:
            merged[name] = value
    return merged


def changed_pointers(before: object, after: object, *, at: str = "") -> tuple[str, ...]:
    """The places where two forms differ, as deep as both have them.

    Source:
        RFC 6901 (JSON Pointer); house rule: a change is named by its place.
    """
    return tuple(_changes(before, after, at))


def allowed_changes(asked: Iterable[CorrectionItem], shown: Shown, item: ServiceItem) -> Allowed:
    """What the answer to a notice may touch: what it marks.

    A department that marked nothing opens every field it was shown, and every material.

    Args:
        asked: Everything the notice asks for.
        shown: The fields each task discloses.
        item: The version of the item the application is pinned to.

    Source:
        House rule: departments that kept their verdict must not find another form under it.
    """
    pointers: set[str] = set()
    materials: set[str] = set()
    for each in asked:
        if each.pointer is not None:
            pointers.add(each.pointer)
        elif each.material is not None:
            materials.add(each.material)
        else:
            pointers.update(map(pointer_of, shown[each.task_id]))
            materials.update(material.key for material in item.materials)
    return Allowed(pointers=tuple(sorted(pointers)), materials=frozenset(materials))


def check_correction(brought: Brought, *, allowed: Allowed) -> None:
    """Refuse a correction that touches anything beside what its notice marks.

    Raises:
        FieldNotMarked: With everything that was touched beside it.

    Source:
        House rule: departments that kept their verdict must not find another form under it.
    """
    pointers = [each for each in brought.pointers if not _lies_under(allowed.pointers, each)]
    keys = sorted(set(brought.materials) - allowed.materials)
    if pointers or keys:
        raise FieldNotMarked(pointers=pointers, materials=keys)


def reaches(brought: Brought, pointers: Iterable[str]) -> bool:
    """Whether a correction brought anything to somebody who was shown these fields.

    A material counts for everybody: whoever reviews a case looks at its papers.

    Source:
        House rule: a check by a program cannot mark; it asks about all it was shown.
    """
    shown = tuple(pointers)
    return bool(brought.materials) or any(_lies_under(shown, each) for each in brought.pointers)


def require_all_corrected(asked: Iterable[CorrectionItem], shown: Shown, brought: Brought) -> None:
    """Refuse a correction that leaves something marked as it was, or somebody without an answer.

    Args:
        asked: Everything the notice asks for.
        shown: The fields each task discloses.
        brought: What the correction changes.

    Raises:
        CorrectionIncomplete: With every marked field and material that is still as it was, and
            all that was shown to a department that marked nothing and is brought nothing.

    Source:
        行政许可法 art. 32(5) (all corrections handed in as asked for).
    """
    pointers: list[str] = []
    materials: list[str] = []
    for each in asked:
        if each.material is not None:
            materials += [] if each.material in brought.materials else [each.material]
        elif each.pointer is not None:
            is_touched = any(_covers(each.pointer, changed) for changed in brought.pointers)
            pointers += [] if is_touched else [each.pointer]
        elif not reaches(brought, open_to := [pointer_of(path) for path in shown[each.task_id]]):
            pointers += open_to
    if pointers or materials:
        raise CorrectionIncomplete(
            pointers=dict.fromkeys(pointers), materials=dict.fromkeys(materials)
        )


def pointer_of(path: str) -> str:
    """The JSON pointer of a dotted path of the catalogue.

    Source:
        RFC 6901 (JSON Pointer).
    """
    return "".join(f"/{_escaped(part)}" for part in path.split("."))


def _names_one_thing(item: ServiceItem, mark: Mark, materials: set[str]) -> bool:
    if not mark.message.strip():
        return False
    if mark.material is not None:
        return mark.pointer is None and mark.material in materials
    if mark.pointer is None or not mark.pointer.startswith("/"):
        return False
    return schema_at(item.form, _parts(mark.pointer)) is not None


def _parts(pointer: str) -> list[str | int]:
    return [
        int(part) if part.isascii() and part.isdigit() else _unescaped(part)
        for part in pointer.split("/")[1:]
    ]


def _lies_in(mark: Mark, brought: Brought) -> bool:
    if mark.material is not None:
        return mark.material in brought.materials
    return _lies_under(brought.pointers, mark.pointer or "")


def _lies_under(pointers: Iterable[str], place: str) -> bool:
    return any(_covers(pointer, place) for pointer in pointers)


def _covers(pointer: str, place: str) -> bool:
    """Whether a place is the pointer's own, or lies inside it."""
    return place == pointer or place.startswith(f"{pointer}/")


def _changes(before: object, after: object, at: str) -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys([*before, *after]):
            place = f"{at}/{_escaped(str(name))}"
            yield from _changes(before.get(name, _ABSENT), after.get(name, _ABSENT), place)
    elif isinstance(before, Mapping) and after is _ABSENT:
        yield from _changes(before, {}, at)
    elif isinstance(after, Mapping) and before is _ABSENT:
        yield from _changes({}, after, at)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _changes(one, other, f"{at}/{index}")
    elif before != after or type(before) is not type(after):
        yield at


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")

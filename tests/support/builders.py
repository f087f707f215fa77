"""Intake's nouns with lawful defaults; a test states only what matters to it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.intake.model import (
    ApplicationState,
    CancelReason,
    Join,
    JoinRule,
    LocalParameters,
    MatterProgress,
    MatterStatus,
    Need,
    NeedKind,
    Office,
    OfficeId,
    Plan,
    RefusalPolicy,
    ServiceItem,
    Stage,
    TaskProgress,
    TaskRef,
    TaskState,
    Verdict,
)
from services.intake.rules.expressions import Expressions
from services.intake.rules.item import parse_item
from services.intake.rules.parameters import local_parameters
from services.intake.rules.plan import expand_plan
from services.intake.rules.progress import advance, apply_changes
from shared.identifiers import DivisionLevel
from shared.ids import derived_id
from tests.support.forms import form_of, item_definition, read_catalogue

TODAY = date(2026, 11, 22)
XIHU = "330106000000"
VILLAGE = "330106109201"


# --- where a case stands ----------------------------------------------------------------


def a_need(text: str, *, matter: str = "relief") -> Need:
    """`task`, `matter.task` or either with `:approved`, as the catalogue writes them."""
    name, colon, _ = text.partition(":")
    first, dot, second = name.partition(".")
    ref = TaskRef(first, second) if dot else TaskRef(matter, first)
    return Need(task=ref, kind=NeedKind.APPROVED if colon else NeedKind.CLOSED)


def a_task(
    key: str,
    answer: Verdict | TaskState | CancelReason = TaskState.OPEN,
    *,
    needs: Iterable[str] = (),
    matter: str = "relief",
    **changes: Any,
) -> TaskProgress:
    """A task that is open, or closed with a verdict, or cancelled for a reason."""
    task = TaskProgress(
        key=key,
        state=TaskState.OPEN,
        needs=tuple(a_need(need, matter=matter) for need in needs),
    )
    match answer:
        case Verdict():
            task = replace(task, state=TaskState.CLOSED, verdict=answer)
        case CancelReason():
            task = replace(task, state=TaskState.CANCELLED, cancel_reason=answer)
        case TaskState():
            task = replace(task, state=answer)
    return replace(task, **changes)


def a_join(rule: JoinRule = JoinRule.ALL, **changes: Any) -> Join:
    """A join with the policy a rule has when nothing is said."""
    usual = {
        JoinRule.ANY: RefusalPolicy.OUTVOTED,
        JoinRule.AT_LEAST: RefusalPolicy.OUTVOTED,
        JoinRule.LEAD: RefusalPolicy.LEAD,
    }
    join = Join(rule=rule, on_refusal=usual.get(rule, RefusalPolicy.VETO))
    return replace(join, **changes)


def a_matter(*tasks: TaskProgress, key: str = "relief", **changes: Any) -> MatterProgress:
    """A matter in review whose tasks must all approve."""
    matter = MatterProgress(
        key=key, status=MatterStatus.IN_REVIEW, join=a_join(), tasks=tasks, has_effect=False
    )
    return replace(matter, **changes)


def a_case(*matters: MatterProgress, stage: Stage = Stage.IN_REVIEW) -> ApplicationState:
    return ApplicationState(stage=stage, matters=matters)


def with_answer(
    state: ApplicationState, ref: TaskRef, verdict: Verdict, **changes: Any
) -> ApplicationState:
    """The case after one answer, before anything has followed from it."""
    return replace(
        state,
        matters=tuple(
            replace(
                matter,
                tasks=tuple(
                    replace(task, state=TaskState.CLOSED, verdict=verdict, **changes)
                    if TaskRef(matter.key, task.key) == ref
                    else task
                    for task in matter.tasks
                ),
            )
            for matter in state.matters
        ),
    )


def after(state: ApplicationState, answers: Mapping[TaskRef, Verdict]) -> ApplicationState:
    """The case after several answers, given in their order, each with all its consequences."""
    for ref, verdict in answers.items():
        if task_of(state, ref).state is TaskState.OPEN:
            state = settled(with_answer(state, ref, verdict))
    return state


def settled(state: ApplicationState) -> ApplicationState:
    """The case after everything that follows from where it stands."""
    return apply_changes(state, advance(state))


def task_of(state: ApplicationState, ref: TaskRef) -> TaskProgress:
    return next(task for task in matter_of(state, ref.matter).tasks if task.key == ref.task)


def matter_of(state: ApplicationState, key: str) -> MatterProgress:
    return next(matter for matter in state.matters if matter.key == key)


def open_tasks(state: ApplicationState) -> list[TaskRef]:
    return [
        TaskRef(matter.key, task.key)
        for matter in state.matters
        for task in matter.tasks
        if task.state is TaskState.OPEN
    ]


# --- items and plans --------------------------------------------------------------------


def a_task_definition(key: str = "review", **changes: Any) -> dict[str, Any]:
    return {
        "key": key,
        "title": {"zh": "审核", "en": "Review"},
        "handler": "partner:police",
        "check": "identity",
        "limit": {"length": 1, "unit": "working_day"},
        "discloses": ["applicant.name"],
    } | changes


def a_matter_definition(
    key: str = "registration", *tasks: Mapping[str, Any], **changes: Any
) -> dict[str, Any]:
    return {
        "key": key,
        "title": {"zh": "登记", "en": "Registration"},
        "tasks": list(tasks) or [a_task_definition()],
    } | changes


def a_definition(*matters: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A small item: one text, one amount, one place; one matter unless others are given."""
    return {
        "code": "TS101",
        "title": {"zh": "示例事项", "en": "Example item"},
        "owner": "relief",
        "category": 1,
        "kind": "benefit",
        "legal_basis": ["示例办法 第1条"],
        "applicant": {"id_no": "applicant.id_no", "name": "applicant.name"},
        "subject": None,
        "division": "place",
        "summary": ["amount_fen", "place"],
        "form": {
            "type": "object",
            "additionalProperties": False,
            "required": ["applicant", "place", "amount_fen"],
            "properties": {
                "applicant": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["name", "id_no"],
                    "properties": {"name": {"type": "string"}, "id_no": {"type": "string"}},
                },
                "place": {"type": "string", "format": "division"},
                "amount_fen": {"type": "integer", "minimum": 1},
                "choices": {"type": "array", "items": {"type": "string"}},
            },
        },
        "acceptance": "automatic",
        "matters": list(matters) or [a_matter_definition()],
    } | changes


def an_item(*matters: Mapping[str, Any], **changes: Any) -> ServiceItem:
    return parse_item(a_definition(*matters, **changes))


def a_form(**changes: Any) -> dict[str, Any]:
    """A form that fits `a_definition`."""
    applicant = {"name": "陈示例", "id_no": "330106198803120011"}
    return {"applicant": applicant, "place": VILLAGE, "amount_fen": 1000} | changes


def a_plan(item: ServiceItem | None = None, **changes: Any) -> Plan:
    """The plan of `a_form` for an item, in the seed's county."""
    asked = {
        "form": a_form(),
        "params": {},
        "offices": seed_offices(),
        "division": VILLAGE,
        "expressions": Expressions(),
    } | changes
    return expand_plan(item or an_item(), **asked)


def catalogue_item(code: str) -> ServiceItem:
    return parse_item(item_definition(code))


def catalogue_plan(code: str, form: Mapping[str, Any] | None = None, **changes: Any) -> Plan:
    """The plan of a form (the sample form, if none is given) for an item of the catalogue."""
    item = catalogue_item(code)
    form = form_of(code) if form is None else form
    place: Any = form
    for part in item.division.split("."):
        place = place[part]
    return a_plan(item, form=form, params=seed_parameters(on=TODAY), division=place, **changes)


# --- the development seed ---------------------------------------------------------------


def an_office(key: str = "office", **changes: Any) -> Office:
    office = Office(
        id=OfficeId(derived_id("office", key)),
        name="示例办公室",
        division=XIHU,
        level=DivisionLevel.COUNTY,
        functions=frozenset({"civil-affairs"}),
    )
    return replace(office, **changes)


def seed_offices() -> tuple[Office, ...]:
    return tuple(
        an_office(
            each["key"],
            name=each["name"]["zh"],
            division=each["division"],
            level=DivisionLevel(each["level"]),
            functions=frozenset(each["functions"]),
        )
        for each in read_catalogue("places/offices.yaml")["offices"]
    )


def published_parameters() -> tuple[LocalParameters, ...]:
    return tuple(
        LocalParameters(
            division=each["division"],
            effective_from=each["effective_from"],
            values=each["values"],
        )
        for each in read_catalogue("parameters/2026-xihu.yaml")["parameters"]
    )


def seed_parameters(*, on: date = TODAY) -> Mapping[str, object]:
    return local_parameters(published_parameters(), division=VILLAGE, on=on)

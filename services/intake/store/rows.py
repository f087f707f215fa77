"""From rows to cases; the same reading for every statement that returns tasks or matters."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData

from services.intake.model import (
    ApplicationId,
    CancelReason,
    MatterId,
    MatterStatus,
    OfficeId,
    Outcome,
    TaskId,
    TaskRef,
    TaskState,
    Text,
    Verdict,
)
from services.intake.model.kept import CaseMatter, CaseTask, handler_of, join_of, limit_of, need_of

TASK_NAMES = (
    "id", "application_id", "matter_id", "matter_key", "key", "title", "handler_kind",
    "handler_system", "check_name", "office_id", "office_name", "needs", "verdicts", "discloses",
    "limit_length", "limit_unit", "round", "state", "verdict", "opinion_sealed", "conditions",
    "facts", "cancel_reason", "opened_at", "due_at", "due_provisional", "due_explanation",
    "claimed_by", "claimed_at", "lease_until", "closed_at",
)  # fmt: skip
_MATTER = (
    "id", "key", "title", "join_spec", "effect_service", "effect_name", "discloses",
    "document_kind", "document_title", "status", "outcome", "grounds", "conditions", "document",
    "failure", "decided_at", "concluded_at",
)  # fmt: skip
TASK_COLUMNS = ", ".join(f"t.{name}" for name in TASK_NAMES)
MATTER_COLUMNS = ", ".join(f"m.{name}" for name in _MATTER)


def tasks_of(records: Iterable[Sequence[Any]]) -> tuple[CaseTask, ...]:
    """Tasks from an array of records of `TASK_COLUMNS`."""
    return tuple(task_of(row) for row in named(TASK_NAMES, records))


def matters_of(records: Iterable[Sequence[Any]]) -> tuple[CaseMatter, ...]:
    """Matters from an array of records of `MATTER_COLUMNS`."""
    return tuple(matter_of(row) for row in named(_MATTER, records))


def named(names: tuple[str, ...], records: Iterable[Sequence[Any]]) -> Iterable[Row[Any]]:
    """Rows with names, from an array of records without them."""
    return IteratorResult(SimpleResultMetaData(names), iter(records))


def text_of(value: Any) -> Text:  # noqa: ANN401 - JSON of the database
    """Words in both languages, as they were kept."""
    return Text(zh=value["zh"], en=value["en"])


def task_of(row: Row[Any]) -> CaseTask:
    """A task from a row with `TASK_COLUMNS`."""
    return CaseTask(
        id=TaskId(row.id),
        application_id=ApplicationId(row.application_id),
        matter_id=MatterId(row.matter_id) if row.matter_id else None,
        ref=TaskRef(row.matter_key, row.key),
        title=text_of(row.title),
        handler=handler_of(row.handler_kind, row.handler_system),
        check=row.check_name,
        office_id=OfficeId(row.office_id) if row.office_id else None,
        office_name=row.office_name,
        needs=tuple(need_of(each) for each in row.needs),
        verdicts=tuple(Verdict(each) for each in row.verdicts),
        discloses=tuple(row.discloses),
        limit=limit_of(row.limit_length, row.limit_unit),
        round=row.round,
        state=TaskState(row.state),
        verdict=Verdict(row.verdict) if row.verdict else None,
        opinion_sealed=row.opinion_sealed,
        conditions=tuple(row.conditions),
        facts=row.facts,
        cancel_reason=CancelReason(row.cancel_reason) if row.cancel_reason else None,
        opened_at=row.opened_at,
        due_at=row.due_at,
        due_provisional=row.due_provisional,
        due_explanation=row.due_explanation,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        lease_until=row.lease_until,
        closed_at=row.closed_at,
    )


def matter_of(row: Row[Any]) -> CaseMatter:
    """A matter from a row with `MATTER_COLUMNS`."""
    return CaseMatter(
        id=MatterId(row.id),
        key=row.key,
        title=text_of(row.title),
        join=join_of(row.join_spec),
        effect_service=row.effect_service,
        effect_name=row.effect_name,
        discloses=tuple(row.discloses),
        document_kind=row.document_kind,
        document_title=text_of(row.document_title) if row.document_title else None,
        status=MatterStatus(row.status),
        outcome=Outcome(row.outcome) if row.outcome else None,
        grounds=tuple(row.grounds),
        conditions=tuple(row.conditions),
        document=row.document,
        failure=row.failure,
        decided_at=row.decided_at,
        concluded_at=row.concluded_at,
    )

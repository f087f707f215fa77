"""Clocks of cases, and the cards they raise."""

from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.intake.actions.read_clocks import CaseClocks
from services.intake.model.clock import (
    CardLevel,
    CardLine,
    ClockReading,
    ExtensionBasis,
    PauseReason,
)
from services.intake.model.kept import (
    ClockEntry,
)
from services.intake.schemas.wire import TextView, Words, make_cursor
from shared.schemas import Body, Instant, SafeText, View


def _pause_reason(value: object) -> object:
    return PauseReason(value) if isinstance(value, str) else value


def _extension_basis(value: object) -> object:
    return ExtensionBasis(value) if isinstance(value, str) else value


class PauseBody(Body):
    """Letting a case's clock stand still, for a reason the law knows."""

    reason: Annotated[PauseReason, BeforeValidator(_pause_reason)]
    days: Annotated[int, Field(ge=1, le=1000)]
    """Working days it will take, as the applicant is told in writing."""
    basis: Annotated[SafeText, Field(max_length=120, pattern="第[^第]{1,12}[条章]")] | None = None
    """The provision of the item's own rule, where the reason needs one."""


class ResumeBody(Body):
    """Letting a case's clock run on after today."""


class ExtendBody(Body):
    """Giving one clock of a case more working days, once."""

    clock: Annotated[str, Field(pattern="^(statutory|promised)$")]
    days: Annotated[int, Field(ge=1, le=1000)]
    basis: Annotated[ExtensionBasis, BeforeValidator(_extension_basis)]
    reason: Annotated[Words, Field(min_length=1)]


class ClockReadingView(View):
    """What one clock shows now."""

    name: str
    due_at: Instant
    provisional: bool
    unit: str
    length: int
    used: int
    percent_used: int
    is_paused: bool
    is_overdue: bool
    extended_by: int
    source: str | None
    explanation: list[str]


class LedgerLineView(View):
    """One line of a clock's ledger."""

    clock: str
    kind: str
    at: Instant
    reason: str
    basis: str | None
    days: int | None
    note: str | None


class CaseClocksView(View):
    """Every clock of a case, its open tasks' included, and the ledger they are read from."""

    application_id: UUID
    clocks: list[ClockReadingView]
    ledger: list[LedgerLineView]


class CardView(View):
    """A warning or a card a clock has raised."""

    id: UUID
    application_id: UUID
    application_number: str
    item_code: str
    item_title: TextView
    task_id: UUID | None
    clock: str
    round: int
    level: CardLevel
    handler: str | None
    office_id: UUID | None
    division: str
    since: Instant
    raised_at: Instant
    due_at: Instant
    is_settled: bool
    cursor: str


class CardPageView(View):
    """A page of cards."""

    items: list[CardView]
    next_cursor: str | None


def clocks_view(clocks: CaseClocks) -> CaseClocksView:
    """The clocks of a case for its reader."""
    return CaseClocksView(
        application_id=clocks.application_id,
        clocks=[_reading(each) for each in (*clocks.clocks, *clocks.tasks.values())],
        ledger=[
            _ledger_line(line, note) for line, note in zip(clocks.ledger, clocks.notes, strict=True)
        ],
    )


def card_view(line: CardLine) -> CardView:
    """A card in a list."""
    card = line.card
    return CardView(
        id=card.id,
        application_id=card.application_id,
        application_number=line.number,
        item_code=line.item_code,
        item_title=TextView.model_validate(line.item_title),
        task_id=card.task_id,
        clock=card.clock,
        round=card.round,
        level=card.level,
        handler=card.handler,
        office_id=card.office_id,
        division=card.division,
        since=card.since,
        raised_at=card.raised_at,
        due_at=card.due_at,
        is_settled=line.is_settled,
        cursor=make_cursor(card.raised_at.isoformat(), str(card.id)),
    )


def _ledger_line(line: ClockEntry, note: str | None) -> LedgerLineView:
    return LedgerLineView(
        clock=line.clock,
        kind=line.kind,
        at=line.at,
        reason=line.reason,
        basis=line.basis,
        days=line.days,
        note=note,
    )


def _reading(reading: ClockReading) -> ClockReadingView:
    return ClockReadingView(
        name=reading.name,
        due_at=reading.deadline.due_at,
        provisional=reading.deadline.provisional,
        unit=str(reading.limit.unit),
        length=reading.length,
        used=reading.used,
        percent_used=reading.percent_used,
        is_paused=reading.is_paused,
        is_overdue=reading.is_overdue,
        extended_by=reading.extended_by,
        source=reading.limit.source,
        explanation=list(reading.deadline.explanation_zh),
    )

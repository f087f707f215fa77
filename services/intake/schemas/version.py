"""Versions of items: what they change, their withdrawal, and moving open cases to one."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.intake.model.move import CaseMove
from services.intake.model.notice import ItemChange
from services.intake.schemas.wire import TextView, Words
from shared.schemas import Body, Instant, View

VersionNumber = Annotated[int, Field(ge=1, le=32_000)]


class WithdrawVersionBody(Body):
    """Taking no new applications under a version."""

    reason: Annotated[Words, Field(min_length=1)]


class MoveBody(Body):
    """Letting an open case go on under another version of its item."""

    version: VersionNumber
    reason: Annotated[Words, Field(min_length=1)]


class VersionView(View):
    """One published version of an item."""

    version: int
    hash: str
    withdrawn_at: Instant | None


class VersionsView(View):
    """Every version of an item, oldest first."""

    items: list[VersionView]


class ItemChangeView(View):
    """One change of a notice."""

    about: str
    place: str
    words: TextView


class NoticeView(View):
    """What one version changes against another."""

    changes: list[ItemChangeView]


class ObstacleView(View):
    """Why a case cannot be moved."""

    code: str
    places: list[str]


class DueMoveView(View):
    """A limit of the whole case, before and after."""

    clock: str
    before: str | None
    after: str | None


class CaseMoveView(View):
    """What a move changes in one case."""

    application_id: UUID
    number: str
    from_version: int
    to_version: int
    obstacle: ObstacleView | None
    added: list[str]
    dropped: list[str]
    asked_again: list[str]
    changed: list[str]
    kept: list[str]
    settled: list[str]
    deferred: list[str]
    due: list[DueMoveView]


class CaseMovesView(View):
    """A page of moves thought through."""

    items: list[CaseMoveView]
    next_cursor: str | None


def notice_view(changes: tuple[ItemChange, ...]) -> NoticeView:
    """A notice for its reader."""
    return NoticeView(
        changes=[
            ItemChangeView(
                about=each.about, place=each.place, words=TextView.model_validate(each.words)
            )
            for each in changes
        ]
    )


def move_view(move: CaseMove) -> CaseMoveView:
    """A move for whoever decides on it."""
    obstacle = move.obstacle
    return CaseMoveView(
        application_id=move.application_id,
        number=move.number,
        from_version=move.from_version,
        to_version=move.to_version,
        obstacle=ObstacleView(code=obstacle.code, places=list(obstacle.places))
        if obstacle
        else None,
        added=[str(ref) for ref in move.added],
        dropped=[str(ref) for ref in move.dropped],
        asked_again=[str(ref) for ref in move.asked_again],
        changed=[str(ref) for ref in move.changed],
        kept=[str(ref) for ref in move.kept],
        settled=list(move.settled),
        deferred=list(move.deferred),
        due=[
            DueMoveView(
                clock=each.clock,
                before=each.before.isoformat() if each.before else None,
                after=each.after.isoformat() if each.after else None,
            )
            for each in move.due
        ],
    )

"""Complaints, work orders and rectifications: the loop, its steps and its cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError

from services.intake.errors.redress import RedressNotFound, WorkOrderKnown
from services.intake.model import ApplicationId, OfficeId
from services.intake.model.redress import (
    Category,
    Hand,
    RatingId,
    Redress,
    RedressCard,
    RedressId,
    RedressKind,
    RedressOutcome,
    RedressStage,
    RedressStep,
)
from shared.database import violated_constraint
from shared.store import SharedStore


@dataclass(frozen=True, slots=True, kw_only=True)
class RedressScope:
    """Which loops somebody sees: by office, by division, by who reported, or by system."""

    offices: tuple[UUID, ...] = ()
    divisions: tuple[str, str] | None = None
    reporter: str | None = None
    system: str | None = None


_COLUMNS = """
    id, kind, stage, division, office_id, category, is_urgent, is_complex, is_anonymous,
    application_id, rating_id, reporter, system, external_number, item_code, text_sealed, round,
    opened_at, round_at, entered_at, extended_days, extension_asked, contested_at, due_at, outcome,
    closed_at, version
"""
_ADD = text(f"""
    INSERT INTO redress ({_COLUMNS}, next_look_at)
    VALUES (:id, :kind, :stage, :division, :office_id, :category, :is_urgent, :is_complex,
        :is_anonymous, :application_id, :rating_id, :reporter, :system, :external_number,
        :item_code, :text_sealed, :round, :opened_at, :round_at, :entered_at, :extended_days,
        :extension_asked, :contested_at, :due_at, :outcome, :closed_at, :version, :next_look_at)
""")
_REPLACE = text("""
    UPDATE redress SET stage = :stage, office_id = :office_id, round = :round,
        round_at = :round_at, entered_at = :entered_at, extended_days = :extended_days,
        extension_asked = :extension_asked, contested_at = :contested_at, due_at = :due_at,
        outcome = :outcome, closed_at = :closed_at, version = :version,
        next_look_at = :next_look_at
    WHERE id = :id
""")
# The columns and conditions are constants of this module.
_GET = text(f"SELECT {_COLUMNS} FROM redress WHERE id = :id")
_LOCK = text(f"SELECT {_COLUMNS} FROM redress WHERE id = :id FOR UPDATE")
_LOCK_OF_RATING = text(f"SELECT {_COLUMNS} FROM redress WHERE rating_id = :id FOR UPDATE")
_LOCK_DUE = text(f"""
    SELECT {_COLUMNS} FROM redress WHERE stage <> 'closed' AND next_look_at <= :now
    ORDER BY next_look_at LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_LIST = text(f"""
    SELECT {_COLUMNS} FROM redress
    WHERE (office_id = ANY(:offices) OR reporter = :reporter OR system = :system
           OR (division BETWEEN :lowest AND :highest))
      AND (CAST(:before AS uuid) IS NULL OR id < :before)
      AND (NOT :only_open OR stage <> 'closed')
    ORDER BY id DESC LIMIT :limit
""")
_ADD_STEP = text("""
    INSERT INTO redress_step (redress_id, seq, act, stage, hand, by, at, note_sealed, facts)
    VALUES (:id, :seq, :act, :stage, :hand, :by, :at, :note, CAST(:facts AS jsonb))
""")
_STEPS = text("""
    SELECT seq, act, stage, hand, by, at, note_sealed, facts FROM redress_step
    WHERE redress_id = :id ORDER BY seq
""")
_NEXT_LOOK = text("UPDATE redress SET next_look_at = :at WHERE id = :id")
_ADD_CARD = text("""
    INSERT INTO redress_card (redress_id, stage, round, level, due_at, raised_at)
    VALUES (:id, :stage, :round, :level, :due_at, :raised_at)
    ON CONFLICT DO NOTHING RETURNING redress_id
""")
_CARDS = text("""
    SELECT redress_id, stage, round, level, due_at, raised_at FROM redress_card
    WHERE redress_id = :id ORDER BY raised_at, level
""")


class RedressStore(SharedStore):
    """Statements about loops."""

    async def add_redress(self, redress: Redress, *, next_look_at: datetime | None) -> None:
        """Open a loop.

        Raises:
            WorkOrderKnown: The hotline's number has been handed in before.
        """
        try:
            await self.connection.execute(_ADD, {**_data(redress), "next_look_at": next_look_at})
        except IntegrityError as error:
            if violated_constraint(error) == "redress_work_order_key":
                raise WorkOrderKnown from None
            raise

    async def replace_redress(self, redress: Redress, *, next_look_at: datetime | None) -> None:
        """Write where a loop stands; it is locked by whoever asks."""
        await self.connection.execute(_REPLACE, {**_data(redress), "next_look_at": next_look_at})

    async def get_redress(self, redress_id: RedressId) -> Redress:
        """A loop, without locking it.

        Raises:
            RedressNotFound: There is none with this id.
        """
        row = (await self.connection.execute(_GET, {"id": redress_id})).one_or_none()
        if row is None:
            raise RedressNotFound
        return _redress(row)

    async def lock_redress(self, redress_id: RedressId) -> Redress:
        """A loop under its row lock.

        Raises:
            RedressNotFound: There is none with this id.
        """
        row = (await self.connection.execute(_LOCK, {"id": redress_id})).one_or_none()
        if row is None:
            raise RedressNotFound
        return _redress(row)

    async def lock_redress_of_rating(self, rating_id: RatingId) -> Redress | None:
        """The loop a bad rating opened, locked, if it did."""
        row = (await self.connection.execute(_LOCK_OF_RATING, {"id": rating_id})).one_or_none()
        return None if row is None else _redress(row)

    async def lock_redress_to_look_at(self, *, now: datetime, limit: int) -> Sequence[Redress]:
        """Open loops whose next look has come; those another process looks at are skipped."""
        rows = await self.connection.execute(_LOCK_DUE, {"now": now, "limit": limit})
        return [_redress(row) for row in rows]

    async def list_redress(
        self, scope: RedressScope, *, only_open: bool, before: UUID | None, limit: int
    ) -> Sequence[Redress]:
        """A page of loops, newest first."""
        lowest, highest = scope.divisions or (None, None)
        values = {
            "offices": list(scope.offices),
            "reporter": scope.reporter,
            "system": scope.system,
            "lowest": lowest,
            "highest": highest,
            "before": before,
            "only_open": only_open,
            "limit": limit,
        }
        return [_redress(row) for row in await self.connection.execute(_LIST, values)]

    async def add_redress_step(self, redress_id: RedressId, step: RedressStep) -> None:
        """Append an act to a loop's history."""
        await self.connection.execute(
            _ADD_STEP,
            {
                "id": redress_id,
                "seq": step.seq,
                "act": step.act,
                "stage": str(step.stage),
                "hand": str(step.hand),
                "by": step.by,
                "at": step.at,
                "note": step.note_sealed,
                "facts": orjson.dumps(step.facts).decode(),
            },
        )

    async def list_redress_steps(self, redress_id: RedressId) -> Sequence[RedressStep]:
        """Every act of a loop, in order."""
        rows = await self.connection.execute(_STEPS, {"id": redress_id})
        return [
            RedressStep(
                seq=row.seq,
                act=row.act,
                stage=RedressStage(row.stage),
                hand=Hand(row.hand),
                by=row.by,
                at=row.at,
                note_sealed=row.note_sealed,
                facts=row.facts,
            )
            for row in rows
        ]

    async def look_at_redress_again(self, redress_id: RedressId, *, at: datetime | None) -> None:
        """Write when a loop is looked at next; None: not before it moves."""
        await self.connection.execute(_NEXT_LOOK, {"id": redress_id, "at": at})

    async def add_redress_card(self, card: RedressCard) -> bool:
        """Keep a card; whether it had not been raised before."""
        added = await self.connection.execute(
            _ADD_CARD,
            {
                "id": card.redress_id,
                "stage": str(card.stage),
                "round": card.round,
                "level": card.level,
                "due_at": card.due_at,
                "raised_at": card.raised_at,
            },
        )
        return added.one_or_none() is not None

    async def list_redress_cards(self, redress_id: RedressId) -> Sequence[RedressCard]:
        """The cards a loop has raised."""
        rows = await self.connection.execute(_CARDS, {"id": redress_id})
        return [
            RedressCard(
                redress_id=RedressId(row.redress_id),
                stage=RedressStage(row.stage),
                round=row.round,
                level=row.level,
                due_at=row.due_at,
                raised_at=row.raised_at,
            )
            for row in rows
        ]


def _data(redress: Redress) -> Mapping[str, object]:
    names = [name.strip() for name in _COLUMNS.split(",")]
    values = {name: getattr(redress, name) for name in names}
    return {
        name: str(value) if name in _WORDS and value is not None else value
        for name, value in values.items()
    }


_WORDS = frozenset({"kind", "stage", "category", "outcome"})


def _redress(row: Row[Any]) -> Redress:
    return Redress(
        id=RedressId(row.id),
        kind=RedressKind(row.kind),
        stage=RedressStage(row.stage),
        division=row.division,
        office_id=OfficeId(row.office_id) if row.office_id else None,
        category=Category(row.category) if row.category else None,
        is_urgent=row.is_urgent,
        is_complex=row.is_complex,
        is_anonymous=row.is_anonymous,
        application_id=ApplicationId(row.application_id) if row.application_id else None,
        rating_id=RatingId(row.rating_id) if row.rating_id else None,
        reporter=row.reporter,
        system=row.system,
        external_number=row.external_number,
        item_code=row.item_code,
        text_sealed=row.text_sealed,
        round=row.round,
        opened_at=row.opened_at,
        round_at=row.round_at,
        entered_at=row.entered_at,
        extended_days=row.extended_days,
        extension_asked=row.extension_asked,
        contested_at=row.contested_at,
        due_at=row.due_at,
        outcome=RedressOutcome(row.outcome) if row.outcome else None,
        closed_at=row.closed_at,
        version=row.version,
    )

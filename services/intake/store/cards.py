"""Clocks as those who watch them see them: what to look at, ledgers, and the cards raised."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, TextClause, text

from services.intake.model import ApplicationId, CaseRef, OfficeId, TaskId, TaskRef
from services.intake.model.clock import (
    CardLevel,
    CardLine,
    CardPage,
    LeadCandidate,
    SupervisionCard,
    Watched,
)
from services.intake.model.kept import ClockEntry, DueDate, handler_of, limit_of
from services.intake.store.rows import text_of
from shared.store import SharedStore


@dataclass(frozen=True, slots=True, kw_only=True)
class CardScope:
    """Whose cards: those of some offices, or all of a division and what lies below it."""

    offices: tuple[UUID, ...] = ()
    divisions: tuple[str, str] | None = None
    """The lowest and the highest code."""


_CASE_REF = "a.number, a.item_code, a.item_version, a.division"
_TASK = f"""
    SELECT t.id AS task_id, t.application_id, t.matter_key, t.key, t.round, t.opened_at, t.due_at,
           t.limit_length, t.limit_unit, t.handler_kind, t.handler_system, t.office_id, {_CASE_REF}
    FROM approval_task t JOIN application a ON a.id = t.application_id
    WHERE t.state IN ('open', 'claimed')
"""
_CASE = f"""
    SELECT a.id AS application_id, a.accepted_at, {_CASE_REF}
    FROM application a WHERE a.stage IN ('accepted', 'in-review')
"""
# A case that somebody is at work on is skipped, and looked at in the next round: its row is
# locked before its tasks', as everywhere. Each statement is one range of one partial index;
# its conditions are the index's own, so that the planner can prove it.
_NEW_TASKS = text(f"""
    {_TASK} AND t.watched_round < t.round AND t.opened_at <= :settled
    ORDER BY t.opened_at LIMIT :limit FOR UPDATE OF a, t SKIP LOCKED
""")
_DUE_TASKS = text(f"""
    {_TASK} AND t.next_look_at IS NOT NULL AND t.watched_round >= t.round AND t.next_look_at <= :now
    ORDER BY t.next_look_at LIMIT :limit FOR UPDATE OF a, t SKIP LOCKED
""")
_NEW_CASES = text(f"""
    {_CASE} AND NOT a.watched AND a.accepted_at <= :settled
    ORDER BY a.accepted_at LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_DUE_CASES = text(f"""
    {_CASE} AND a.next_look_at IS NOT NULL AND a.watched AND a.next_look_at <= :now
    ORDER BY a.next_look_at LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_LOOKED_AT_TASKS = text("""
    UPDATE approval_task SET watched_round = w.round, next_look_at = w.at
    FROM unnest(CAST(:ids AS uuid[]), CAST(:rounds AS smallint[]), CAST(:ats AS timestamptz[]))
         AS w(id, round, at)
    WHERE approval_task.id = w.id
""")
_LOOKED_AT_CASES = text("""
    UPDATE application SET watched = true, next_look_at = w.at
    FROM unnest(CAST(:ids AS uuid[]), CAST(:ats AS timestamptz[])) AS w(id, at)
    WHERE application.id = w.id
""")
_LOOK_AGAIN_AT_TASKS = text("""
    UPDATE approval_task SET watched_round = 0
    WHERE application_id = :id AND state IN ('open', 'claimed')
""")
_LOOK_AGAIN_AT_CASE = text("UPDATE application SET watched = false WHERE id = :id")
_LOOK_AGAIN_AT_ALL_CASES = text("""
    UPDATE application SET watched = false WHERE watched AND stage IN ('accepted', 'in-review')
""")
_LOOK_AGAIN_AT_ALL_TASKS = text("""
    UPDATE approval_task SET watched_round = 0
    WHERE state IN ('open', 'claimed') AND watched_round > 0
""")
_CORRECT_DUE = text("""
    UPDATE approval_task SET due_at = CAST(d->>'due_at' AS timestamptz),
        due_provisional = CAST(d->>'provisional' AS boolean), due_explanation = d->'explanation'
    FROM jsonb_array_elements(CAST(:dates AS jsonb)) AS d
    WHERE approval_task.id = CAST(d->>'id' AS uuid)
""")
_LEDGERS = text("""
    SELECT application_id, clock, kind, at, reason, basis, days, recorded_by, note_sealed
    FROM clock_entry
    WHERE application_id = ANY(:ids) ORDER BY at, seq
""")
_ADD_LINE = text("""
    INSERT INTO clock_entry
        (application_id, clock, seq, kind, at, reason, basis, days, recorded_by, note_sealed)
    SELECT :application_id, :clock,
           COALESCE((SELECT max(seq) FROM clock_entry
                     WHERE application_id = :application_id AND clock = :clock), 0) + 1,
           :kind, :at, :reason, :basis, :days, :by, :note
""")
_LEADS = text("""
    SELECT t.application_id, t.position, t.office_id,
           jsonb_exists(m.join_spec->'lead', t.key) AS leads
    FROM approval_task t JOIN matter m ON m.id = t.matter_id
    WHERE t.application_id = ANY(:ids) AND t.handler_kind = 'officer' AND t.office_id IS NOT NULL
""")
_ADD_CARDS = text("""
    INSERT INTO supervision_card (id, application_id, task_id, clock, level, round, since,
        raised_at, due_at, office_id, handler, division)
    SELECT CAST(c->>'id' AS uuid), CAST(c->>'application_id' AS uuid),
        CAST(c->>'task_id' AS uuid), c->>'clock', c->>'level', CAST(c->>'round' AS smallint),
        CAST(c->>'since' AS timestamptz), CAST(c->>'raised_at' AS timestamptz),
        CAST(c->>'due_at' AS timestamptz), CAST(c->>'office_id' AS uuid), c->>'handler',
        c->>'division'
    FROM jsonb_array_elements(CAST(:cards AS jsonb)) AS c
    ON CONFLICT ON CONSTRAINT supervision_card_once_key DO NOTHING
    RETURNING id
""")


def _cards(scope: str) -> TextClause:
    """One statement a scope, so that each is a range of its own index."""
    return text(f"""
        SELECT c.id, c.application_id, c.task_id, c.clock, c.level, c.round, c.since, c.raised_at,
               c.due_at, c.office_id, c.handler, c.division, a.number, a.item_code, a.item_title,
               (a.stage NOT IN ('accepted', 'in-review') OR (c.task_id IS NOT NULL AND
                 (t.state NOT IN ('open', 'claimed') OR t.round > c.round))) AS is_settled
        FROM supervision_card c JOIN application a ON a.id = c.application_id
             LEFT JOIN approval_task t ON t.id = c.task_id
        WHERE {scope} AND (CAST(:level AS text) IS NULL OR c.level = :level)
          AND (CAST(:before_raised AS timestamptz) IS NULL
               OR (c.raised_at, c.id) < (:before_raised, CAST(:before_id AS uuid)))
        ORDER BY c.raised_at DESC, c.id DESC
        LIMIT :limit
    """)


_OF_OFFICES = _cards("c.office_id = ANY(:offices)")
_OF_DIVISION = _cards("c.division BETWEEN :lowest AND :highest")


class CardStore(SharedStore):
    """Statements about clocks and their cards."""

    async def lock_tasks_to_look_at(
        self, *, now: datetime, settled: datetime, limit: int
    ) -> Sequence[Watched]:
        """Open tasks nobody has looked at since they opened, and those whose next look is due.

        Args:
            now: Looks up to this instant are due.
            settled: Tasks opened after it are left in peace: most are answered at once.
        """
        fresh = await self.connection.execute(_NEW_TASKS, {"settled": settled, "limit": limit})
        due = await self.connection.execute(_DUE_TASKS, {"now": now, "limit": limit})
        return [_task(row) for row in (*fresh, *due)]

    async def lock_cases_to_look_at(
        self, *, now: datetime, settled: datetime, limit: int
    ) -> Sequence[Watched]:
        """Accepted, undecided cases to look at, found as tasks are."""
        fresh = await self.connection.execute(_NEW_CASES, {"settled": settled, "limit": limit})
        due = await self.connection.execute(_DUE_CASES, {"now": now, "limit": limit})
        return [_case(row) for row in (*fresh, *due)]

    async def set_next_looks(self, looks: Sequence[tuple[Watched, datetime | None]]) -> None:
        """Write when each is to be looked at again; None: never."""
        tasks = [(each, at) for each, at in looks if each.task_id is not None]
        cases = [(each, at) for each, at in looks if each.task_id is None]
        if tasks:
            values = {
                "ids": [each.task_id for each, _ in tasks],
                "rounds": [each.round for each, _ in tasks],
                "ats": [at for _, at in tasks],
            }
            await self.connection.execute(_LOOKED_AT_TASKS, values)
        if cases:
            values = {
                "ids": [each.case.application_id for each, _ in cases],
                "ats": [at for _, at in cases],
            }
            await self.connection.execute(_LOOKED_AT_CASES, values)

    async def look_again(self, application_id: ApplicationId) -> None:
        """Have a case and its open tasks looked at soon: their clocks were changed."""
        await self.connection.execute(_LOOK_AGAIN_AT_CASE, {"id": application_id})
        await self.connection.execute(_LOOK_AGAIN_AT_TASKS, {"id": application_id})

    async def look_again_at_all(self) -> None:
        """Have every running clock looked at soon: the calendar they are counted on changed."""
        await self.connection.execute(_LOOK_AGAIN_AT_ALL_CASES)
        await self.connection.execute(_LOOK_AGAIN_AT_ALL_TASKS)

    async def replace_due_dates(self, dates: Iterable[tuple[TaskId, DueDate]]) -> None:
        """Write the due dates of tasks anew."""
        data = [
            {
                "id": str(task_id),
                "due_at": due.due_at.isoformat() if due.due_at else None,
                "provisional": due.provisional,
                "explanation": due.explanation,
            }
            for task_id, due in dates
        ]
        if data:
            await self.connection.execute(_CORRECT_DUE, {"dates": orjson.dumps(data).decode()})

    async def list_ledgers(
        self, ids: Iterable[ApplicationId]
    ) -> Mapping[ApplicationId, Sequence[ClockEntry]]:
        """The ledgers of some cases, each line with what it rests on."""
        ledgers: dict[ApplicationId, list[ClockEntry]] = defaultdict(list)
        for row in await self.connection.execute(_LEDGERS, {"ids": list(ids)}):
            ledgers[ApplicationId(row.application_id)].append(
                ClockEntry(
                    clock=row.clock,
                    kind=row.kind,
                    at=row.at,
                    reason=row.reason,
                    basis=row.basis,
                    days=row.days,
                    by=row.recorded_by,
                    note_sealed=row.note_sealed,
                )
            )
        return ledgers

    async def add_ledger_line(self, application_id: ApplicationId, line: ClockEntry) -> None:
        """Append a line to a ledger, with who wrote it and what it rests on."""
        await self.connection.execute(
            _ADD_LINE,
            {
                "application_id": application_id,
                "clock": line.clock,
                "kind": line.kind,
                "at": line.at,
                "reason": line.reason,
                "basis": line.basis,
                "days": line.days,
                "by": line.by,
                "note": line.note_sealed,
            },
        )

    async def list_lead_candidates(
        self, ids: Iterable[ApplicationId]
    ) -> Mapping[ApplicationId, Sequence[LeadCandidate]]:
        """The officers' tasks of some cases, to find who leads each."""
        candidates: dict[ApplicationId, list[LeadCandidate]] = defaultdict(list)
        for row in await self.connection.execute(_LEADS, {"ids": list(ids)}):
            application_id = ApplicationId(row.application_id)
            candidates[application_id].append(
                LeadCandidate(
                    application_id=application_id,
                    position=row.position,
                    office_id=OfficeId(row.office_id),
                    leads=bool(row.leads),
                )
            )
        return candidates

    async def add_cards(self, cards: Sequence[SupervisionCard]) -> frozenset[UUID]:
        """Keep cards; returns the ids of those that had not been raised before."""
        if not cards:
            return frozenset()
        data = orjson.dumps([_card_data(card) for card in cards]).decode()
        added = await self.connection.execute(_ADD_CARDS, {"cards": data})
        return frozenset(row.id for row in added)

    async def list_cards(self, scope: CardScope, page: CardPage) -> Sequence[CardLine]:
        """A page of cards, the newest first."""
        values: dict[str, object] = {
            "level": str(page.level) if page.level else None,
            "before_raised": page.before_raised,
            "before_id": page.before_id,
            "limit": page.limit,
        }
        if scope.divisions is None:
            rows = await self.connection.execute(
                _OF_OFFICES, {**values, "offices": list(scope.offices)}
            )
        else:
            lowest, highest = scope.divisions
            rows = await self.connection.execute(
                _OF_DIVISION, {**values, "lowest": lowest, "highest": highest}
            )
        return [_line(row) for row in rows]


def _ref(row: Row[Any]) -> CaseRef:
    return CaseRef(
        application_id=ApplicationId(row.application_id),
        number=row.number,
        item_code=row.item_code,
        item_version=row.item_version,
        division=row.division,
    )


def _task(row: Row[Any]) -> Watched:
    return Watched(
        case=_ref(row),
        started_at=row.opened_at,
        task_id=TaskId(row.task_id),
        ref=TaskRef(row.matter_key, row.key),
        round=row.round,
        limit=limit_of(row.limit_length, row.limit_unit),
        handler=handler_of(row.handler_kind, row.handler_system),
        office_id=OfficeId(row.office_id) if row.office_id else None,
        due_at=row.due_at,
    )


def _case(row: Row[Any]) -> Watched:
    return Watched(case=_ref(row), started_at=row.accepted_at)


def _card_data(card: SupervisionCard) -> dict[str, object]:
    return {
        "id": str(card.id),
        "application_id": str(card.application_id),
        "task_id": str(card.task_id) if card.task_id else None,
        "clock": card.clock,
        "level": str(card.level),
        "round": card.round,
        "since": card.since.isoformat(),
        "raised_at": card.raised_at.isoformat(),
        "due_at": card.due_at.isoformat(),
        "office_id": str(card.office_id) if card.office_id else None,
        "handler": card.handler,
        "division": card.division,
    }


def _line(row: Row[Any]) -> CardLine:
    card = SupervisionCard(
        id=row.id,
        application_id=ApplicationId(row.application_id),
        task_id=TaskId(row.task_id) if row.task_id else None,
        clock=row.clock,
        level=CardLevel(row.level),
        round=row.round,
        since=row.since,
        raised_at=row.raised_at,
        due_at=row.due_at,
        office_id=OfficeId(row.office_id) if row.office_id else None,
        handler=row.handler,
        division=row.division,
    )
    return CardLine(
        card=card,
        number=row.number,
        item_code=row.item_code,
        item_title=text_of(row.item_title),
        is_settled=row.is_settled,
    )

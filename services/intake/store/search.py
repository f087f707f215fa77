"""Find cases: one predicate says whose, and every statement here has it word for word."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import TextClause, text

from services.intake.model import ApplicationId, Channel, Outcome, Stage
from services.intake.model.search import CaseFilter, FoundCase
from services.intake.store.rows import text_of
from shared.store import SharedStore

VISIBLE = """EXISTS (
    SELECT FROM approval_task p
    WHERE p.application_id = a.id AND p.handler_kind = 'officer'
      AND p.office_id = ANY(:offices) AND p.opened_at IS NOT NULL
)"""
"""The policy: a case is an officer's to see once one of its tasks has lain with their office.

It is what `authorise.require_reader` asks of a single case. List, count and export are made
from this text; there is no second copy.
"""

_MY_OPEN_TASKS = """
    SELECT d.due_at FROM approval_task d
    WHERE d.application_id = a.id AND d.office_id = ANY(:offices)
      AND d.handler_kind = 'officer' AND d.state IN ('open', 'claimed')
"""
_CONDITIONS: Mapping[str, str] = {
    "number": "a.number = :number",
    "person": "(a.applicant_index = :person OR a.subject_index = :person)",
    "name": "a.applicant_name_index = :name",
    "item": "a.item_code = :item",
    "stages": "a.stage = ANY(:stages)",
    "due_from": f"EXISTS ({_MY_OPEN_TASKS} AND d.due_at >= :due_from)",
    "due_until": f"EXISTS ({_MY_OPEN_TASKS} AND d.due_at < :due_until)",
    "due": f"EXISTS ({_MY_OPEN_TASKS} AND d.due_at >= :due_from AND d.due_at < :due_until)",
    "before": "a.id < :before",
}
_COLUMNS = f"""
    a.id, a.number, a.item_code, a.item_version, a.item_title, a.division, a.channel, a.stage,
    a.outcome, a.submitted_at, a.concluded_at, a.form_sealed,
    (SELECT min(m.due_at) FROM ({_MY_OPEN_TASKS}) AS m) AS due_at
"""
# The same statement serves an office with ten cases and one with a hundred thousand: a plan
# made once for both would be wrong for one of them.
_PLAN_EACH = text("SET LOCAL plan_cache_mode = force_custom_plan")

Values = dict[str, object]


def listing(
    wanted: CaseFilter, *, offices: Sequence[UUID], before: UUID | None, limit: int
) -> tuple[TextClause, Values]:
    """The statement of a page, newest first, with its values."""
    where, values = _where(wanted, offices=offices, before=before)
    statement = text(f"""
        SELECT {_COLUMNS} FROM application a WHERE {where} ORDER BY a.id DESC LIMIT :limit
    """)
    return statement, {**values, "limit": limit}


def counting(
    wanted: CaseFilter, *, offices: Sequence[UUID], limit: int
) -> tuple[TextClause, Values]:
    """The statement that counts, and stops counting at the limit."""
    where, values = _where(wanted, offices=offices, before=None)
    statement = text(f"""
        SELECT count(*) FROM (
            SELECT FROM application a WHERE {where} LIMIT :limit
        ) AS found
    """)
    return statement, {**values, "limit": limit}


class SearchStore(SharedStore):
    """Statements that find cases."""

    async def search_cases(
        self, wanted: CaseFilter, *, offices: Sequence[UUID], before: UUID | None, limit: int
    ) -> Sequence[FoundCase]:
        """A page of the cases some offices may see, newest first."""
        await self.connection.execute(_PLAN_EACH)
        statement, values = listing(wanted, offices=offices, before=before, limit=limit)
        return [
            FoundCase(
                id=ApplicationId(row.id),
                number=row.number,
                item_code=row.item_code,
                item_version=row.item_version,
                item_title=text_of(row.item_title),
                division=row.division,
                channel=Channel(row.channel),
                stage=Stage(row.stage),
                outcome=Outcome(row.outcome) if row.outcome else None,
                submitted_at=row.submitted_at,
                concluded_at=row.concluded_at,
                due_at=row.due_at,
                form_sealed=row.form_sealed,
            )
            for row in await self.connection.execute(statement, values)
        ]

    async def count_cases(self, wanted: CaseFilter, *, offices: Sequence[UUID], limit: int) -> int:
        """How many cases some offices may see, at most the limit."""
        await self.connection.execute(_PLAN_EACH)
        statement, values = counting(wanted, offices=offices, limit=limit)
        return int((await self.connection.execute(statement, values)).scalar_one())


def _where(
    wanted: CaseFilter, *, offices: Sequence[UUID], before: UUID | None
) -> tuple[str, Values]:
    """The policy and the conditions asked for; both are constants, only values are bound."""
    given: Values = {
        "number": wanted.number,
        "person": wanted.person_index,
        "name": wanted.name_index,
        "item": wanted.item_code,
        "stages": [str(stage) for stage in wanted.stages] or None,
        "due_from": wanted.due_from,
        "due_until": wanted.due_until,
        "before": before,
    }
    values = {name: value for name, value in given.items() if value is not None}
    names = [name for name in values if name in _CONDITIONS]
    if {"due_from", "due_until"} <= set(names):
        # One task must lie in the range, not one after its start and another before its end.
        names = [name for name in names if not name.startswith("due")] + ["due"]
    where = " AND ".join([VISIBLE, *(_CONDITIONS[name] for name in names)])
    return where, {**values, "offices": list(offices)}

"""Tasks as those who answer them see them: inboxes, counts, claims."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text

from services.intake.errors import TaskNotFound
from services.intake.model import TaskId
from services.intake.model.kept import InboxCounts, InboxPage, TaskRow
from services.intake.store.rows import TASK_COLUMNS, TASK_NAMES, named, task_of, text_of
from shared.store import SharedStore


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxScope:
    """Whose tasks: those of some offices, or those of one partner system or service."""

    offices: tuple[UUID, ...] = ()
    kind: str = "officer"
    system: str | None = None


_MINE = """(
    (:kind = 'officer' AND t.handler_kind = 'officer' AND t.office_id = ANY(:offices))
    OR (:kind <> 'officer' AND t.handler_kind = :kind AND t.handler_system = :system)
)"""
_CASE = ("number", "item_code", "item_title", "division", "summary", "submitted_at")
_CASE_COLUMNS = ", ".join(f"a.{name}" for name in _CASE)
_STATES: tuple[tuple[str, ...], ...] = (("open", "claimed"), ("claimed",), ("closed",))
_LISTED = {
    states: "t.state IN ({})".format(", ".join(f"'{state}'" for state in states))
    for states in _STATES
}
"""What can be listed, as conditions; written out, so that partial indexes are found."""


def _inbox(scope: str, listed: str) -> TextClause:
    """A page and the counts in one round trip; each scope is a range of its own index."""
    return text(f"""
        SELECT count(*) FILTER (WHERE t.state = 'open') AS open,
               count(*) FILTER (WHERE t.state = 'claimed') AS claimed,
               count(*) FILTER (WHERE t.due_at <= now()) AS overdue,
               ARRAY(
                   SELECT ROW({TASK_COLUMNS}, {_CASE_COLUMNS})
                   FROM approval_task t JOIN application a ON a.id = t.application_id
                   WHERE {scope} AND {listed}
                     AND (CAST(:after_due AS timestamptz) IS NULL
                          OR (t.due_at, t.id) > (:after_due, CAST(:after_id AS uuid)))
                   ORDER BY t.due_at, t.id
                   LIMIT :limit
               ) AS page
        FROM approval_task t
        WHERE {scope} AND t.state IN ('open', 'claimed')
    """)


_OF_OFFICES = "t.office_id = ANY(:offices) AND t.handler_kind = 'officer'"
_OF_SYSTEM = "t.handler_system = :system AND t.handler_kind = :kind"
_INBOX = {
    (is_office, states): _inbox(_OF_OFFICES if is_office else _OF_SYSTEM, listed)
    for is_office in (True, False)
    for states, listed in _LISTED.items()
}
_COUNT_CLOSED = {
    True: text(
        "SELECT count(*) FROM approval_task "
        "WHERE office_id = ANY(:offices) AND handler_kind = 'officer' AND state = 'closed'"
    ),
    False: text(
        "SELECT count(*) FROM approval_task "
        "WHERE handler_system = :system AND handler_kind = :kind AND state = 'closed'"
    ),
}
_GET = text(f"""
    SELECT {TASK_COLUMNS}, {_CASE_COLUMNS}
    FROM approval_task t JOIN application a ON a.id = t.application_id
    WHERE t.id = :id AND t.state <> 'waiting' AND {_MINE}
""")
_CLAIM = text("""
    UPDATE approval_task
    SET state = 'claimed', claimed_by = :by, claimed_at = :at, lease_until = :until
    WHERE id = :id
""")
_RELEASE = text("""
    UPDATE approval_task
    SET state = 'open', claimed_by = NULL, claimed_at = NULL, lease_until = NULL
    WHERE id = :id
""")
_RELEASE_LAPSED = text("""
    UPDATE approval_task
    SET state = 'open', claimed_by = NULL, claimed_at = NULL, lease_until = NULL
    WHERE id IN (
        SELECT id FROM approval_task WHERE state = 'claimed' AND lease_until < now()
        LIMIT 100 FOR UPDATE SKIP LOCKED
    )
    RETURNING id
""")


class InboxStore(SharedStore):
    """Statements about tasks, asked by those who answer them.

    The scope is part of every statement: a list, a count and a single read ask the same
    question, and another office's task answers as if it did not exist.
    """

    async def read_inbox(
        self, scope: InboxScope, page: InboxPage
    ) -> tuple[Sequence[TaskRow], InboxCounts]:
        """A page of an inbox, what is due first coming first, and how much work lies in it."""
        found = await self.connection.execute(
            _INBOX[scope.kind == "officer", page.states],
            {
                **_values(scope),
                "after_due": page.after_due,
                "after_id": page.after_id,
                "limit": page.limit,
            },
        )
        row = found.one()
        counts = InboxCounts(open=row.open, claimed=row.claimed, overdue=row.overdue)
        return [_row(each) for each in named((*TASK_NAMES, *_CASE), row.page)], counts

    async def count_closed_tasks(self, scope: InboxScope) -> int:
        """How many tasks of an inbox have been answered, ever."""
        counted = await self.connection.execute(
            _COUNT_CLOSED[scope.kind == "officer"], _values(scope)
        )
        return int(counted.scalar_one())

    async def get_task(self, task_id: TaskId, scope: InboxScope) -> TaskRow:
        """One task, if it is in the scope.

        Raises:
            TaskNotFound: There is none, or it is not theirs to see.
        """
        values = {
            "id": task_id,
            "kind": scope.kind,
            "offices": list(scope.offices),
            "system": scope.system,
        }
        row = (await self.connection.execute(_GET, values)).one_or_none()
        if row is None:
            raise TaskNotFound
        return _row(row)

    async def claim_task(self, task_id: TaskId, *, by: str, at: datetime, until: datetime) -> None:
        """Give a task to one officer for a while; the case is locked."""
        await self.connection.execute(_CLAIM, {"id": task_id, "by": by, "at": at, "until": until})

    async def release_task(self, task_id: TaskId) -> None:
        """Put a claimed task back into its inbox; the case is locked."""
        await self.connection.execute(_RELEASE, {"id": task_id})

    async def release_lapsed_claims(self) -> int:
        """Put tasks whose lease is over back into their inboxes; returns how many."""
        released = await self.connection.execute(_RELEASE_LAPSED)
        return len(released.all())


def _values(scope: InboxScope) -> dict[str, object]:
    if scope.kind == "officer":
        return {"offices": list(scope.offices)}
    return {"kind": scope.kind, "system": scope.system}


def _row(row: Row[Any]) -> TaskRow:
    return TaskRow(
        task=task_of(row),
        number=row.number,
        item_code=row.item_code,
        item_title=text_of(row.item_title),
        division=row.division,
        summary=row.summary,
        submitted_at=row.submitted_at,
    )

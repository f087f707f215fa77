"""Cases as they are read: locked or not, whole, in one statement."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text

from services.intake.errors import ApplicationNotFound, MatterNotFound, TaskNotFound
from services.intake.model import (
    ApplicationId,
    Channel,
    MatterId,
    Outcome,
    PlannedTask,
    Stage,
    TaskId,
)
from services.intake.model.kept import Case
from services.intake.store.published import PublishedStore
from services.intake.store.rows import (
    MATTER_COLUMNS,
    TASK_COLUMNS,
    matters_of,
    tasks_of,
    text_of,
)
from shared.errors import RequestInProgress
from shared.ids import derived_id
from shared.store import (
    KEY_LOCKS,
    STREAM_LOCKS,
    JournalHead,
    RequestKey,
    StoredAnswer,
    answer_of,
)

# Matters and tasks come as arrays of their own, so that a case is one round trip. The columns
# are constants of this package; nothing from outside is ever formatted into SQL.
_CASE = f"""
    a.id, a.number, a.item_code, a.item_version, a.item_title, a.division, a.channel, a.stage,
    a.outcome, a.submitted_by, a.form_sealed, a.summary, a.params, a.trace, a.version,
    a.submitted_at, a.accepted_at, a.decided_at, a.concluded_at, a.remedy_sealed,
    a.on_behalf_grant,
    ARRAY(SELECT ROW({MATTER_COLUMNS}) FROM matter m
          WHERE m.application_id = a.id ORDER BY m.position) AS matters,
    ARRAY(SELECT ROW({TASK_COLUMNS}) FROM approval_task t
          WHERE t.application_id = a.id ORDER BY t.position) AS tasks
"""
_ITSELF = ":id"
_OF_TASK = "(SELECT application_id FROM approval_task WHERE id = :id)"
_OF_MATTER = "(SELECT application_id FROM matter WHERE id = :id)"


def _get(which: str) -> TextClause:
    return text(f"SELECT {_CASE} FROM application a WHERE a.id = {which}")


def _lock(which: str) -> TextClause:
    """Lock an application's row, and with it the end of its journal and a request's key.

    The request is nobody's where there is none: its lock is then taken on an empty name.
    """
    return text(f"""
        SELECT key.is_ours, CASE WHEN key.is_ours THEN (
            SELECT a.id
            FROM (SELECT id FROM application WHERE id = {which} FOR UPDATE) AS a
            CROSS JOIN LATERAL pg_advisory_xact_lock(
                :streams, hashtext(current_schema() || 'application:' || a.id)) AS stream
        ) END AS id
        FROM (SELECT CAST(:request AS text) IS NULL OR pg_try_advisory_xact_lock(
                  :keys, hashtext(current_schema() || CAST(:request AS text))) AS is_ours) AS key
    """)


_GET, _GET_OF_TASK, _GET_OF_MATTER = _get(_ITSELF), _get(_OF_TASK), _get(_OF_MATTER)
_LOCK, _LOCK_OF_TASK, _LOCK_OF_MATTER = _lock(_ITSELF), _lock(_OF_TASK), _lock(_OF_MATTER)
# A statement of its own, after the locks: a snapshot from before them could miss a verdict
# that was committed while we waited. With the case comes what an act on it needs to know.
_READ_LOCKED = text(f"""
    SELECT {_CASE}, now() AS began_at, line.seq AS line_seq, line.hash AS line_hash,
           (SELECT max(version) FROM published_calendar) AS calendar_version,
           answer.fingerprint, answer.status, answer.body
    FROM application a
    LEFT JOIN LATERAL (SELECT seq, hash FROM journal WHERE stream = 'application:' || a.id
                       ORDER BY seq DESC LIMIT 1) AS line ON true
    LEFT JOIN request_answer answer
        ON answer.subject = :subject AND answer.route = :route AND answer.key = :key
    WHERE a.id = :id
""")


def stream_of(application_id: UUID) -> str:
    """The journal stream of a case."""
    return f"application:{application_id}"


class CaseStore(PublishedStore):
    """Statements that read cases."""

    async def lock_case(self, application_id: ApplicationId) -> Case:
        """Read a case under its row lock.

        Raises:
            ApplicationNotFound: There is none with this id.
        """
        row = await self._locked(_LOCK, application_id)
        if row is None:
            raise ApplicationNotFound
        return _case(row)

    async def lock_case_of_task(self, task_id: TaskId) -> Case:
        """Read the case a task belongs to, under its row lock.

        Raises:
            TaskNotFound: There is no such task.
        """
        row = await self._locked(_LOCK_OF_TASK, task_id)
        if row is None:
            raise TaskNotFound
        return _case(row)

    async def claim_case_of_task(self, task_id: TaskId, request: RequestKey) -> Case | StoredAnswer:
        """As `lock_case_of_task`, and `claim_key` with it; or the answer the request got before.

        Raises:
            TaskNotFound: There is no such task.
            RequestInProgress: The same request is being carried out right now.
            IdempotencyKeyReused: The key belongs to a request with another body.
        """
        row = await self._locked(_LOCK_OF_TASK, task_id, request)
        if row is None:
            raise TaskNotFound
        return answer_of(row, request) or _case(row)

    async def lock_case_of_matter(self, matter_id: MatterId) -> Case:
        """Read the case a matter belongs to, under its row lock.

        Raises:
            MatterNotFound: There is no such matter.
        """
        row = await self._locked(_LOCK_OF_MATTER, matter_id)
        if row is None:
            raise MatterNotFound
        return _case(row)

    async def get_case(self, application_id: ApplicationId) -> Case:
        """Read a case without locking it.

        Raises:
            ApplicationNotFound: There is none with this id.
        """
        row = await self._one(_GET, application_id)
        if row is None:
            raise ApplicationNotFound
        return _case(row)

    async def get_case_of_task(self, task_id: TaskId) -> Case:
        """Read the case a task belongs to, without locking it.

        Raises:
            TaskNotFound: There is no such task.
        """
        row = await self._one(_GET_OF_TASK, task_id)
        if row is None:
            raise TaskNotFound
        return _case(row)

    async def get_case_of_matter(self, matter_id: MatterId) -> Case:
        """Read the case a matter belongs to, without locking it.

        Raises:
            MatterNotFound: There is no such matter.
        """
        row = await self._one(_GET_OF_MATTER, matter_id)
        if row is None:
            raise MatterNotFound
        return _case(row)

    async def _one(self, statement: TextClause, id: UUID) -> Row[Any] | None:
        return (await self.connection.execute(statement, {"id": id})).one_or_none()

    async def _locked(
        self, lock: TextClause, id: UUID, request: RequestKey | None = None
    ) -> Row[Any] | None:
        """Lock, then read; the rest of the transaction knows where the journal ends."""
        name = request.name if request else None
        locks = {"id": id, "request": name, "keys": KEY_LOCKS, "streams": STREAM_LOCKS}
        locked = (await self.connection.execute(lock, locks)).one()
        if not locked.is_ours:
            raise RequestInProgress
        if locked.id is None:
            return None
        asked = _request_values(request)
        row = (await self.connection.execute(_READ_LOCKED, {"id": locked.id, **asked})).one()
        self.calendar_version = row.calendar_version
        self.continue_journal(
            stream_of(row.id),
            JournalHead(at=row.began_at, seq=row.line_seq or 0, hash=row.line_hash or b""),
        )
        return row


def _request_values(request: RequestKey | None) -> Mapping[str, str | None]:
    if request is None:
        return {"subject": None, "route": None, "key": None}
    return {"subject": request.subject, "route": request.route, "key": request.key}


def _case(row: Row[Any]) -> Case:
    return Case(
        id=ApplicationId(row.id),
        number=row.number,
        item_code=row.item_code,
        item_version=row.item_version,
        item_title=text_of(row.item_title),
        division=row.division,
        channel=Channel(row.channel),
        stage=Stage(row.stage),
        outcome=Outcome(row.outcome) if row.outcome else None,
        submitted_by=row.submitted_by,
        form_sealed=row.form_sealed,
        summary=row.summary,
        params=row.params,
        trace=row.trace,
        version=row.version,
        submitted_at=row.submitted_at,
        accepted_at=row.accepted_at,
        decided_at=row.decided_at,
        concluded_at=row.concluded_at,
        remedy_sealed=row.remedy_sealed,
        on_behalf_grant=row.on_behalf_grant,
        matters=matters_of(row.matters),
        tasks=tasks_of(row.tasks),
    )


def matter_id_of(application_id: ApplicationId, key: str) -> MatterId:
    """The id of a matter: derived, so that a repeat cannot make a second one."""
    return MatterId(derived_id("matter", str(application_id), key))


def task_id_of(application_id: ApplicationId, task: PlannedTask) -> TaskId:
    """The id of a task: derived, so that a repeat cannot make a second one."""
    return TaskId(derived_id("task", str(application_id), str(task.ref)))

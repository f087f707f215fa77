"""Applications, their matters and tasks, their clocks and their journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError

from services.intake.errors import (
    ApplicationNotFound,
    MatterNotFound,
    OpenApplicationExists,
    TaskAlreadyClosed,
    TaskNotFound,
)
from services.intake.model import (
    Answer,
    ApplicationId,
    Cancellation,
    CaseRef,
    Channel,
    Ground,
    MatterDecision,
    MatterId,
    Outcome,
    Plan,
    PlannedMatter,
    PlannedTask,
    Stage,
    StatusChange,
    TaskId,
    Text,
)
from services.intake.model.kept import Case, CaseTask, ClockEntry, DueDate, join_as_data
from services.intake.store.rows import TASK_COLUMNS, matter_of, task_of, text_of
from shared.database import violated_constraint
from shared.ids import derived_id
from shared.store import SharedStore


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApplication:
    """What is written when an application comes in."""

    id: ApplicationId
    number: str
    item_code: str
    item_version: int
    item_title: Text
    division: str
    channel: Channel
    stage: Stage
    submitted_by: str
    on_behalf_grant: UUID | None
    persons: Mapping[str, str]  # blind indexes, by column
    form_sealed: bytes
    summary: Mapping[str, object]
    params: Mapping[str, object]
    trace: Mapping[str, str]
    submitted_at: datetime
    plan: Plan

    @property
    def ref(self) -> CaseRef:
        """What names the case to others."""
        return CaseRef(
            application_id=self.id,
            number=self.number,
            item_code=self.item_code,
            item_version=self.item_version,
            division=self.division,
        )


_SERIAL = text("SELECT nextval('application_serial')")
_ADD_APPLICATION = text("""
    INSERT INTO application (id, number, item_code, item_version, item_title, division, channel,
        stage, submitted_by, on_behalf_grant, subject_index, applicant_index, applicant_name_index,
        form_sealed, summary, params, plan_records, trace, submitted_at, accepted_at)
    VALUES (:id, :number, :item_code, :item_version, CAST(:item_title AS jsonb), :division,
        :channel, :stage, :submitted_by, :on_behalf_grant, :subject_index, :applicant_index,
        :applicant_name_index, :form_sealed, CAST(:summary AS jsonb), CAST(:params AS jsonb),
        CAST(:plan_records AS jsonb), CAST(:trace AS jsonb), :submitted_at,
        CASE WHEN :stage = 'submitted' THEN NULL ELSE CAST(:submitted_at AS timestamptz) END)
""")
_ADD_MATTERS = text("""
    INSERT INTO matter (id, application_id, key, position, title, join_spec, effect_service,
        effect_name, discloses, document_kind, document_title, status)
    SELECT CAST(m->>'id' AS uuid), :application_id, m->>'key', CAST(m->>'position' AS smallint),
        m->'title', m->'join', m->>'effect_service', m->>'effect_name',
        ARRAY(SELECT jsonb_array_elements_text(m->'discloses')), m->>'document_kind',
        NULLIF(m->'document_title', 'null'), 'waiting'
    FROM jsonb_array_elements(CAST(:matters AS jsonb)) AS m
""")
_ADD_TASKS = text("""
    INSERT INTO approval_task (id, application_id, matter_id, matter_key, key, position, title,
        handler_kind, handler_system, check_name, office_id, office_name, needs, verdicts,
        discloses, limit_length, limit_unit, state)
    SELECT CAST(t->>'id' AS uuid), :application_id, CAST(t->>'matter_id' AS uuid),
        t->>'matter_key', t->>'key', CAST(t->>'position' AS smallint), t->'title',
        t->>'handler_kind', t->>'handler_system', t->>'check', CAST(t->>'office_id' AS uuid),
        t->>'office_name', t->'needs', ARRAY(SELECT jsonb_array_elements_text(t->'verdicts')),
        ARRAY(SELECT jsonb_array_elements_text(t->'discloses')),
        CAST(t->>'limit_length' AS integer), t->>'limit_unit', 'waiting'
    FROM jsonb_array_elements(CAST(:tasks AS jsonb)) AS t
""")
_APPLICATION_COLUMNS = """
    a.id, a.number, a.item_code, a.item_version, a.item_title, a.division, a.channel, a.stage,
    a.outcome, a.submitted_by, a.form_sealed, a.summary, a.params, a.trace, a.version,
    a.submitted_at, a.accepted_at, a.decided_at, a.concluded_at, a.remedy_sealed,
    a.on_behalf_grant
"""
# The columns are constants of this module; nothing from outside is ever formatted into SQL.
_LOCK = text(f"SELECT {_APPLICATION_COLUMNS} FROM application a WHERE a.id = :id FOR UPDATE")
_LOCK_OF_TASK = text(f"""
    SELECT {_APPLICATION_COLUMNS} FROM application a
    WHERE a.id = (SELECT application_id FROM approval_task WHERE id = :id) FOR UPDATE
""")
_LOCK_OF_MATTER = text(f"""
    SELECT {_APPLICATION_COLUMNS} FROM application a
    WHERE a.id = (SELECT application_id FROM matter WHERE id = :id) FOR UPDATE
""")
_GET = text(f"SELECT {_APPLICATION_COLUMNS} FROM application a WHERE a.id = :id")
_GET_OF_TASK = text(f"""
    SELECT {_APPLICATION_COLUMNS} FROM application a
    WHERE a.id = (SELECT application_id FROM approval_task WHERE id = :id)
""")
_GET_OF_MATTER = text(f"""
    SELECT {_APPLICATION_COLUMNS} FROM application a
    WHERE a.id = (SELECT application_id FROM matter WHERE id = :id)
""")
_REMOVE_TASKS = text("""
    DELETE FROM approval_task WHERE application_id = :id AND matter_id IS NOT NULL
""")
_REMOVE_MATTERS = text("DELETE FROM matter WHERE application_id = :id")
_SET_PLAN_RECORDS = text("""
    UPDATE application SET plan_records = CAST(:plan_records AS jsonb) WHERE id = :id
""")
_MATTERS = text("SELECT * FROM matter WHERE application_id = :id ORDER BY position")
_TASKS = text(f"""
    SELECT {TASK_COLUMNS} FROM approval_task t WHERE t.application_id = :id ORDER BY t.position
""")
_MOVE = text("""
    UPDATE application
    SET stage = :stage, outcome = COALESCE(:outcome, outcome), version = version + 1,
        decided_at = CASE WHEN CAST(:outcome AS text) IS NOT NULL AND decided_at IS NULL
                          THEN :at ELSE decided_at END,
        concluded_at = CASE WHEN :stage = 'concluded' THEN :at ELSE concluded_at END
    WHERE id = :id
""")
_TOUCH = text("UPDATE application SET version = version + 1 WHERE id = :id")
_SET_STATUSES = text("""
    UPDATE matter SET status = s.status,
        concluded_at = CASE WHEN s.status IN ('concluded', 'withdrawn') THEN :at
                            ELSE matter.concluded_at END
    FROM unnest(CAST(:keys AS text[]), CAST(:statuses AS text[])) AS s(key, status)
    WHERE matter.application_id = :application_id AND matter.key = s.key
""")
_DECIDE_MATTERS = text("""
    UPDATE matter SET outcome = d->>'outcome', grounds = d->'grounds',
        conditions = d->'conditions', decided_at = :at
    FROM jsonb_array_elements(CAST(:decisions AS jsonb)) AS d
    WHERE matter.application_id = :application_id AND matter.key = d->>'key'
""")
_PERFORM_MATTER = text("""
    UPDATE matter SET document = CAST(:document AS jsonb), failure = :failure WHERE id = :id
""")
_OPEN_TASKS = text("""
    UPDATE approval_task SET state = 'open', opened_at = :at,
        due_at = CAST(o->>'due_at' AS timestamptz),
        due_provisional = CAST(o->>'provisional' AS boolean),
        due_explanation = o->'explanation'
    FROM jsonb_array_elements(CAST(:opened AS jsonb)) AS o
    WHERE approval_task.id = CAST(o->>'id' AS uuid)
""")
_CANCEL_TASKS = text("""
    UPDATE approval_task SET state = 'cancelled', cancel_reason = c.reason, claimed_by = NULL
    FROM unnest(CAST(:matters AS text[]), CAST(:keys AS text[]), CAST(:reasons AS text[]))
         AS c(matter, key, reason)
    WHERE approval_task.application_id = :application_id
      AND approval_task.matter_key = c.matter AND approval_task.key = c.key
""")
_CLOSE_TASK = text("""
    WITH given AS (
        INSERT INTO verdict (task_id, round, verdict, given_by, given_at)
        VALUES (:id, :round, :verdict, :by, :at)
    )
    UPDATE approval_task SET state = 'closed', verdict = :verdict, opinion_sealed = :opinion,
        conditions = CAST(:conditions AS jsonb), facts = CAST(:facts AS jsonb), closed_at = :at,
        closed_by = :by
    WHERE id = :id
""")
_ADD_CLOCK_ENTRY = text("""
    INSERT INTO clock_entry (application_id, clock, seq, kind, at, reason)
    SELECT :application_id, :clock,
           COALESCE((SELECT max(seq) FROM clock_entry
                     WHERE application_id = :application_id AND clock = :clock), 0) + 1,
           :kind, :at, :reason
""")


def stream_of(application_id: UUID) -> str:
    """The journal stream of a case."""
    return f"application:{application_id}"


class CaseStore(SharedStore):
    """Statements about cases."""

    async def next_serial(self) -> int:
        """The next serial for an application number; gaps are allowed."""
        return int((await self.connection.execute(_SERIAL)).scalar_one())

    async def add_application(self, new: NewApplication) -> None:
        """Write an application with the whole plan of its matters and tasks.

        Raises:
            OpenApplicationExists: There is an open one about the same person and item.
        """
        values = {
            "id": new.id,
            "number": new.number,
            "item_code": new.item_code,
            "item_version": new.item_version,
            "item_title": _text_json(new.item_title),
            "division": new.division,
            "channel": str(new.channel),
            "stage": str(new.stage),
            "submitted_by": new.submitted_by,
            "on_behalf_grant": new.on_behalf_grant,
            **new.persons,
            "form_sealed": new.form_sealed,
            "summary": _json(new.summary),
            "params": _json(new.params),
            "plan_records": _json(new.plan.records),
            "trace": _json(new.trace),
            "submitted_at": new.submitted_at,
        }
        try:
            await self.connection.execute(_ADD_APPLICATION, values)
        except IntegrityError as error:
            if violated_constraint(error) == "application_one_open_per_subject_key":
                raise OpenApplicationExists from None
            raise
        await self._add_plan(new.id, new.plan)

    async def _add_plan(self, application_id: ApplicationId, plan: Plan) -> None:
        matters = [
            _matter_json(application_id, position, matter)
            for position, matter in enumerate(plan.matters)
        ]
        tasks = [
            _task_json(application_id, position, task) for position, task in enumerate(plan.tasks)
        ]
        await self.connection.execute(
            _ADD_MATTERS, {"application_id": application_id, "matters": _json(matters)}
        )
        await self.connection.execute(
            _ADD_TASKS, {"application_id": application_id, "tasks": _json(tasks)}
        )

    async def replace_plan(self, application_id: ApplicationId, plan: Plan) -> None:
        """Write another plan of a case in which nobody has been asked yet."""
        await self.connection.execute(_REMOVE_TASKS, {"id": application_id})
        await self.connection.execute(_REMOVE_MATTERS, {"id": application_id})
        await self.connection.execute(
            _SET_PLAN_RECORDS, {"id": application_id, "plan_records": _json(plan.records)}
        )
        await self._add_plan(application_id, plan)

    async def lock_case(self, application_id: ApplicationId) -> Case:
        """Read a case under its row lock.

        Raises:
            ApplicationNotFound: There is none with this id.
        """
        row = await self._one(_LOCK, application_id)
        if row is None:
            raise ApplicationNotFound
        return await self._case(row)

    async def lock_case_of_task(self, task_id: TaskId) -> Case:
        """Read the case a task belongs to, under its row lock.

        Raises:
            TaskNotFound: There is no such task.
        """
        row = await self._one(_LOCK_OF_TASK, task_id)
        if row is None:
            raise TaskNotFound
        return await self._case(row)

    async def lock_case_of_matter(self, matter_id: MatterId) -> Case:
        """Read the case a matter belongs to, under its row lock.

        Raises:
            MatterNotFound: There is no such matter.
        """
        row = await self._one(_LOCK_OF_MATTER, matter_id)
        if row is None:
            raise MatterNotFound
        return await self._case(row)

    async def get_case(self, application_id: ApplicationId) -> Case:
        """Read a case without locking it.

        Raises:
            ApplicationNotFound: There is none with this id.
        """
        row = await self._one(_GET, application_id)
        if row is None:
            raise ApplicationNotFound
        return await self._case(row)

    async def get_case_of_task(self, task_id: TaskId) -> Case:
        """Read the case a task belongs to, without locking it.

        Raises:
            TaskNotFound: There is no such task.
        """
        row = await self._one(_GET_OF_TASK, task_id)
        if row is None:
            raise TaskNotFound
        return await self._case(row)

    async def get_case_of_matter(self, matter_id: MatterId) -> Case:
        """Read the case a matter belongs to, without locking it.

        Raises:
            MatterNotFound: There is no such matter.
        """
        row = await self._one(_GET_OF_MATTER, matter_id)
        if row is None:
            raise MatterNotFound
        return await self._case(row)

    async def move_application(
        self, case: Case, *, stage: Stage, outcome: Outcome | None, at: datetime
    ) -> None:
        """Move an application to another stage, with its outcome once it has one."""
        await self.connection.execute(
            _MOVE,
            {
                "id": case.id,
                "stage": str(stage),
                "outcome": str(outcome) if outcome else None,
                "at": at,
            },
        )

    async def touch_application(self, case: Case) -> None:
        """Count a change of the case that left its stage as it was."""
        await self.connection.execute(_TOUCH, {"id": case.id})

    async def set_matter_statuses(
        self, case: Case, changes: Sequence[StatusChange], *, at: datetime
    ) -> None:
        """Move matters to other statuses."""
        await self.connection.execute(
            _SET_STATUSES,
            {
                "application_id": case.id,
                "keys": [change.matter for change in changes],
                "statuses": [str(change.status) for change in changes],
                "at": at,
            },
        )

    async def decide_matters(
        self, case: Case, decisions: Sequence[MatterDecision], *, at: datetime
    ) -> None:
        """Write the outcomes of matters with all their grounds."""
        decided = [
            {
                "key": decision.matter,
                "outcome": str(decision.outcome),
                "grounds": [_ground_json(ground) for ground in decision.grounds],
                "conditions": list(decision.conditions),
            }
            for decision in decisions
        ]
        await self.connection.execute(
            _DECIDE_MATTERS,
            {"application_id": case.id, "decisions": _json(decided), "at": at},
        )

    async def add_performance(
        self, matter_id: MatterId, *, document: Mapping[str, object] | None, failure: str | None
    ) -> None:
        """Write what the owning service made of a granted matter."""
        await self.connection.execute(
            _PERFORM_MATTER,
            {
                "id": matter_id,
                "document": _json(document) if document else None,
                "failure": failure,
            },
        )

    async def open_tasks(self, tasks: Sequence[tuple[CaseTask, DueDate]], *, at: datetime) -> None:
        """Put tasks before whoever answers them, each with its due date."""
        opened = [
            {
                "id": str(task.id),
                "due_at": due.due_at.isoformat() if due.due_at else None,
                "provisional": due.provisional,
                "explanation": due.explanation,
            }
            for task, due in tasks
        ]
        await self.connection.execute(_OPEN_TASKS, {"opened": _json(opened), "at": at})

    async def cancel_tasks(self, case: Case, cancellations: Sequence[Cancellation]) -> None:
        """Close tasks that will not be answered."""
        await self.connection.execute(
            _CANCEL_TASKS,
            {
                "application_id": case.id,
                "matters": [each.task.matter for each in cancellations],
                "keys": [each.task.task for each in cancellations],
                "reasons": [str(each.reason) for each in cancellations],
            },
        )

    async def close_task(
        self,
        task: CaseTask,
        answer: Answer,
        *,
        opinion_sealed: bytes | None,
        by: str,
        at: datetime,
    ) -> None:
        """Write the verdict of a task's current round.

        Raises:
            TaskAlreadyClosed: The round has a verdict already.
        """
        values = {
            "id": task.id,
            "round": task.round,
            "verdict": str(answer.verdict),
            "opinion": opinion_sealed,
            "conditions": _json(list(answer.conditions)),
            "facts": _json(dict(answer.facts)),
            "by": by,
            "at": at,
        }
        try:
            await self.connection.execute(_CLOSE_TASK, values)
        except IntegrityError as error:
            if violated_constraint(error) == "verdict_pkey":
                raise TaskAlreadyClosed from None
            raise

    async def add_clock_entry(self, case_id: ApplicationId, entry: ClockEntry) -> None:
        """Append a line to a clock's ledger."""
        await self.connection.execute(
            _ADD_CLOCK_ENTRY,
            {
                "application_id": case_id,
                "clock": entry.clock,
                "kind": entry.kind,
                "at": entry.at,
                "reason": entry.reason,
            },
        )

    async def _one(self, statement: Any, id: UUID) -> Row[Any] | None:  # noqa: ANN401
        return (await self.connection.execute(statement, {"id": id})).one_or_none()

    async def _case(self, row: Row[Any]) -> Case:
        # Read after the lock is held: a snapshot from before it could miss a verdict that
        # was committed while we waited.
        matters = await self.connection.execute(_MATTERS, {"id": row.id})
        tasks = await self.connection.execute(_TASKS, {"id": row.id})
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
            matters=tuple(matter_of(each) for each in matters),
            tasks=tuple(task_of(each) for each in tasks),
        )


def matter_id_of(application_id: ApplicationId, key: str) -> MatterId:
    """The id of a matter: derived, so that a repeat cannot make a second one."""
    return MatterId(derived_id("matter", str(application_id), key))


def task_id_of(application_id: ApplicationId, task: PlannedTask) -> TaskId:
    """The id of a task: derived, so that a repeat cannot make a second one."""
    return TaskId(derived_id("task", str(application_id), str(task.ref)))


def _matter_json(
    application_id: ApplicationId, position: int, matter: PlannedMatter
) -> dict[str, object]:
    document = matter.outcome_document
    return {
        "id": str(matter_id_of(application_id, matter.key)),
        "key": matter.key,
        "position": position,
        "title": _words(matter.title),
        "join": join_as_data(matter.join),
        "effect_service": matter.effect.service if matter.effect else None,
        "effect_name": matter.effect.name if matter.effect else None,
        "discloses": list(matter.discloses),
        "document_kind": document.kind if document else None,
        "document_title": _words(document.title) if document else None,
    }


def _task_json(
    application_id: ApplicationId, position: int, task: PlannedTask
) -> dict[str, object]:
    return {
        "id": str(task_id_of(application_id, task)),
        "matter_id": str(matter_id_of(application_id, task.ref.matter)),
        "matter_key": task.ref.matter,
        "key": task.ref.task,
        "position": position,
        "title": _words(task.title),
        "handler_kind": str(task.handler.kind),
        "handler_system": task.handler.system,
        "check": task.check,
        "office_id": str(task.office.id) if task.office else None,
        "office_name": task.office.name if task.office else None,
        "needs": [str(need) for need in task.needs],
        "verdicts": [str(verdict) for verdict in task.verdicts],
        "discloses": list(task.discloses),
        "limit_length": task.limit.length if task.limit else None,
        "limit_unit": str(task.limit.unit) if task.limit else None,
    }


def _ground_json(ground: Ground) -> dict[str, object]:
    return {
        "task": str(ground.task),
        "verdict": str(ground.verdict) if ground.verdict else None,
    }


def _words(words: Text) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _text_json(words: Text) -> str:
    return _json(_words(words))


def _json(value: object) -> str:
    return orjson.dumps(value).decode()

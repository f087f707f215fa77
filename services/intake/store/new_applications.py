"""Applications as they come in, with the whole plan of their matters and tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import text

from services.intake.model import (
    ApplicationId,
    CaseRef,
    Channel,
    Limit,
    MatterStatus,
    Plan,
    PlannedMatter,
    PlannedTask,
    Stage,
    Text,
)
from services.intake.model.kept import Case, CaseMatter, CaseTask, JournalLine, join_as_data
from services.intake.store.cases import CaseStore, matter_id_of, stream_of, task_id_of
from shared.connection import Write
from shared.store import JournalHead


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
    persons: Mapping[str, str]
    """Blind indexes of the people it is about, by column."""
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


_ADD_APPLICATION = Write(
    "applications",
    """
    INSERT INTO application (id, number, item_code, item_version, item_title, division, channel,
        stage, outcome, submitted_by, on_behalf_grant, subject_index, applicant_index,
        applicant_name_index, form_sealed, summary, params, plan_records, trace, version,
        submitted_at, accepted_at, decided_at, concluded_at)
    SELECT id, number, item_code, item_version, item_title, division, channel, stage, outcome,
        submitted_by, on_behalf_grant, subject_index, applicant_index, applicant_name_index,
        decode(form_sealed, 'hex'), summary, params, plan_records, trace, steps,
        submitted_at, accepted_at, decided_at, concluded_at
    FROM jsonb_to_recordset(CAST(:applications AS jsonb)) AS a(id uuid, number text,
        item_code text, item_version int, item_title jsonb, division text, channel text,
        stage text, outcome text, submitted_by text, on_behalf_grant uuid, subject_index text,
        applicant_index text, applicant_name_index text,
        form_sealed text, summary jsonb, params jsonb, plan_records jsonb, trace jsonb, steps int,
        submitted_at timestamptz, accepted_at timestamptz, decided_at timestamptz,
        concluded_at timestamptz)
    """,
)
_ADD_MATTERS = Write(
    "new_matters",
    """
    INSERT INTO matter (id, application_id, key, position, title, join_spec, effect_service,
        effect_name, discloses, document_kind, document_title, status, outcome, grounds,
        conditions, decided_at, concluded_at)
    SELECT id, application_id, key, position, title, join_spec, effect_service, effect_name,
        discloses, document_kind, document_title, status, outcome, grounds, conditions, decided_at,
        concluded_at
    FROM jsonb_to_recordset(CAST(:new_matters AS jsonb)) AS m(id uuid, application_id uuid,
        key text, position smallint, title jsonb, join_spec jsonb, effect_service text,
        effect_name text, discloses text[], document_kind text, document_title jsonb, status text,
        outcome text, grounds jsonb, conditions jsonb, decided_at timestamptz,
        concluded_at timestamptz)
    """,
)
_ADD_TASKS = Write(
    "new_tasks",
    """
    INSERT INTO approval_task (id, application_id, matter_id, matter_key, key, position, title,
        handler_kind, handler_system, check_name, office_id, office_name, needs, verdicts,
        discloses, limit_length, limit_unit, state, cancel_reason, opened_at, due_at,
        due_provisional, due_explanation)
    SELECT id, application_id, matter_id, matter_key, key, position, title, handler_kind,
        handler_system, check_name, office_id, office_name, needs, verdicts, discloses,
        limit_length, limit_unit, state, cancel_reason, opened_at, due_at, due_provisional,
        due_explanation
    FROM jsonb_to_recordset(CAST(:new_tasks AS jsonb)) AS t(id uuid, application_id uuid,
        matter_id uuid, matter_key text, key text, position smallint, title jsonb,
        handler_kind text, handler_system text, check_name text, office_id uuid, office_name text,
        needs jsonb, verdicts text[], discloses text[], limit_length int, limit_unit text,
        state text, cancel_reason text, opened_at timestamptz, due_at timestamptz,
        due_provisional boolean, due_explanation jsonb)
    """,
)
_REMOVE_TASKS = text("""
    DELETE FROM approval_task WHERE application_id = :id AND matter_id IS NOT NULL
""")
_REMOVE_MATTERS = text("DELETE FROM matter WHERE application_id = :id")
_SET_PLAN_RECORDS = text("""
    UPDATE application SET plan_records = CAST(:plan_records AS jsonb) WHERE id = :id
""")
_UNMOVED = dict.fromkeys(("stage", "outcome", "decided_at", "concluded_at"))
_UNDECIDED: Mapping[str, object] = {
    "outcome": None,
    "grounds": [],
    "conditions": [],
    "decided_at": None,
}
_UNOPENED: Mapping[str, object] = {
    "state": "waiting",
    "cancel_reason": None,
    "opened_at": None,
    "due_at": None,
    "due_provisional": False,
    "due_explanation": [],
}


class NewApplicationStore(CaseStore):
    """Statements that write new applications."""

    async def add_application(self, new: NewApplication) -> None:
        """Write an application with the whole plan of its matters and tasks.

        Raises:
            OpenApplicationExists: There is an open one about the same person and item; told
                when it is written.
        """
        await self.change(_ADD_APPLICATION, ("application", new.id), _application_data(new))
        await self._add_plan(new.id, new.plan)
        if self.began_at is not None:
            # Nobody else knows the id yet: its journal needs no lock, and has no line.
            self.continue_journal(stream_of(new.id), JournalHead(at=self.began_at))

    async def _add_plan(self, application_id: ApplicationId, plan: Plan) -> None:
        for position, matter in enumerate(plan.matters):
            data = _matter_data(application_id, position, matter)
            await self.change(_ADD_MATTERS, ("matter", data["id"]), data)
        for position, task in enumerate(plan.tasks):
            data = _task_data(application_id, position, task)
            await self.change(_ADD_TASKS, ("task", data["id"]), data)

    def lines_of_new_case(self, application_id: ApplicationId) -> tuple[JournalLine, ...]:
        """The journal of a case that this transaction makes, before it is written."""
        return tuple(
            JournalLine(
                at=self.began_at,
                actor=each.actor,
                act=each.act,
                target=each.target,
                facts=each.facts,
            )
            for each in self.collected_lines(stream_of(application_id))
            if self.began_at is not None
        )

    async def add_acceptance_task(self, task: CaseTask) -> None:
        """Write the window's own task: somebody has to accept."""
        data = {
            "id": task.id,
            "application_id": task.application_id,
            "matter_id": None,
            "matter_key": task.ref.matter,
            "key": task.ref.task,
            "position": -1,
            "title": _words(task.title),
            "handler_kind": task.handler.kind,
            "handler_system": None,
            "check_name": None,
            "office_id": task.office_id,
            "office_name": task.office_name,
            "needs": [],
            "verdicts": task.verdicts,
            "discloses": task.discloses,
            "limit_length": task.limit.length if task.limit else None,
            "limit_unit": task.limit.unit if task.limit else None,
            **_UNOPENED,
        }
        await self.change(_ADD_TASKS, ("task", task.id), data)

    async def replace_plan(self, application_id: ApplicationId, plan: Plan) -> None:
        """Write another plan of a case in which nobody has been asked yet."""
        await self.connection.execute(_REMOVE_TASKS, {"id": application_id})
        await self.connection.execute(_REMOVE_MATTERS, {"id": application_id})
        await self.connection.execute(
            _SET_PLAN_RECORDS,
            {"id": application_id, "plan_records": orjson.dumps(plan.records).decode()},
        )
        await self._add_plan(application_id, plan)


def case_of(new: NewApplication) -> Case:
    """A new application as it would be read back before anybody has been asked."""
    return Case(
        id=new.id,
        number=new.number,
        item_code=new.item_code,
        item_version=new.item_version,
        item_title=new.item_title,
        division=new.division,
        channel=new.channel,
        stage=new.stage,
        outcome=None,
        submitted_by=new.submitted_by,
        form_sealed=new.form_sealed,
        summary=new.summary,
        params=new.params,
        trace=new.trace,
        version=1,
        submitted_at=new.submitted_at,
        accepted_at=None if new.stage is Stage.SUBMITTED else new.submitted_at,
        decided_at=None,
        concluded_at=None,
        on_behalf_grant=new.on_behalf_grant,
        matters=tuple(_new_matter(new.id, matter) for matter in new.plan.matters),
        tasks=tuple(_new_task(new.id, task) for task in new.plan.tasks),
    )


def _new_matter(application_id: ApplicationId, matter: PlannedMatter) -> CaseMatter:
    document = matter.outcome_document
    return CaseMatter(
        id=matter_id_of(application_id, matter.key),
        key=matter.key,
        title=matter.title,
        join=matter.join,
        effect_service=matter.effect.service if matter.effect else None,
        effect_name=matter.effect.name if matter.effect else None,
        discloses=matter.discloses,
        document_kind=document.kind if document else None,
        document_title=document.title if document else None,
    )


def _new_task(application_id: ApplicationId, task: PlannedTask) -> CaseTask:
    limit = task.limit
    return CaseTask(
        id=task_id_of(application_id, task),
        application_id=application_id,
        matter_id=matter_id_of(application_id, task.ref.matter),
        ref=task.ref,
        title=task.title,
        handler=task.handler,
        check=task.check,
        office_id=task.office.id if task.office else None,
        office_name=task.office.name if task.office else None,
        needs=task.needs,
        verdicts=task.verdicts,
        discloses=task.discloses,
        # The source of a limit stays in the item.
        limit=Limit(length=limit.length, unit=limit.unit) if limit else None,
    )


def _application_data(new: NewApplication) -> dict[str, object]:
    return {
        "id": new.id,
        "number": new.number,
        "item_code": new.item_code,
        "item_version": new.item_version,
        "item_title": _words(new.item_title),
        "division": new.division,
        "channel": new.channel,
        "submitted_by": new.submitted_by,
        "on_behalf_grant": new.on_behalf_grant,
        "subject_index": None,
        "applicant_index": None,
        "applicant_name_index": None,
        **new.persons,
        "form_sealed": new.form_sealed.hex(),
        "summary": new.summary,
        "params": new.params,
        "plan_records": new.plan.records,
        "trace": new.trace,
        "submitted_at": new.submitted_at,
        "accepted_at": None if new.stage is Stage.SUBMITTED else new.submitted_at,
        "steps": 1,
        **_UNMOVED,
        "stage": new.stage,
    }


def _matter_data(
    application_id: ApplicationId, position: int, matter: PlannedMatter
) -> dict[str, object]:
    document = matter.outcome_document
    return {
        "id": matter_id_of(application_id, matter.key),
        "application_id": application_id,
        "key": matter.key,
        "position": position,
        "title": _words(matter.title),
        "join_spec": join_as_data(matter.join),
        "effect_service": matter.effect.service if matter.effect else None,
        "effect_name": matter.effect.name if matter.effect else None,
        "discloses": matter.discloses,
        "document_kind": document.kind if document else None,
        "document_title": _words(document.title) if document else None,
        "status": MatterStatus.WAITING,
        "concluded_at": None,
        **_UNDECIDED,
    }


def _task_data(
    application_id: ApplicationId, position: int, task: PlannedTask
) -> dict[str, object]:
    return {
        "id": task_id_of(application_id, task),
        "application_id": application_id,
        "matter_id": matter_id_of(application_id, task.ref.matter),
        "matter_key": task.ref.matter,
        "key": task.ref.task,
        "position": position,
        "title": _words(task.title),
        "handler_kind": task.handler.kind,
        "handler_system": task.handler.system,
        "check_name": task.check,
        "office_id": task.office.id if task.office else None,
        "office_name": task.office.name if task.office else None,
        "needs": [str(need) for need in task.needs],
        "verdicts": task.verdicts,
        "discloses": task.discloses,
        "limit_length": task.limit.length if task.limit else None,
        "limit_unit": task.limit.unit if task.limit else None,
        **_UNOPENED,
    }


def _words(words: Text) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}

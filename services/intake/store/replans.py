"""Writes what another plan makes of a case: added, dropped and changed questions."""

import orjson
from sqlalchemy import text

from services.intake.model import ApplicationId, Plan, PlannedMatter, PlannedTask, Text
from services.intake.model.kept import Case, join_as_data
from services.intake.model.replan import MatterChange, Replan
from services.intake.store.cases import matter_id_of, task_id_of
from shared.store import SharedStore

_ADD_MATTERS = text("""
    INSERT INTO matter (id, application_id, key, position, title, join_spec, effect_service,
        effect_name, discloses, document_kind, document_title, status)
    SELECT CAST(m->>'id' AS uuid), :application_id, m->>'key', CAST(m->>'position' AS smallint),
        m->'title', m->'join', m->>'effect_service', m->>'effect_name',
        ARRAY(SELECT jsonb_array_elements_text(m->'discloses')), m->>'document_kind',
        NULLIF(m->'document_title', 'null'), 'waiting'
    FROM jsonb_array_elements(CAST(:matters AS jsonb)) AS m
""")
_CHANGE_MATTERS = text("""
    UPDATE matter SET title = m->'title', join_spec = m->'join',
        effect_service = m->>'effect_service', effect_name = m->>'effect_name',
        discloses = ARRAY(SELECT jsonb_array_elements_text(m->'discloses')),
        document_kind = m->>'document_kind',
        document_title = NULLIF(m->'document_title', 'null')
    FROM jsonb_array_elements(CAST(:matters AS jsonb)) AS m
    WHERE matter.id = CAST(m->>'id' AS uuid)
""")
_ADD_TASKS = text("""
    INSERT INTO approval_task (id, application_id, matter_id, matter_key, key, position, title,
        handler_kind, handler_system, check_name, office_id, office_name, needs, verdicts,
        discloses, limit_length, limit_unit, state)
    SELECT CAST(t->>'id' AS uuid), :application_id, CAST(t->>'matter_id' AS uuid),
        t->>'matter_key', t->>'key',
        CAST(t->>'position' AS smallint) + (
            SELECT COALESCE(max(position), -1) + 1 FROM approval_task
            WHERE application_id = :application_id
        ), t->'title',
        t->>'handler_kind', t->>'handler_system', t->>'check', CAST(t->>'office_id' AS uuid),
        t->>'office_name', t->'needs', ARRAY(SELECT jsonb_array_elements_text(t->'verdicts')),
        ARRAY(SELECT jsonb_array_elements_text(t->'discloses')),
        CAST(t->>'limit_length' AS integer), t->>'limit_unit', 'waiting'
    FROM jsonb_array_elements(CAST(:tasks AS jsonb)) AS t
""")
_CHANGE_TASKS = text("""
    UPDATE approval_task SET title = t->'title', handler_kind = t->>'handler_kind',
        handler_system = t->>'handler_system', check_name = t->>'check',
        office_id = CAST(t->>'office_id' AS uuid), office_name = t->>'office_name',
        needs = t->'needs', verdicts = ARRAY(SELECT jsonb_array_elements_text(t->'verdicts')),
        discloses = ARRAY(SELECT jsonb_array_elements_text(t->'discloses')),
        limit_length = CAST(t->>'limit_length' AS integer), limit_unit = t->>'limit_unit'
    FROM jsonb_array_elements(CAST(:tasks AS jsonb)) AS t
    WHERE approval_task.id = CAST(t->>'id' AS uuid)
""")
_BEGIN_AGAIN = text("""
    UPDATE approval_task SET state = 'waiting', round = round + 1, cancel_reason = NULL,
        claimed_by = NULL, claimed_at = NULL, lease_until = NULL
    WHERE id = ANY(:ids)
""")
_SET_RECORDS = text("""
    UPDATE application SET plan_records = CAST(:records AS jsonb) WHERE id = :id
""")


class ReplanStore(SharedStore):
    """Statements that change the plan of a case; the case is locked by whoever asks."""

    async def add_replan(self, case: Case, changes: Replan, plan: Plan) -> None:
        """Write added, changed and newly begun questions; what is dropped is cancelled apart."""
        added = [task for matter in changes.add_matters for task in matter.tasks]
        await self._write_matters(case, changes)
        new = [_task_data(case.id, n, each) for n, each in enumerate((*added, *changes.add_tasks))]
        if new:
            values = {"application_id": case.id, "tasks": _json(new)}
            await self.connection.execute(_ADD_TASKS, values)
        changed = [_task_data(case.id, 0, each) for each in (*changes.change, *changes.ask_again)]
        if changed:
            await self.connection.execute(_CHANGE_TASKS, {"tasks": _json(changed)})
        again = [task_id_of(case.id, each) for each in changes.ask_again]
        if again:
            await self.connection.execute(_BEGIN_AGAIN, {"ids": again})
        await self.connection.execute(_SET_RECORDS, {"id": case.id, "records": _json(plan.records)})

    async def _write_matters(self, case: Case, changes: Replan) -> None:
        first = len(case.matters)
        added = [
            _matter_data(case.id, MatterChange(matter=each, join=each.join), first + n)
            for n, each in enumerate(changes.add_matters)
        ]
        if added:
            values = {"application_id": case.id, "matters": _json(added)}
            await self.connection.execute(_ADD_MATTERS, values)
        changed = [_matter_data(case.id, each, 0) for each in changes.matters]
        if changed:
            await self.connection.execute(_CHANGE_MATTERS, {"matters": _json(changed)})


def _matter_data(
    application_id: ApplicationId, change: MatterChange, position: int
) -> dict[str, object]:
    matter: PlannedMatter = change.matter
    document = matter.outcome_document
    return {
        "id": str(matter_id_of(application_id, matter.key)),
        "key": matter.key,
        "position": position,
        "title": _words(matter.title),
        "join": join_as_data(change.join),
        "effect_service": matter.effect.service if matter.effect else None,
        "effect_name": matter.effect.name if matter.effect else None,
        "discloses": list(matter.discloses),
        "document_kind": document.kind if document else None,
        "document_title": _words(document.title) if document else None,
    }


def _task_data(
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


def _words(words: Text) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _json(value: object) -> str:
    return orjson.dumps(value).decode()

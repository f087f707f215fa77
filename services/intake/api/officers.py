"""Which URL does what with the work of officers: hand-overs, delegations, absences, relations."""

from uuid import UUID

from fastapi import APIRouter

from services.intake.actions.declare_relation import (
    DeclareRelation,
    WithdrawRelation,
    declare_relation,
    withdraw_relation,
)
from services.intake.actions.declare_relation import list_relations as relations_of
from services.intake.actions.delegate_work import (
    DelegateWork,
    RevokeDelegation,
    delegate_work,
    revoke_delegation,
)
from services.intake.actions.delegate_work import list_delegations as delegations_of
from services.intake.actions.note_absence import (
    EndAbsence,
    NoteAbsence,
    end_absence,
    note_absence,
)
from services.intake.actions.note_absence import list_absences as absences_of
from services.intake.actions.reassign_task import ReassignTask, reassign_task
from services.intake.actions.recuse_from_task import RecuseFromTask, recuse_from_task
from services.intake.api.wiring import AtCounter, Counter, OnlyOfficer
from services.intake.model import OfficeId, TaskId
from services.intake.model.officer import AbsenceId, DelegationId, RelationId
from services.intake.schemas.officer import (
    AbsenceListView,
    DelegateBody,
    DelegationListView,
    PeriodBody,
    ReassignBody,
    RecuseBody,
    RecusedView,
    RelationBody,
    RelationListView,
    absence_view,
    delegation_view,
    relation_view,
)
from shared.auth import Actor
from shared.store import StoredAnswer
from shared.web import CurrentRequestKey

router = APIRouter()


@router.post("/tasks/{task_id}:reassign", status_code=204, tags=["officers"])
async def reassign(
    task_id: UUID,
    body: ReassignBody,
    actor: OnlyOfficer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> None:
    """Give a task to a named officer of its office; for its lead. The due date stays."""
    command = ReassignTask(
        actor=actor,
        task_id=TaskId(task_id),
        to=body.to,
        reason=body.reason,
        note=body.note,
        request=key,
    )
    await reassign_task(
        command,
        transaction=counter.transaction,
        desk=counter.desk,
        colleagues=counter.colleagues,
    )


@router.post("/tasks/{task_id}:recuse", tags=["officers"])
async def recuse(
    task_id: UUID,
    body: RecuseBody,
    actor: OnlyOfficer,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> RecusedView:
    """Step back from a task for good; where nobody else may take it, the office above does."""
    command = RecuseFromTask(actor=actor, task_id=TaskId(task_id), reason=body.reason, request=key)
    done = await recuse_from_task(
        command,
        transaction=counter.transaction,
        desk=counter.desk,
        colleagues=counter.colleagues,
    )
    if isinstance(done, StoredAnswer):
        moved = done.body["movedTo"]
        return RecusedView(moved_to=UUID(moved) if moved else None)
    return RecusedView(moved_to=done.moved_to)


@router.post("/delegations", status_code=201, tags=["officers"])
async def delegate(
    body: DelegateBody, actor: OnlyOfficer, key: CurrentRequestKey, counter: AtCounter
) -> DelegationListView:
    """Hand one's own work in an office to a colleague, from one day to another."""
    command = DelegateWork(
        actor=actor,
        office_id=OfficeId(body.office_id),
        to=body.to,
        period=body.period(),
        request=key,
    )
    await delegate_work(
        command,
        transaction=counter.transaction,
        desk=counter.desk,
        colleagues=counter.colleagues,
    )
    return await _delegations(actor, counter)


@router.get("/delegations", tags=["officers"])
async def list_delegations(actor: OnlyOfficer, counter: AtCounter) -> DelegationListView:
    """What the caller gave and was given that is not over."""
    return await _delegations(actor, counter)


@router.post("/delegations/{delegation_id}:revoke", tags=["officers"])
async def revoke(
    delegation_id: UUID, actor: OnlyOfficer, key: CurrentRequestKey, counter: AtCounter
) -> DelegationListView:
    """End a delegation the caller gave, at once."""
    command = RevokeDelegation(actor=actor, id=DelegationId(delegation_id), request=key)
    await revoke_delegation(command, transaction=counter.transaction, desk=counter.desk)
    return await _delegations(actor, counter)


@router.post("/absences", status_code=201, tags=["officers"])
async def be_absent(
    body: PeriodBody, actor: OnlyOfficer, key: CurrentRequestKey, counter: AtCounter
) -> AbsenceListView:
    """Note days on which the caller is away; what they hold goes back to its inbox then."""
    command = NoteAbsence(actor=actor, period=body.period(), request=key)
    await note_absence(command, transaction=counter.transaction, desk=counter.desk)
    return await _absences(actor, counter)


@router.get("/absences", tags=["officers"])
async def list_absences(actor: OnlyOfficer, counter: AtCounter) -> AbsenceListView:
    """The caller's absences that are not over."""
    return await _absences(actor, counter)


@router.post("/absences/{absence_id}:end", tags=["officers"])
async def be_back(
    absence_id: UUID, actor: OnlyOfficer, key: CurrentRequestKey, counter: AtCounter
) -> AbsenceListView:
    """Take an absence back."""
    command = EndAbsence(actor=actor, id=AbsenceId(absence_id), request=key)
    await end_absence(command, transaction=counter.transaction, desk=counter.desk)
    return await _absences(actor, counter)


@router.post("/relations", status_code=201, tags=["officers"])
async def declare(
    body: RelationBody, actor: OnlyOfficer, key: CurrentRequestKey, counter: AtCounter
) -> RelationListView:
    """Declare one's own number, or a relative's; only its blind index is kept."""
    command = DeclareRelation(actor=actor, kind=body.kind, id_no=body.id_no, request=key)
    await declare_relation(command, transaction=counter.transaction, desk=counter.desk)
    return await _relations(actor, counter)


@router.get("/relations", tags=["officers"])
async def list_relations(actor: OnlyOfficer, counter: AtCounter) -> RelationListView:
    """What somebody is to the caller, as they declared it; never who."""
    return await _relations(actor, counter)


@router.post("/relations/{relation_id}:withdraw", tags=["officers"])
async def withdraw_declaration(
    relation_id: UUID, actor: OnlyOfficer, key: CurrentRequestKey, counter: AtCounter
) -> RelationListView:
    """Take a declaration back; the journal keeps that it stood."""
    command = WithdrawRelation(actor=actor, id=RelationId(relation_id), request=key)
    await withdraw_relation(command, transaction=counter.transaction, desk=counter.desk)
    return await _relations(actor, counter)


async def _delegations(actor: Actor, counter: Counter) -> DelegationListView:
    found = await delegations_of(actor, transaction=counter.transaction, desk=counter.desk)
    return DelegationListView(items=[delegation_view(each) for each in found])


async def _absences(actor: Actor, counter: Counter) -> AbsenceListView:
    found = await absences_of(actor, transaction=counter.transaction, desk=counter.desk)
    return AbsenceListView(items=[absence_view(each) for each in found])


async def _relations(actor: Actor, counter: Counter) -> RelationListView:
    found = await relations_of(actor, transaction=counter.transaction)
    return RelationListView(items=[relation_view(each) for each in found])

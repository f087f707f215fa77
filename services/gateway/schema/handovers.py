"""Work that goes from one officer to another, and one act on many tasks."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeAlias

import strawberry

from services.gateway.errors import BadUserInput
from services.gateway.schema.commands import idempotency_key, told
from services.gateway.schema.context import Info
from services.gateway.schema.failures import Conflict, Forbidden, NotFound, ValidationFailed
from services.gateway.schema.ids import TASK, read_uuid, to_global_id, uuid_of
from services.gateway.schema.values import (
    Json,
    LocalText,
    day,
    flag,
    local_text,
    member,
    number,
    rows,
    text,
)
from services.gateway.schema.words import Verdict


@strawberry.enum
class ReassignReason(StrEnum):
    """Why a task goes to another officer."""

    ABSENCE = "absence"
    WORKLOAD = "workload"
    CONFLICT = "conflict"
    EXPERTISE = "expertise"
    OTHER = "other"


@strawberry.enum
class BulkAct(StrEnum):
    """What is done with many tasks."""

    CLAIM = "claim"
    RELEASE = "release"
    REASSIGN = "reassign"
    VERDICT = "verdict"


@strawberry.enum
class BulkMode(StrEnum):
    """What one refusal means for the others: nothing, or that nothing is done at all."""

    EACH = "each"
    ALL = "all"


@strawberry.input
class HandOverInput:
    """To whom, and why."""

    officer: str
    reason: ReassignReason
    note: str = ""


@strawberry.input
class ReassignTaskInput:
    """A lead's wish that another officer does a task."""

    task_id: strawberry.ID
    hand_over: HandOverInput
    idempotency_key: str


@strawberry.input
class BulkVerdictInput:
    """The same answer to many tasks."""

    verdict: Verdict
    opinion: str | None = None
    conditions: list[str] = strawberry.field(default_factory=list)


@strawberry.input
class BulkTasksInput:
    """One act on up to fifty tasks."""

    act: BulkAct
    task_ids: list[strawberry.ID]
    idempotency_key: str
    mode: BulkMode = BulkMode.EACH
    hand_over: HandOverInput | None = None
    verdict: BulkVerdictInput | None = None


@strawberry.input
class DelegateWorkInput:
    """A wish that a colleague does one's work from one day to another."""

    office_id: str
    officer: str
    starts_on: date
    ends_on: date
    idempotency_key: str


@strawberry.input
class RevokeDelegationInput:
    """A wish to do one's work oneself again."""

    delegation_id: str
    idempotency_key: str


@strawberry.type
class Delegation:
    """An officer's own work in an office, handed to a colleague for a time."""

    id: str
    office_id: str
    principal: str
    delegate: str
    starts_on: date | None
    ends_on: date | None
    revoked: bool


@strawberry.type
class BulkResult:
    """What became of one task; without a code it was done."""

    task_id: strawberry.ID
    code: str | None
    message: LocalText | None


@strawberry.type
class ReassignTaskSuccess:
    """The officer has the task."""

    task_id: strawberry.ID


@strawberry.type
class BulkTasksSuccess:
    """What became of every task; some may have been refused where each stands for itself."""

    results: list[BulkResult]


@strawberry.type
class DelegationsSuccess:
    """The delegations the caller gave and was given, after the act."""

    delegations: list[Delegation]


ReassignTaskResult: TypeAlias = Annotated[
    ReassignTaskSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("ReassignTaskResult"),
]
BulkTasksResult: TypeAlias = Annotated[
    BulkTasksSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("BulkTasksResult"),
]
DelegationsResult: TypeAlias = Annotated[
    DelegationsSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("DelegationsResult"),
]


@strawberry.type
class HandoverQuery:
    """What an officer can ask about work that changes hands."""

    @strawberry.field
    async def delegations(self, info: Info) -> list[Delegation]:
        """What the caller gave and was given that is not over."""
        return _delegations(await info.context.intake.list_delegations())


@strawberry.type
class HandoverMutation:
    """What an officer can do with work that changes hands."""

    @strawberry.mutation
    async def reassign_task(self, info: Info, input: ReassignTaskInput) -> ReassignTaskResult:
        """Give a task to a named officer of its office; for whoever directs the office."""
        task_id = read_uuid(input.task_id, TASK)
        key = idempotency_key(input.idempotency_key)
        command = info.context.intake.act_on_task(
            task_id, "reassign", _hand_over(input.hand_over), key=key
        )
        return await told(
            command,
            language=info.context.language,
            success=lambda _body: ReassignTaskSuccess(task_id=to_global_id(TASK, task_id)),
        )

    @strawberry.mutation
    async def bulk_tasks(self, info: Info, input: BulkTasksInput) -> BulkTasksResult:
        """Claim, release, hand over or answer many tasks: each for itself, or all or none."""
        key = idempotency_key(input.idempotency_key)
        return await told(
            info.context.intake.work_in_bulk(_bulk(input), key=key),
            language=info.context.language,
            success=lambda body: BulkTasksSuccess(
                results=[_result(row) for row in rows(body, "results")]
            ),
        )

    @strawberry.mutation
    async def delegate_work(self, info: Info, input: DelegateWorkInput) -> DelegationsResult:
        """Hand one's own work in an office to a colleague, from one day to another."""
        command = {
            "officeId": input.office_id,
            "to": input.officer,
            "startsOn": input.starts_on.isoformat(),
            "endsOn": input.ends_on.isoformat(),
        }
        key = idempotency_key(input.idempotency_key)
        return await told(
            info.context.intake.delegate(command, key=key),
            language=info.context.language,
            success=lambda body: DelegationsSuccess(delegations=_delegations(body)),
        )

    @strawberry.mutation
    async def revoke_delegation(
        self, info: Info, input: RevokeDelegationInput
    ) -> DelegationsResult:
        """End a delegation the caller gave, at once."""
        delegation_id = uuid_of(input.delegation_id)
        key = idempotency_key(input.idempotency_key)
        return await told(
            info.context.intake.revoke_delegation(delegation_id, key=key),
            language=info.context.language,
            success=lambda body: DelegationsSuccess(delegations=_delegations(body)),
        )


def _hand_over(given: HandOverInput) -> dict[str, Any]:
    return {"to": given.officer, "reason": given.reason.value, "note": given.note}


def _bulk(input: BulkTasksInput) -> dict[str, Any]:
    if (input.act is BulkAct.REASSIGN) != (input.hand_over is not None):
        raise BadUserInput("`handOver` goes with REASSIGN, and only with it")
    if (input.act is BulkAct.VERDICT) != (input.verdict is not None):
        raise BadUserInput("`verdict` goes with VERDICT, and only with it")
    command: dict[str, Any] = {
        "act": input.act.value,
        "mode": input.mode.value,
        "taskIds": [str(read_uuid(each, TASK)) for each in input.task_ids],
    }
    if input.hand_over is not None:
        command["reassign"] = _hand_over(input.hand_over)
    if input.verdict is not None:
        command["verdict"] = {
            "verdict": input.verdict.verdict.value,
            "opinion": input.verdict.opinion,
            "conditions": input.verdict.conditions,
        }
    return command


def _result(body: Json) -> BulkResult:
    problem = member(body, "problem") if number(body, "status") != 200 else {}
    words = {"zh": problem.get("title"), "en": problem.get("titleEn")}
    return BulkResult(
        task_id=to_global_id(TASK, text(body, "taskId")),
        code=text(problem, "code") if problem else None,
        message=local_text(words) if problem else None,
    )


def _delegations(body: Json) -> list[Delegation]:
    return [
        Delegation(
            id=text(row, "id"),
            office_id=text(row, "officeId"),
            principal=text(row, "principal"),
            delegate=text(row, "delegate"),
            starts_on=day(row, "startsOn"),
            ends_on=day(row, "endsOn"),
            revoked=flag(row, "revoked"),
        )
        for row in rows(body, "items")
    ]

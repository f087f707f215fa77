"""What an officer does: look into the inbox, take a task, answer it."""

from typing import Annotated, Any, TypeAlias
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from services.gateway.errors import BadUserInput
from services.gateway.schema.cases import Task, task_of
from services.gateway.schema.commands import idempotency_key, told
from services.gateway.schema.context import Context, Info
from services.gateway.schema.failures import Conflict, Forbidden, NotFound, ValidationFailed
from services.gateway.schema.ids import TASK, read_uuid, uuid_of
from services.gateway.schema.pages import DEFAULT_PAGE, PageInfo, page_of, page_request
from services.gateway.schema.values import Json, member, number
from services.gateway.schema.words import InboxState, Verdict


@strawberry.input
class ClaimTaskInput:
    """A wish to answer a task oneself."""

    task_id: strawberry.ID
    idempotency_key: str


@strawberry.input
class ReleaseTaskInput:
    """A wish to give a claimed task back to the office."""

    task_id: strawberry.ID
    idempotency_key: str


@strawberry.input
class GiveVerdictInput:
    """An answer to a task."""

    task_id: strawberry.ID
    verdict: Verdict
    idempotency_key: str
    opinion: str | None = strawberry.field(
        default=None, description="The reasons in writing; a refusal needs them."
    )
    conditions: list[str] = strawberry.field(default_factory=list)
    facts: JSON | None = strawberry.field(
        default=None, description="What was found, for the tasks and the effect that follow."
    )
    round: int | None = strawberry.field(
        default=None, description="The round that was looked at; an earlier one is a conflict."
    )


@strawberry.type
class ClaimTaskSuccess:
    """The task is the caller's for a while."""

    task: Task


@strawberry.type
class ReleaseTaskSuccess:
    """The task is the office's again."""

    task: Task


@strawberry.type
class GiveVerdictSuccess:
    """The answer stands."""

    task: Task


ClaimTaskResult: TypeAlias = Annotated[
    ClaimTaskSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("ClaimTaskResult"),
]
ReleaseTaskResult: TypeAlias = Annotated[
    ReleaseTaskSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("ReleaseTaskResult"),
]
GiveVerdictResult: TypeAlias = Annotated[
    GiveVerdictSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("GiveVerdictResult"),
]


@strawberry.type
class InboxCounts:
    """How much lies in the inbox, whatever page is shown."""

    open: int
    claimed: int
    overdue: int


@strawberry.type
class InboxEdge:
    """An approval task in an inbox (Relay)."""

    cursor: str
    node: Task


@strawberry.type
class InboxConnection:
    """A page of the approval tasks of the caller's offices, the most urgent first (Relay)."""

    edges: list[InboxEdge]
    page_info: PageInfo
    total_count: int
    counts: InboxCounts


@strawberry.type
class OfficerQuery:
    """What an officer can ask."""

    @strawberry.field
    async def inbox(
        self,
        info: Info,
        state: InboxState = InboxState.OPEN,
        first: int = DEFAULT_PAGE,
        after: str | None = None,
    ) -> InboxConnection:
        """The approval tasks of the caller's offices."""
        # The state is part of the cursor: a page of one list is not a page of another.
        request = page_request(f"inbox-{state.value}", first, after)
        body = await info.context.intake.list_tasks(
            state=state.value, limit=request.limit, cursor=request.cursor
        )
        page = page_of(request, body)
        return InboxConnection(
            edges=[InboxEdge(cursor=cursor, node=task_of(row)) for cursor, row in page.rows],
            page_info=page.info,
            total_count=page.total,
            counts=_counts_of(member(body, "counts")),
        )

    @strawberry.field
    async def task(self, info: Info, id: strawberry.ID) -> Task | None:
        """One approval task."""
        return await show_task(info.context, read_uuid(id, TASK))


@strawberry.type
class OfficerMutation:
    """What an officer can do."""

    @strawberry.mutation
    async def claim_task(self, info: Info, input: ClaimTaskInput) -> ClaimTaskResult:
        """Take a task, so that no colleague answers it meanwhile."""
        return await told(
            _act(info.context, "claim", input.task_id, {}, input.idempotency_key),
            language=info.context.language,
            success=lambda body: ClaimTaskSuccess(task=_marked(info.context, body)),
        )

    @strawberry.mutation
    async def release_task(self, info: Info, input: ReleaseTaskInput) -> ReleaseTaskResult:
        """Give a claimed task back to the office."""
        return await told(
            _act(info.context, "release", input.task_id, {}, input.idempotency_key),
            language=info.context.language,
            success=lambda body: ReleaseTaskSuccess(task=_marked(info.context, body)),
        )

    @strawberry.mutation
    async def give_verdict(self, info: Info, input: GiveVerdictInput) -> GiveVerdictResult:
        """Answer a task; the first answer stands."""
        return await told(
            _act(info.context, "verdict", input.task_id, _answer(input), input.idempotency_key),
            language=info.context.language,
            success=lambda body: GiveVerdictSuccess(task=_marked(info.context, body)),
        )


async def show_task(context: Context, task_id: UUID) -> Task:
    """One approval task, in one call to the window."""
    return _marked(context, await context.loaders.tasks.load(task_id))


async def _act(context: Context, act: str, task_id: strawberry.ID, command: Json, key: str) -> Json:
    return await context.intake.act_on_task(
        read_uuid(task_id, TASK), act, command, key=idempotency_key(key)
    )


def _answer(input: GiveVerdictInput) -> dict[str, Any]:
    if input.facts is not None and not isinstance(input.facts, dict):
        raise BadUserInput("`facts` is an object")
    given: dict[str, Any] = {
        "verdict": input.verdict.value,
        "opinion": input.opinion,
        "conditions": input.conditions or None,
        "facts": input.facts,
        "round": input.round,
    }
    return {name: value for name, value in given.items() if value is not None}


def _marked(context: Context, body: Json) -> Task:
    """Read a task, and put its case on the spans."""
    task = task_of(body)
    if isinstance(body.get("applicationId"), str):
        context.mark(uuid_of(body["applicationId"]))
    return task


def _counts_of(body: Json) -> InboxCounts:
    return InboxCounts(
        open=number(body, "open"),
        claimed=number(body, "claimed"),
        overdue=number(body, "overdue"),
    )

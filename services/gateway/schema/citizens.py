"""What a citizen does: apply, withdraw, and see where every case stands."""

from collections.abc import AsyncGenerator, Mapping
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from services.gateway.clients import Body
from services.gateway.errors import BadUserInput, Declined
from services.gateway.schema.cases import (
    Application,
    ApplicationSummary,
    application_of,
    summary_of,
)
from services.gateway.schema.commands import idempotency_key, told
from services.gateway.schema.context import Context, Info
from services.gateway.schema.failures import (
    Conflict,
    Forbidden,
    NotEligible,
    NotFound,
    ValidationFailed,
    eligibility_of,
)
from services.gateway.schema.ids import APPLICATION, item_code_of, read_uuid, uuid_of
from services.gateway.schema.pages import DEFAULT_PAGE, PageInfo, page_of, page_request
from services.gateway.schema.values import identity
from services.gateway.schema.words import Channel
from shared.identifiers import ApplicationNumber, InvalidIdentifier
from shared.telemetry import APPLICATION_ID, case_span, context_of


@strawberry.input
class MaterialInput:
    """A paper that is handed in: an uploaded file, or no file for a signed commitment."""

    key: str
    file_id: strawberry.ID | None = strawberry.field(
        default=None, description="As `POST /files` answered."
    )


@strawberry.input
class SubmitApplicationInput:
    """A filled-in application."""

    item_code: str
    form: JSON
    channel: Channel
    idempotency_key: str
    materials: list[MaterialInput] = strawberry.field(default_factory=list)
    on_behalf_of: strawberry.ID | None = strawberry.field(
        default=None, description="The grant of the person it is handed in for (代办)."
    )


@strawberry.input
class WithdrawApplicationInput:
    """A wish to withdraw an application that is not decided yet."""

    application_id: strawberry.ID
    reason: str
    idempotency_key: str


@strawberry.input
class CorrectApplicationInput:
    """The answer to a correction notice: only what it marks may change."""

    application_id: strawberry.ID
    idempotency_key: str
    form: JSON = strawberry.field(
        default_factory=dict, description="The members that change, as a JSON merge patch."
    )
    materials: list[MaterialInput] = strawberry.field(default_factory=list)


@strawberry.type
class CorrectApplicationSuccess:
    """The correction is in; only the departments that asked for it look again."""

    application: Application


@strawberry.type
class SubmitApplicationSuccess:
    """The application is in; every department it concerns has been asked."""

    application: Application


@strawberry.type
class WithdrawApplicationSuccess:
    """The application is withdrawn; nobody works on it any more."""

    application: Application


SubmitApplicationResult: TypeAlias = Annotated[
    SubmitApplicationSuccess | ValidationFailed | NotEligible | Conflict | Forbidden | NotFound,
    strawberry.union("SubmitApplicationResult"),
]
WithdrawApplicationResult: TypeAlias = Annotated[
    WithdrawApplicationSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("WithdrawApplicationResult"),
]

CorrectApplicationResult: TypeAlias = Annotated[
    CorrectApplicationSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("CorrectApplicationResult"),
]


@strawberry.type
class ApplicationEdge:
    """An application in a list (Relay)."""

    cursor: str
    node: ApplicationSummary


@strawberry.type
class ApplicationConnection:
    """A page of a citizen's applications, newest first (Relay)."""

    edges: list[ApplicationEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class CitizenQuery:
    """What a citizen can ask."""

    @strawberry.field
    async def applications(
        self, info: Info, first: int = DEFAULT_PAGE, after: str | None = None
    ) -> ApplicationConnection:
        """The caller's own applications, newest first."""
        request = page_request("applications", first, after)
        body = await info.context.intake.list_applications(
            limit=request.limit, cursor=request.cursor
        )
        page = page_of(request, body)
        return ApplicationConnection(
            edges=[
                ApplicationEdge(cursor=cursor, node=summary_of(row)) for cursor, row in page.rows
            ],
            page_info=page.info,
            total_count=page.total,
        )

    @strawberry.field
    async def application(
        self, info: Info, id: strawberry.ID | None = None, number: str | None = None
    ) -> Application | None:
        """A whole case, by its id or by its public number."""
        if (id is None) == (number is None):
            raise BadUserInput("give `id` or `number`, not both")
        if id is not None:
            return await show_application(info.context, read_uuid(id, APPLICATION))
        body = await info.context.intake.find_application(_public_number(number or ""))
        info.context.mark(identity(body))
        return application_of(body)


@strawberry.type
class CitizenMutation:
    """What a citizen can do."""

    @strawberry.mutation
    async def submit_application(
        self, info: Info, input: SubmitApplicationInput
    ) -> SubmitApplicationResult:
        """Hand in an application; the same key and form again give the same answer."""
        context = info.context
        key = idempotency_key(input.idempotency_key)
        try:
            body = await context.intake.submit(_submission(input), key=key)
        except Declined as declined:
            return eligibility_of(declined, context.language)
        context.mark(identity(body))
        return SubmitApplicationSuccess(application=application_of(body))

    @strawberry.mutation
    async def withdraw_application(
        self, info: Info, input: WithdrawApplicationInput
    ) -> WithdrawApplicationResult:
        """Withdraw an application that is not decided yet."""
        context = info.context
        application_id = read_uuid(input.application_id, APPLICATION)
        key = idempotency_key(input.idempotency_key)
        context.mark(application_id)
        return await told(
            context.intake.withdraw(application_id, input.reason, key=key),
            language=context.language,
            success=lambda body: WithdrawApplicationSuccess(application=application_of(body)),
        )

    @strawberry.mutation
    async def correct_application(
        self, info: Info, input: CorrectApplicationInput
    ) -> CorrectApplicationResult:
        """Answer a correction notice: everything it marks, and nothing else."""
        context = info.context
        application_id = read_uuid(input.application_id, APPLICATION)
        key = idempotency_key(input.idempotency_key)
        if not isinstance(input.form, dict):
            raise BadUserInput("`form` is an object")
        context.mark(application_id)
        command = {
            "form": input.form,
            "materials": [material_of(each) for each in input.materials],
        }
        return await told(
            context.intake.correct(application_id, command, key=key),
            language=context.language,
            success=lambda body: CorrectApplicationSuccess(application=application_of(body)),
        )


@strawberry.type
class CitizenSubscription:
    """What a citizen can watch."""

    @strawberry.subscription
    async def application_progress(
        self, info: Info, application_id: strawberry.ID
    ) -> AsyncGenerator[Application, None]:
        """The whole case now, and again each time something about it changes, to its end.

        Each view is read from the window in the subscriber's name: whoever may no longer see
        the case, or is no longer signed in, is told nothing more.
        """
        context = info.context
        case = read_uuid(application_id, APPLICATION)
        # The watch opens before the first read, so that nothing falls between the two.
        with context.progress.watch(case) as watch:
            changes = watch.changes()
            shown: Body = {}
            trace: Mapping[str, str] = {}
            while True:
                body = await _read_again(context, case, trace)
                if body != shown:
                    shown, view = body, application_of(body)
                    yield view
                    if view.is_final:
                        return
                trace = await anext(changes)


async def show_application(context: Context, application_id: UUID) -> Application:
    """A whole case, in one call to the window."""
    context.mark(application_id)
    return application_of(await context.loaders.applications.load(application_id))


async def _read_again(context: Context, application_id: UUID, trace: Mapping[str, str]) -> Body:
    """Read a watched case; its trace is that of the act that changed it, if one did."""
    attributes: dict[str, str | int] = {
        "graphql.operation.type": "subscription",
        "graphql.operation.name": "applicationProgress",
        APPLICATION_ID: str(application_id),
    }
    with case_span(
        "subscription",
        parent=context_of(trace),
        application_id=application_id,
        attributes=attributes,
    ):
        context.loaders.applications.clear_all()
        return await context.loaders.applications.load(application_id)


def _submission(input: SubmitApplicationInput) -> dict[str, Any]:
    if not isinstance(input.form, dict):
        raise BadUserInput("`form` is an object")
    command: dict[str, Any] = {
        "itemCode": item_code_of(input.item_code),
        "form": input.form,
        "materials": [material_of(each) for each in input.materials],
        "channel": input.channel.value,
    }
    if input.on_behalf_of is not None:
        command["onBehalfOf"] = str(uuid_of(input.on_behalf_of))
    return command


def material_of(given: MaterialInput) -> dict[str, Any]:
    """A paper, as the window takes it."""
    if given.file_id is None:
        return {"key": given.key}
    return {"key": given.key, "fileId": str(uuid_of(given.file_id))}


def _public_number(given: str) -> str:
    try:
        return str(ApplicationNumber.parse(given))
    except InvalidIdentifier:
        raise BadUserInput("not an application number") from None

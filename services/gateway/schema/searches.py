"""What officers find among the cases of their offices."""

from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

import strawberry

from services.gateway.schema.commands import told
from services.gateway.schema.context import Info
from services.gateway.schema.failures import Conflict, Forbidden, NotFound, ValidationFailed
from services.gateway.schema.ids import APPLICATION, to_global_id
from services.gateway.schema.pages import (
    DEFAULT_PAGE,
    PageInfo,
    PageRequest,
    page_of,
    page_request,
)
from services.gateway.schema.values import (
    Json,
    LocalText,
    flag,
    identity,
    instant,
    local_text,
    member,
    text,
)
from services.gateway.schema.words import Channel, Outcome, Stage, optional_word, word


@strawberry.enum
class SearchPurpose(StrEnum):
    """For what an officer looks for people; it is journalled."""

    HANDLING = "handling"
    ENQUIRY = "enquiry"
    COMPLAINT = "complaint"
    STATISTICS = "statistics"
    SUPERVISION = "supervision"
    AUDIT = "audit"


@strawberry.input
class CaseSearchInput:
    """What cases must be like; nothing given asks for every case of the caller's offices."""

    number: str | None = None
    applicant_id_no: str | None = strawberry.field(
        default=None, description="The whole number of the applicant, or of whom it is about."
    )
    applicant_name: str | None = strawberry.field(
        default=None, description="The whole name; parts of names are not looked for."
    )
    item_code: str | None = None
    stages: list[Stage] | None = None
    office_id: str | None = None
    due_from: date | None = None
    due_to: date | None = strawberry.field(default=None, description="The last day of the range.")
    purpose: SearchPurpose | None = strawberry.field(
        default=None, description="Needed where a person is looked for."
    )


@strawberry.type
class FoundCase:
    """A case in a list; its applicant is masked."""

    application_id: strawberry.ID
    number: str
    item_code: str
    item_title: LocalText
    division: str
    channel: Channel | None
    stage: Stage
    outcome: Outcome | None
    submitted_at: datetime | None
    concluded_at: datetime | None
    due_at: datetime | None = strawberry.field(
        description="When the most urgent task of the caller's offices is due."
    )
    applicant_name: str
    applicant_id_no: str


@strawberry.type
class FoundCaseEdge:
    """A case in a page (Relay)."""

    cursor: str
    node: FoundCase


@strawberry.type
class FoundCaseConnection:
    """A page of the cases that were found, newest first (Relay)."""

    edges: list[FoundCaseEdge]
    page_info: PageInfo
    total_count: int
    is_total_exact: bool = strawberry.field(
        description="False: there are more than `totalCount`, and nobody counted further."
    )


SearchCasesResult: TypeAlias = Annotated[
    FoundCaseConnection | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("SearchCasesResult"),
]


@strawberry.type
class SearchQuery:
    """What an officer can look for."""

    @strawberry.field
    async def search_cases(
        self,
        info: Info,
        wanted: CaseSearchInput,
        first: int = DEFAULT_PAGE,
        after: str | None = None,
    ) -> SearchCasesResult:
        """The cases of the caller's offices that are like this; the look is journalled."""
        request = page_request("cases", first, after)
        question = {**_wanted(wanted), "limit": request.limit}
        if request.cursor is not None:
            question["cursor"] = request.cursor
        return await told(
            info.context.intake.search_cases(question),
            language=info.context.language,
            success=lambda body: _connection(request, body),
        )


def _connection(request: PageRequest, body: Json) -> FoundCaseConnection:
    page = page_of(request, body)
    return FoundCaseConnection(
        edges=[FoundCaseEdge(cursor=cursor, node=_found(row)) for cursor, row in page.rows],
        page_info=page.info,
        total_count=page.total,
        is_total_exact=flag(body, "isTotalExact"),
    )


def _wanted(wanted: CaseSearchInput) -> dict[str, object]:
    """As the window takes it: what is not given is not sent."""
    names = {
        "applicant_id_no": "applicantIdNo",
        "applicant_name": "applicantName",
        "item_code": "itemCode",
        "office_id": "officeId",
        "due_from": "dueFrom",
        "due_to": "dueTo",
    }
    given = {name: value for name, value in asdict(wanted).items() if value is not None}
    return {
        names.get(name, name): value.isoformat() if isinstance(value, date) else value
        for name, value in given.items()
    }


def _found(body: Json) -> FoundCase:
    return FoundCase(
        application_id=to_global_id(APPLICATION, identity(body)),
        number=text(body, "number"),
        item_code=text(body, "itemCode"),
        item_title=local_text(member(body, "itemTitle")),
        division=text(body, "division"),
        channel=optional_word(Channel, body.get("channel")),
        stage=word(Stage, body.get("stage")),
        outcome=optional_word(Outcome, body.get("outcome")),
        submitted_at=instant(body, "submittedAt"),
        concluded_at=instant(body, "concludedAt"),
        due_at=instant(body, "dueAt"),
        applicant_name=text(body, "applicantName"),
        applicant_id_no=text(body, "applicantIdNo"),
    )

"""Who is what: residents and the service objects base, for officers, masked."""

from datetime import date, datetime
from enum import StrEnum

import strawberry

from services.gateway.schema.context import Info
from services.gateway.schema.ids import opaque, read_uuid, to_global_id
from services.gateway.schema.pages import DEFAULT_PAGE, PageInfo, page_request
from services.gateway.schema.values import (
    Json,
    LocalText,
    local_text,
    member,
    optional_text,
    rows,
    text,
)
from services.gateway.schema.words import word

RESIDENT = "Resident"
LIST = "service-objects"


@strawberry.enum
class Purpose(StrEnum):
    """What residents' data is read for; it stands in the journal."""

    RELIEF_REVIEW = "RELIEF_REVIEW"
    HOME_VISIT = "HOME_VISIT"
    SERVICE_DELIVERY = "SERVICE_DELIVERY"
    REGISTER_UPKEEP = "REGISTER_UPKEEP"
    COMPLAINT = "COMPLAINT"


@strawberry.enum
class ObjectCategory(StrEnum):
    """What a person may be to the civil-affairs services (服务对象类别)."""

    MINIMUM_LIVING = "MINIMUM_LIVING"
    SPECIAL_HARDSHIP = "SPECIAL_HARDSHIP"
    LOW_INCOME_EDGE = "LOW_INCOME_EDGE"
    RIGID_EXPENDITURE = "RIGID_EXPENDITURE"
    DISABLED = "DISABLED"
    OLD_AGE = "OLD_AGE"
    ORPHAN = "ORPHAN"
    DE_FACTO_UNATTENDED = "DE_FACTO_UNATTENDED"
    PREFERENTIAL = "PREFERENTIAL"


@strawberry.type
class ServiceObjectEntry:
    """What a person is, by whose word, from when to when."""

    category: ObjectCategory
    title: LocalText
    source: str
    since: date | None
    until: date | None = strawberry.field(description="The first day on which it holds no more.")


@strawberry.type
class ServiceObjectPerson:
    """A resident with everything they are; name and number are masked."""

    id: strawberry.ID
    name: str
    id_no: str
    division: str
    entries: list[ServiceObjectEntry]


@strawberry.type
class ServiceObjectEdge:
    """A resident in a list (Relay)."""

    cursor: str
    node: ServiceObjectPerson


@strawberry.type
class ServiceObjectConnection:
    """A page of the residents of a division who are something (Relay)."""

    edges: list[ServiceObjectEdge]
    page_info: PageInfo


@strawberry.type
class RegisteredResident:
    """A resident on a day, as known at an instant; name and number are masked."""

    id: strawberry.ID
    name: str
    id_no: str
    former_numbers: list[str]
    status: str
    civil_status: str
    died_on: date | None
    division: str
    entries: list[ServiceObjectEntry]


@strawberry.type
class ResidentQuery:
    """What an officer can ask about residents; every answer is journalled with its purpose."""

    @strawberry.field
    async def service_objects(
        self,
        info: Info,
        division: str,
        purpose: Purpose,
        category: ObjectCategory | None = None,
        first: int = DEFAULT_PAGE,
        after: str | None = None,
    ) -> ServiceObjectConnection:
        """Who in a division is what: one question for the clerk of a village."""
        request = page_request(LIST, first, after)
        body = await info.context.registry.list_service_objects(
            division=division,
            purpose=purpose.value,
            category=category.value if category else None,
            limit=request.limit,
            after=request.cursor,
        )
        edges = [
            ServiceObjectEdge(cursor=opaque(f"{LIST}:{text(row, 'id')}"), node=_person_of(row))
            for row in rows(body, "items")
        ]
        page_info = PageInfo(
            has_next_page=optional_text(body, "after") is not None,
            has_previous_page=request.cursor is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )
        return ServiceObjectConnection(edges=edges, page_info=page_info)

    @strawberry.field
    async def resident(
        self,
        info: Info,
        id: strawberry.ID,
        purpose: Purpose,
        on: date | None = None,
        known_at: datetime | None = None,
    ) -> RegisteredResident:
        """What the register says of a resident on a day, as known at an instant."""
        body = await info.context.registry.get_resident(
            read_uuid(id, RESIDENT),
            purpose=purpose.value,
            on=on.isoformat() if on else None,
            knownAt=known_at.isoformat() if known_at else None,
        )
        return _resident_of(body)

    @strawberry.field
    async def find_resident(self, info: Info, id_no: str, purpose: Purpose) -> RegisteredResident:
        """Whoever has this number, or had it before it was changed."""
        body = await info.context.registry.find_resident(id_no, purpose=purpose.value)
        return _resident_of(body)


def _person_of(body: Json) -> ServiceObjectPerson:
    return ServiceObjectPerson(
        id=to_global_id(RESIDENT, text(body, "id")),
        name=text(body, "name"),
        id_no=text(body, "idNo"),
        division=text(body, "division"),
        entries=_entries_of(body),
    )


def _resident_of(body: Json) -> RegisteredResident:
    died_on = optional_text(body, "diedOn")
    numbers = body.get("formerNumbers")
    return RegisteredResident(
        id=to_global_id(RESIDENT, text(body, "id")),
        name=text(body, "name"),
        id_no=text(body, "idNo"),
        former_numbers=[str(each) for each in numbers] if isinstance(numbers, list) else [],
        status=text(body, "status"),
        civil_status=text(body, "civilStatus"),
        died_on=date.fromisoformat(died_on) if died_on else None,
        division=text(body, "division"),
        entries=_entries_of(body),
    )


def _entries_of(body: Json) -> list[ServiceObjectEntry]:
    return [
        ServiceObjectEntry(
            category=word(ObjectCategory, row.get("category")),
            title=local_text(row.get("title")),
            source=text(row, "source"),
            since=_day(member(row, "period"), "since"),
            until=_day(member(row, "period"), "until"),
        )
        for row in rows(body, "objects")
    ]


def _day(body: Json, name: str) -> date | None:
    given = optional_text(body, name)
    return date.fromisoformat(given) if given else None

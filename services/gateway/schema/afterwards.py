"""What a citizen does once a matter is decided: have it delivered, contest it, rate, complain."""

from collections.abc import Awaitable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import strawberry

from services.gateway.clients import Body
from services.gateway.schema.commands import idempotency_key, told
from services.gateway.schema.context import Info
from services.gateway.schema.failures import Conflict, Forbidden, NotFound, ValidationFailed
from services.gateway.schema.ids import APPLICATION, read_uuid, to_global_id, uuid_of
from services.gateway.schema.values import (
    LocalText,
    identity,
    instant,
    local_text,
    number,
    optional_text,
    rows,
    text,
    texts,
)


@strawberry.enum
class RatingScale(StrEnum):
    """Which way the numbers run: codes begin with the best, stars end there."""

    SATISFACTION_CODE = "satisfaction-code"
    STARS = "stars"


@strawberry.enum
class DeliveryMethod(StrEnum):
    """How an outcome document reaches somebody."""

    WINDOW = "window"
    POST = "post"
    ELECTRONIC = "electronic"


@strawberry.enum
class ComplaintCategory(StrEnum):
    """What somebody wants of the authority."""

    CONSULTATION = "consultation"
    HELP = "help"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"


@strawberry.input
class RateMatterInput:
    """What somebody thinks of the service they got."""

    application_id: strawberry.ID
    matter: str
    scale: RatingScale
    value: int
    idempotency_key: str
    remark: str | None = None
    is_anonymous: bool = False


@strawberry.input
class AddressInput:
    """Where the post goes."""

    name: str
    phone: str
    division: str
    detail: str


@strawberry.input
class DeliverOutcomeInput:
    """How the paper of a matter is to be delivered."""

    application_id: strawberry.ID
    matter: str
    method: DeliveryMethod
    idempotency_key: str
    address: AddressInput | None = None


@strawberry.input
class AppealDecisionInput:
    """Why somebody does not accept a decision."""

    application_id: strawberry.ID
    matter: str
    grounds: str
    idempotency_key: str


@strawberry.input
class FileComplaintInput:
    """What somebody wants to be heard about: a case of theirs, or a place."""

    category: ComplaintCategory
    text: str
    idempotency_key: str
    application_id: strawberry.ID | None = None
    division: str | None = None


@strawberry.input
class AnswerCallbackInput:
    """Whether what was complained of has been put right."""

    complaint_id: strawberry.ID
    is_satisfied: bool
    idempotency_key: str
    note: str | None = None


@strawberry.type
class RateMatterSuccess:
    """The rating is kept; 1 is the best, 5 the worst."""

    matter: str
    satisfaction: int
    title: LocalText


@strawberry.type
class Delivery:
    """Where one paper is on its way."""

    matter: str
    method: str
    state: str
    tracking_number: str | None
    delivered_at: datetime | None = strawberry.field(
        description="The day it arrived starts the period of an appeal."
    )


@strawberry.type
class DeliverOutcomeSuccess:
    """Every delivery of the case."""

    deliveries: list[Delivery]


@strawberry.type
class Appeal:
    """A decision that is contested."""

    uuid: strawberry.ID
    matter: str
    stage: str
    outcome: str | None
    due_at: datetime | None
    reasons: str | None


@strawberry.type
class AppealDecisionSuccess:
    """The appeal is filed; others than those who decided review it."""

    appeal: Appeal


@strawberry.type
class Complaint:
    """A complaint, or the rectification of a bad rating, and how it goes on."""

    uuid: strawberry.ID
    kind: str
    stage: str
    outcome: str | None
    due_at: datetime | None
    text: str | None
    allowed: list[str] = strawberry.field(description="What the caller may do now.")


@strawberry.type
class ComplaintSuccess:
    """The complaint as it stands now."""

    complaint: Complaint


@strawberry.type
class RatingInvitation:
    """A service of the caller's own that may be rated now."""

    application_id: strawberry.ID
    number: str
    matter: str
    title: LocalText
    concluded_at: datetime | None


RateMatterResult: TypeAlias = Annotated[
    RateMatterSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("RateMatterResult"),
]
DeliverOutcomeResult: TypeAlias = Annotated[
    DeliverOutcomeSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("DeliverOutcomeResult"),
]
AppealDecisionResult: TypeAlias = Annotated[
    AppealDecisionSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("AppealDecisionResult"),
]
ComplaintResult: TypeAlias = Annotated[
    ComplaintSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("ComplaintResult"),
]


@strawberry.type
class AfterwardsQuery:
    """What a citizen can ask once a matter is decided."""

    @strawberry.field
    async def rating_invitations(self, info: Info) -> list[RatingInvitation]:
        """The caller's own services that are over and not rated."""
        body = await info.context.intake.list_invitations()
        return [_invitation(row) for row in rows(body, "items")]

    @strawberry.field
    async def complaint(self, info: Info, uuid: strawberry.ID) -> Complaint | None:
        """A complaint of the caller's own, or the rectification of their bad rating."""
        return _complaint(await info.context.intake.get_redress(uuid_of(uuid)))


@strawberry.type
class AfterwardsMutation:
    """What a citizen can do once a matter is decided."""

    @strawberry.mutation
    async def rate_matter(self, info: Info, input: RateMatterInput) -> RateMatterResult:
        """Rate one matter of a case, once; a bad rating is put right and answered."""
        command: dict[str, Any] = {
            "matter": input.matter,
            "scale": input.scale.value,
            "value": input.value,
            "remark": input.remark,
            "isAnonymous": input.is_anonymous,
        }
        return await told(
            _on_case(info, input.application_id, "rate", command, input.idempotency_key),
            language=info.context.language,
            success=lambda body: RateMatterSuccess(
                matter=text(body, "matter"),
                satisfaction=number(body, "satisfaction"),
                title=local_text(body.get("title")),
            ),
        )

    @strawberry.mutation
    async def deliver_outcome(self, info: Info, input: DeliverOutcomeInput) -> DeliverOutcomeResult:
        """Say how the paper of a matter is to be delivered."""
        command: dict[str, Any] = {"matter": input.matter, "method": input.method.value}
        if input.address is not None:
            command["address"] = strawberry.asdict(input.address)
        return await told(
            _on_case(info, input.application_id, "deliver", command, input.idempotency_key),
            language=info.context.language,
            success=lambda body: DeliverOutcomeSuccess(
                deliveries=[_delivery(row) for row in rows(body, "items")]
            ),
        )

    @strawberry.mutation
    async def appeal_decision(self, info: Info, input: AppealDecisionInput) -> AppealDecisionResult:
        """Contest the decision of a matter within sixty days of its delivery."""
        command = {"matter": input.matter, "grounds": input.grounds}
        return await told(
            _on_case(info, input.application_id, "appeal", command, input.idempotency_key),
            language=info.context.language,
            success=lambda body: AppealDecisionSuccess(appeal=_appeal(body)),
        )

    @strawberry.mutation
    async def file_complaint(self, info: Info, input: FileComplaintInput) -> ComplaintResult:
        """Complain, ask or propose: about a case of one's own, or about a place."""
        command: dict[str, Any] = {"category": input.category.value, "text": input.text}
        if input.application_id is not None:
            command["applicationId"] = str(read_uuid(input.application_id, APPLICATION))
        if input.division is not None:
            command["division"] = input.division
        key = idempotency_key(input.idempotency_key)
        return await told(
            info.context.intake.complain(command, key=key),
            language=info.context.language,
            success=lambda body: ComplaintSuccess(complaint=_complaint(body)),
        )

    @strawberry.mutation
    async def answer_callback(self, info: Info, input: AnswerCallbackInput) -> ComplaintResult:
        """Say whether it has been put right; if not, it goes back into work."""
        command = {
            "act": "satisfied" if input.is_satisfied else "still-bad",
            "note": input.note,
        }
        key = idempotency_key(input.idempotency_key)
        redress = uuid_of(input.complaint_id)
        return await told(
            info.context.intake.step_redress(redress, command, key=key),
            language=info.context.language,
            success=lambda body: ComplaintSuccess(complaint=_complaint(body)),
        )


def _on_case(
    info: Info, global_id: strawberry.ID, act: str, command: Body, key: str
) -> Awaitable[Body]:
    application_id: UUID = read_uuid(global_id, APPLICATION)
    info.context.mark(application_id)
    return info.context.intake.act_on_case(application_id, act, command, key=idempotency_key(key))


def _invitation(row: Body) -> RatingInvitation:
    return RatingInvitation(
        application_id=to_global_id(APPLICATION, identity(row, "applicationId")),
        number=text(row, "number"),
        matter=text(row, "matter"),
        title=local_text(row.get("title")),
        concluded_at=instant(row, "concludedAt"),
    )


def _delivery(row: Body) -> Delivery:
    return Delivery(
        matter=text(row, "matter"),
        method=text(row, "method"),
        state=text(row, "state"),
        tracking_number=optional_text(row, "trackingNumber"),
        delivered_at=instant(row, "deliveredAt"),
    )


def _appeal(body: Body) -> Appeal:
    return Appeal(
        uuid=strawberry.ID(str(identity(body))),
        matter=text(body, "matter"),
        stage=text(body, "stage"),
        outcome=optional_text(body, "outcome"),
        due_at=instant(body, "dueAt"),
        reasons=optional_text(body, "reasons"),
    )


def _complaint(body: Body) -> Complaint:
    return Complaint(
        uuid=strawberry.ID(str(identity(body))),
        kind=text(body, "kind"),
        stage=text(body, "stage"),
        outcome=optional_text(body, "outcome"),
        due_at=instant(body, "dueAt"),
        text=optional_text(body, "text"),
        allowed=texts(body, "allowed"),
    )

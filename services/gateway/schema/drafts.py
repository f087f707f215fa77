"""Drafts of applications, and what stands in the way of handing one in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.scalars import JSON

from services.gateway.clients import Body
from services.gateway.errors import BadUserInput, Declined
from services.gateway.schema.cases import application_of
from services.gateway.schema.citizens import (
    MaterialInput,
    SubmitApplicationResult,
    SubmitApplicationSuccess,
    material_of,
)
from services.gateway.schema.commands import idempotency_key, told
from services.gateway.schema.context import Info
from services.gateway.schema.failures import (
    Conflict,
    Forbidden,
    NotFound,
    ValidationFailed,
    eligibility_of,
)
from services.gateway.schema.ids import item_code_of, uuid_of
from services.gateway.schema.values import (
    LocalText,
    flag,
    identity,
    instant,
    json_object,
    local_text,
    number,
    optional_text,
    rows,
    text,
    texts,
)
from services.gateway.schema.words import Channel


@strawberry.input
class SaveDraftInput:
    """What has been filled in so far; nothing in it is checked."""

    item_code: str
    form: JSON
    version: int = strawberry.field(description="The version that was read; 0 for a first draft.")
    idempotency_key: str
    materials: list[MaterialInput] = strawberry.field(default_factory=list)


@strawberry.input
class DiscardDraftInput:
    """A draft that is not wanted any more."""

    item_code: str
    version: int
    idempotency_key: str


@strawberry.input
class SubmitDraftInput:
    """A draft that is complete."""

    item_code: str
    version: int
    channel: Channel
    idempotency_key: str
    on_behalf_of: strawberry.ID | None = strawberry.field(
        default=None, description="The grant of the person it is handed in for (代办)."
    )


@strawberry.input
class ReadinessInput:
    """An application that is to be looked over, not taken."""

    item_code: str
    form: JSON
    materials: list[MaterialInput] = strawberry.field(default_factory=list)
    on_behalf_of: strawberry.ID | None = None


@strawberry.type
class DraftSummary:
    """A draft in a list; what it says is not there."""

    item_code: str
    version: int
    saved_at: datetime | None
    expires_at: datetime | None


@strawberry.type
class DraftMaterial:
    """A paper laid to a draft; no file stands for a signed commitment."""

    key: str
    file_id: strawberry.ID | None


@strawberry.type
class Draft:
    """A draft with everything filled in so far; shown to nobody but who filled it in."""

    item_code: str
    version: int
    saved_at: datetime | None
    expires_at: datetime | None
    form: JSON
    materials: list[DraftMaterial]


@strawberry.type
class Lack:
    """One thing that stands in the way, by place and code; never what was written."""

    kind: str = strawberry.field(description="form, material, place, person or application.")
    code: str
    pointer: str | None = strawberry.field(description="JSON pointer of a field of the form.")
    material: str | None = strawberry.field(description="Key of a material.")
    message: LocalText


@strawberry.type
class Readiness:
    """Everything that stands in the way, at once; nothing was written."""

    item_version: int
    is_ready: bool
    problems: list[Lack]
    deferrable: list[str] = strawberry.field(description="Materials that may be brought later.")
    undecided: list[str] = strawberry.field(
        description="Materials that may be needed, once the form is right."
    )


@strawberry.type
class SaveDraftSuccess:
    """The draft as it is kept now."""

    draft: DraftSummary


@strawberry.type
class DiscardDraftSuccess:
    """The drafts that are left."""

    drafts: list[DraftSummary]


SaveDraftResult: TypeAlias = Annotated[
    SaveDraftSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("SaveDraftResult"),
]
DiscardDraftResult: TypeAlias = Annotated[
    DiscardDraftSuccess | ValidationFailed | Conflict | Forbidden | NotFound,
    strawberry.union("DiscardDraftResult"),
]


@strawberry.type
class DraftQuery:
    """What a citizen can ask before handing anything in."""

    @strawberry.field
    async def drafts(self, info: Info) -> list[DraftSummary]:
        """The caller's own drafts, the one saved last first."""
        return [_summary(row) for row in rows(await info.context.intake.list_drafts(), "items")]

    @strawberry.field
    async def draft(self, info: Info, item_code: str) -> Draft | None:
        """The caller's own draft for an item; null where there is none."""
        try:
            body = await info.context.intake.get_draft(item_code_of(item_code))
        except Declined as declined:
            if declined.code == "DRAFT_NOT_FOUND":
                return None
            raise
        return _draft(body)

    @strawberry.field
    async def application_readiness(self, info: Info, input: ReadinessInput) -> Readiness:
        """Everything that would stand in the way of an application, before it is handed in."""
        command: dict[str, Any] = {
            "itemCode": item_code_of(input.item_code),
            "form": _form(input.form),
            "materials": [material_of(each) for each in input.materials],
        }
        if input.on_behalf_of is not None:
            command["onBehalfOf"] = str(uuid_of(input.on_behalf_of))
        return _readiness(await info.context.intake.look_over(command))


@strawberry.type
class DraftMutation:
    """What a citizen can do before handing anything in, and the handing in."""

    @strawberry.mutation
    async def save_draft(self, info: Info, input: SaveDraftInput) -> SaveDraftResult:
        """Keep what has been filled in so far, for ninety days from the last save."""
        command = {
            "form": _form(input.form),
            "materials": [material_of(each) for each in input.materials],
        }
        return await told(
            info.context.intake.act_on_draft(
                item_code_of(input.item_code),
                "save",
                command,
                version=_version(input.version),
                key=idempotency_key(input.idempotency_key),
            ),
            language=info.context.language,
            success=lambda body: SaveDraftSuccess(draft=_summary(body)),
        )

    @strawberry.mutation
    async def discard_draft(self, info: Info, input: DiscardDraftInput) -> DiscardDraftResult:
        """Remove a draft; what it said is destroyed."""
        return await told(
            info.context.intake.act_on_draft(
                item_code_of(input.item_code),
                "discard",
                {},
                version=_version(input.version),
                key=idempotency_key(input.idempotency_key),
            ),
            language=info.context.language,
            success=lambda body: DiscardDraftSuccess(
                drafts=[_summary(row) for row in rows(body, "items")]
            ),
        )

    @strawberry.mutation
    async def submit_draft(self, info: Info, input: SubmitDraftInput) -> SubmitApplicationResult:
        """Hand a draft in; it ends as the application begins, or stays if that is refused."""
        context = info.context
        command: dict[str, Any] = {"channel": input.channel.value}
        if input.on_behalf_of is not None:
            command["onBehalfOf"] = str(uuid_of(input.on_behalf_of))
        try:
            body = await context.intake.act_on_draft(
                item_code_of(input.item_code),
                "submit",
                command,
                version=_version(input.version),
                key=idempotency_key(input.idempotency_key),
            )
        except Declined as declined:
            return eligibility_of(declined, context.language)
        context.mark(identity(body))
        return SubmitApplicationSuccess(application=application_of(body))


def _form(given: JSON) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise BadUserInput("`form` is an object")
    return given


def _version(given: int) -> int:
    if given < 0:
        raise BadUserInput("`version` is the one that was read, or 0")
    return min(given, 999_999_999)


def _summary(row: Body) -> DraftSummary:
    return DraftSummary(
        item_code=text(row, "itemCode"),
        version=number(row, "version"),
        saved_at=instant(row, "savedAt"),
        expires_at=instant(row, "expiresAt"),
    )


def _draft(body: Body) -> Draft:
    return Draft(
        item_code=text(body, "itemCode"),
        version=number(body, "version"),
        saved_at=instant(body, "savedAt"),
        expires_at=instant(body, "expiresAt"),
        form=json_object(body, "form"),
        materials=[_material(row) for row in rows(body, "materials")],
    )


def _material(row: Body) -> DraftMaterial:
    file_id = optional_text(row, "fileId")
    return DraftMaterial(
        key=text(row, "key"), file_id=None if file_id is None else strawberry.ID(file_id)
    )


def _readiness(body: Body) -> Readiness:
    return Readiness(
        item_version=number(body, "itemVersion"),
        is_ready=flag(body, "isReady"),
        problems=[
            Lack(
                kind=text(row, "kind"),
                code=text(row, "code"),
                pointer=optional_text(row, "pointer"),
                material=optional_text(row, "material"),
                message=local_text(row.get("message")),
            )
            for row in rows(body, "problems")
        ],
        deferrable=texts(body, "deferrable"),
        undecided=texts(body, "undecided"),
    )

"""What a draft looks like, and what an application still lacks."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from services.intake.model import Channel
from services.intake.model.draft import DraftContent, DraftLine, DraftMaterial
from services.intake.model.readiness import Lack, Readiness
from services.intake.schemas.submission import MaterialBody
from services.intake.schemas.wire import Code, Id, TextView, as_channel
from shared.schemas import Body, Instant, View


class DraftBody(Body):
    """What has been filled in so far."""

    form: dict[str, Any]
    materials: Annotated[list[MaterialBody], Field(max_length=50, default_factory=list)]

    def content(self) -> DraftContent:
        """The same, as the window keeps it."""
        return DraftContent(
            form=self.form,
            materials=[
                DraftMaterial(key=each.key, file_id=each.file_id) for each in self.materials
            ],
        )


class DiscardBody(Body):
    """Nothing more needs to be said."""


class SubmitDraftBody(Body):
    """The draft is complete."""

    channel: Annotated[Channel, BeforeValidator(as_channel)] = Channel.WEB
    on_behalf_of: Id | None = None
    """Id of the grant under which an agent applies for somebody else."""


class ValidateBody(Body):
    """An application that is to be looked at, not taken."""

    item_code: Code
    form: dict[str, Any]
    materials: Annotated[list[MaterialBody], Field(max_length=50, default_factory=list)]
    on_behalf_of: Id | None = None
    """Id of the grant under which an agent would apply for somebody else."""


class DraftLineView(View):
    """A draft in a list."""

    item_code: str
    version: int
    saved_at: Instant
    expires_at: Instant


class DraftListView(View):
    """The caller's own drafts."""

    items: list[DraftLineView]


class DraftMaterialView(View):
    """A paper laid to a draft."""

    key: str
    file_id: str | None


class DraftView(DraftLineView):
    """A draft, with everything filled in so far; shown to nobody but who filled it in."""

    form: dict[str, Any]
    materials: list[DraftMaterialView]


class LackView(View):
    """One thing that stands in the way."""

    kind: str
    code: str
    pointer: str | None
    """JSON pointer of the field, for a mistake in the form."""
    material: str | None
    """Key of the material it is about."""
    message: TextView


class ReadinessView(View):
    """Everything that stands in the way, at once; nothing was written."""

    item_code: str
    item_version: int
    is_ready: bool
    problems: list[LackView]
    deferrable: list[str]
    """Materials that may be brought later."""
    undecided: list[str]
    """Materials of which nobody can say whether they are needed until the form is right."""


def draft_line_view(line: DraftLine) -> DraftLineView:
    """A draft in a list, as it is shown."""
    return DraftLineView(
        item_code=line.item_code,
        version=line.version,
        saved_at=line.saved_at,
        expires_at=line.expires_at,
    )


def draft_view(line: DraftLine, content: DraftContent) -> DraftView:
    """A draft, as it is shown to whoever filled it in."""
    return DraftView(
        **draft_line_view(line).model_dump(),
        form=dict(content.form),
        materials=[
            DraftMaterialView(key=each.key, file_id=str(each.file_id) if each.file_id else None)
            for each in content.materials
        ],
    )


def readiness_view(code: str, version: int, readiness: Readiness) -> ReadinessView:
    """What stands in the way, as it is shown."""
    return ReadinessView(
        item_code=code,
        item_version=version,
        is_ready=not readiness.lacks,
        problems=[_lack_view(each) for each in readiness.lacks],
        deferrable=list(readiness.deferrable),
        undecided=list(readiness.undecided),
    )


def _lack_view(lack: Lack) -> LackView:
    return LackView(
        kind=str(lack.kind),
        code=lack.code,
        pointer=lack.pointer,
        material=lack.material,
        message=TextView(zh=lack.message.zh, en=lack.message.en),
    )

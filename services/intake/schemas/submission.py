"""What an applicant sends, and what is kept of a file."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.intake.model import Channel
from services.intake.schemas.wire import Code, Id, Key, Words, as_channel
from shared.schemas import Body, View


class MaterialBody(Body):
    """A material handed in: the id of a file, or nothing for a signed commitment."""

    key: Key
    file_id: Id | None = None


class SubmitBody(Body):
    """An application for one service item."""

    item_code: Code
    form: dict[str, Any]
    materials: Annotated[list[MaterialBody], Field(max_length=50, default_factory=list)]
    channel: Annotated[Channel, BeforeValidator(as_channel)] = Channel.WEB
    on_behalf_of: Id | None = None
    """Id of the grant under which an agent applies for somebody else."""


class WithdrawBody(Body):
    """Taking an application back."""

    reason: Words = ""


class CorrectBody(Body):
    """The answer to a correction notice; only what it marks may be in it."""

    form: dict[str, Any] = Field(default_factory=dict)
    """The members that change, as a JSON merge patch."""
    materials: Annotated[list[MaterialBody], Field(max_length=50, default_factory=list)]


class FileView(View):
    """A file that was kept."""

    id: UUID
    media_type: str
    size: int
    sha256: str

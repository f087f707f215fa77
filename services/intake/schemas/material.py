"""Papers that come after the application."""

from typing import Annotated

from pydantic import Field

from services.intake.schemas.wire import Id, Key
from shared.schemas import Body


class LateMaterialBody(Body):
    """A paper that was still to come: the id of its file."""

    key: Key
    file_id: Id


class HandInLaterBody(Body):
    """Papers an application was accepted without."""

    materials: Annotated[list[LateMaterialBody], Field(min_length=1, max_length=50)]

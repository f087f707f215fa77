"""Bases and types of HTTP bodies: strict on the way in, camelCase both ways."""

import re
import unicodedata
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

SHANGHAI = ZoneInfo("Asia/Shanghai")

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


class Body(BaseModel):
    """A command from outside: unknown fields and loose types are refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        strict=True,
        frozen=True,
        hide_input_in_errors=True,
    )


class View(BaseModel):
    """What we show; built from the model with keyword arguments."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, from_attributes=True, frozen=True
    )

    def as_json(self) -> dict[str, Any]:
        """JSON values with the names of the wire."""
        return self.model_dump(mode="json", by_alias=True)


def _local(value: datetime) -> datetime:
    return value.astimezone(SHANGHAI)


def _from_text(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _clean(value: str) -> str:
    if _INVISIBLE.search(value):
        raise PydanticCustomError("unsafe_text", "Contains control or direction characters")
    return unicodedata.normalize("NFC", value)


Instant = Annotated[AwareDatetime, BeforeValidator(_from_text), AfterValidator(_local)]
"""An instant with its offset; shown as +08:00."""

SafeText = Annotated[str, AfterValidator(_clean)]
"""Text as people write it: no control, direction or invisible characters; NFC."""

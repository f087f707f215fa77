"""Types that several bodies share, words in two languages, and cursors."""

import base64
import binascii
from typing import Annotated
from uuid import UUID

import orjson
from pydantic import BeforeValidator, Field

from services.intake.model import Channel, Verdict
from shared.errors import Unacceptable
from shared.schemas import SafeText, View


def _uuid(value: object) -> object:
    return UUID(value) if isinstance(value, str) else value


def as_channel(value: object) -> object:
    """The channel a text of JSON names; strict bodies take no text for an enumeration."""
    return Channel(value) if isinstance(value, str) else value


def as_verdict(value: object) -> object:
    """The verdict a text of JSON names."""
    return Verdict(value) if isinstance(value, str) else value


Id = Annotated[UUID, BeforeValidator(_uuid)]


Code = Annotated[str, Field(pattern=r"^[A-Z0-9-]{3,16}$")]


Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


Words = Annotated[SafeText, Field(max_length=2000)]


class CursorUnusable(Unacceptable):
    """A page cursor was not one that this door gave out."""

    title = "翻页参数无效"
    title_en = "The cursor is not usable"


class TextView(View):
    """Words in Chinese and English."""

    zh: str
    en: str


def make_cursor(*parts: str) -> str:
    """An opaque cursor; it names a place in an order, nothing more."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def read_cursor(cursor: str, *, parts: int) -> list[str]:
    """The place a cursor names.

    Raises:
        CursorUnusable: It is not one of ours.
    """
    try:
        read = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise CursorUnusable from None
    if not isinstance(read, list) or len(read) != parts:
        raise CursorUnusable
    if not all(isinstance(part, str) for part in read):
        raise CursorUnusable
    return read

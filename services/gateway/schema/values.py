"""Values as they stand in the services' JSON, read without trusting that each is there."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from services.gateway.errors import BadUserInput
from services.gateway.schema.context import Info
from services.gateway.schema.ids import uuid_of
from shared.clock import SHANGHAI
from shared.errors import Unavailable

Json = Mapping[str, Any]


@strawberry.type
class LocalText:
    """Words for people in Chinese and, where there are any, in English."""

    zh: str
    en: str | None

    @strawberry.field
    def text(self, info: Info) -> str:
        """The words in the language the caller prefers (`Accept-Language`)."""
        return (self.en or self.zh) if info.context.language == "en" else self.zh


def local_text(value: object) -> LocalText:
    """A text with its translation; a bare string is Chinese."""
    if isinstance(value, Mapping):
        english = value.get("en")
        chinese = value.get("zh") or english or ""
        return LocalText(zh=str(chinese), en=str(english) if english else None)
    return LocalText(zh="" if value is None else str(value), en=None)


def optional_local_text(value: object) -> LocalText | None:
    """A text with its translation, if there is one."""
    return None if value is None else local_text(value)


def local_texts(value: object) -> list[LocalText]:
    """Every text of a list; or of a Chinese and an English one, with their legal source last."""
    if isinstance(value, list):
        return [local_text(each) for each in value]
    if isinstance(value, Mapping):
        chinese, english = value.get("zh"), value.get("en")
        if isinstance(chinese, list):
            beside = english if isinstance(english, list) else []
            steps = zip_longest(chinese, beside[: len(chinese)])
            source = value.get("source")
            return [
                *(local_text({"zh": zh, "en": en}) for zh, en in steps),
                *([local_text(source)] if source else []),
            ]
    return []


def text(body: Json, name: str) -> str:
    """A member that is a string; the empty string if it is missing."""
    value = body.get(name)
    return "" if value is None else str(value)


def optional_text(body: Json, name: str) -> str | None:
    """A member that is a string, if it is there."""
    value = body.get(name)
    return None if value is None else str(value)


def number(body: Json, name: str) -> int:
    """A member that is a whole number; 0 if it is missing."""
    value = body.get(name)
    return value if isinstance(value, int) else 0


def flag(body: Json, name: str) -> bool:
    """A member that is true; missing is false."""
    return body.get(name) is True


def instant(body: Json, name: str) -> datetime | None:
    """An instant, in Chinese legal time.

    Raises:
        Unavailable: The service wrote something that is no instant.
    """
    value = body.get(name)
    if value is None:
        return None
    try:
        return datetime.fromisoformat(str(value)).astimezone(SHANGHAI)
    except ValueError:
        raise Unavailable from None


def day(body: Json, name: str) -> date | None:
    """A legal date.

    Raises:
        Unavailable: The service wrote something that is no date.
    """
    value = body.get(name)
    try:
        return None if value is None else date.fromisoformat(str(value)[:10])
    except ValueError:
        raise Unavailable from None


def rows(body: Json, name: str) -> list[Json]:
    """A member that is a list of objects; empty if it is missing."""
    value = body.get(name)
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def member(body: Json, name: str) -> Json:
    """A member that is an object; empty if it is missing."""
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}


def json_object(body: Json, name: str) -> JSON:
    """A member that is an object, as it stands; empty if it is missing."""
    return JSON(dict(member(body, name)))


def texts(body: Json, name: str) -> list[str]:
    """A member that is a list of strings; empty if it is missing."""
    value = body.get(name)
    return [str(each) for each in value] if isinstance(value, list) else []


def identity(body: Json, name: str = "id") -> UUID:
    """The own id of a thing, which cannot be missing.

    Raises:
        Unavailable: The service wrote something that is no id.
    """
    try:
        return uuid_of(body.get(name))
    except BadUserInput:
        raise Unavailable from None

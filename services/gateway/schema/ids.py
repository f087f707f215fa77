"""Things with a global id, and the ids: opaque outside, a type's name and its own id inside."""

import base64
import binascii
import re
from uuid import UUID

import strawberry

from services.gateway.errors import BadUserInput

APPLICATION = "Application"
TASK = "Task"
SERVICE_ITEM = "ServiceItem"
CERTIFICATE = "Certificate"

ITEM_CODE = re.compile(r"[A-Z]{2,3}-?[0-9]{2,3}")
_LONGEST = 120


@strawberry.interface
class Node:
    """Something that can be asked for again by its global id (Relay)."""

    id: strawberry.ID


def to_global_id(type_name: str, local_id: object) -> strawberry.ID:
    """The id of a thing as clients see it."""
    return strawberry.ID(opaque(f"{type_name}:{local_id}"))


def read_global_id(global_id: str) -> tuple[str, str]:
    """The type and the own id inside a global id.

    Raises:
        BadUserInput: It is not one of ours.
    """
    type_name, separator, local_id = transparent(global_id).partition(":")
    if not separator or opaque(f"{type_name}:{local_id}") != global_id:
        raise BadUserInput("not an id of this interface")
    return type_name, local_id


def read_uuid(global_id: str, type_name: str) -> UUID:
    """The own id of a thing of one type.

    Raises:
        BadUserInput: It is not the id of such a thing.
    """
    found, local_id = read_global_id(global_id)
    if found != type_name:
        raise BadUserInput(f"not the id of a {type_name}")
    return uuid_of(local_id)


def uuid_of(text: object) -> UUID:
    """A UUID in its one canonical spelling.

    Raises:
        BadUserInput: It is anything else.
    """
    try:
        value = UUID(str(text))
    except ValueError:
        raise BadUserInput("not an id of this interface") from None
    if str(value) != text:
        raise BadUserInput("not an id of this interface")
    return value


def item_code_of(text: str) -> str:
    """A service item's code, safe to put into a path.

    Raises:
        BadUserInput: No code looks like this.
    """
    if not ITEM_CODE.fullmatch(text):
        raise BadUserInput("not the code of a service item")
    return text


def opaque(text: str) -> str:
    """Text that clients should pass back and not read."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def transparent(text: str) -> str:
    """What `opaque` was given.

    Raises:
        BadUserInput: The text did not come from there.
    """
    if not text or len(text) > 4 * _LONGEST:
        raise BadUserInput("not an id or a cursor of this interface")
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (UnicodeError, binascii.Error):
        raise BadUserInput("not an id or a cursor of this interface") from None

"""Pages of a list: opaque keyset cursors around those of the service that keeps the list."""

from collections.abc import Sequence
from dataclasses import dataclass

import strawberry

from services.gateway.errors import BadUserInput
from services.gateway.schema.ids import opaque, transparent
from services.gateway.schema.values import Json, number, optional_text, rows, text

MAX_PAGE = 100
DEFAULT_PAGE = 20


@strawberry.type
class PageInfo:
    """Where a page stands in its list (Relay)."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """A page as it is asked for."""

    list_name: str
    limit: int
    cursor: str | None = None
    """The service's own cursor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it came, each row with its cursor."""

    rows: Sequence[tuple[str, Json]]
    info: PageInfo
    total: int


def page_request(list_name: str, first: int, after: str | None) -> PageRequest:
    """Read `first` and `after`.

    Raises:
        BadUserInput: The size is not 1 to 100, or the cursor is not one of this list.
    """
    if not 1 <= first <= MAX_PAGE:
        raise BadUserInput(f"`first` is 1 to {MAX_PAGE}")
    if after is None:
        return PageRequest(list_name=list_name, limit=first)
    found, _, cursor = transparent(after).partition(":")
    if found != list_name or not cursor.isprintable() or not cursor:
        raise BadUserInput("`after` is not a cursor of this list")
    return PageRequest(list_name=list_name, limit=first, cursor=cursor)


def page_of(request: PageRequest, body: Json) -> Page:
    """The page that a service's answer holds."""
    taken = [
        (opaque(f"{request.list_name}:{text(row, 'cursor')}"), row) for row in rows(body, "items")
    ]
    info = PageInfo(
        has_next_page=optional_text(body, "nextCursor") is not None,
        has_previous_page=request.cursor is not None,
        start_cursor=taken[0][0] if taken else None,
        end_cursor=taken[-1][0] if taken else None,
    )
    return Page(rows=taken, info=info, total=number(body, "total"))

"""The second wall: PostgreSQL itself shows a caller's transaction only what is theirs to see.

The first wall is the predicate in every statement (`shared.visibility`). This one stands
behind it, for the statement in which somebody forgot it. Every connection of ours says that
it works for the house; a transaction opened while a caller is answered says for whom instead.
A connection that says nothing finds nothing.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextvars import ContextVar
from typing import Any

from sqlalchemy import text

from shared.auth import Actor
from shared.connection import Connection
from shared.visibility import Visibility

HOUSE = {"ow.asker": "house"}
"""What our connections say when they open: consumers, jobs and clocks work for everybody."""

_ASKER: ContextVar[Actor | None] = ContextVar("asker", default=None)

_ASK_FOR = text("""
    SELECT set_config('ow.asker', :asker, true), set_config('ow.division', :division, true),
           set_config('ow.person', :person, true)
""")

_Scope = MutableMapping[str, Any]
_Asgi = Callable[..., Awaitable[None]]


class PerRequest:
    """Forgets who asked when a request is over; ASGI middleware.

    Args:
        app: What answers.
    """

    def __init__(self, app: _Asgi) -> None:
        self._app = app

    async def __call__(self, scope: _Scope, receive: object, send: object) -> None:
        """Answer one request."""
        before = _ASKER.set(None)
        try:
            await self._app(scope, receive, send)
        finally:
            _ASKER.reset(before)


def asks(actor: Actor) -> None:
    """Note who asks; what is read until the request is over is read for them."""
    _ASKER.set(actor)


def asker() -> Actor | None:
    """Who is being answered; None while the house is at work."""
    return _ASKER.get()


def is_asked() -> bool:
    """Whether a caller is being answered, and not the house at work."""
    return _ASKER.get() is not None


async def raise_wall(connection: Connection) -> None:
    """Let the open transaction see only what its caller may; one statement."""
    actor = _ASKER.get()
    if actor is None:
        return
    visible = Visibility.of(actor)
    values = {
        "asker": "all" if visible.everything else "one",
        "division": visible.division or "",
        "person": visible.person or "",
    }
    await connection.execute(_ASK_FOR, values)


def build_wall(
    operations: Any,  # noqa: ANN401
    service: str,
    *,
    shown: str,
    tables: Mapping[str, str],
) -> None:
    """Put policies on the tables of a service; called by a migration.

    Args:
        shown: SQL over `wanted`, the key of a record: whether it is there for a caller.
        tables: For each table, SQL over its columns: whether a row is there for a caller;
            usually `is_shown(<column>)`.
    """
    operations.execute(f"""
        CREATE FUNCTION is_shown(wanted uuid) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {service}, pg_temp AS $$
            SELECT CASE current_setting('ow.asker', true)
                WHEN 'all' THEN true WHEN 'one' THEN coalesce(({shown}), false) ELSE false END
        $$
    """)
    for table, condition in tables.items():
        operations.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        operations.execute(f"""
            CREATE POLICY wall ON {table} USING (
                current_setting('ow.asker', true) IS NOT DISTINCT FROM 'house' OR {condition})
        """)


def within(division: str) -> str:
    """SQL that says whether a division lies in or below the caller's, for `build_wall`."""
    asked = "current_setting('ow.division', true)"
    above = ", ".join(f"rpad(left({division}, {n}), 12, '0')" for n in (9, 6, 4, 2))
    return f"({asked} IN ({division}, {above}))"


def is_caller(person: str) -> str:
    """SQL that says whether a blind index is the caller's, for `build_wall`."""
    return f"({person} = nullif(current_setting('ow.person', true), ''))"

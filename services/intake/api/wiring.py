"""Who may use a door, and what every route of the window works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request

from services.intake.actions.desk import Desk, WindowTransactions
from services.intake.actions.read_case import (
    read_case,
)
from services.intake.actions.standing import with_standing
from services.intake.model import ApplicationId
from services.intake.model.standing import Standing
from services.intake.ports import Colleagues, Grants
from services.intake.schemas import (
    ApplicationView,
    CursorUnusable,
    application_view,
    read_cursor,
)
from shared.auth import Actor, ActorKind
from shared.web import only

T = TypeVar("T")

Applicant = Annotated[Actor, Depends(only(ActorKind.CITIZEN))]
Reader = Annotated[Actor, Depends(only(ActorKind.CITIZEN, ActorKind.OFFICER))]
Answerer = Annotated[Actor, Depends(only(ActorKind.OFFICER, ActorKind.PARTNER, ActorKind.SERVICE))]
Officer = Annotated[Actor, Depends(only(ActorKind.OFFICER, ActorKind.PARTNER))]
OnlyOfficer = Annotated[Actor, Depends(only(ActorKind.OFFICER))]
Concerned = Annotated[
    Actor,
    Depends(only(ActorKind.CITIZEN, ActorKind.OFFICER, ActorKind.PARTNER, ActorKind.SERVICE)),
]
Operator = Annotated[Actor, Depends(only(ActorKind.OPERATOR))]
OurService = Annotated[Actor, Depends(only(ActorKind.SERVICE))]

Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=400)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """What the window's routes work with; put there by `app`."""

    transaction: WindowTransactions
    desk: Desk
    grants: Grants
    colleagues: Colleagues


async def counter_of(request: Request) -> Counter:
    """The wiring of this process."""
    counter: Counter = request.app.state.counter
    return counter


AtCounter = Annotated[Counter, Depends(counter_of)]


async def in_standing(
    actor: Actor,
    application_id: UUID,
    counter: Counter,
    act: Callable[[Standing | None], Awaitable[T]],
) -> T:
    """Carry out a citizen's act; agents and those they act for are asked for their standing."""
    return await with_standing(
        actor,
        ApplicationId(application_id),
        act,
        transaction=counter.transaction,
        grants=counter.grants,
    )


async def application_of(
    actor: Actor, application_id: ApplicationId, counter: Counter
) -> ApplicationView:
    """One application as the caller may see it; every act on one is answered with this."""
    reading = await in_standing(
        actor,
        application_id,
        counter,
        lambda standing: read_case(
            actor,
            application_id,
            transaction=counter.transaction,
            desk=counter.desk,
            standing=standing,
        ),
    )
    return application_view(reading)


def after_of(cursor: str | None) -> tuple[datetime | None, UUID | None]:
    """Where a list of instants goes on; nowhere yet without a cursor.

    Raises:
        CursorUnusable: it was not made by this list.
    """
    if cursor is None:
        return None, None
    due, task = read_cursor(cursor, parts=2)
    try:
        instant = datetime.fromisoformat(due)
        if instant.tzinfo is None:
            raise CursorUnusable
        return instant.astimezone(UTC), UUID(task)
    except (ValueError, OverflowError):
        raise CursorUnusable from None


def uuid_of(text: str) -> UUID:
    """The id a cursor carries.

    Raises:
        CursorUnusable: it was not made by this list.
    """
    try:
        return UUID(text)
    except ValueError:
        raise CursorUnusable from None

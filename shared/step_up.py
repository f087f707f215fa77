"""Acts for which having signed in this morning is not enough."""

import time
from collections.abc import Awaitable, Callable

from shared.auth import Actor, ActorKind
from shared.errors import Forbidden, Unauthenticated
from shared.web import CurrentActor

FRESH_SECONDS = 600
SECOND_FACTORS = frozenset({"otp", "rec"})


class StepUpRequired(Unauthenticated):
    """This act needs a second factor shown in the last minutes: step up, then ask again."""

    title = "该操作需要重新验证身份"
    title_en = "Show your second factor again for this"
    challenge = f'Bearer error="insufficient_user_authentication", max_age="{FRESH_SECONDS}"'


def freshly(*kinds: ActorKind) -> Callable[[Actor], Awaitable[Actor]]:
    """A dependency like `only`, for acts that need a fresh second factor of people.

    Programs have no second factor: who may be trusted with such an act is said by `kinds`.
    """

    async def permitted(actor: CurrentActor) -> Actor:
        if actor.kind not in kinds:
            raise Forbidden
        if actor.kind is ActorKind.OFFICER and not has_fresh_factor(actor, now=time.time()):
            raise StepUpRequired
        return actor

    permitted.__doc__ = ", ".join(kinds)
    return permitted


def has_fresh_factor(actor: Actor, *, now: float) -> bool:
    """Whether the actor showed a second factor in the last minutes (RFC 9470).

    Args:
        now: Seconds since 1970, as the token counts.
    """
    shown_at = actor.authenticated_at
    if shown_at is None or not actor.methods & SECOND_FACTORS:
        return False
    return now - shown_at <= FRESH_SECONDS

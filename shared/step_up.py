"""Acts for which having signed in this morning is not enough."""

import time
from dataclasses import dataclass

from shared.auth import Actor, ActorKind
from shared.errors import Forbidden, Unauthenticated
from shared.web import CurrentActor, Permission

FRESH_SECONDS = 600
SECOND_FACTORS = frozenset({"otp", "rec"})


class StepUpRequired(Unauthenticated):
    """This act needs a second factor shown in the last minutes: step up, then ask again."""

    title = "该操作需要重新验证身份"
    title_en = "Show your second factor again for this"
    challenge = f'Bearer error="insufficient_user_authentication", max_age="{FRESH_SECONDS}"'


@dataclass(frozen=True, slots=True)
class FreshPermission(Permission):
    """A door for some classes of actors, of whom people show a fresh second factor."""

    async def __call__(self, actor: CurrentActor) -> Actor:
        """The actor, if the door is for them and their second factor is fresh.

        Raises:
            Forbidden: It is for other classes of actors.
            StepUpRequired: Their second factor was shown too long ago, or not at all.
        """
        if actor.kind not in self.kinds:
            raise Forbidden
        if actor.kind is ActorKind.OFFICER and not has_fresh_factor(actor, now=time.time()):
            raise StepUpRequired
        return actor


def freshly(*kinds: ActorKind) -> FreshPermission:
    """A dependency like `only`, for acts that need a fresh second factor of people.

    Programs have no second factor: who may be trusted with such an act is said by `kinds`.
    """
    return FreshPermission(kinds)


def has_fresh_factor(actor: Actor, *, now: float) -> bool:
    """Whether the actor showed a second factor in the last minutes (RFC 9470).

    Args:
        now: Seconds since 1970, as the token counts.
    """
    shown_at = actor.authenticated_at
    if shown_at is None or not actor.methods & SECOND_FACTORS:
        return False
    return now - shown_at <= FRESH_SECONDS

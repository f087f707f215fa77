"""The sign-in provider of development; the real ones have files of their own."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.registry.model import Identity
from services.registry.model.bindings import PendingSignIn


@dataclass(frozen=True, slots=True)
class DevelopmentSignIn:
    """Believes everybody: `resident:<key>` and `officer:<key>` of the development seed.

    It is wired in development only; in production there is no such object.

    Args:
        people: Code to identity.
    """

    people: Mapping[str, Identity]
    name: str = "DEVELOPMENT"

    async def identify(self, code: str, _pending: PendingSignIn | None) -> Identity | None:
        """Whom a code of the seed stands for."""
        return self.people.get(code)

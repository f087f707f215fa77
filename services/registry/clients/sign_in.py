"""Sign-in providers. Only the one for development is here; real ones come as they are joined."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.registry.model import Identity


@dataclass(frozen=True, slots=True)
class DevelopmentSignIn:
    """Believes everybody: `resident:<key>` and `officer:<key>` of the development seed.

    It is wired in development only; in production there is no such object.

    Args:
        people: Code to identity.
    """

    people: Mapping[str, Identity]
    name: str = "DEVELOPMENT"

    async def identify(self, code: str) -> Identity | None:
        """Whom a code of the seed stands for."""
        return self.people.get(code)

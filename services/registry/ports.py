"""What the registry needs from others, whoever provides it."""

from typing import Protocol

from services.registry.model import Identity


class SignInProvider(Protocol):
    """Someone who can tell who a person at the other end is."""

    @property
    def name(self) -> str:
        """As it stands in sessions and journals: `DEVELOPMENT`, `WECHAT` …"""

    async def identify(self, code: str) -> Identity | None:
        """Whom a one-time code stands for; None when it stands for nobody.

        Raises:
            Unavailable: The provider did not answer, which says nothing about the person.
        """

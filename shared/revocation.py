"""Which sessions were ended although their access tokens still live."""

import asyncio
import time

import httpx

REVOKED_PATH = "/.well-known/revoked-sessions.json"
REVOKED_LIVE_SECONDS = 30
"""What was ended is known everywhere after this long at the latest."""


class RevokedSessions:
    """The registry's list of sessions that were ended, read anew every half minute.

    When the list cannot be had, the last one stands: tokens end by themselves in minutes, and
    a registry that is away must not stop the whole house.

    Args:
        client: Asks the registry; its base address is the registry's.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._ended: frozenset[str] = frozenset()
        self._asked_at = -1e9
        self._asking = asyncio.Lock()

    async def has(self, session: str) -> bool:
        """Whether a session was ended."""
        if time.monotonic() - self._asked_at >= REVOKED_LIVE_SECONDS:
            async with self._asking:
                if time.monotonic() - self._asked_at >= REVOKED_LIVE_SECONDS:
                    await self._ask()
        return session in self._ended

    async def _ask(self) -> None:
        self._asked_at = time.monotonic()
        try:
            answer = await self._client.get(REVOKED_PATH)
            answer.raise_for_status()
            self._ended = frozenset(str(each) for each in answer.json()["sessions"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return

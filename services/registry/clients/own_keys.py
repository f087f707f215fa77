"""Lets the registry verify its own tokens without calling itself over the network."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from shared.auth import TokenVerifier
from shared.revocation import REVOKED_PATH

Published = Callable[[], Awaitable[Mapping[str, Any]]]


class _InProcess(httpx.AsyncBaseTransport):
    """Answers with what is published, straight from the database."""

    def __init__(self, keys: Published, revoked: Published) -> None:
        self._keys = keys
        self._revoked = revoked

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = self._revoked if request.url.path == REVOKED_PATH else self._keys
        return httpx.Response(200, json=dict(await asked()), request=request)


def own_verifier(keys: Published, revoked: Published) -> TokenVerifier:
    """The verifier that every service uses, reading keys and ends where they are kept."""
    client = httpx.AsyncClient(transport=_InProcess(keys, revoked), base_url="http://registry")
    return TokenVerifier(audience="registry", client=client)

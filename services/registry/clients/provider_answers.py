"""Reads what sign-in providers answer; what cannot be read is no answer."""

from typing import Any

import httpx

from shared.errors import Unavailable

LARGEST_ANSWER = 64 * 1024
TIMEOUT = httpx.Timeout(5.0, connect=2.0)


def provider_client(base_url: str) -> httpx.AsyncClient:
    """A client for one provider; it reads no proxy settings and follows no redirects."""
    return httpx.AsyncClient(
        base_url=base_url, timeout=TIMEOUT, trust_env=False, follow_redirects=False
    )


async def answer_of(client: httpx.AsyncClient, method: str, path: str, **request: Any) -> bytes:  # noqa: ANN401
    """The body of an answer that is neither a failure of the provider nor endless.

    Raises:
        Unavailable: No answer, or none that says anything about the person.
    """
    try:
        async with client.stream(method, path, **request) as response:
            body = b""
            async for part in response.aiter_bytes():
                body += part
                if len(body) > LARGEST_ANSWER:
                    raise Unavailable
    except httpx.HTTPError:
        raise Unavailable from None
    if response.status_code >= 500 or response.status_code in (408, 425, 429):
        raise Unavailable
    return body


def text_in(answer: object, name: str) -> str:
    """A text that an answer must have.

    Raises:
        Unavailable: It has none: the provider does not speak as agreed.
    """
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, str) or not 1 <= len(value) <= 4096:
        raise Unavailable
    return value

"""Calls to other services: a bounded wait, and an answer that is told in our own errors."""

from collections.abc import Mapping
from typing import Any

import httpx

from shared.auth import ServiceAuth
from shared.errors import CivilError, Unavailable

TIMEOUT = httpx.Timeout(10.0, connect=3.0)


class Refused(CivilError):
    """Another service refused what we asked; its code stands among the facts."""

    title = "相关部门未受理该请求"
    title_en = "Another service refused the request"

    def __init__(self, *, http_status: int, code: str) -> None:
        super().__init__(httpStatus=http_status, refusedCode=code)
        self.http_status = http_status
        self.refused_code = code


def service_client(
    base_url: str, *, auth: ServiceAuth | None = None, headers: Mapping[str, str] | None = None
) -> httpx.AsyncClient:
    """A client for one other service; it reads no proxy settings and follows no redirects."""
    return httpx.AsyncClient(
        base_url=base_url,
        auth=auth,
        headers=dict(headers or {}),
        timeout=TIMEOUT,
        trust_env=False,
        follow_redirects=False,
        limits=httpx.Limits(max_connections=50, max_keepalive_connections=20),
    )


async def ask(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    *,
    json: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> dict[str, Any]:
    """Ask another service and read its JSON answer.

    Args:
        key: Idempotency key, made by whoever first wanted this; the same on a retry.

    Raises:
        Refused: It said no, for good.
        Unavailable: It did not answer, was too busy, or answered what nobody could read.
    """
    headers = {"Idempotency-Key": key} if key else {}
    try:
        response = await client.request(method, path, json=json, headers=headers)
        body = response.json() if response.content else {}
    except (httpx.HTTPError, ValueError):
        raise Unavailable from None
    if response.status_code >= 500 or response.status_code in (401, 408, 425, 429):
        raise Unavailable
    if not isinstance(body, dict):
        raise Unavailable
    if response.status_code >= 400:
        raise Refused(http_status=response.status_code, code=str(body.get("code", "")))
    return body

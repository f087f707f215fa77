"""Starting a department service in a test, without a broker."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

KEY = base64.b64encode(b"k" * 32).decode()


def department_settings(database_url: str, **changed: Any) -> dict[str, Any]:
    """What a department service must be told; only its API runs."""
    return {
        "database_url": database_url,
        "client_secret": "secret",
        "FIELD_KEYS": f"test:{KEY}",
        "BLIND_INDEX_KEY": KEY,
        "roles": "api",
        **changed,
    }


@asynccontextmanager
async def running(api: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The service with its lifespan, asked over HTTP in the same process."""
    transport = httpx.ASGITransport(app=api)
    async with (
        api.router.lifespan_context(api),
        httpx.AsyncClient(transport=transport, base_url="http://service") as client,
    ):
        yield client

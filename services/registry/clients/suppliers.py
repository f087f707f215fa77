"""Asks other departments over HTTP: signed, bounded, the person in the body and nowhere else."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
import orjson

from services.registry.model.sharing import Enquiry, Subject
from shared.clock import Clock
from shared.errors import Unavailable
from shared.ids import new_id

MOST_BYTES = 256 * 1024
TIMEOUT = httpx.Timeout(8.0, connect=3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierDoor:
    """Where a supplier is asked, and the secret both sides sign with."""

    url: str
    secret: bytes = field(repr=False)


def signature(secret: bytes, *, path: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Hex HMAC-SHA256 over `POST`, path, timestamp, nonce and the body's digest, line by line."""
    digest = hashlib.sha256(body).hexdigest()
    signed = "\n".join(("POST", path, timestamp, nonce, digest))
    return hmac.new(secret, signed.encode(), hashlib.sha256).hexdigest()


class HttpSuppliers:
    """Suppliers with a door each; who has none is not connected.

    Args:
        doors: Supplier to door.
        client: Follows no redirect: a supplier that moved is told to us by people.
    """

    def __init__(
        self, doors: Mapping[str, SupplierDoor], client: httpx.AsyncClient, clock: Clock
    ) -> None:
        self._doors = doors
        self._client = client
        self._clock = clock

    def is_connected(self, supplier: str) -> bool:
        """Whether the settings name its door."""
        return supplier in self._doors

    async def ask(
        self, supplier: str, enquiry: Enquiry, subject: Subject, *, request_id: str
    ) -> object:
        """Ask once. A 404 is a wrong address, not an unknown person: it says nothing.

        Raises:
            Unavailable: No answer, any status but 200, too long, or not JSON.
        """
        door = self._doors[supplier]
        url = httpx.URL(f"{door.url.rstrip('/')}/{enquiry.fact}")
        body = orjson.dumps(
            {
                "requestId": request_id,
                "subject": {"name": subject.name, "idNo": subject.id_number},
                "item": enquiry.item,
                "purpose": enquiry.purpose,
                "basis": enquiry.basis,
                "consent": enquiry.consent,
            }
        )
        timestamp, nonce = str(int(self._clock.now().timestamp())), new_id().hex
        headers = {
            "Content-Type": "application/json",
            "X-App-Id": "one-window",
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Signature": signature(
                door.secret, path=url.path, timestamp=timestamp, nonce=nonce, body=body
            ),
        }
        try:
            async with self._client.stream("POST", url, content=body, headers=headers) as response:
                if response.status_code != 200:
                    raise Unavailable
                content = await _bounded(response)
            return orjson.loads(content)
        except (httpx.HTTPError, ValueError):
            raise Unavailable from None


async def _bounded(response: httpx.Response) -> bytes:
    content = b""
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            raise Unavailable
    return content

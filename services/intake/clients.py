"""Whom intake asks over HTTP: the registry about grants, partner systems by webhook."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import httpx
from standardwebhooks.webhooks import Webhook

from shared.clock import Clock
from shared.errors import Unavailable
from shared.http import Refused, ask

TELLING_TIMEOUT = httpx.Timeout(15.0, connect=5.0)


@dataclass(frozen=True, slots=True)
class RegistryGrants:
    """Grants, as the registry keeps them."""

    client: httpx.AsyncClient

    async def allows(
        self, grant_id: UUID, *, agent: str, principal_index: str, item_code: str
    ) -> bool:
        """Whether a grant is in force for this agent, this person and this item."""
        question = {
            "grantId": str(grant_id),
            "agent": agent,
            "principalIndex": principal_index,
            "itemCode": item_code,
        }
        try:
            answer = await ask(self.client, "POST", "/v1/grants:check", json=question)
        except Refused:
            return False
        return answer.get("allowed") is True


@dataclass(frozen=True, slots=True)
class RegistryColleagues:
    """Officers of an office, as the registry knows them."""

    client: httpx.AsyncClient

    async def of(self, office_id: UUID) -> frozenset[str]:
        """The ids of the officers who work in an office now."""
        try:
            answer = await ask(self.client, "GET", f"/v1/offices/{office_id}/officers")
        except Refused:
            raise Unavailable from None
        return frozenset(str(each["id"]) for each in answer["items"])


class AddressRefused(Unavailable):
    """A webhook address leads to a place that we do not call."""

    title = "回调地址不被允许"
    title_en = "The webhook address is not allowed"


class AddressGuard:
    """Keeps webhooks from reaching inside: resolves once, and connects to what was checked.

    Args:
        allowed_hosts: Host names or addresses of partner networks that are private on
            purpose (a department's own network), as the operator lists them.
    """

    def __init__(self, allowed_hosts: Iterable[str] = ()) -> None:
        self._allowed = frozenset(allowed_hosts)

    async def checked(self, url: str) -> tuple[str, str]:
        """The address to connect to, and the host to ask for there.

        Raises:
            AddressRefused: It is private, reserved, local, or not HTTP at all.
        """
        parts = urlsplit(url)
        host = parts.hostname
        if parts.scheme not in ("http", "https") or host is None or parts.username:
            raise AddressRefused
        if host in self._allowed:
            return url, host
        if parts.scheme != "https":
            raise AddressRefused
        address = await _resolved(host, parts.port or 443)
        place = f"[{address}]" if ":" in address else address
        netloc = f"{place}:{parts.port}" if parts.port else place
        return urlunsplit((parts.scheme, netloc, parts.path, parts.query, "")), host


async def _resolved(host: str, port: int) -> str:
    """One resolution: all answers must be public, and the first is the one we connect to."""
    try:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise AddressRefused from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(_is_public(address) for address in addresses):
        raise AddressRefused
    return addresses[0]


@dataclass(frozen=True, slots=True)
class SignedWebhooks:
    """Standard Webhooks: thin signed bodies, a bounded wait, no redirects."""

    client: httpx.AsyncClient
    guard: AddressGuard
    clock: Clock

    async def tell(self, url: str, *, secret: str, webhook_id: str, body: bytes) -> int:
        """Deliver once and return the HTTP status."""
        address, host = await self.guard.checked(url)
        # The library signs whatever time it is given as if it were UTC.
        at = self.clock.now().astimezone(UTC)
        headers = {
            "Content-Type": "application/json",
            "Host": urlsplit(url).netloc,
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(webhook_id, at, body.decode()),
        }
        try:
            response = await self.client.post(
                address,
                content=body,
                headers=headers,
                timeout=TELLING_TIMEOUT,
                extensions={"sni_hostname": host},
            )
        except httpx.HTTPError:
            raise Unavailable from None
        return response.status_code


_REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",
        "224.0.0.0/4",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "fec0::/10",
        "ff00::/8",
    )
)
"""Networks that the standard library of some supported versions calls global."""


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    checked = mapped or found
    if any(checked in network for network in _REFUSED_NETWORKS):
        return False
    return checked.is_global and not checked.is_multicast

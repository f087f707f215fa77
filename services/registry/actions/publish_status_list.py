"""Publish which credentials are over, and what a type of credential is."""

from collections.abc import Mapping
from typing import Any

from services.registry.clients.certificate_signatures import signed_statement
from services.registry.errors import CertificateNotFound
from services.registry.rules.credential import (
    STATUS_LIST_TYPE,
    status_list_claims,
    type_metadata,
)
from services.registry.rules.status_list import encoded_list, status_bits
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions


async def publish_status_list(
    number: int, *, public_url: str, transaction: Transactions[Store], clock: Clock
) -> str:
    """A status list as it is now, signed; nobody need be asked about one certificate.

    Raises:
        CertificateNotFound: No certificate has its bit in such a list.
    """
    now = clock.now()
    async with transaction() as store:
        over = await store.list_status_over(number, at=now)
        if over is None:
            raise CertificateNotFound
        key = await store.get_certificate_key()
    claims = status_list_claims(
        encoded_list(status_bits(over)),
        public_url=public_url,
        number=number,
        issued=int(now.timestamp()),
    )
    return signed_statement(key, STATUS_LIST_TYPE, claims)


async def describe_credential_type(
    code: str, *, public_url: str, transaction: Transactions[Store]
) -> Mapping[str, Any]:
    """A type of certificate as wallets read it.

    Raises:
        CertificateNotFound: There is no such type.
    """
    async with transaction() as store:
        kind = await store.find_certificate_type(code)
    if kind is None:
        raise CertificateNotFound
    return type_metadata(kind, public_url=public_url)

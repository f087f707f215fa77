"""Find out whether a program is the client it says it is; a step of `issue_token`."""

import asyncio
from dataclasses import dataclass, field

from services.registry.clients.signatures import is_signed_by, unverified_claims
from services.registry.errors import ClientRefused
from services.registry.model import Client
from services.registry.rules import identity
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A client's id and its secret."""

    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """A client's signed statement that it is itself (RFC 7523)."""

    jwt: str = field(repr=False)
    client_id: str | None = None
    """If the client also says its id, it must be the same one."""


async def authenticate_by_secret(proof: Secret, *, transaction: Transactions[Store]) -> Client:
    """The client whose secret this is.

    Raises:
        ClientRefused: There is no such client, or it has another secret.
    """
    async with transaction() as store:
        client = await store.find_client(proof.client_id)
    kept = client.secret_hash if client else None
    # The hash is slow: outside the transaction, outside the event loop, and for unknown
    # clients as well, so that the time of the answer tells nothing.
    matches = await asyncio.to_thread(identity.is_secret, proof.secret, kept)
    if client is None or not matches:
        raise ClientRefused
    return client


async def authenticate_by_assertion(
    proof: Assertion,
    *,
    audiences: frozenset[str],
    transaction: Transactions[Store],
    clock: Clock,
) -> Client:
    """The client that signed an assertion, which is then used up.

    Args:
        audiences: The names this server goes by.

    Raises:
        ClientRefused: It is not signed by the client's key, over, for another server, or was
            used before.
    """
    claims = unverified_claims(proof.jwt)
    subject = identity.assertion_subject(claims, audiences=audiences)
    end = identity.assertion_end(claims, now=clock.now())
    if subject is None or end is None or proof.client_id not in (None, subject):
        raise ClientRefused
    async with transaction() as store:
        client = await store.find_client(subject)
        if client is None or client.public_jwk is None:
            raise ClientRefused
        if not is_signed_by(proof.jwt, client.public_jwk):
            raise ClientRefused
        if not await store.use_assertion(client.id, claims["jti"], expires_at=end):
            raise ClientRefused
    return client

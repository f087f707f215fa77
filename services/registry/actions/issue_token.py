"""Give a program an access token for one service (client credentials)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.registry.actions.authenticate_client import (
    Assertion,
    Secret,
    authenticate_by_assertion,
    authenticate_by_secret,
)
from services.registry.actions.sign_token import AccessToken, sign_token
from services.registry.errors import AudienceRefused
from services.registry.model import Client
from services.registry.rules import identity
from services.registry.store import Store
from shared.auth import Actor, ActorKind
from shared.clock import Clock
from shared.database import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing:
    """How this installation issues tokens."""

    life_seconds: int
    names: frozenset[str]
    """What client assertions may call this server: the issuer, and the token endpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueToken:
    """A program's request for a token."""

    proof: Secret | Assertion
    audience: str


async def issue_token(
    command: IssueToken,
    *,
    transaction: Transactions[Store],
    clock: Clock,
    issuing: Issuing,
    limit: Callable[[str], Awaitable[None]],
) -> AccessToken:
    """An access token for one service, for a program that proved who it is.

    Args:
        limit: Counts the request of a client; raises when it is one too many.

    Raises:
        TooManyRequests: The client asks too often.
        ClientRefused: It did not prove it.
        AudienceRefused: It may not call that service, or there is none of that name.
    """
    client = await _authenticated(
        command.proof, transaction=transaction, clock=clock, issuing=issuing
    )
    # Only now: before, anybody could use up what a client may ask for.
    await limit(client.id)
    if not identity.may_call(client, command.audience):
        raise AudienceRefused
    async with transaction() as store:
        return await sign_token(
            store,
            _actor_of(client),
            audiences=[command.audience],
            now=clock.now(),
            life_seconds=issuing.life_seconds,
            client_id=client.id,
        )


async def _authenticated(
    proof: Secret | Assertion,
    *,
    transaction: Transactions[Store],
    clock: Clock,
    issuing: Issuing,
) -> Client:
    if isinstance(proof, Secret):
        return await authenticate_by_secret(proof, transaction=transaction)
    return await authenticate_by_assertion(
        proof, audiences=issuing.names, transaction=transaction, clock=clock
    )


def _actor_of(client: Client) -> Actor:
    return Actor(
        kind=ActorKind(client.kind.value), id=client.id, system=client.system, roles=client.roles
    )

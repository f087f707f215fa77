"""Register the programs that may ask for tokens."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.registry.clients.signatures import public_part
from services.registry.errors import ClientUnsuitable
from services.registry.model import Client, ClientKind
from services.registry.rules import identity
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.journal import JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterClient:
    """A client as an operator describes it."""

    id: str
    kind: ClientKind
    system: str
    secret: str | None = field(default=None, repr=False)
    public_jwk: Mapping[str, Any] | None = None
    audiences: frozenset[str] = frozenset()
    """Empty: the usual ones of its kind."""
    roles: frozenset[str] = frozenset()


async def register_client(
    command: RegisterClient, *, transaction: Transactions[Store], clock: Clock, actor: str
) -> Client:
    """Register a client, or register it anew with another proof.

    Asking again for what is registered already changes nothing.

    Raises:
        ClientUnsuitable: No proof, too short a secret, a key that is not P-256, or an audience
            that does not exist.
    """
    async with transaction() as store:
        known = await store.find_client(command.id)
    client = await asyncio.to_thread(_described, command, known)
    if client == known:
        return client
    async with transaction() as store:
        await store.keep_client(client, at=clock.now())
        await store.write_journal(
            JournalEntry(
                stream="clients",
                actor=actor,
                act="register-client",
                target=f"client:{client.id}",
                facts={"kind": client.kind.value, "audiences": sorted(client.audiences)},
            )
        )
    return client


def _described(command: RegisterClient, known: Client | None) -> Client:
    audiences = command.audiences or identity.usual_audiences(command.kind)
    if not audiences <= identity.SERVICES:
        raise ClientUnsuitable("an audience is not one of our services")
    return Client(
        id=command.id,
        kind=command.kind,
        system=command.system,
        audiences=audiences,
        roles=command.roles,
        secret_hash=_secret_hash(command, known),
        public_jwk=_public_jwk(command),
    )


def _secret_hash(command: RegisterClient, known: Client | None) -> str | None:
    """The kept hash again if the secret is the same: a new salt would look like a change."""
    secret = command.secret
    if secret is None:
        if command.public_jwk is None:
            raise ClientUnsuitable("a client needs a secret or a public key")
        return None
    if len(secret) < identity.SECRET_LENGTH:
        raise ClientUnsuitable("the secret is too short", least=identity.SECRET_LENGTH)
    if known is not None and identity.is_secret(secret, known.secret_hash):
        return known.secret_hash
    return identity.hash_secret(secret, salt=os.urandom(16))


def _public_jwk(command: RegisterClient) -> Mapping[str, Any] | None:
    if command.public_jwk is None:
        return None
    jwk = public_part(command.public_jwk)
    if jwk is None:
        raise ClientUnsuitable("the key is not a P-256 JSON Web Key")
    return jwk

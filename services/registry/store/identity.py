"""Statements about signing keys and the programs that ask for tokens."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Row, text

from services.registry.errors import KeysNotReady
from services.registry.model import Client, ClientKind, KeyStatus, SigningKey
from services.registry.store.sealed import SealingStore

_LOCK_KEYS = text("SELECT pg_advisory_xact_lock(7201, hashtext(current_schema() || '.keys'))")
_KEYS = text("""
    SELECT id, status, public_jwk, private_jwk, activated_at, retired_at FROM signing_key
    WHERE retired_at IS NULL OR retired_at > :since
    ORDER BY created_at, id
""")
_CURRENT_KEY = text("""
    SELECT id, status, public_jwk, private_jwk, activated_at, retired_at FROM signing_key
    WHERE status = 'CURRENT'
""")
_ADD_KEY = text("""
    INSERT INTO signing_key (id, status, public_jwk, private_jwk, created_at, activated_at)
    VALUES (:id, :status, CAST(:public_jwk AS jsonb), :private_jwk, :at, :activated_at)
""")
_RETIRE_CURRENT = text("""
    UPDATE signing_key SET status = 'RETIRED', retired_at = :at WHERE status = 'CURRENT'
""")
_PROMOTE_NEXT = text("""
    UPDATE signing_key SET status = 'CURRENT', activated_at = :at WHERE status = 'NEXT'
""")
_FIND_CLIENT = text("""
    SELECT id, kind, system, audiences, roles, secret_hash, public_jwk FROM client
    WHERE id = :id AND disabled_at IS NULL
""")
_KEEP_CLIENT = text("""
    INSERT INTO client (id, kind, system, audiences, roles, secret_hash, public_jwk, registered_at)
    VALUES (:id, :kind, :system, :audiences, :roles, :secret_hash,
            CAST(:public_jwk AS jsonb), :at)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, system = excluded.system,
        audiences = excluded.audiences, roles = excluded.roles,
        secret_hash = excluded.secret_hash, public_jwk = excluded.public_jwk,
        registered_at = excluded.registered_at, disabled_at = NULL
""")
_USE_ASSERTION = text("""
    INSERT INTO client_assertion (client_id, jti, expires_at) VALUES (:client, :jti, :expires_at)
    ON CONFLICT DO NOTHING
    RETURNING jti
""")
_FORGET_ASSERTIONS = text("DELETE FROM client_assertion WHERE expires_at < :before")

REPLAY_MARGIN = timedelta(minutes=2)
"""An assertion is remembered longer than any clock would still accept it."""


class IdentityStore(SealingStore):
    """Signing keys, clients, and the assertions clients have used."""

    async def lock_keys(self) -> None:
        """Let nobody else make or rotate keys until the commit."""
        await self.connection.execute(_LOCK_KEYS)

    async def list_keys(self, *, retired_since: datetime) -> Sequence[SigningKey]:
        """The keys that sign, will sign, or were retired after an instant."""
        rows = await self.connection.execute(_KEYS, {"since": retired_since})
        return [self._key(row) for row in rows]

    async def get_current_key(self) -> SigningKey:
        """The key that signs now.

        Raises:
            KeysNotReady: The registry was never started on this database.
        """
        row = (await self.connection.execute(_CURRENT_KEY)).one_or_none()
        if row is None:
            raise KeysNotReady
        return self._key(row)

    async def add_key(self, key: SigningKey, *, at: datetime) -> None:
        """Keep a new key, its private part sealed."""
        private = orjson.dumps(key.private_jwk).decode()
        await self.connection.execute(
            _ADD_KEY,
            {
                "id": key.id,
                "status": key.status.value,
                "public_jwk": orjson.dumps(key.public_jwk).decode(),
                "private_jwk": self._seal(private, _place_of_key(key.id)),
                "at": at,
                "activated_at": at if key.status is KeyStatus.CURRENT else None,
            },
        )

    async def advance_keys(self, *, at: datetime) -> None:
        """The next key signs from now on; the one before it signs no more."""
        await self.connection.execute(_RETIRE_CURRENT, {"at": at})
        await self.connection.execute(_PROMOTE_NEXT, {"at": at})

    async def find_client(self, client_id: str) -> Client | None:
        """A client that may ask for tokens."""
        row = (await self.connection.execute(_FIND_CLIENT, {"id": client_id})).one_or_none()
        if row is None:
            return None
        return Client(
            id=row.id,
            kind=ClientKind(row.kind),
            system=row.system,
            audiences=frozenset(row.audiences),
            roles=frozenset(row.roles),
            secret_hash=row.secret_hash,
            public_jwk=row.public_jwk,
        )

    async def keep_client(self, client: Client, *, at: datetime) -> None:
        """Register a client, or register it anew with another proof."""
        jwk = orjson.dumps(client.public_jwk).decode() if client.public_jwk else None
        await self.connection.execute(
            _KEEP_CLIENT,
            {
                "id": client.id,
                "kind": client.kind.value,
                "system": client.system,
                "audiences": sorted(client.audiences),
                "roles": sorted(client.roles),
                "secret_hash": client.secret_hash,
                "public_jwk": jwk,
                "at": at,
            },
        )

    async def use_assertion(self, client_id: str, jti: str, *, expires_at: datetime) -> bool:
        """Note that an assertion was used; false when it had been used before."""
        used = await self.connection.execute(
            _USE_ASSERTION,
            {"client": client_id, "jti": jti, "expires_at": expires_at + REPLAY_MARGIN},
        )
        return used.one_or_none() is not None

    async def forget_assertions(self, *, before: datetime) -> None:
        """Drop assertions that could not be used again anyway."""
        await self.connection.execute(_FORGET_ASSERTIONS, {"before": before})

    def _key(self, row: Row[Any]) -> SigningKey:
        return SigningKey(
            id=row.id,
            status=KeyStatus(row.status),
            public_jwk=row.public_jwk,
            private_jwk=orjson.loads(self._open(row.private_jwk, _place_of_key(row.id))),
            activated_at=row.activated_at,
            retired_at=row.retired_at,
        )


def _place_of_key(key_id: str) -> str:
    return f"signing_key.private_jwk:{key_id}"

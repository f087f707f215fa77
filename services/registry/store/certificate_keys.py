"""Statements about the keys that sign certificates."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, text

from services.registry.errors import KeysNotReady
from services.registry.model.certificates import CertificateKey
from services.registry.store.sealed import SealingStore

_LOCK = text("SELECT pg_advisory_xact_lock(7203, hashtext(current_schema() || '.certificate_key'))")
_PUBLIC = text("SELECT public_jwk FROM certificate_key ORDER BY created_at, id")
_CURRENT = text("""
    SELECT id, public_jwk, private_jwk, retired_at FROM certificate_key WHERE status = 'CURRENT'
""")
_ADD = text("""
    INSERT INTO certificate_key (id, status, public_jwk, private_jwk, created_at)
    VALUES (:id, 'CURRENT', CAST(:public_jwk AS jsonb), :private_jwk, :at)
""")
_RETIRE = text("""
    UPDATE certificate_key SET status = 'RETIRED', retired_at = :at WHERE status = 'CURRENT'
""")


class CertificateKeyStore(SealingStore):
    """Keys of certificates: one signs, all verify."""

    async def lock_certificate_keys(self) -> None:
        """Let nobody else make or rotate these keys until the commit."""
        await self.connection.execute(_LOCK)

    async def list_certificate_keys(self) -> Sequence[Mapping[str, Any]]:
        """The public half of every key there ever was: a certificate is verified for ever."""
        return [row.public_jwk for row in await self.connection.execute(_PUBLIC)]

    async def find_certificate_key(self) -> CertificateKey | None:
        """The key that signs now."""
        row = (await self.connection.execute(_CURRENT)).one_or_none()
        return self._certificate_key(row) if row else None

    async def get_certificate_key(self) -> CertificateKey:
        """The key that signs now.

        Raises:
            KeysNotReady: The registry was never started on this database.
        """
        found = await self.find_certificate_key()
        if found is None:
            raise KeysNotReady
        return found

    async def replace_certificate_key(self, key: CertificateKey, *, at: datetime) -> None:
        """Let another key sign from now on; the one before it only verifies."""
        await self.connection.execute(_RETIRE, {"at": at})
        private = orjson.dumps(key.private_jwk).decode()
        await self.connection.execute(
            _ADD,
            {
                "id": key.id,
                "public_jwk": orjson.dumps(key.public_jwk).decode(),
                "private_jwk": self._seal(private, _place(key.id)),
                "at": at,
            },
        )

    def _certificate_key(self, row: Row[Any]) -> CertificateKey:
        return CertificateKey(
            id=row.id,
            public_jwk=row.public_jwk,
            private_jwk=orjson.loads(self._open(row.private_jwk, _place(row.id))),
            retired_at=row.retired_at,
        )


def _place(key_id: str) -> str:
    return f"certificate_key.private_jwk:{key_id}"

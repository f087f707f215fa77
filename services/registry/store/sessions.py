"""Statements about sign-ins and their refresh tokens."""

from datetime import datetime

from sqlalchemy import text

from services.registry.model import PersonKind, RefreshToken, Session, SessionId
from services.registry.store.sealed import SealingStore

_ADD_SESSION = text("""
    INSERT INTO session (id, person_kind, person, provider, signed_in_at, ends_at)
    VALUES (:id, :kind, :person, :provider, :at, :ends_at)
""")
_ADD_TOKEN = text("""
    INSERT INTO refresh_token (hash, session_id, issued_at) VALUES (:hash, :session, :at)
""")
# Session first, then token: two uses of one token, and a revocation, all queue on the session.
_LOCK_TOKEN = text("""
    WITH locked AS (
        SELECT session.* FROM session
        WHERE id = (SELECT session_id FROM refresh_token WHERE hash = :hash)
        FOR UPDATE
    )
    SELECT id, person_kind, person, provider, ends_at, revoked_at FROM locked
""")
_USED_AT = text("SELECT used_at FROM refresh_token WHERE hash = :hash")
_USE_TOKEN = text("UPDATE refresh_token SET used_at = :at WHERE hash = :hash")
_REVOKE = text("""
    UPDATE session SET revoked_at = :at, revoked_for = :reason
    WHERE id = :id AND revoked_at IS NULL
""")
_REVOKE_ALL = text("""
    UPDATE session SET revoked_at = :at, revoked_for = :reason
    WHERE person_kind = :kind AND person = :person AND revoked_at IS NULL
""")
_FORGET = text("DELETE FROM session WHERE ends_at < :before")


class SessionStore(SealingStore):
    """Sign-ins; the refresh tokens themselves are never kept, only their hashes."""

    async def add_session(self, session: Session, *, at: datetime) -> None:
        """Keep a new sign-in."""
        await self.connection.execute(
            _ADD_SESSION,
            {
                "id": session.id,
                "kind": session.kind.value,
                "person": session.person,
                "provider": session.provider,
                "at": at,
                "ends_at": session.ends_at,
            },
        )

    async def add_refresh_token(
        self, session: SessionId, token_hash: bytes, *, at: datetime
    ) -> None:
        """Keep the hash of a new refresh token."""
        await self.connection.execute(
            _ADD_TOKEN, {"hash": token_hash, "session": session, "at": at}
        )

    async def lock_refresh_token(self, token_hash: bytes) -> RefreshToken | None:
        """A refresh token with its session; nobody else uses either until the commit."""
        row = (await self.connection.execute(_LOCK_TOKEN, {"hash": token_hash})).one_or_none()
        if row is None:
            return None
        # A second statement, because it must see what the holder of the lock committed.
        used = await self.connection.execute(_USED_AT, {"hash": token_hash})
        session = Session(
            id=SessionId(row.id),
            kind=PersonKind(row.person_kind),
            person=row.person,
            provider=row.provider,
            ends_at=row.ends_at,
            revoked_at=row.revoked_at,
        )
        return RefreshToken(hash=token_hash, session=session, used_at=used.scalar_one())

    async def use_refresh_token(self, token_hash: bytes, *, at: datetime) -> None:
        """Note that a refresh token was used; it is good for nothing more."""
        await self.connection.execute(_USE_TOKEN, {"hash": token_hash, "at": at})

    async def revoke_session(self, session: SessionId, *, at: datetime, reason: str) -> None:
        """End a session; nothing refreshes from it any more."""
        await self.connection.execute(_REVOKE, {"id": session, "at": at, "reason": reason})

    async def revoke_sessions_of(
        self, kind: PersonKind, person: str, *, at: datetime, reason: str
    ) -> None:
        """End all sessions of one person."""
        await self.connection.execute(
            _REVOKE_ALL, {"kind": kind.value, "person": person, "at": at, "reason": reason}
        )

    async def forget_sessions(self, *, before: datetime) -> None:
        """Drop sessions that ended before an instant, with their tokens."""
        await self.connection.execute(_FORGET, {"before": before})

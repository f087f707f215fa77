"""Statements about sign-ins and their refresh tokens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from services.registry.errors.sign_in import SessionNotFound
from services.registry.model import PersonKind, RefreshToken, Session, SessionId
from services.registry.store.sealed import SealingStore

_ADD_SESSION = text("""
    INSERT INTO session
        (id, person_kind, person, provider, signed_in_at, ends_at, methods, authenticated_at)
    VALUES (:id, :kind, :person, :provider, :at, :ends_at, :methods, :authenticated_at)
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
    SELECT id, person_kind, person, provider, signed_in_at, ends_at, revoked_at, methods,
        authenticated_at
    FROM locked
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
        AND id IS DISTINCT FROM CAST(:but AS uuid)
        AND provider = coalesce(:provider, provider)
""")
_LIVE = text("""
    SELECT id, person_kind, person, provider, signed_in_at, ends_at, revoked_at, methods,
        authenticated_at
    FROM session
    WHERE person_kind = :kind AND person = :person AND revoked_at IS NULL AND ends_at > :now
    ORDER BY signed_in_at DESC, id DESC
    LIMIT :limit
""")
_LOCK_LIVE = text("""
    SELECT id, person_kind, person, provider, signed_in_at, ends_at, revoked_at, methods,
        authenticated_at
    FROM session
    WHERE id = :id AND person_kind = :kind AND person = :person AND ends_at > :now
    FOR UPDATE
""")
_REVOKED = text("""
    SELECT id FROM session WHERE revoked_at > :since ORDER BY revoked_at DESC LIMIT :limit
""")
_PROVE = text("""
    UPDATE session SET methods = :methods, authenticated_at = :at WHERE id = :id
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
                "methods": sorted(session.methods),
                "authenticated_at": session.authenticated_at,
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
        return RefreshToken(hash=token_hash, session=_session(row), used_at=used.scalar_one())

    async def use_refresh_token(self, token_hash: bytes, *, at: datetime) -> None:
        """Note that a refresh token was used; it is good for nothing more."""
        await self.connection.execute(_USE_TOKEN, {"hash": token_hash, "at": at})

    async def revoke_session(self, session: SessionId, *, at: datetime, reason: str) -> None:
        """End a session; nothing refreshes from it any more."""
        await self.connection.execute(_REVOKE, {"id": session, "at": at, "reason": reason})

    async def revoke_sessions_of(
        self,
        kind: PersonKind,
        person: str,
        *,
        at: datetime,
        reason: str,
        but: SessionId | None = None,
        provider: str | None = None,
    ) -> None:
        """End the sessions of one person: all, all but one, or those of one provider."""
        values = {
            "kind": kind.value,
            "person": person,
            "at": at,
            "reason": reason,
            "but": but,
            "provider": provider,
        }
        await self.connection.execute(_REVOKE_ALL, values)

    async def list_live_sessions(
        self, kind: PersonKind, person: str, *, now: datetime, limit: int
    ) -> Sequence[Session]:
        """The sign-ins of one person that still go on, newest first."""
        rows = await self.connection.execute(
            _LIVE, {"kind": kind.value, "person": person, "now": now, "limit": limit}
        )
        return [_session(row) for row in rows]

    async def lock_own_session(
        self, session: SessionId, kind: PersonKind, person: str, *, now: datetime
    ) -> Session:
        """A sign-in of one person that is not over, revoked or not.

        Raises:
            SessionNotFound: There is none, or it is another person's.
        """
        values = {"id": session, "kind": kind.value, "person": person, "now": now}
        row = (await self.connection.execute(_LOCK_LIVE, values)).one_or_none()
        if row is None:
            raise SessionNotFound
        return _session(row)

    async def list_revoked_sessions(self, *, since: datetime, limit: int) -> Sequence[SessionId]:
        """Sessions that were ended after an instant, the newest first."""
        rows = await self.connection.execute(_REVOKED, {"since": since, "limit": limit})
        return [SessionId(row.id) for row in rows]

    async def prove_session(
        self, session: SessionId, methods: frozenset[str], *, at: datetime
    ) -> None:
        """Note that a factor was shown again."""
        values = {"id": session, "methods": sorted(methods), "at": at}
        await self.connection.execute(_PROVE, values)

    async def forget_sessions(self, *, before: datetime) -> None:
        """Drop sessions that ended before an instant, with their tokens."""
        await self.connection.execute(_FORGET, {"before": before})


def _session(row: Row[Any]) -> Session:
    return Session(
        id=SessionId(row.id),
        kind=PersonKind(row.person_kind),
        person=row.person,
        provider=row.provider,
        signed_in_at=row.signed_in_at,
        ends_at=row.ends_at,
        revoked_at=row.revoked_at,
        methods=frozenset(row.methods),
        authenticated_at=row.authenticated_at,
    )

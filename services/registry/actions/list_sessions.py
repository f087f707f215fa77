"""Show people where they are signed in, let them end it, and tell services what was ended."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.registry.model import PersonKind, Session, SessionId
from services.registry.rules.factors import SESSIONS_TOLD
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.journal import JournalEntry

MOST_SESSIONS = 100
MOST_TOLD = 50_000
"""Ends told at once; more in twelve minutes would be an attack on everybody's sessions."""


async def list_sessions(
    person: Actor, *, transaction: Transactions[Store], clock: Clock
) -> Sequence[Session]:
    """Where somebody is signed in, newest first."""
    kind = PersonKind(person.kind.value)
    async with transaction() as store:
        return await store.list_live_sessions(kind, person.id, now=clock.now(), limit=MOST_SESSIONS)


async def revoke_own_session(
    person: Actor, session: UUID, *, transaction: Transactions[Store], clock: Clock
) -> None:
    """End one of one's own sessions; one that is ended already stays so.

    Raises:
        SessionNotFound: There is none such, or it is another's.
    """
    kind = PersonKind(person.kind.value)
    async with transaction() as store:
        now = clock.now()
        found = await store.lock_own_session(SessionId(session), kind, person.id, now=now)
        if found.revoked_at is not None:
            return
        await store.revoke_session(found.id, at=now, reason="ended-by-owner")
        await store.write_journal(
            JournalEntry(
                stream=f"session:{found.id}",
                actor=person.subject,
                act="end-session",
                target=f"session:{found.id}",
                reason="ended-by-owner",
            )
        )


async def list_revoked_sessions(
    *, transaction: Transactions[Store], clock: Clock
) -> Mapping[str, list[str]]:
    """Sessions that were ended while a token of theirs may still live."""
    async with transaction() as store:
        ended = await store.list_revoked_sessions(
            since=clock.now() - SESSIONS_TOLD, limit=MOST_TOLD
        )
    return {"sessions": [str(each) for each in ended]}

"""Exchange a refresh token for the next pair; a second use ends the session."""

from services.registry.actions.recognise_person import person_of_session
from services.registry.actions.sign_in import SignedIn, grant_tokens
from services.registry.errors import RefreshRefused
from services.registry.errors.sign_in import TooManyRequests
from services.registry.model import RefreshToken
from services.registry.model.sign_in import Rate
from services.registry.rules import identity
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.journal import JournalEntry


async def refresh_session(
    token: str,
    *,
    transaction: Transactions[Store],
    clock: Clock,
    life_seconds: int,
    rate: Rate,
) -> SignedIn:
    """The next tokens of a session, for the person as they are now.

    A token that comes twice was copied by somebody: neither of the two is believed any more,
    and the whole session ends. That must be committed, so it is not raised inside.

    Raises:
        RefreshRefused: Unknown, over, revoked, or used before.
        TooManyRequests: The session refreshes too often; the token stays good.
    """
    token_hash = identity.hash_refresh_token(token)
    async with transaction() as store:
        kept = await store.lock_refresh_token(token_hash)
        signed_in = None
        if kept is not None:
            session = str(kept.session.id)
            if wait := await store.knock("session", session, rate, now=clock.now()):
                raise TooManyRequests(retryAfterSeconds=max(1, round(wait.total_seconds())))
            signed_in = await _next(store, kept, clock=clock, life_seconds=life_seconds)
    if signed_in is None:
        raise RefreshRefused
    return signed_in


async def end_session(token: str, *, transaction: Transactions[Store], clock: Clock) -> None:
    """Sign out: nothing refreshes any more. An unknown token is as good as signed out."""
    async with transaction() as store:
        kept = await store.lock_refresh_token(identity.hash_refresh_token(token))
        if kept is not None:
            await _revoke(store, kept, reason="signed-out", clock=clock)


async def _next(
    store: Store, kept: RefreshToken, *, clock: Clock, life_seconds: int
) -> SignedIn | None:
    session = kept.session
    if session.revoked_at is not None or session.ends_at <= clock.now():
        return None
    if kept.used_at is not None:
        await _revoke(store, kept, reason="refresh-token-reused", clock=clock)
        return None
    person = await person_of_session(store, session.kind, session.person)
    if person is None:
        await _revoke(store, kept, reason="may-not-act", clock=clock)
        return None
    await store.use_refresh_token(kept.hash, at=clock.now())
    return await grant_tokens(store, session, person, clock=clock, life_seconds=life_seconds)


async def _revoke(store: Store, kept: RefreshToken, *, reason: str, clock: Clock) -> None:
    session = kept.session
    await store.revoke_session(session.id, at=clock.now(), reason=reason)
    await store.write_journal(
        JournalEntry(
            stream=f"session:{session.id}",
            actor=f"{session.kind}:{session.person}",
            act="end-session",
            target=f"session:{session.id}",
            reason=reason,
        )
    )

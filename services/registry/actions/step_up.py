"""Show the second factor again, for an act that a morning's sign-in is not enough for."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from services.registry.actions.count_attempt import count_attempt, use_code
from services.registry.actions.recognise_person import person_of_session
from services.registry.actions.sign_in import access_token
from services.registry.actions.sign_token import AccessToken
from services.registry.errors.sign_in import CodeRefused, SessionNotFound
from services.registry.model import PersonKind, SessionId
from services.registry.model.sign_in import Method
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.journal import JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUp:
    """A signed-in officer's code of this moment."""

    officer: Actor
    code: str = field(repr=False)


async def step_up(
    command: StepUp, *, transaction: Transactions[Store], clock: Clock, life_seconds: int
) -> AccessToken:
    """An access token that says the second factor was shown now.

    Raises:
        SignInPaused: Too many wrong codes in a row in this session.
        CodeRefused: The code is wrong or was used.
        SessionNotFound: The session is over.
    """
    officer = command.officer
    session_id = SessionId(UUID(officer.session)) if officer.session else None
    if session_id is None:
        raise SessionNotFound
    async with transaction() as store:
        await count_attempt(store, officer.id, str(session_id), clock=clock)
        credential = await store.find_credential(officer.id)
    if credential is None or credential.confirmed_at is None:
        raise CodeRefused
    async with transaction() as store:
        now = clock.now()
        kind = PersonKind.OFFICER
        session = await store.lock_own_session(session_id, kind, officer.id, now=now)
        person = await person_of_session(store, kind, officer.id)
        if session.revoked_at is not None or person is None:
            raise SessionNotFound
        if not await use_code(store, credential, command.code, clock=clock):
            raise CodeRefused
        methods = session.methods | {Method.ONE_TIME_CODE}
        await store.prove_session(session.id, methods, at=now)
        await store.forget_attempts_at(officer.id, str(session_id))
        await store.write_journal(
            JournalEntry(
                stream=f"session:{session.id}",
                actor=officer.subject,
                act="step-up",
                target=f"session:{session.id}",
            )
        )
        proven = replace(session, methods=methods, authenticated_at=now)
        return await access_token(store, proven, person, clock=clock, life_seconds=life_seconds)

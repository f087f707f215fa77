"""Begin a session for a person whom a provider recognises."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.registry.actions.recognise_person import Person, person_of_identity
from services.registry.actions.sign_token import AccessToken, sign_token
from services.registry.errors import SignInProviderNotConfigured, SignInRefused
from services.registry.model import Session, SessionId
from services.registry.ports import SignInProvider
from services.registry.rules import identity
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import new_id
from shared.journal import JournalEntry

REFRESH_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A one-time code of one provider."""

    provider: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What a person who signed in is given."""

    access: AccessToken
    refresh_token: str = field(repr=False)
    person: Person


async def sign_in(
    command: SignIn,
    *,
    providers: Mapping[str, SignInProvider],
    transaction: Transactions[Store],
    clock: Clock,
    life_seconds: int,
) -> SignedIn:
    """Exchange a provider's code for a session of our own.

    Raises:
        SignInProviderNotConfigured: This installation has no such provider.
        SignInRefused: The code stands for nobody, or for somebody who may not act.
    """
    provider = providers.get(command.provider)
    if provider is None:
        raise SignInProviderNotConfigured
    recognised = await provider.identify(command.code)
    if recognised is None:
        raise SignInRefused
    async with transaction() as store:
        person = await person_of_identity(store, recognised)
        if person is None:
            raise SignInRefused
        session = Session(
            id=SessionId(new_id()),
            kind=recognised.kind,
            person=person.actor.id,
            provider=provider.name,
            ends_at=clock.now() + identity.session_life(recognised.kind),
        )
        await store.add_session(session, at=clock.now())
        await store.write_journal(_noted(session))
        return await grant_tokens(store, session.id, person, clock=clock, life_seconds=life_seconds)


def _noted(session: Session) -> JournalEntry:
    return JournalEntry(
        stream=f"session:{session.id}",
        actor=f"{session.kind}:{session.person}",
        act="sign-in",
        target=f"session:{session.id}",
        facts={"provider": session.provider},
    )


async def grant_tokens(
    store: Store, session: SessionId, person: Person, *, clock: Clock, life_seconds: int
) -> SignedIn:
    """The next pair of tokens of a session: one to show, one to come back with."""
    refresh_token = secrets.token_urlsafe(REFRESH_TOKEN_BYTES)
    now = clock.now()
    await store.add_refresh_token(session, identity.hash_refresh_token(refresh_token), at=now)
    access = await sign_token(
        store, person.actor, audiences=identity.SERVICES, now=now, life_seconds=life_seconds
    )
    return SignedIn(access=access, refresh_token=refresh_token, person=person)

"""Begin a session for a person whom a provider recognises."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.registry.actions.count_attempt import hash_token
from services.registry.actions.recognise_person import (
    Person,
    person_of_identity,
    person_of_session,
)
from services.registry.actions.sign_token import AccessToken, sign_token
from services.registry.errors import SignInProviderNotConfigured, SignInRefused
from services.registry.errors.bindings import BindingNeeded, SignInNotBegun
from services.registry.model import (
    Identity,
    PersonId,
    PersonIndex,
    PersonKind,
    Session,
    SessionId,
)
from services.registry.model.bindings import (
    Binding,
    BindingId,
    ExternalAccount,
    PendingSignIn,
)
from services.registry.model.sign_in import Method
from services.registry.ports import SignInProvider
from services.registry.rules import identity
from services.registry.rules.bindings import TICKET_LIFE, subject_index
from services.registry.rules.death import is_same_name
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import new_id
from shared.journal import JournalEntry
from shared.sealing import BlindIndex

REFRESH_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A one-time code of one provider."""

    provider: str
    code: str = field(repr=False)
    state: str | None = field(default=None, repr=False)


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
    index: BlindIndex,
    life_seconds: int,
) -> SignedIn:
    """Exchange a provider's code for a session of our own.

    Raises:
        SignInProviderNotConfigured: This installation has no such provider.
        SignInNotBegun: The provider's sign-in begins with us, and this one did not.
        SignInRefused: The code stands for nobody, or for somebody who may not act.
        BindingNeeded: The account is good and nobody's yet; a ticket to bind it goes along.
        Unavailable: The provider did not answer. That is never a no.
    """
    provider = providers.get(command.provider)
    if provider is None:
        raise SignInProviderNotConfigured
    pending = await _pending(command, transaction=transaction, clock=clock)
    recognised = await provider.identify(command.code, pending)
    if recognised is None:
        raise SignInRefused
    ticket = None
    async with transaction() as store:
        person = await _person(store, recognised, index=index, clock=clock)
        if person is not None:
            return await begin_session(
                store,
                person,
                provider=provider.name,
                methods=frozenset({Method.PROVIDER}),
                clock=clock,
                life_seconds=life_seconds,
            )
        if isinstance(recognised, ExternalAccount) and recognised.certified is None:
            ticket = await _ticket(store, recognised, index=index, clock=clock)
    if ticket is None:
        raise SignInRefused
    raise BindingNeeded(bindingTicket=ticket, provider=provider.name)


async def _pending(
    command: SignIn, *, transaction: Transactions[Store], clock: Clock
) -> PendingSignIn | None:
    """What the sign-in began with; the state is used up whatever the provider says."""
    if command.state is None:
        return None
    async with transaction() as store:
        pending = await store.take_pending(hash_token(command.state), now=clock.now())
    if pending is None or pending.provider != command.provider:
        raise SignInNotBegun
    return pending


async def _person(
    store: Store, recognised: Identity | ExternalAccount, *, index: BlindIndex, clock: Clock
) -> Person | None:
    if isinstance(recognised, Identity):
        return await person_of_identity(store, recognised)
    place = subject_index(recognised, index=index)
    resident = await store.find_bound_resident(recognised.provider, subject_index=place)
    if resident is None and recognised.certified is not None:
        resident = await _bound_by_certificate(store, recognised, index=index, clock=clock)
    if resident is None:
        return None
    return await person_of_session(store, PersonKind.CITIZEN, str(resident))


async def _bound_by_certificate(
    store: Store, account: ExternalAccount, *, index: BlindIndex, clock: Clock
) -> PersonId | None:
    """Bind an account whose holder the provider itself names, if the register knows them so."""
    person = account.certified
    if person is None:
        return None
    known = await store.find_resident_by_index(PersonIndex(index.of(person.id_number)))
    if known is None or not known.is_alive or not is_same_name(known.name, person.name):
        return None
    binding = Binding(
        id=BindingId(new_id()),
        provider=account.provider,
        resident=known.id,
        assurance=person.assurance,
        bound_at=clock.now(),
    )
    return await keep_binding(store, binding, account, index=index)


async def keep_binding(
    store: Store, binding: Binding, account: ExternalAccount, *, index: BlindIndex
) -> PersonId | None:
    """Keep a binding whose person is certain; None when the account is another's already."""
    place = subject_index(account, index=index)
    if not await store.add_binding(binding, subject_index=place):
        bound = await store.find_bound_resident(account.provider, subject_index=place)
        return bound if bound == binding.resident else None
    await store.write_journal(
        note_of_binding(binding, f"citizen:{binding.resident}", "bind-account")
    )
    return binding.resident


def note_of_binding(binding: Binding, actor: str, act: str) -> JournalEntry:
    """The journal's entry of an act on a binding."""
    return JournalEntry(
        stream=f"binding:{binding.id}",
        actor=actor,
        act=act,
        target=f"binding:{binding.id}",
        facts={"provider": binding.provider, "assurance": binding.assurance.value},
    )


async def _ticket(
    store: Store, account: ExternalAccount, *, index: BlindIndex, clock: Clock
) -> str | None:
    """A ticket to bind an account that is nobody's; none if it is a dead person's."""
    place = subject_index(account, index=index)
    if await store.find_bound_resident(account.provider, subject_index=place) is not None:
        return None
    ticket = secrets.token_urlsafe(REFRESH_TOKEN_BYTES)
    ends = clock.now() + TICKET_LIFE
    await store.add_ticket(hash_token(ticket), account, expires_at=ends)
    return ticket


async def begin_session(
    store: Store,
    person: Person,
    *,
    provider: str,
    methods: frozenset[str],
    clock: Clock,
    life_seconds: int,
) -> SignedIn:
    """A new session of somebody who proved who they are, with its first tokens."""
    kind = PersonKind(person.actor.kind.value)
    now = clock.now()
    session = Session(
        id=SessionId(new_id()),
        kind=kind,
        person=person.actor.id,
        provider=provider,
        signed_in_at=now,
        ends_at=now + identity.session_life(kind),
        methods=methods,
        authenticated_at=now,
    )
    await store.add_session(session, at=now)
    await store.write_journal(_noted(session))
    return await grant_tokens(store, session, person, clock=clock, life_seconds=life_seconds)


def _noted(session: Session) -> JournalEntry:
    return JournalEntry(
        stream=f"session:{session.id}",
        actor=f"{session.kind}:{session.person}",
        act="sign-in",
        target=f"session:{session.id}",
        facts={"provider": session.provider},
    )


async def grant_tokens(
    store: Store, session: Session, person: Person, *, clock: Clock, life_seconds: int
) -> SignedIn:
    """The next pair of tokens of a session: one to show, one to come back with."""
    refresh_token = secrets.token_urlsafe(REFRESH_TOKEN_BYTES)
    kept = identity.hash_refresh_token(refresh_token)
    await store.add_refresh_token(session.id, kept, at=clock.now())
    access = await access_token(store, session, person, clock=clock, life_seconds=life_seconds)
    return SignedIn(access=access, refresh_token=refresh_token, person=person)


async def access_token(
    store: Store, session: Session, person: Person, *, clock: Clock, life_seconds: int
) -> AccessToken:
    """A token that says who acts, in which session, and how and when they proved it."""
    proven_at = session.authenticated_at
    actor = replace(
        person.actor,
        session=str(session.id),
        methods=session.methods,
        authenticated_at=int(proven_at.timestamp()) if proven_at else None,
    )
    return await sign_token(
        store,
        actor,
        audiences=identity.SERVICES,
        now=clock.now(),
        life_seconds=identity.token_life_seconds(session.kind, most=life_seconds),
    )

"""Bind an account at a provider to the resident whose it is, and take that back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.registry.actions.count_attempt import count_attempt, hash_token
from services.registry.actions.recognise_person import person_of_session
from services.registry.actions.sign_in import (
    SignedIn,
    begin_session,
    keep_binding,
    note_of_binding,
)
from services.registry.errors.bindings import (
    AccountAlreadyBound,
    BindingTicketRefused,
    RealNameCheckMissing,
    RealNameNotConfirmed,
)
from services.registry.model import PersonId, PersonIndex, PersonKind, Resident
from services.registry.model.bindings import Binding, BindingId, ExternalAccount
from services.registry.model.sign_in import Method
from services.registry.ports import RealNameChecker
from services.registry.rules import death
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.errors import Unavailable
from shared.ids import new_id
from shared.sealing import BlindIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class BindAccount:
    """Who somebody says they are, and their consent to asking the provider."""

    ticket: str = field(repr=False)
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    code: str = field(repr=False)


async def bind_account(
    command: BindAccount,
    *,
    checkers: Mapping[str, RealNameChecker],
    transaction: Transactions[Store],
    clock: Clock,
    index: BlindIndex,
    life_seconds: int,
) -> SignedIn:
    """Bind an account after provider and register agree on the person, and sign them in.

    Raises:
        BindingTicketRefused: The ticket is not good any more.
        RealNameCheckMissing: The provider cannot be asked.
        RealNameNotConfirmed: Account, name, number and register do not fit together.
        SignInPaused: Too many people were tried with this ticket.
        AccountAlreadyBound: Somebody bound it meanwhile.
        Unavailable: The provider did not answer. The ticket stays good, and nothing is counted.
    """
    ticket = hash_token(command.ticket)
    guess = f"ticket:{ticket.hex()}"
    async with transaction() as store:
        account = await store.find_ticket(ticket, now=clock.now())
        if account is None:
            raise BindingTicketRefused
        await count_attempt(store, guess, "", clock=clock)
        known = await store.find_resident_by_index(PersonIndex(index.of(command.id_number)))
    checker = checkers.get(account.provider)
    if checker is None:
        raise RealNameCheckMissing
    is_theirs = await _asked(checker, account, command, guess, transaction=transaction)
    resident = _confirmed(known, command.name) if is_theirs else None
    if resident is None:
        raise RealNameNotConfirmed
    async with transaction() as store:
        if not await store.use_ticket(ticket):
            raise BindingTicketRefused
        await store.forget_attempts_at(guess, "")
        binding = Binding(
            id=BindingId(new_id()),
            provider=account.provider,
            resident=resident.id,
            assurance=checker.assurance,
            bound_at=clock.now(),
        )
        if await keep_binding(store, binding, account, index=index) is None:
            raise AccountAlreadyBound
        person = await person_of_session(store, PersonKind.CITIZEN, str(resident.id))
        if person is None:
            raise RealNameNotConfirmed
        return await begin_session(
            store,
            person,
            provider=account.provider,
            methods=frozenset({Method.PROVIDER}),
            clock=clock,
            life_seconds=life_seconds,
        )


async def list_bindings(person: Actor, *, transaction: Transactions[Store]) -> Sequence[Binding]:
    """The accounts a citizen can sign in with."""
    async with transaction() as store:
        return await store.list_bindings(PersonId(UUID(person.id)))


async def unbind_account(
    person: Actor, binding: UUID, *, transaction: Transactions[Store], clock: Clock
) -> None:
    """Take a binding back and end every session that began with its provider.

    Raises:
        BindingNotFound: There is none such, or it is another's.
    """
    resident = PersonId(UUID(person.id))
    async with transaction() as store:
        found = await store.lock_own_binding(BindingId(binding), resident=resident)
        if found.unbound_at is not None:
            return
        now = clock.now()
        await store.unbind(found.id, at=now)
        await store.revoke_sessions_of(
            PersonKind.CITIZEN, person.id, at=now, reason="unbound", provider=found.provider
        )
        await store.write_journal(note_of_binding(found, person.subject, "unbind-account"))


async def _asked(
    checker: RealNameChecker,
    account: ExternalAccount,
    command: BindAccount,
    guess: str,
    *,
    transaction: Transactions[Store],
) -> bool:
    """What the provider says. Its silence is nobody's wrong guess."""
    try:
        return await checker.is_held_by(
            account.subject, name=command.name, id_number=command.id_number, code=command.code
        )
    except Unavailable:
        async with transaction() as store:
            await store.forget_attempts_at(guess, "")
        raise


def _confirmed(resident: Resident | None, name: str) -> Resident | None:
    if resident is None or not resident.is_alive or not death.is_same_name(resident.name, name):
        return None
    return resident

"""Let an officer choose a password and pair an authenticator, by invitation."""

import asyncio
import os
import secrets
from dataclasses import dataclass, field

from services.registry.actions.count_attempt import count_attempt, hash_token, use_code
from services.registry.errors.sign_in import CodeRefused, InvitationRefused, PasswordUnsuitable
from services.registry.model import PersonKind
from services.registry.model.sign_in import OfficerCredential
from services.registry.rules import factors
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.journal import JournalEntry

INVITATION_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginEnrolment:
    """An invitation, and the password its officer chose."""

    invitation: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What the officer's authenticator needs; shown once."""

    officer: str
    secret: str = field(repr=False)
    link: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmEnrolment:
    """The same invitation, and a first code of the authenticator."""

    invitation: str = field(repr=False)
    code: str = field(repr=False)


async def invite_officer(store: Store, officer: str, *, actor: str, clock: Clock) -> str:
    """A new invitation for an officer, good for three days; a step of officers' management.

    It is given to the officer by hand: whoever has it chooses the officer's factors.
    """
    token = secrets.token_urlsafe(INVITATION_BYTES)
    ends = clock.now() + factors.INVITATION_LIFE
    await store.keep_invitation(officer, hash_token(token), expires_at=ends)
    await store.write_journal(_noted(officer, actor=actor, act="invite-officer"))
    return token


async def begin_enrolment(
    command: BeginEnrolment,
    *,
    transaction: Transactions[Store],
    clock: Clock,
    breached: frozenset[str],
) -> Enrolment:
    """Keep a password and a new authenticator secret; neither opens anything yet.

    Raises:
        InvitationRefused: The invitation is not good any more.
        PasswordUnsuitable: Too short, too common, or the officer's own name.
    """
    token = hash_token(command.invitation)
    async with transaction() as store:
        officer = await _invited(store, token, clock=clock)
        known = await store.find_officer(officer)
    check_password(command.password, officer, known.name if known else "", breached=breached)
    hashed = await asyncio.to_thread(factors.hash_password, command.password, salt=os.urandom(16))
    secret = factors.new_totp_secret()
    async with transaction() as store:
        officer = await _invited(store, token, clock=clock)
        credential = OfficerCredential(officer=officer, password_hash=hashed, totp_secret=secret)
        await store.keep_credential(credential, at=clock.now())
        await store.write_journal(
            _noted(officer, actor=f"officer:{officer}", act="choose-password")
        )
    link = factors.authenticator_link(secret, officer=officer)
    return Enrolment(officer=officer, secret=secret, link=link)


async def confirm_enrolment(
    command: ConfirmEnrolment, *, transaction: Transactions[Store], clock: Clock
) -> list[str]:
    """Make the factors count once a code shows that the authenticator has the secret.

    Earlier sessions and known devices end: whoever used the old factors has to begin anew.

    Returns:
        Recovery codes. They are kept hashed, so they can never be shown again.

    Raises:
        InvitationRefused: The invitation is not good any more, or no password was chosen.
        CodeRefused: The code is not the authenticator's.
        SignInPaused: Too many wrong codes in a row.
    """
    token = hash_token(command.invitation)
    async with transaction() as store:
        officer = await _invited(store, token, clock=clock)
        await count_attempt(store, officer, "enrolment", clock=clock)
    codes = [factors.new_recovery_code() for _ in range(factors.RECOVERY_CODES)]
    async with transaction() as store:
        officer = await _invited(store, token, clock=clock)
        credential = await store.find_credential(officer)
        if credential is None:
            raise InvitationRefused
        if not await use_code(store, credential, command.code, clock=clock):
            raise CodeRefused
        now = clock.now()
        await store.confirm_credential(officer, at=now)
        await store.use_invitation(token)
        await store.replace_recovery_codes(officer, map(factors.hash_recovery_code, codes))
        await store.forget_devices(officer)
        await store.forget_attempts_at(officer, "enrolment")
        await store.revoke_sessions_of(
            PersonKind.OFFICER, officer, at=now, reason="factors-replaced"
        )
        await store.write_journal(_noted(officer, actor=f"officer:{officer}", act="enrol"))
    return codes


def check_password(password: str, officer: str, name: str, *, breached: frozenset[str]) -> None:
    """Refuse a password that will not do.

    Raises:
        PasswordUnsuitable: Why is in `fault`.
    """
    fault = factors.password_fault(password, officer=officer, name=name, breached=breached)
    if fault is not None:
        raise PasswordUnsuitable(fault=fault, shortest=factors.SHORTEST_PASSWORD)


async def _invited(store: Store, token: bytes, *, clock: Clock) -> str:
    officer = await store.lock_invitation(token, now=clock.now())
    if officer is None:
        raise InvitationRefused
    return officer


def _noted(officer: str, *, actor: str, act: str) -> JournalEntry:
    return JournalEntry(
        stream=f"officer:{officer}", actor=actor, act=act, target=f"officer:{officer}"
    )

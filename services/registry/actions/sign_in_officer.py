"""Begin a session for an officer who shows a password and a second factor."""

import asyncio
import secrets
from dataclasses import dataclass, field

from services.registry.actions.count_attempt import count_attempt, hash_token, use_code
from services.registry.actions.recognise_person import person_of_session
from services.registry.actions.sign_in import SignedIn, begin_session
from services.registry.errors.sign_in import OfficerRefused
from services.registry.model import PersonKind
from services.registry.model.sign_in import Method, OfficerCredential
from services.registry.rules import factors
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions

PROVIDER = "PASSWORD_AND_CODE"
DEVICE_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInOfficer:
    """What an officer knows, and what an officer has."""

    officer: str
    password: str = field(repr=False)
    code: str | None = field(default=None, repr=False)
    """Six digits of the authenticator."""
    recovery_code: str | None = field(default=None, repr=False)
    """Instead of them, when the authenticator is lost."""
    device_token: str | None = field(default=None, repr=False)
    """What an earlier sign-in on this device was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSignedIn:
    """A session, and what makes this device known."""

    session: SignedIn
    device_token: str = field(repr=False)


async def sign_in_officer(
    command: SignInOfficer, *, transaction: Transactions[Store], clock: Clock, life_seconds: int
) -> OfficerSignedIn:
    """Exchange password and code for a session of a working day.

    Raises:
        SignInPaused: Too many failures in a row from here; this one was not looked at.
        OfficerRefused: Officer, password and code do not fit together.
    """
    async with transaction() as store:
        device = await _known_device(store, command)
        await count_attempt(store, command.officer, device, clock=clock)
        credential = await store.find_credential(command.officer)
    kept = credential.password_hash if credential else None
    # Slow: outside the transaction and the event loop, and for unknown officers as well.
    knows = await asyncio.to_thread(factors.is_password, command.password, kept)
    if credential is None or credential.confirmed_at is None or not knows:
        raise OfficerRefused
    async with transaction() as store:
        method = await _second_factor(store, command, credential, clock=clock)
        person = await person_of_session(store, PersonKind.OFFICER, command.officer)
        if method is None or person is None:
            raise OfficerRefused
        await store.forget_attempts_at(command.officer, device)
        session = await begin_session(
            store,
            person,
            provider=PROVIDER,
            methods=frozenset({Method.PASSWORD, method}),
            clock=clock,
            life_seconds=life_seconds,
        )
        token = await _device_token(store, command, device, clock=clock)
    return OfficerSignedIn(session=session, device_token=token)


async def _known_device(store: Store, command: SignInOfficer) -> str:
    """The device's hash if the officer signed in on it before, else the empty text."""
    if command.device_token is None:
        return ""
    token = hash_token(command.device_token)
    return token.hex() if await store.is_known_device(command.officer, token) else ""


async def _device_token(store: Store, command: SignInOfficer, device: str, *, clock: Clock) -> str:
    if device and command.device_token:
        return command.device_token
    token = secrets.token_urlsafe(DEVICE_TOKEN_BYTES)
    await store.add_device(command.officer, hash_token(token), at=clock.now())
    return token


async def _second_factor(
    store: Store, command: SignInOfficer, credential: OfficerCredential, *, clock: Clock
) -> Method | None:
    if command.code is not None:
        is_shown = await use_code(store, credential, command.code, clock=clock)
        return Method.ONE_TIME_CODE if is_shown else None
    if command.recovery_code is not None:
        code = factors.hash_recovery_code(command.recovery_code)
        is_shown = await store.use_recovery_code(command.officer, code, at=clock.now())
        return Method.RECOVERY_CODE if is_shown else None
    return None

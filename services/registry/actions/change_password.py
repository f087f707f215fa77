"""Let a signed-in officer take another password."""

import asyncio
import os
from dataclasses import dataclass, field
from uuid import UUID

from services.registry.actions.count_attempt import count_attempt
from services.registry.actions.enrol_officer import check_password
from services.registry.errors.sign_in import OfficerRefused
from services.registry.model import PersonKind, SessionId
from services.registry.rules import factors
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.journal import JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """The password there is, and the one there is to be."""

    officer: Actor
    current: str = field(repr=False)
    chosen: str = field(repr=False)


async def change_password(
    command: ChangePassword,
    *,
    transaction: Transactions[Store],
    clock: Clock,
    breached: frozenset[str],
) -> None:
    """Keep the chosen password and end every other session of the officer.

    Raises:
        SignInPaused: The current password was wrong too often in a row.
        OfficerRefused: The current password is wrong.
        PasswordUnsuitable: The chosen one will not do.
    """
    officer = command.officer
    device = officer.session or ""
    async with transaction() as store:
        known = await store.find_officer(officer.id)
    check_password(command.chosen, officer.id, known.name if known else "", breached=breached)
    async with transaction() as store:
        await count_attempt(store, officer.id, device, clock=clock)
        credential = await store.find_credential(officer.id)
    kept = credential.password_hash if credential else None
    knows = await asyncio.to_thread(factors.is_password, command.current, kept)
    if kept is None or not knows:
        raise OfficerRefused
    hashed = await asyncio.to_thread(factors.hash_password, command.chosen, salt=os.urandom(16))
    async with transaction() as store:
        now = clock.now()
        if not await store.change_password(officer.id, hashed, before=kept, at=now):
            raise OfficerRefused
        await store.forget_attempts_at(officer.id, device)
        await store.forget_devices(officer.id)
        await store.revoke_sessions_of(
            PersonKind.OFFICER,
            officer.id,
            at=now,
            reason="password-changed",
            but=SessionId(UUID(officer.session)) if officer.session else None,
        )
        await store.write_journal(
            JournalEntry(
                stream=f"officer:{officer.id}",
                actor=officer.subject,
                act="change-password",
                target=f"officer:{officer.id}",
            )
        )

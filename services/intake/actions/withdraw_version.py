"""Take no new applications under a version of an item; open cases go on under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.actions.desk import Desk
from services.intake.errors.version import VersionNotFound, VersionWithdrawn
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawVersion:
    """The command: an operator withdraws a version."""

    actor: Actor
    code: str
    version: int
    reason: str
    request: RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemVersion:
    """One published version of an item."""

    version: int
    hash: str
    withdrawn_at: datetime | None


async def withdraw_version(
    command: WithdrawVersion, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | None:
    """Withdraw a version, once.

    Returns:
        The answer an earlier identical request got, or None if this one took effect.

    Raises:
        VersionNotFound: No such version has been published.
        VersionWithdrawn: It has been withdrawn before.
    """
    code, version = command.code, command.version
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        known = {number: withdrawn for number, _, withdrawn in await store.list_versions(code)}
        if version not in known:
            raise VersionNotFound
        if known[version] is not None:
            raise VersionWithdrawn
        by, at = command.actor.subject, desk.clock.now()
        await store.withdraw_version(code, version, by=by, at=at, reason=command.reason)
        await store.write_journal(
            JournalEntry(
                stream=f"item:{code}",
                actor=by,
                act="withdraw-version",
                target=f"item:{code}:{version}",
                reason=command.reason,
            )
        )
        await store.remember_answer(command.request, status=200, body={"version": version})
    return None


async def list_versions(code: str, *, transaction: Transactions[Store]) -> Sequence[ItemVersion]:
    """Every version of an item, oldest first.

    Raises:
        VersionNotFound: None has been published.
    """
    async with transaction() as store:
        found = await store.list_versions(code)
    return [
        ItemVersion(version=version, hash=hash_, withdrawn_at=withdrawn)
        for version, hash_, withdrawn in found
    ]

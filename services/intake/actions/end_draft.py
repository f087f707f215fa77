"""End drafts: handed in, discarded, or expired; each leaves one line in the journal."""

from dataclasses import dataclass
from uuid import UUID

from services.intake.actions.advance_case import PLATFORM
from services.intake.actions.desk import Desk
from services.intake.errors.draft import DraftNotFound
from services.intake.model.draft import DraftRef
from services.intake.store import Store
from services.intake.store.drafts import draft_stream
from shared.auth import Actor
from shared.database import Transactions
from shared.errors import StaleVersion, Unavailable
from shared.journal import JournalEntry
from shared.store import RequestKey
from shared.telemetry import logger

BATCH = 200
"""Most drafts one pass of a clock removes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardDraft:
    """The command: somebody does not want their draft any more."""

    actor: Actor
    item_code: str
    version: int
    request: RequestKey


async def discard_draft(
    command: DiscardDraft, *, transaction: Transactions[Store], desk: Desk
) -> None:
    """Remove the caller's own draft for an item.

    Raises:
        DraftNotFound: They have none for this item.
        StaleVersion: It was saved since they read it.
    """
    async with transaction() as store:
        if await store.claim_key(command.request) is not None:
            return
        found = await store.find_draft(
            command.actor.subject, command.item_code, at=desk.clock.now()
        )
        if found is None:
            raise DraftNotFound
        if found.line.version != command.version:
            raise StaleVersion
        ended = DraftRef(id=found.line.id, version=found.line.version)
        await end_draft(store, command.actor, ended, reason="本人删除")
        await store.remember_answer(command.request, status=200, body={})


async def end_draft(store: Store, actor: Actor, draft: DraftRef, *, reason: str) -> None:
    """Remove a draft in the transaction of whatever ends it.

    Raises:
        StaleVersion: It was saved, or ended, since it was read.
    """
    await store.end_draft(actor.subject, draft.id, version=draft.version)
    await note_draft(store, actor.subject, draft.id, act="end-draft", reason=reason)


async def keep_drafts(*, transaction: Transactions[Store], desk: Desk) -> int:
    """Remove drafts whose time is over; how many one pass removed."""
    try:
        async with transaction() as store:
            ended = await store.end_expired_drafts(at=desk.clock.now(), limit=BATCH)
            for draft_id in ended:
                await note_draft(store, PLATFORM, draft_id, act="end-draft", reason="保存期满")
    except Unavailable:
        logger("clock").warning("clock.waiting")
        return 0
    return len(ended)


async def note_draft(store: Store, actor: str, draft_id: UUID, *, act: str, reason: str) -> None:
    """Write what was done with a draft into the journal; never what it says."""
    await store.write_journal(
        JournalEntry(
            stream=draft_stream(draft_id),
            actor=actor,
            act=act,
            target=f"draft:{draft_id}",
            reason=reason,
        )
    )

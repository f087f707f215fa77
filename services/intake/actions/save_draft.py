"""Save and read drafts: what somebody fills in survives the device it was filled in on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from services.intake.actions.advance_case import PLATFORM
from services.intake.actions.desk import Desk
from services.intake.actions.end_draft import note_draft
from services.intake.errors.draft import DraftNotFound
from services.intake.model.draft import DraftContent, DraftLine, DraftMaterial, KeptDraft
from services.intake.rules.draft import draft_expires_at
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.errors import StaleVersion
from shared.ids import new_id
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """The command: keep what has been filled in so far."""

    actor: Actor
    item_code: str
    content: DraftContent
    version: int
    """The version the caller read; 0 if they know of none."""
    request: RequestKey


async def save_draft(
    command: SaveDraft, *, transaction: Transactions[Store], desk: Desk
) -> DraftLine:
    """Keep the caller's draft for an item; nothing in it is checked.

    Raises:
        ItemNotFound: There is no such item.
        StaleVersion: It was saved elsewhere, or ended, since the caller read it.
    """
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return await _saved_before(store, command, earlier, desk=desk)
        await store.newest_item(command.item_code)
        draft = await _next(store, command, desk=desk)
        await store.replace_draft(command.actor.subject, draft)
        await note_draft(
            store, command.actor.subject, draft.line.id, act="save-draft", reason="暂存"
        )
        # What is remembered names no one: the draft itself stays in its own row.
        body = {"version": draft.line.version}
        await store.remember_answer(command.request, status=200, body=body)
    return draft.line


async def _saved_before(
    store: Store, command: SaveDraft, earlier: StoredAnswer, *, desk: Desk
) -> DraftLine:
    """What a repeated save is answered: the draft, unless it has moved on since."""
    found = await store.find_draft(command.actor.subject, command.item_code, at=desk.clock.now())
    if found is None or found.line.version != earlier.body["version"]:
        raise StaleVersion
    return found.line


async def _next(store: Store, command: SaveDraft, *, desk: Desk) -> KeptDraft:
    now, owner = desk.clock.now(), command.actor.subject
    expired = await store.end_expired_draft(owner, command.item_code, at=now)
    if expired is not None:
        await note_draft(store, PLATFORM, expired, act="end-draft", reason="保存期满")
    found = await store.find_draft(owner, command.item_code, at=now)
    if (found.line.version if found else 0) != command.version:
        raise StaleVersion
    draft_id = found.line.id if found else new_id()
    # A new key at every save: what an earlier version said cannot be opened by a later key.
    key = desk.cipher.new_record_key(f"draft:{draft_id}")
    sealed = key.seal(orjson.dumps(_as_data(command.content)), place=_place(draft_id))
    line = DraftLine(
        id=draft_id,
        item_code=command.item_code,
        version=command.version + 1,
        saved_at=now,
        expires_at=draft_expires_at(now),
    )
    return KeptDraft(line=line, content_sealed=sealed, data_key=key.wrapped)


async def list_drafts(
    actor: Actor, *, transaction: Transactions[Store], desk: Desk
) -> Sequence[DraftLine]:
    """The caller's own drafts; at most one for each item there is."""
    async with transaction() as store:
        return await store.list_drafts(actor.subject, at=desk.clock.now())


async def read_draft(
    actor: Actor, item_code: str, *, transaction: Transactions[Store], desk: Desk
) -> tuple[DraftLine, DraftContent]:
    """The caller's own draft for an item, with everything filled in so far.

    Raises:
        DraftNotFound: They have none for this item.
    """
    async with transaction() as store:
        found = await store.find_draft(actor.subject, item_code, at=desk.clock.now())
    if found is None:
        raise DraftNotFound
    return found.line, open_draft(found, desk=desk)


def open_draft(draft: KeptDraft, *, desk: Desk) -> DraftContent:
    """What a draft says."""
    draft_id = draft.line.id
    key = desk.cipher.record_key(draft.data_key, f"draft:{draft_id}")
    data: Mapping[str, Any] = orjson.loads(key.open(draft.content_sealed, place=_place(draft_id)))
    return DraftContent(
        form=data["form"],
        materials=[
            DraftMaterial(key=each["key"], file_id=UUID(each["fileId"]) if each["fileId"] else None)
            for each in data["materials"]
        ],
    )


def _as_data(content: DraftContent) -> Mapping[str, object]:
    return {
        "form": content.form,
        "materials": [{"key": each.key, "fileId": each.file_id} for each in content.materials],
    }


def _place(draft_id: UUID) -> str:
    return f"draft.content:{draft_id}"

"""Read funeral cases; reading a family's file is an act, and is journalled."""

from uuid import UUID

from services.funeral.model import FuneralCase
from services.funeral.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.visibility import Visibility


async def read_funeral(
    case_id: UUID, *, actor: Actor, transaction: Transactions[Store]
) -> FuneralCase:
    """One funeral the actor may see.

    Raises:
        FuneralNotFound: There is none, or it is not theirs to see.
    """
    async with transaction() as store:
        case = await store.get_case(case_id, visible=Visibility.of(actor))
        await _note_read(case, actor=actor, store=store)
        return case


async def list_funerals(
    application_id: UUID, *, actor: Actor, transaction: Transactions[Store]
) -> list[FuneralCase]:
    """The funerals an application led to, as far as the actor may see them."""
    async with transaction() as store:
        found = await store.list_cases_of_application(application_id, visible=Visibility.of(actor))
        for each in found:
            await _note_read(each, actor=actor, store=store)
        return found


async def _note_read(case: FuneralCase, *, actor: Actor, store: Store) -> None:
    await store.write_journal(
        JournalEntry(
            stream=f"funeral:{case.id}",
            actor=actor.subject,
            act="read-funeral",
            target=f"funeral:{case.id}",
            reason="殡葬经办查询",
        )
    )

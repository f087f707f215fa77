"""Read marriages; reading a citizen's file is an act, and is journalled.

There is no way to look up the status of another person: archives are for the parties
themselves and for those whom the law names.
"""

from uuid import UUID

from services.marriage.model import Marriage
from services.marriage.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.errors import Forbidden
from shared.journal import JournalEntry
from shared.visibility import Visibility


async def read_marriage(
    marriage_id: UUID, *, actor: Actor, transaction: Transactions[Store]
) -> Marriage:
    """One marriage the actor may see.

    Raises:
        MarriageNotFound: There is none, or it is not theirs to see.
    """
    async with transaction() as store:
        marriage = await store.get_marriage(marriage_id, visible=Visibility.of(actor))
        await _note_read(marriage, actor=actor, store=store)
        return marriage


async def read_parties(
    marriage_id: UUID, *, actor: Actor, transaction: Transactions[Store]
) -> Marriage:
    """Whose marriage it is, for the register of residents and for nobody else.

    Raises:
        Forbidden: Another service asks.
        MarriageNotFound: There is none.
    """
    if actor.system != "registry":
        raise Forbidden
    async with transaction() as store:
        marriage = await store.get_marriage(marriage_id, visible=Visibility.of(actor))
        await store.write_journal(
            JournalEntry(
                stream=f"marriage:{marriage.id}",
                actor=actor.subject,
                act="read-parties",
                target=f"marriage:{marriage.id}",
                reason="居民登记更新",
            )
        )
        return marriage


async def list_marriages(
    application_id: UUID, *, actor: Actor, transaction: Transactions[Store]
) -> list[Marriage]:
    """The marriages an application led to, as far as the actor may see them."""
    async with transaction() as store:
        found = await store.list_marriages_of_application(
            application_id, visible=Visibility.of(actor)
        )
        for each in found:
            await _note_read(each, actor=actor, store=store)
        return found


async def _note_read(marriage: Marriage, *, actor: Actor, store: Store) -> None:
    await store.write_journal(
        JournalEntry(
            stream=f"marriage:{marriage.id}",
            actor=actor.subject,
            act="read-marriage",
            target=f"marriage:{marriage.id}",
            reason="婚姻登记经办或本人查询",
        )
    )

"""What was asked in vain leaves a line in the journal: who, at which door, about which id.

Whether the record is another's or is not at all looks alike from outside, and is noted alike;
whoever tries one id after another leaves a line for each.
"""

from collections.abc import Mapping
from uuid import UUID

from shared.auth import Actor
from shared.database import Transactions
from shared.errors import CivilError
from shared.journal import JournalEntry
from shared.store import SharedStore

DENIED = frozenset({403, 404})
"""The door is for others, or the record is not there for them."""


async def note_denial(
    actor: Actor,
    refusal: CivilError,
    *,
    door: str,
    named: Mapping[str, object],
    transaction: Transactions[SharedStore],
) -> None:
    """Keep a refused attempt; nothing of what it would have shown.

    Args:
        door: Method and path as declared.
        named: What the path named. Only ids are kept: a caller may put anything there.

    Raises:
        Unavailable: The journal cannot be written; the caller is refused all the same.
    """
    ids = {name: each for name, each in named.items() if _is_id(each)}
    target = ", ".join(f"{name}:{each}" for name, each in sorted(ids.items())) or door
    async with transaction() as store:
        await store.write_journal(
            JournalEntry(
                stream=f"denial:{actor.subject}",
                actor=actor.subject,
                act="denied",
                target=target,
                facts={"door": door, "code": refusal.code, "status": refusal.status},
            )
        )


def _is_id(value: object) -> bool:
    try:
        return str(UUID(str(value))) == str(value).lower()
    except ValueError:
        return False

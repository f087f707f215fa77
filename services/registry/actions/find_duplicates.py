"""Look for records that may be one person, and keep the pairs for an officer to review."""

from services.registry.model import PersonId
from services.registry.model.duplicates import Candidate, CandidateId, CandidateState, Traits
from services.registry.rules import duplicates
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import new_id
from shared.sealing import BlindIndex

BATCH = 100
"""Records compared in one transaction."""


async def find_duplicates(
    *, transaction: Transactions[Store], clock: Clock, index: BlindIndex
) -> int:
    """Compare the records that are new or changed; how many those were, at most a batch.

    Names and addresses are opened in memory for the comparison. What is kept is a score and
    codes of what agrees.
    """
    async with transaction() as store:
        await store.lock_search()
        people = await store.list_unblocked(limit=BATCH)
        traits = await store.list_traits(people)
        for person in people:
            await _compare(store, traits[person], clock=clock, index=index)
    return len(people)


async def _compare(store: Store, one: Traits, *, clock: Clock, index: BlindIndex) -> None:
    keys = {index.of_words(*words) for words in duplicates.blocking_words(one)}
    await store.add_blocking_keys(one.id, keys)
    near = await store.list_meeting(one.id, keys, most=duplicates.LARGEST_BLOCK)
    for other in (await store.list_traits(near)).values():
        likeness = duplicates.compare(one, other)
        if likeness.score < duplicates.WORTH_A_LOOK:
            continue
        first, second = sorted((one.id, other.id))
        await store.add_candidate(
            Candidate(
                id=CandidateId(new_id()),
                one=PersonId(first),
                other=PersonId(second),
                likeness=likeness,
                state=CandidateState.OPEN,
                found_at=clock.now(),
            )
        )

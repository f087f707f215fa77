"""Decide whether two records are one person; an officer does, never a score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.registry.actions.note_life import bring_in_line, replace_memberships
from services.registry.actions.reach import (
    REVIEWERS,
    act_note,
    home_within,
    read_note,
    require_role,
    scope_of,
)
from services.registry.actions.read_residents import Look
from services.registry.errors.residents import (
    DuplicateDecided,
    DuplicateNotFound,
    MergeNotFound,
    MergeUndone,
    NotMergeable,
    ResidentNotFound,
)
from services.registry.events.residents import residents_merged, residents_unmerged
from services.registry.model import PersonId
from services.registry.model.duplicates import (
    Candidate,
    CandidateFile,
    CandidateId,
    CandidateState,
)
from services.registry.model.residents import Merge
from services.registry.rules import life
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import new_id
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """An officer's decision about two records.

    Args:
        keep: The record that stands for both from now on; None: they are two people.
    """

    actor: Actor
    request: RequestKey
    candidate: CandidateId
    keep: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoMerge:
    """An officer's finding that two merged records are two people after all."""

    actor: Actor
    request: RequestKey
    merge: UUID


async def list_duplicates(
    look: Look, *, after: UUID, limit: int, transaction: Transactions[Store]
) -> Sequence[CandidateFile]:
    """Undecided pairs, both within the officer's reach; the look is journalled per pair."""
    async with transaction() as store:
        scope = await scope_of(store, look.actor)
        found = await store.page_candidates(scope=scope, after=after, limit=limit)
        files = []
        for each in found:
            people = [await store.find_resident(person) for person in (each.one, each.other)]
            files.append(CandidateFile(candidate=each, residents=[one for one in people if one]))
            for person in (each.one, each.other):
                note = read_note(
                    look.actor,
                    look.purpose,
                    stream=f"resident:{person}",
                    act="read-duplicate",
                    candidate=str(each.id),
                )
                await store.write_journal(note)
        return files


async def review_duplicate(
    command: Review, *, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """Merge two records, or say that they are two people.

    Nothing moves: facts, numbers and names stay where they are, and are read through the
    merge. So it can be undone without loss.

    Raises:
        RegisterRoleLacking: The officer does not decide.
        DuplicateNotFound: There is no such pair, or one of the two is out of reach.
        DuplicateDecided: Somebody decided before.
        NotMergeable: One was merged meanwhile, or the record to keep is neither.
    """
    require_role(command.actor, REVIEWERS)
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        pair = await _pair(store, command)
        by, at = command.actor.subject, clock.now()
        if command.keep is None:
            await store.decide_candidate(pair.id, CandidateState.DISMISSED, by=by, at=at)
            body: dict[str, Any] = {"id": str(pair.id), "mergeId": None}
        else:
            merge = await _merge(store, pair, command.keep, by=by, clock=clock)
            await store.decide_candidate(pair.id, CandidateState.MERGED, by=by, at=at)
            body = {"id": str(pair.id), "mergeId": str(merge.id)}
        for person in (pair.one, pair.other):
            await store.write_journal(
                act_note(
                    command.actor,
                    stream=f"resident:{person}",
                    act="dismiss-duplicate" if command.keep is None else "merge-residents",
                    **body,
                )
            )
        await store.remember_answer(command.request, status=200, body=body)
        return StoredAnswer(status=200, body=body)


async def undo_merge(
    command: UndoMerge, *, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """Let both records stand for themselves again, each with what was its own.

    Raises:
        RegisterRoleLacking: The officer does not decide.
        MergeNotFound: There is no such merge within the officer's reach.
        MergeUndone: It was undone before.
    """
    require_role(command.actor, REVIEWERS)
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        merge = await store.lock_merge(command.merge)
        if merge is None:
            raise MergeNotFound
        root = await store.resident_behind(merge.kept)
        try:
            await home_within(store, root, await scope_of(store, command.actor))
        except ResidentNotFound:
            raise MergeNotFound from None
        if merge.undone_at is not None:
            raise MergeUndone
        await _part(store, merge, root, by=command.actor.subject, clock=clock)
        body: dict[str, Any] = {"id": str(merge.id)}
        for person in (merge.kept, merge.absorbed):
            await store.write_journal(
                act_note(
                    command.actor, stream=f"resident:{person}", act="unmerge-residents", **body
                )
            )
        await store.remember_answer(command.request, status=200, body=body)
        return StoredAnswer(status=200, body=body)


async def _pair(store: Store, command: Review) -> Candidate:
    pair = await store.lock_candidate(command.candidate)
    if pair is None:
        raise DuplicateNotFound
    if pair.state is not CandidateState.OPEN:
        await _require_reach(store, command.actor, await store.resident_behind(pair.one))
        raise DuplicateDecided
    for person in (pair.one, pair.other):
        await _require_reach(store, command.actor, await store.resident_behind(person))
    return pair


async def _require_reach(store: Store, actor: Actor, person: PersonId) -> None:
    try:
        await home_within(store, person, await scope_of(store, actor))
    except ResidentNotFound:
        raise DuplicateNotFound from None


async def _merge(store: Store, pair: Candidate, keep: PersonId, *, by: str, clock: Clock) -> Merge:
    both = {pair.one, pair.other}
    if keep not in both:
        raise NotMergeable
    (absorbed,) = both - {keep}
    await store.lock_residents(both)
    # Only records that stand for themselves are merged, so that no ring can close.
    if {await store.resident_behind(each) for each in both} != both:
        raise NotMergeable
    at = clock.now()
    merge = Merge(id=new_id(), kept=keep, absorbed=absorbed, merged_by=by, merged_at=at)
    await store.add_merge(merge)
    await replace_memberships(store, absorbed, [], at=at)
    await bring_in_line(store, keep, at=at)
    await store.publish(residents_merged(merge))
    return merge


async def _part(store: Store, merge: Merge, root: PersonId, *, by: str, clock: Clock) -> None:
    await store.lock_residents({root, merge.absorbed})
    at = clock.now()
    together = await _died_on(store, root)
    await store.undo_merge(merge, by=by, at=at)
    if together is not None and await _died_on(store, root) is None:
        await store.revive(root, dead=merge.absorbed)
    for person in (root, merge.absorbed):
        await bring_in_line(store, person, at=at)
    await store.publish(residents_unmerged(merge))


async def _died_on(store: Store, person: PersonId) -> date | None:
    facts = await store.list_facts(await store.list_numbers(person))
    return life.died_on(life.standing(facts))

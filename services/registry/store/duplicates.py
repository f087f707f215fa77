"""Statements about possible duplicates, the blocks they meet in, and merged records."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text

from services.registry.model import PersonId
from services.registry.model.duplicates import (
    Candidate,
    CandidateId,
    CandidateState,
    Evidence,
    Likeness,
    Traits,
)
from services.registry.model.residents import Merge
from services.registry.store.residents import ResidentStore

_LOCK_SEARCH = text("""
    SELECT pg_advisory_xact_lock(7205, hashtext(current_schema() || '.duplicates'))
""")
_UNBLOCKED = text("""
    SELECT id FROM resident
    WHERE NOT EXISTS (SELECT FROM blocking_key WHERE resident_id = resident.id)
      AND NOT EXISTS (
          SELECT FROM resident_merge WHERE absorbed_id = resident.id AND undone_at IS NULL)
    ORDER BY id LIMIT :limit
""")
_ADD_KEYS = text("""
    INSERT INTO blocking_key (resident_id, key)
    SELECT :resident, unnest(CAST(:keys AS text[]))
    ON CONFLICT DO NOTHING
""")
_FORGET_KEYS = text("DELETE FROM blocking_key WHERE resident_id = :resident")
_MEETING = text("""
    SELECT DISTINCT meeting.resident_id
    FROM blocking_key AS meeting
    WHERE meeting.key = ANY(:keys) AND meeting.resident_id <> :resident
      AND (SELECT count(*) FROM (
               SELECT FROM blocking_key AS every WHERE every.key = meeting.key LIMIT :most + 1
           ) AS counted) <= :most
      AND NOT EXISTS (
          SELECT FROM resident_merge
          WHERE absorbed_id = meeting.resident_id AND undone_at IS NULL)
""")
_NAMES = text("""
    SELECT resident_id, id, name FROM resident_alias WHERE resident_id = ANY(:people)
""")
_RESIDENTS = text("""
    SELECT id, person_index, name, id_number, status, died_on, known_from FROM resident
    WHERE id = ANY(:people) ORDER BY id
""")
_ADDRESSES = text("""
    SELECT DISTINCT ON (resident_id) resident_id, place.id, place.address
    FROM household_member AS member
    JOIN household_place AS place ON place.household_id = member.household_id
     AND place.superseded_at IS NULL AND place.valid && member.valid
    WHERE resident_id = ANY(:people) AND member.superseded_at IS NULL
    ORDER BY resident_id, upper(member.valid * place.valid) DESC NULLS FIRST
""")
_ADD_CANDIDATE = text("""
    INSERT INTO duplicate_candidate (id, one_id, other_id, score, evidence, found_at, state)
    VALUES (:id, :one, :other, :score, CAST(:evidence AS jsonb), :at, 'OPEN')
    ON CONFLICT (one_id, other_id) DO NOTHING
""")
_CANDIDATE = "id, one_id, other_id, score, evidence, found_at, state, decided_by"
_LOCK_CANDIDATE = text(f"SELECT {_CANDIDATE} FROM duplicate_candidate WHERE id = :id FOR UPDATE")
# Both records must be within reach now: a pair across two towns is for the county to see.
_PAGE = text(f"""
    WITH home AS (
        SELECT DISTINCT ON (resident_id) resident_id, division
        FROM household_member AS member
        JOIN household_place AS place ON place.household_id = member.household_id
         AND place.superseded_at IS NULL AND place.valid && member.valid
        WHERE member.superseded_at IS NULL AND resident_id IN (
            SELECT one_id FROM duplicate_candidate WHERE state = 'OPEN'
            UNION SELECT other_id FROM duplicate_candidate WHERE state = 'OPEN')
        ORDER BY resident_id, upper(member.valid * place.valid) DESC NULLS FIRST
    ), near AS (
        SELECT resident_id FROM home
        WHERE EXISTS (SELECT FROM unnest(CAST(:scope AS text[])) AS above
                      WHERE starts_with(division, above))
    )
    SELECT {_CANDIDATE} FROM duplicate_candidate
    WHERE state = 'OPEN' AND id > CAST(:after AS uuid)
      AND one_id IN (SELECT resident_id FROM near) AND other_id IN (SELECT resident_id FROM near)
    ORDER BY id LIMIT :limit
""")
_DECIDE = text("""
    UPDATE duplicate_candidate SET state = :state, decided_by = :by, decided_at = :at
    WHERE id = :id
""")
_DISMISS_PAIR = text("""
    UPDATE duplicate_candidate SET state = 'DISMISSED', decided_by = :by, decided_at = :at
    WHERE one_id = least(CAST(:one AS uuid), CAST(:other AS uuid))
      AND other_id = greatest(CAST(:one AS uuid), CAST(:other AS uuid))
""")
_ADD_MERGE = text("""
    INSERT INTO resident_merge (id, kept_id, absorbed_id, merged_by, merged_at)
    VALUES (:id, :kept, :absorbed, :by, :at)
""")
_LOCK_MERGE = text("""
    SELECT id, kept_id, absorbed_id, merged_by, merged_at, undone_at
    FROM resident_merge WHERE id = :id FOR UPDATE
""")
_UNDO_MERGE = text("UPDATE resident_merge SET undone_at = :at, undone_by = :by WHERE id = :id")
_REVIVE = text("""
    WITH given_back AS (
        UPDATE death_record SET resident_id = :other WHERE resident_id = :id
    )
    UPDATE resident SET status = 'ALIVE', died_on = NULL WHERE id = :id
""")


class DuplicateStore(ResidentStore):
    """Possible duplicates, and what was decided about them."""

    async def lock_search(self) -> None:
        """Let nobody else look for duplicates until the commit: two would miss each other."""
        await self.connection.execute(_LOCK_SEARCH)

    async def list_unblocked(self, *, limit: int) -> Sequence[PersonId]:
        """Records that stand in no block yet, or no longer in the right ones."""
        rows = await self.connection.execute(_UNBLOCKED, {"limit": limit})
        return [PersonId(row.id) for row in rows]

    async def add_blocking_keys(self, person: PersonId, keys: Collection[str]) -> None:
        """Put a record into its blocks."""
        await self.connection.execute(_ADD_KEYS, {"resident": person, "keys": sorted(keys)})

    async def forget_blocking_keys(self, person: PersonId) -> None:
        """Take a record out of its blocks, to be compared anew."""
        await self.connection.execute(_FORGET_KEYS, {"resident": person})

    async def list_meeting(
        self, person: PersonId, keys: Collection[str], *, most: int
    ) -> Sequence[PersonId]:
        """Records that share a block with one; blocks of more than `most` count for nothing."""
        rows = await self.connection.execute(
            _MEETING, {"resident": person, "keys": sorted(keys), "most": most}
        )
        return [PersonId(row.resident_id) for row in rows]

    async def list_traits(self, people: Collection[PersonId]) -> Mapping[PersonId, Traits]:
        """What records are compared by, opened."""
        asked = {"people": list(people)}
        names: dict[PersonId, list[str]] = {}
        for row in await self.connection.execute(_NAMES, asked):
            opened = self._open(row.name, f"resident_alias.name:{row.id}")
            names.setdefault(PersonId(row.resident_id), []).append(opened)
        addresses = {
            PersonId(row.resident_id): self._open(row.address, f"household_place.address:{row.id}")
            for row in await self.connection.execute(_ADDRESSES, asked)
        }
        rows = await self.connection.execute(_RESIDENTS, asked)
        residents = [self._opened(row) for row in rows]
        return {
            each.id: Traits(
                id=each.id,
                names=(each.name, *names.get(each.id, ())),
                id_number=each.id_number,
                address=addresses.get(each.id, ""),
            )
            for each in residents
        }

    async def add_candidate(self, candidate: Candidate) -> None:
        """Keep two records to be looked at; a pair that was kept before stays as it is."""
        one, other = sorted((candidate.one, candidate.other))
        await self.connection.execute(
            _ADD_CANDIDATE,
            {
                "id": candidate.id,
                "one": one,
                "other": other,
                "score": candidate.likeness.score,
                "evidence": orjson.dumps(sorted(candidate.likeness.evidence)).decode(),
                "at": candidate.found_at,
            },
        )

    async def page_candidates(
        self, *, scope: Sequence[str], after: UUID, limit: int
    ) -> Sequence[Candidate]:
        """Undecided pairs within reach, the oldest first."""
        rows = await self.connection.execute(
            _PAGE, {"scope": list(scope), "after": after, "limit": limit}
        )
        return [_candidate(row) for row in rows]

    async def lock_candidate(self, candidate: CandidateId) -> Candidate | None:
        """A pair that nobody else decides about meanwhile."""
        rows = await self.connection.execute(_LOCK_CANDIDATE, {"id": candidate})
        row = rows.one_or_none()
        return None if row is None else _candidate(row)

    async def decide_candidate(
        self, candidate: CandidateId, state: CandidateState, *, by: str, at: datetime
    ) -> None:
        """Keep what a person decided about a pair."""
        await self.connection.execute(
            _DECIDE, {"id": candidate, "state": state.value, "by": by, "at": at}
        )

    async def add_merge(self, merge: Merge) -> None:
        """Let one record redirect to another."""
        await self.connection.execute(
            _ADD_MERGE,
            {
                "id": merge.id,
                "kept": merge.kept,
                "absorbed": merge.absorbed,
                "by": merge.merged_by,
                "at": merge.merged_at,
            },
        )

    async def lock_merge(self, merge: UUID) -> Merge | None:
        """A merge that nobody else undoes meanwhile."""
        row = (await self.connection.execute(_LOCK_MERGE, {"id": merge})).one_or_none()
        if row is None:
            return None
        return Merge(
            id=row.id,
            kept=PersonId(row.kept_id),
            absorbed=PersonId(row.absorbed_id),
            merged_by=row.merged_by,
            merged_at=row.merged_at,
            undone_at=row.undone_at,
        )

    async def undo_merge(self, merge: Merge, *, by: str, at: datetime) -> None:
        """Let both records stand for themselves again; they are not proposed a second time."""
        await self.connection.execute(_UNDO_MERGE, {"id": merge.id, "by": by, "at": at})
        pair = {"one": merge.kept, "other": merge.absorbed, "by": by, "at": at}
        await self.connection.execute(_DISMISS_PAIR, pair)

    async def revive(self, person: PersonId, *, dead: PersonId) -> None:
        """Give a death, and its record, back to whose it was."""
        await self.connection.execute(_REVIVE, {"id": person, "other": dead})


def _candidate(row: Row[Any]) -> Candidate:
    evidence = frozenset(Evidence(each) for each in row.evidence)
    return Candidate(
        id=CandidateId(row.id),
        one=PersonId(row.one_id),
        other=PersonId(row.other_id),
        likeness=Likeness(score=row.score, evidence=evidence),
        state=CandidateState(row.state),
        found_at=row.found_at,
        decided_by=row.decided_by,
    )

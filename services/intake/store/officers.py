"""What is kept about officers: relations, delegations, absences."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from services.intake.errors.officers import (
    AbsenceNotFound,
    DelegationNotFound,
    RelationNotFound,
)
from services.intake.model import ApplicationId, OfficeId, TaskId
from services.intake.model.officer import (
    Absence,
    AbsenceId,
    Delegation,
    DelegationId,
    OfficerStanding,
    Period,
    Relation,
    RelationId,
    RelationKind,
)
from shared.clock import SHANGHAI
from shared.store import SharedStore

MOST_LISTED = 200
"""The newest of an officer; nobody reads more."""

_STANDING = text("""
    SELECT ARRAY(SELECT person_index FROM officer_relation
                 WHERE officer = :officer AND kind = 'self' AND withdrawn_at IS NULL) AS own,
           ARRAY(SELECT person_index FROM officer_relation
                 WHERE officer = :officer AND kind <> 'self' AND withdrawn_at IS NULL)
               AS relatives,
           EXISTS (SELECT FROM window_entry
                   WHERE application_id = :application_id AND entered_by = :officer)
               AS has_entered,
           EXISTS (SELECT FROM recusal WHERE task_id = :task_id AND officer = :officer)
               AS has_recused,
           EXISTS (SELECT FROM absence
                   WHERE officer = :officer AND ended_at IS NULL
                     AND CAST(:today AS date) BETWEEN starts_on AND ends_on) AS is_absent
""")
_DECLARE = text("""
    INSERT INTO officer_relation (id, officer, kind, person_index, source, declared_at)
    VALUES (:id, :officer, :kind, :person_index, 'declared', :at)
    ON CONFLICT (officer, person_index) WHERE withdrawn_at IS NULL DO NOTHING
""")
_DECLARED = text("""
    SELECT id, kind, declared_at FROM officer_relation
    WHERE officer = :officer AND withdrawn_at IS NULL
    ORDER BY declared_at DESC, id DESC LIMIT :limit
""")
_WITHDRAW_RELATION = text("""
    UPDATE officer_relation SET withdrawn_at = :at
    WHERE id = :id AND officer = :officer AND source = 'declared' AND withdrawn_at IS NULL
    RETURNING id
""")
_DELEGATE = text("""
    INSERT INTO delegation (id, office_id, principal, delegate, starts_on, ends_on, given_at)
    VALUES (:id, :office_id, :principal, :delegate, :starts_on, :ends_on, :at)
""")
_DELEGATION_COLUMNS = "id, office_id, principal, delegate, starts_on, ends_on, revoked_at"
_HOLD_DELEGATION = text("""
    SELECT id FROM delegation
    WHERE principal = :principal AND delegate = :delegate AND office_id = :office_id
      AND revoked_at IS NULL AND CAST(:today AS date) BETWEEN starts_on AND ends_on
    LIMIT 1 FOR SHARE
""")
_DELEGATIONS = text(f"""
    SELECT {_DELEGATION_COLUMNS} FROM delegation
    WHERE (principal = :officer OR delegate = :officer) AND ends_on >= :since
    ORDER BY starts_on DESC, id DESC LIMIT :limit
""")
_GET_DELEGATION = text(f"SELECT {_DELEGATION_COLUMNS} FROM delegation WHERE id = :id FOR UPDATE")
_REVOKE = text("""
    UPDATE delegation SET revoked_at = COALESCE(revoked_at, :at)
    WHERE id = :id AND principal = :principal RETURNING id
""")
_NOTE_ABSENCE = text("""
    INSERT INTO absence (id, officer, starts_on, ends_on, noted_at)
    VALUES (:id, :officer, :starts_on, :ends_on, :at)
""")
_END_ABSENCE = text("""
    UPDATE absence SET ended_at = COALESCE(ended_at, :at)
    WHERE id = :id AND officer = :officer RETURNING id
""")
_ABSENCES = text("""
    SELECT id, officer, starts_on, ends_on, ended_at FROM absence
    WHERE officer = :officer AND ends_on >= :since
    ORDER BY starts_on DESC, id DESC LIMIT :limit
""")
_AWAY = text("""
    SELECT DISTINCT officer FROM absence
    WHERE officer = ANY(:officers) AND ended_at IS NULL
      AND CAST(:today AS date) BETWEEN starts_on AND ends_on
""")
# Work that was handed on stays with its owner's name: the delegate goes on with it.
_RELEASE_OF_ABSENT = text("""
    UPDATE approval_task
    SET state = 'open', claimed_by = NULL, claimed_at = NULL, lease_until = NULL
    WHERE id IN (
        SELECT t.id FROM approval_task t
        JOIN absence a ON a.officer = t.claimed_by AND a.ended_at IS NULL
            AND CAST(:today AS date) BETWEEN a.starts_on AND a.ends_on
        WHERE t.state = 'claimed' AND NOT EXISTS (
            SELECT FROM delegation d
            WHERE d.principal = t.claimed_by AND d.office_id = t.office_id
              AND d.revoked_at IS NULL
              AND CAST(:today AS date) BETWEEN d.starts_on AND d.ends_on
        )
        LIMIT 100 FOR UPDATE OF t SKIP LOCKED
    )
    RETURNING id
""")


class OfficerStore(SharedStore):
    """Statements about officers."""

    async def get_officer_standing(
        self, officer: str, *, application_id: ApplicationId, task_id: TaskId, today: date
    ) -> OfficerStanding:
        """Everything kept about an officer that bears on one task, in one statement."""
        values = {
            "officer": officer,
            "application_id": application_id,
            "task_id": task_id,
            "today": today,
        }
        row = (await self.connection.execute(_STANDING, values)).one()
        return OfficerStanding(
            own=frozenset(row.own),
            relatives=frozenset(row.relatives),
            has_entered=row.has_entered,
            has_recused=row.has_recused,
            is_absent=row.is_absent,
        )

    async def add_relation(
        self, id: RelationId, officer: str, kind: RelationKind, person_index: str, *, at: datetime
    ) -> None:
        """Keep a declaration; the same person twice is kept once."""
        values = {
            "id": id,
            "officer": officer,
            "kind": str(kind),
            "person_index": person_index,
            "at": at,
        }
        await self.connection.execute(_DECLARE, values)

    async def list_relations(self, officer: str) -> Sequence[Relation]:
        """What an officer has declared, newest first."""
        found = await self.connection.execute(_DECLARED, {"officer": officer, "limit": MOST_LISTED})
        return [
            Relation(
                id=RelationId(row.id),
                kind=RelationKind(row.kind),
                declared_on=row.declared_at.astimezone(SHANGHAI).date(),
            )
            for row in found
        ]

    async def withdraw_relation(self, id: RelationId, officer: str, *, at: datetime) -> None:
        """Take a declaration back; the row stays.

        Raises:
            RelationNotFound: There is none, it is another's, or a register's word.
        """
        values = {"id": id, "officer": officer, "at": at}
        if (await self.connection.execute(_WITHDRAW_RELATION, values)).one_or_none() is None:
            raise RelationNotFound

    async def add_delegation(self, delegation: Delegation, *, at: datetime) -> None:
        """Keep a delegation."""
        await self.connection.execute(
            _DELEGATE,
            {
                "id": delegation.id,
                "office_id": delegation.office_id,
                "principal": delegation.principal,
                "delegate": delegation.delegate,
                "starts_on": delegation.period.starts_on,
                "ends_on": delegation.period.ends_on,
                "at": at,
            },
        )

    async def holds_delegation(
        self, *, principal: str, delegate: str, office_id: UUID, today: date
    ) -> bool:
        """Whether a delegation is in force; if so it cannot be revoked before this commits."""
        values = {
            "principal": principal,
            "delegate": delegate,
            "office_id": office_id,
            "today": today,
        }
        return (await self.connection.execute(_HOLD_DELEGATION, values)).one_or_none() is not None

    async def list_delegations(self, officer: str, *, since: date) -> Sequence[Delegation]:
        """Delegations an officer gave or was given that were not over on a day."""
        values = {"officer": officer, "since": since, "limit": MOST_LISTED}
        return [_delegation(row) for row in await self.connection.execute(_DELEGATIONS, values)]

    async def revoke_delegation(
        self, id: DelegationId, *, principal: str, at: datetime
    ) -> Delegation:
        """End a delegation now; waits for acts that are being done under it.

        Raises:
            DelegationNotFound: There is none, or it is another's.
        """
        values = {"id": id, "principal": principal, "at": at}
        if (await self.connection.execute(_REVOKE, values)).one_or_none() is None:
            raise DelegationNotFound
        return _delegation((await self.connection.execute(_GET_DELEGATION, {"id": id})).one())

    async def add_absence(self, absence: Absence, *, at: datetime) -> None:
        """Keep an absence."""
        await self.connection.execute(
            _NOTE_ABSENCE,
            {
                "id": absence.id,
                "officer": absence.officer,
                "starts_on": absence.period.starts_on,
                "ends_on": absence.period.ends_on,
                "at": at,
            },
        )

    async def end_absence(self, id: AbsenceId, *, officer: str, at: datetime) -> None:
        """Take an absence back.

        Raises:
            AbsenceNotFound: There is none, or it is another's.
        """
        values = {"id": id, "officer": officer, "at": at}
        if (await self.connection.execute(_END_ABSENCE, values)).one_or_none() is None:
            raise AbsenceNotFound

    async def list_absences(self, officer: str, *, since: date) -> Sequence[Absence]:
        """Absences of an officer that were not over on a day."""
        values = {"officer": officer, "since": since, "limit": MOST_LISTED}
        return [
            Absence(
                id=AbsenceId(row.id),
                officer=row.officer,
                period=Period(starts_on=row.starts_on, ends_on=row.ends_on),
                ended_on=_day(row.ended_at),
            )
            for row in await self.connection.execute(_ABSENCES, values)
        ]

    async def list_away(self, officers: Collection[str], *, today: date) -> frozenset[str]:
        """Which of these officers are away."""
        values = {"officers": sorted(officers), "today": today}
        return frozenset(row.officer for row in await self.connection.execute(_AWAY, values))

    async def release_claims_of_absent(self, *, today: date) -> int:
        """Put what absent officers hold back into its inbox, unless a delegate goes on with it."""
        released = await self.connection.execute(_RELEASE_OF_ABSENT, {"today": today})
        return len(released.all())


def _delegation(row: Row[Any]) -> Delegation:
    return Delegation(
        id=DelegationId(row.id),
        office_id=OfficeId(row.office_id),
        principal=row.principal,
        delegate=row.delegate,
        period=Period(starts_on=row.starts_on, ends_on=row.ends_on),
        revoked_on=_day(row.revoked_at),
    )


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.astimezone(SHANGHAI).date()

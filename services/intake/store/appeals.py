"""Appeals, and who had a hand in the decisions they contest."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError

from services.intake.errors.appeal import (
    AppealExists,
    AppealNotFound,
    ReviewerNotIndependent,
)
from services.intake.model import ApplicationId, OfficeId
from services.intake.model.appeal import Appeal, AppealId, AppealOutcome, AppealStage
from shared.database import violated_constraint
from shared.store import SharedStore

_COLUMNS = """
    id, application_id, matter, stage, division, appellant, grounds_sealed, excluded,
    excluded_offices, known_at, filed_at, accepted_at, reviewer, outcome, reasons_sealed,
    closed_at, version
"""
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))
# The columns are constants of this module.
_ADD = text(f"""
    INSERT INTO appeal ({_COLUMNS}) VALUES ({", ".join(f":{name}" for name in _NAMES)})
""")
_GET = text(f"SELECT {_COLUMNS} FROM appeal WHERE id = :id")
_LOCK = text(f"SELECT {_COLUMNS} FROM appeal WHERE id = :id FOR UPDATE")
_OF_CASE = text(f"SELECT {_COLUMNS} FROM appeal WHERE application_id = :id ORDER BY id")
_OF_DIVISION = text(f"""
    SELECT {_COLUMNS} FROM appeal
    WHERE division BETWEEN :lowest AND :highest AND (CAST(:before AS uuid) IS NULL OR id < :before)
    ORDER BY id DESC LIMIT :limit
""")
_REPLACE = text("""
    UPDATE appeal SET stage = :stage, accepted_at = :accepted_at, reviewer = :reviewer,
        outcome = :outcome, reasons_sealed = :reasons_sealed, closed_at = :closed_at,
        version = :version
    WHERE id = :id
""")
_DECIDERS = text("""
    SELECT DISTINCT v.given_by, t.office_id
    FROM verdict v JOIN approval_task t ON t.id = v.task_id
    WHERE t.application_id = :id AND (t.matter_key = :matter OR t.matter_key = 'acceptance')
""")
_DELIVERED = text("""
    SELECT min(delivered_at) FROM delivery WHERE application_id = :id AND matter = :matter
""")


class AppealStore(SharedStore):
    """Statements about appeals."""

    async def add_appeal(self, appeal: Appeal) -> None:
        """File an appeal.

        Raises:
            AppealExists: The decision is contested already, or has been reviewed.
        """
        try:
            await self.connection.execute(_ADD, _data(appeal))
        except IntegrityError as error:
            if violated_constraint(error) == "appeal_once_key":
                raise AppealExists from None
            raise

    async def get_appeal(self, appeal_id: AppealId) -> Appeal:
        """An appeal, without locking it.

        Raises:
            AppealNotFound: There is none with this id.
        """
        row = (await self.connection.execute(_GET, {"id": appeal_id})).one_or_none()
        if row is None:
            raise AppealNotFound
        return _appeal(row)

    async def lock_appeal(self, appeal_id: AppealId) -> Appeal:
        """An appeal under its row lock.

        Raises:
            AppealNotFound: There is none with this id.
        """
        row = (await self.connection.execute(_LOCK, {"id": appeal_id})).one_or_none()
        if row is None:
            raise AppealNotFound
        return _appeal(row)

    async def list_appeals_of_case(self, application_id: ApplicationId) -> Sequence[Appeal]:
        """Every appeal against a decision of a case."""
        rows = await self.connection.execute(_OF_CASE, {"id": application_id})
        return [_appeal(row) for row in rows]

    async def list_appeals(
        self, divisions: tuple[str, str], *, before: UUID | None, limit: int
    ) -> Sequence[Appeal]:
        """Appeals of a division, newest first."""
        lowest, highest = divisions
        values = {"lowest": lowest, "highest": highest, "before": before, "limit": limit}
        return [_appeal(row) for row in await self.connection.execute(_OF_DIVISION, values)]

    async def replace_appeal(self, appeal: Appeal) -> None:
        """Write where an appeal stands; it is locked by whoever asks.

        Raises:
            ReviewerNotIndependent: The reviewer had a hand in the decision.
        """
        try:
            await self.connection.execute(_REPLACE, _data(appeal))
        except IntegrityError as error:
            if violated_constraint(error) == "appeal_independent_check":
                raise ReviewerNotIndependent from None
            raise

    async def list_deciders(
        self, application_id: ApplicationId, matter: str
    ) -> tuple[tuple[str, ...], tuple[OfficeId, ...]]:
        """Everybody, and every office, that gave a verdict in a matter, in any round."""
        rows = (
            await self.connection.execute(_DECIDERS, {"id": application_id, "matter": matter})
        ).all()
        people = {row.given_by for row in rows}
        offices = {OfficeId(row.office_id) for row in rows if row.office_id}
        return tuple(sorted(people)), tuple(sorted(offices))

    async def find_delivered_at(
        self, application_id: ApplicationId, matter: str
    ) -> datetime | None:
        """When the paper of a matter first reached somebody, if it did."""
        found = await self.connection.execute(_DELIVERED, {"id": application_id, "matter": matter})
        delivered: datetime | None = found.scalar_one_or_none()
        return delivered


def _data(appeal: Appeal) -> dict[str, object]:
    values = {name: getattr(appeal, name) for name in _NAMES}
    return {
        **values,
        "stage": str(appeal.stage),
        "outcome": str(appeal.outcome) if appeal.outcome else None,
        "excluded": list(appeal.excluded),
        "excluded_offices": list(appeal.excluded_offices),
    }


def _appeal(row: Row[Any]) -> Appeal:
    return Appeal(
        id=AppealId(row.id),
        application_id=ApplicationId(row.application_id),
        matter=row.matter,
        stage=AppealStage(row.stage),
        division=row.division,
        appellant=row.appellant,
        grounds_sealed=row.grounds_sealed,
        excluded=tuple(row.excluded),
        excluded_offices=tuple(OfficeId(each) for each in row.excluded_offices),
        known_at=row.known_at,
        filed_at=row.filed_at,
        accepted_at=row.accepted_at,
        reviewer=row.reviewer,
        outcome=AppealOutcome(row.outcome) if row.outcome else None,
        reasons_sealed=row.reasons_sealed,
        closed_at=row.closed_at,
        version=row.version,
    )

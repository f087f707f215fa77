"""Ratings of matters, what may be rated, and how offices and items came out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError

from services.intake.errors.redress import AlreadyRated
from services.intake.model import ApplicationId, OfficeId
from services.intake.model.rating import Invitation, Rating, RatingSummary, Satisfaction
from services.intake.model.redress import RatingId, RedressId
from services.intake.rules.rating import invited_from
from services.intake.store.rows import text_of
from shared.database import violated_constraint
from shared.store import SharedStore

_ADD = text("""
    INSERT INTO rating (id, application_id, matter, item_code, office_id, division, satisfaction,
        is_anonymous, remark_sealed, rated_at)
    VALUES (:id, :application_id, :matter, :item_code, :office_id, :division, :satisfaction,
        :is_anonymous, :remark_sealed, :rated_at)
""")
_LOCK = text("""
    SELECT r.*, d.id AS redress_id FROM rating r LEFT JOIN redress d ON d.rating_id = r.id
    WHERE r.application_id = :application_id AND r.matter = :matter FOR UPDATE OF r
""")
_EDIT = text("""
    UPDATE rating SET satisfaction = :satisfaction, remark_sealed = :remark, edited_at = :at
    WHERE id = :id
""")
_RERATE = text("UPDATE rating SET rerated = :satisfaction, rerated_at = :at WHERE id = :id")
_EXCLUDE = text("UPDATE rating SET is_excluded = true WHERE id = :id")
_INVITED = text("""
    SELECT m.application_id, a.number, m.key, m.title, m.concluded_at, m.effect_service,
           ARRAY(SELECT DISTINCT handler_system FROM approval_task t WHERE t.matter_id = m.id
                 AND handler_kind = 'service') AS services
    FROM (SELECT id FROM application WHERE submitted_by = :owner AND on_behalf_grant IS NULL
          UNION SELECT application_id FROM representation WHERE principal_index = :person) AS own
         JOIN application a ON a.id = own.id
         JOIN matter m ON m.application_id = a.id AND m.status = 'concluded'
    WHERE NOT EXISTS (SELECT FROM rating r
                      WHERE r.application_id = m.application_id AND r.matter = m.key)
    ORDER BY m.concluded_at DESC LIMIT 100
""")


def _summary(key: str) -> Any:  # noqa: ANN401 - a constant of this module, twice
    return text(f"""
        SELECT {key} AS key, count(*) AS total, count(*) FILTER (WHERE satisfaction >= 4) AS bad,
               avg(satisfaction) AS average
        FROM rating
        WHERE division BETWEEN :lowest AND :highest AND NOT is_excluded
          AND rated_at >= :since AND {key} IS NOT NULL
        GROUP BY {key} ORDER BY average DESC, key
    """)


_SUMMARIES = {"office": _summary("CAST(office_id AS text)"), "item": _summary("item_code")}


class RatingStore(SharedStore):
    """Statements about ratings."""

    async def add_rating(self, rating: Rating) -> None:
        """Keep a rating.

        Raises:
            AlreadyRated: This service has one.
        """
        values = {
            "id": rating.id,
            "application_id": rating.application_id,
            "matter": rating.matter,
            "item_code": rating.item_code,
            "office_id": rating.office_id,
            "division": rating.division,
            "satisfaction": int(rating.satisfaction),
            "is_anonymous": rating.is_anonymous,
            "remark_sealed": rating.remark_sealed,
            "rated_at": rating.rated_at,
        }
        try:
            await self.connection.execute(_ADD, values)
        except IntegrityError as error:
            if violated_constraint(error) == "rating_once_key":
                raise AlreadyRated from None
            raise

    async def lock_rating(self, application_id: ApplicationId, matter: str) -> Rating | None:
        """The rating of a matter, locked, if there is one."""
        row = (
            await self.connection.execute(
                _LOCK, {"application_id": application_id, "matter": matter}
            )
        ).one_or_none()
        return None if row is None else _rating(row)

    async def edit_rating(
        self, rating: RatingId, satisfaction: Satisfaction, *, remark: bytes | None, at: datetime
    ) -> None:
        """Change a rating, once."""
        await self.connection.execute(
            _EDIT, {"id": rating, "satisfaction": int(satisfaction), "remark": remark, "at": at}
        )

    async def rerate(self, rating: RatingId, satisfaction: Satisfaction, *, at: datetime) -> None:
        """Note what somebody thinks after it was put right; the first word stays."""
        await self.connection.execute(
            _RERATE, {"id": rating, "satisfaction": int(satisfaction), "at": at}
        )

    async def exclude_rating(self, rating: RatingId) -> None:
        """Keep a rating, and count it no more."""
        await self.connection.execute(_EXCLUDE, {"id": rating})

    async def list_invitations(
        self, owner: str, person_index: str | None, *, now: datetime
    ) -> Sequence[Invitation]:
        """Services of somebody's own that may be rated, where nobody is to be left in peace."""
        rows = await self.connection.execute(_INVITED, {"owner": owner, "person": person_index})
        return [
            Invitation(
                application_id=ApplicationId(row.application_id),
                number=row.number,
                matter=row.key,
                title=text_of(row.title),
                concluded_at=row.concluded_at,
            )
            for row in rows
            if invited_from(row.concluded_at, [row.effect_service, *row.services]) <= now
        ]

    async def summarise_ratings(
        self, by: str, divisions: tuple[str, str], *, since: datetime
    ) -> Sequence[RatingSummary]:
        """Averages by office or by item within a division, the worst first."""
        lowest, highest = divisions
        values = {"lowest": lowest, "highest": highest, "since": since}
        rows = await self.connection.execute(_SUMMARIES[by], values)
        return [
            RatingSummary(
                key=row.key, count=row.total, bad=row.bad, average=round(float(row.average), 2)
            )
            for row in rows
        ]


def _rating(row: Row[Any]) -> Rating:
    return Rating(
        id=RatingId(row.id),
        application_id=ApplicationId(row.application_id),
        matter=row.matter,
        item_code=row.item_code,
        office_id=OfficeId(row.office_id) if row.office_id else None,
        division=row.division,
        satisfaction=Satisfaction(row.satisfaction),
        is_anonymous=row.is_anonymous,
        remark_sealed=row.remark_sealed,
        rated_at=row.rated_at,
        edited_at=row.edited_at,
        rerated=Satisfaction(row.rerated) if row.rerated else None,
        redress_id=RedressId(row.redress_id) if row.redress_id else None,
    )

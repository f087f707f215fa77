"""What a submission asks before anything is written, in two statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from services.intake.errors import ItemNotFound, ItemNotOpen
from services.intake.model import Office, OfficeId
from services.intake.store.published import PublishedStore
from shared.errors import RequestInProgress
from shared.identifiers import DivisionLevel
from shared.store import KEY_LOCKS, RequestKey, StoredAnswer, answer_of

# As `claim_key`, and the newest version of the item with it.
_CLAIM = text("""
    SELECT pg_try_advisory_xact_lock(:space, hashtext(current_schema() || :name)) AS is_ours,
           now() AS began_at, answer.fingerprint, answer.status, answer.body, item.version,
           EXISTS (SELECT FROM item_withdrawal w
                   WHERE w.code = :code AND w.version = item.version) AS is_withdrawn
    FROM (VALUES (1)) AS one
    LEFT JOIN request_answer answer
        ON answer.subject = :subject AND answer.route = :route AND answer.key = :key
    LEFT JOIN LATERAL (SELECT version FROM published_item WHERE code = :code
                       ORDER BY version DESC LIMIT 1) AS item ON true
""")
_SURVEY = text("""
    SELECT ARRAY(SELECT ROW(id, name, division, level, functions) FROM office
                 WHERE division = ANY(:divisions)) AS offices,
           (SELECT max(version) FROM published_parameters) AS parameters_version,
           (SELECT max(version) FROM published_calendar) AS calendar_version,
           nextval('application_serial') AS serial
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What holds at the place an application is for."""

    offices: tuple[Office, ...]
    parameters_version: int | None
    serial: int
    """For the application's number; gaps are allowed."""


class SubmissionStore(PublishedStore):
    """Statements of a submission."""

    async def claim_submission(self, request: RequestKey, item_code: str) -> StoredAnswer | int:
        """Take the request's key; its earlier answer, or the newest version of the item.

        Raises:
            RequestInProgress: The same request is being carried out right now.
            IdempotencyKeyReused: The key belongs to a request with another body.
            ItemNotFound: No such item has been published.
            ItemNotOpen: Its newest version has been withdrawn.
        """
        found = await self.connection.execute(
            _CLAIM,
            {
                "space": KEY_LOCKS,
                "name": request.name,
                "subject": request.subject,
                "route": request.route,
                "key": request.key,
                "code": item_code,
            },
        )
        row = found.one()
        if not row.is_ours:
            raise RequestInProgress
        earlier = answer_of(row, request)
        if earlier is not None:
            return earlier
        if row.version is None:
            raise ItemNotFound
        if row.is_withdrawn:
            raise ItemNotOpen
        self.began_at = row.began_at
        return int(row.version)

    async def survey(self, divisions: Iterable[str]) -> Survey:
        """What holds at a place: its offices, and the versions of numbers and calendar."""
        row = (await self.connection.execute(_SURVEY, {"divisions": list(divisions)})).one()
        self.calendar_version = row.calendar_version
        return Survey(
            offices=tuple(
                Office(
                    id=OfficeId(UUID(str(id))),
                    name=name,
                    division=division,
                    level=DivisionLevel(level),
                    functions=frozenset(functions),
                )
                for id, name, division, level, functions in row.offices
            ),
            parameters_version=row.parameters_version,
            serial=row.serial,
        )

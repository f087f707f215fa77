"""Who stands on the citizen's side of a case."""

from sqlalchemy import text

from services.intake.model import ApplicationId, GrantId
from services.intake.model.standing import Parties
from shared.store import SharedStore

_ADD = text("""
    INSERT INTO representation (application_id, grant_id, principal_index)
    VALUES (:id, :grant, :principal)
""")
_FIND = text("""
    SELECT a.id, a.item_code, a.submitted_by, COALESCE(r.grant_id, a.on_behalf_grant) AS grant_id,
           r.principal_index
    FROM application a LEFT JOIN representation r ON r.application_id = a.id
    WHERE a.id = :id
""")


class StandingStore(SharedStore):
    """Statements about agents and the applicants they act for."""

    async def add_representation(
        self, application_id: ApplicationId, *, grant: GrantId, principal_index: str
    ) -> None:
        """Note that an agent applied, and for whom."""
        await self.connection.execute(
            _ADD, {"id": application_id, "grant": grant, "principal": principal_index}
        )

    async def find_parties(self, application_id: ApplicationId) -> Parties | None:
        """Who applied, for whom and under which grant; None if there is no such case."""
        row = (await self.connection.execute(_FIND, {"id": application_id})).one_or_none()
        if row is None:
            return None
        return Parties(
            application_id=ApplicationId(row.id),
            item_code=row.item_code,
            submitted_by=row.submitted_by,
            grant=GrantId(row.grant_id) if row.grant_id else None,
            principal_index=row.principal_index,
        )

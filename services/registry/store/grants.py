"""Statements about grants (代办)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from services.registry.errors import GrantNotFound
from services.registry.model import Grant, GrantId, GrantInForce, PersonId, PersonIndex
from services.registry.store.sealed import SealingStore

_COLUMNS = "id, principal_id, agent_id, items, granted_at, expires_on, revoked_at"

_ADD = text("""
    INSERT INTO agency_grant (id, principal_id, agent_id, items, granted_at, expires_on)
    VALUES (:id, :principal, :agent, :items, :at, :expires_on)
""")
# Whose grant it is stands in the statement: a stranger's grant is one that does not exist.
_LOCK_OWN = text(f"""
    SELECT {_COLUMNS} FROM agency_grant WHERE id = :id AND principal_id = :principal FOR UPDATE
""")
_OF_PERSON = text(f"""
    SELECT {_COLUMNS} FROM agency_grant
    WHERE principal_id = :person OR agent_id = :person
    ORDER BY id DESC
    LIMIT :limit
""")
_IN_FORCE = text("""
    SELECT agency_grant.id, principal_id, agent_id, items, granted_at, expires_on, revoked_at,
           principal.person_index AS principal_index,
           principal.status = 'ALIVE' AS principal_is_alive,
           agent.status = 'ALIVE' AS agent_is_alive
    FROM agency_grant
    JOIN resident AS principal ON principal.id = principal_id
    JOIN resident AS agent ON agent.id = agent_id
    WHERE agency_grant.id = :id
""")
_REVOKE = text("UPDATE agency_grant SET revoked_at = :at WHERE id = :id")


class GrantStore(SealingStore):
    """Who may act for whom."""

    async def add_grant(self, grant: Grant) -> None:
        """Keep a new grant."""
        await self.connection.execute(
            _ADD,
            {
                "id": grant.id,
                "principal": grant.principal,
                "agent": grant.agent,
                "items": sorted(grant.items),
                "at": grant.granted_at,
                "expires_on": grant.expires_on,
            },
        )

    async def lock_own_grant(self, grant: GrantId, *, principal: PersonId) -> Grant:
        """A grant that this principal gave.

        Raises:
            GrantNotFound: There is none, or another gave it.
        """
        row = (
            await self.connection.execute(_LOCK_OWN, {"id": grant, "principal": principal})
        ).one_or_none()
        if row is None:
            raise GrantNotFound
        return _grant(row)

    async def list_grants(self, person: PersonId, *, limit: int) -> Sequence[Grant]:
        """The newest grants a person gave or was given."""
        rows = await self.connection.execute(_OF_PERSON, {"person": person, "limit": limit})
        return [_grant(row) for row in rows]

    async def find_grant_in_force(self, grant: GrantId) -> GrantInForce | None:
        """A grant beside what else decides whether it holds."""
        row = (await self.connection.execute(_IN_FORCE, {"id": grant})).one_or_none()
        if row is None:
            return None
        return GrantInForce(
            grant=_grant(row),
            principal_index=PersonIndex(row.principal_index),
            principal_is_alive=row.principal_is_alive,
            agent_is_alive=row.agent_is_alive,
        )

    async def revoke_grant(self, grant: GrantId, *, at: datetime) -> None:
        """End a grant at once."""
        await self.connection.execute(_REVOKE, {"id": grant, "at": at})


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        id=GrantId(row.id),
        principal=PersonId(row.principal_id),
        agent=PersonId(row.agent_id),
        items=frozenset(row.items),
        granted_at=row.granted_at,
        expires_on=row.expires_on,
        revoked_at=row.revoked_at,
    )

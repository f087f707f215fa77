"""Statements about types of certificates, and about the offices that issue them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from services.registry.model import PublicationKind
from services.registry.model.certificates import CertificateType, IssuingOffice
from services.registry.rules.certificates import certificate_type
from services.registry.store.publications import PublicationStore

_OFFICE = text("""
    SELECT content FROM (
        SELECT DISTINCT ON (key) key, CAST(content AS jsonb) AS content FROM publication
        WHERE kind = 'OFFICE' ORDER BY key, version DESC
    ) AS office
    WHERE content->>'division' = :division AND content->'functions' ? :function
    ORDER BY key LIMIT 1
""")


class CertificateTypeStore(PublicationStore):
    """Published types, and published offices as issuers."""

    async def list_certificate_types(self) -> Sequence[CertificateType]:
        """The types that certificates are issued under now."""
        found = await self.list_newest(PublicationKind.CERTIFICATE_TYPE)
        return [certificate_type(each) for each in found]

    async def find_certificate_type(
        self, code: str, version: int | None = None
    ) -> CertificateType | None:
        """A type in one version, by default the newest."""
        kind = PublicationKind.CERTIFICATE_TYPE
        if version is None:
            found = await self.list_newest_of(kind, [code])
            return certificate_type(found[0]) if found else None
        published = await self.find_version(kind, code, version)
        return certificate_type(published) if published else None

    async def find_issuing_office(self, function: str, division: str) -> IssuingOffice | None:
        """The published office of a division that has a function."""
        given = {"function": function, "division": division}
        row = (await self.connection.execute(_OFFICE, given)).one_or_none()
        if row is None:
            return None
        return IssuingOffice(
            id=UUID(row.content["officeId"]),
            name=row.content["name"],
            division=row.content["division"],
        )

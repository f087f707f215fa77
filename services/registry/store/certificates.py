"""Statements about certificates; what one says, and what only its paper says, is sealed."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text

from services.registry.model import PersonIndex
from services.registry.model.certificates import (
    Certificate,
    CertificateId,
    CertificateVersion,
    Ending,
    EndKind,
    PaperSecrets,
    StatusPlace,
)
from services.registry.rules.certificates import token_hash
from services.registry.rules.publication import canonical
from services.registry.store.sealed import SealingStore

_LOCK_FACT = text("SELECT pg_advisory_xact_lock(7204, hashtext(current_schema() || :about))")
_NEXT_SERIAL = text("""
    INSERT INTO certificate_serial (type_code, issuer, year, last)
    VALUES (:type_code, :issuer, :year, 1)
    ON CONFLICT (type_code, issuer, year) DO UPDATE SET last = certificate_serial.last + 1
    RETURNING last
""")
_CLAIM = text("""
    INSERT INTO certificate (id, type_code, type_version, document_kind, document_number,
        application_id, matter_id, office_id, division, about, issued_at)
    VALUES (:id, :type_code, :type_version, :document_kind, :document_number, :application_id,
        :matter_id, :office_id, :division, :about, :at)
    ON CONFLICT (document_kind, document_number) DO NOTHING
    RETURNING id
""")
_OF_DOCUMENT = text("""
    SELECT id FROM certificate WHERE document_kind = :kind AND document_number = :number
""")
_ADD_HOLDER = text("""
    INSERT INTO certificate_holder (certificate_id, person_index)
    SELECT :certificate, unnest(CAST(:people AS text[]))
    ON CONFLICT DO NOTHING
""")
_ADD_VERSION = text("""
    INSERT INTO certificate_version (certificate_id, version, identifier, content, signature,
        secrets, token_hash, status_list, status_index, issued_at, valid_from, valid_until)
    VALUES (:certificate, :version, :identifier, :content, :signature, :secrets, :token_hash,
        :status_list, :status_index, :issued_at, :valid_from, :valid_until)
""")
_SUPERSEDE = text("""
    UPDATE certificate_version SET superseded_at = :at
    WHERE certificate_id = :certificate AND superseded_at IS NULL
""")
_END = text("""
    UPDATE certificate SET ended_at = :at, end_kind = :kind, end_reason = :reason
    WHERE id = ANY(:ids) AND ended_at IS NULL
""")
_ABOUT = text("SELECT id FROM certificate WHERE about = :about AND ended_at IS NULL ORDER BY id")
_ADD_END = text("""
    INSERT INTO certified_fact_end (about, kind, reason, ended_at)
    VALUES (:about, :kind, :reason, :at)
    ON CONFLICT DO NOTHING
""")
_FIND_END = text("SELECT kind, reason, ended_at FROM certified_fact_end WHERE about = :about")
_SELECT = """
    SELECT c.id, c.type_code, c.type_version, c.document_kind, c.document_number,
           c.application_id, c.matter_id, c.office_id, c.division, c.about, c.ended_at,
           c.end_kind, c.end_reason, v.version, v.identifier, v.content, v.signature, v.secrets,
           v.status_list, v.status_index, v.issued_at, v.valid_from, v.valid_until,
           v.superseded_at
    FROM certificate AS c JOIN certificate_version AS v ON v.certificate_id = c.id
"""
_BY_ID = text(f"{_SELECT} WHERE c.id = :id AND v.superseded_at IS NULL")
_LOCK_BY_ID = text(f"{_SELECT} WHERE c.id = :id AND v.superseded_at IS NULL FOR UPDATE OF c")
_BY_TOKEN = text(f"{_SELECT} WHERE v.token_hash = :hash")
_BY_IDENTIFIER = text(f"{_SELECT} WHERE v.identifier = :identifier")
_HELD = text(f"""
    {_SELECT} JOIN certificate_holder AS h ON h.certificate_id = c.id
    WHERE h.person_index = :person AND c.id = :id AND v.superseded_at IS NULL
""")
_OF_HOLDER = text(f"""
    {_SELECT} JOIN certificate_holder AS h ON h.certificate_id = c.id
    WHERE h.person_index = :person AND v.superseded_at IS NULL
      AND (CAST(:before AS uuid) IS NULL OR c.id < :before)
    ORDER BY c.id DESC LIMIT :limit
""")
_COUNT_OF_HOLDER = text("SELECT count(*) FROM certificate_holder WHERE person_index = :person")


class CertificateStore(SealingStore):
    """Certificates, their versions, holders and ends."""

    async def lock_fact(self, about: str) -> None:
        """Let issuing and ending of what proves one fact wait for each other."""
        await self.connection.execute(_LOCK_FACT, {"about": about})

    async def next_certificate_serial(self, type_code: str, issuer: str, *, year: int) -> int:
        """The next serial of a type and issuer in a year; given back if the transaction fails."""
        given = {"type_code": type_code, "issuer": issuer, "year": year}
        serial: int = (await self.connection.execute(_NEXT_SERIAL, given)).scalar_one()
        return serial

    async def find_certificate_of_document(self, kind: str, number: str) -> CertificateId | None:
        """The certificate that was issued for a document."""
        found = await self.connection.execute(_OF_DOCUMENT, {"kind": kind, "number": number})
        row = found.one_or_none()
        return CertificateId(row.id) if row else None

    async def add_certificate(self, certificate: Certificate) -> bool:
        """Keep a certificate with its first version; false when its document has one already."""
        added = await self.connection.execute(
            _CLAIM,
            {
                "id": certificate.id,
                "type_code": certificate.type_code,
                "type_version": certificate.type_version,
                "document_kind": certificate.document_kind,
                "document_number": certificate.document_number,
                "application_id": certificate.application_id,
                "matter_id": certificate.matter_id,
                "office_id": certificate.office_id,
                "division": certificate.division,
                "about": certificate.about,
                "at": certificate.shown.issued_at,
            },
        )
        if added.one_or_none() is None:
            return False
        await self._add_version(certificate.shown)
        return True

    async def replace_version(self, version: CertificateVersion) -> None:
        """Put a new version in the place of the newest one, which stays on record."""
        given = {"certificate": version.certificate, "at": version.issued_at}
        await self.connection.execute(_SUPERSEDE, given)
        await self._add_version(version)

    async def add_holders(
        self, certificate: CertificateId, people: Collection[PersonIndex]
    ) -> None:
        """Put a certificate into the hands of people; whoever holds it already still does."""
        given = {"certificate": certificate, "people": sorted(people)}
        await self.connection.execute(_ADD_HOLDER, given)

    async def end_certificates(self, ids: Collection[CertificateId], ending: Ending) -> None:
        """Note that certificates have ended; one that ended before keeps its first end."""
        await self.connection.execute(
            _END,
            {
                "ids": list(ids),
                "at": ending.at,
                "kind": ending.kind.value,
                "reason": ending.reason,
            },
        )

    async def list_certificates_about(self, about: str) -> Sequence[CertificateId]:
        """The certificates in force that prove a fact."""
        rows = await self.connection.execute(_ABOUT, {"about": about})
        return [CertificateId(row.id) for row in rows]

    async def add_fact_end(self, about: str, ending: Ending) -> None:
        """Keep that a fact has ended, for certificates that are still to be issued."""
        await self.connection.execute(
            _ADD_END,
            {
                "about": about,
                "kind": ending.kind.value,
                "reason": ending.reason,
                "at": ending.at,
            },
        )

    async def find_fact_end(self, about: str) -> Ending | None:
        """How a fact ended, if it has."""
        row = (await self.connection.execute(_FIND_END, {"about": about})).one_or_none()
        return Ending(kind=EndKind(row.kind), reason=row.reason, at=row.ended_at) if row else None

    async def find_certificate(self, certificate: CertificateId) -> Certificate | None:
        """A certificate with its newest version."""
        return await self._one(_BY_ID, id=certificate)

    async def lock_certificate(self, certificate: CertificateId) -> Certificate | None:
        """The same, and nobody else corrects or ends it until the commit."""
        return await self._one(_LOCK_BY_ID, id=certificate)

    async def find_held_certificate(
        self, certificate: CertificateId, person: PersonIndex
    ) -> Certificate | None:
        """A certificate with its newest version, if this person holds it."""
        return await self._one(_HELD, id=certificate, person=person)

    async def find_certificate_by_token(self, token_hash: bytes) -> Certificate | None:
        """The certificate, in the version whose paper bears this token."""
        return await self._one(_BY_TOKEN, hash=token_hash)

    async def find_certificate_by_identifier(self, identifier: str) -> Certificate | None:
        """The certificate, in the version that has this identifier."""
        return await self._one(_BY_IDENTIFIER, identifier=identifier)

    async def list_held_certificates(
        self, person: PersonIndex, *, before: UUID | None, limit: int
    ) -> Sequence[Certificate]:
        """What a person holds, newest first, each in its newest version."""
        given = {"person": person, "before": before, "limit": limit}
        return [self._certificate(row) for row in await self.connection.execute(_OF_HOLDER, given)]

    async def count_held_certificates(self, person: PersonIndex) -> int:
        """How many certificates a person holds."""
        counted: int = (
            await self.connection.execute(_COUNT_OF_HOLDER, {"person": person})
        ).scalar_one()
        return counted

    async def _add_version(self, version: CertificateVersion) -> None:
        secrets = orjson.dumps({"token": version.secrets.token, "code": version.secrets.code})
        await self.connection.execute(
            _ADD_VERSION,
            {
                "certificate": version.certificate,
                "version": version.version,
                "identifier": version.identifier,
                "content": self._seal(
                    canonical(version.content).decode(),
                    _place("content", version.certificate, version.version),
                ),
                "signature": version.signature,
                "secrets": self._seal(
                    secrets.decode(), _place("secrets", version.certificate, version.version)
                ),
                "token_hash": token_hash(version.secrets.token),
                "status_list": version.place.list_number,
                "status_index": version.place.index,
                "issued_at": version.issued_at,
                "valid_from": version.valid_from,
                "valid_until": version.valid_until,
            },
        )

    async def _one(self, statement: Any, **values: object) -> Certificate | None:  # noqa: ANN401
        row = (await self.connection.execute(statement, values)).one_or_none()
        return self._certificate(row) if row else None

    def _certificate(self, row: Row[Any]) -> Certificate:
        ending = None
        if row.ended_at is not None:
            ending = Ending(kind=EndKind(row.end_kind), reason=row.end_reason, at=row.ended_at)
        return Certificate(
            id=CertificateId(row.id),
            type_code=row.type_code,
            type_version=row.type_version,
            document_kind=row.document_kind,
            document_number=row.document_number,
            application_id=row.application_id,
            matter_id=row.matter_id,
            office_id=row.office_id,
            division=row.division,
            about=row.about,
            shown=self._version(row),
            ending=ending,
        )

    def _version(self, row: Row[Any]) -> CertificateVersion:
        content = self._open(row.content, _place("content", row.id, row.version))
        secrets = orjson.loads(self._open(row.secrets, _place("secrets", row.id, row.version)))
        return CertificateVersion(
            certificate=CertificateId(row.id),
            version=row.version,
            identifier=row.identifier,
            content=orjson.loads(content),
            signature=row.signature,
            secrets=PaperSecrets(token=secrets["token"], code=secrets["code"]),
            place=StatusPlace(list_number=row.status_list, index=row.status_index),
            issued_at=row.issued_at,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            superseded_at=row.superseded_at,
        )


def _place(column: str, certificate: UUID, version: int) -> str:
    return f"certificate_version.{column}:{certificate}:{version}"

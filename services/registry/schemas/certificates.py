"""What HTTP bodies about certificates look like."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.registry.actions.read_certificates import HeldCertificate, HeldPage
from services.registry.actions.verify_certificate import Verification
from services.registry.model.certificates import (
    Certificate,
    CertificateStatus,
    CertificateUse,
    EndKind,
)
from services.registry.rules.certificate_words import STATUS_WORDS, Line, holder_names, paper_lines
from shared.schemas import Body, Instant, SafeText, View

FIELD_KEY = r"^[a-z][a-z_]{1,40}$"


class Words(View):
    """A text in both languages."""

    zh: str
    en: str


class LineView(View):
    """One line of a certificate, as the reader may see it."""

    key: str
    title: Words
    text: str

    @classmethod
    def of(cls, line: Line) -> "LineView":
        """From the rule's line."""
        title = Words(zh=line.title, en=line.title_en)
        return cls(key=line.key, title=title, text=line.text)


class CertificateView(View):
    """A certificate in its holder's eyes; numbers are masked as on the paper."""

    id: UUID
    cursor: str
    identifier: str
    type: str
    title: Words
    number: str
    issuer: Words
    version: int
    status: CertificateStatus
    status_words: Words
    issued_at: Instant
    valid_from: str
    valid_until: str | None
    ended_at: Instant | None
    end_reason: str | None
    application_id: UUID
    lines: list[LineView]

    @classmethod
    def of(cls, held: HeldCertificate) -> "CertificateView":
        """From the model."""
        certificate, version = held.certificate, held.certificate.shown
        ending = certificate.ending
        return cls(
            id=certificate.id,
            cursor=str(certificate.id),
            identifier=version.identifier,
            type=certificate.type_code,
            title=Words(**held.kind.title),
            number=certificate.document_number,
            issuer=Words(**version.content["issuer"]["name"]),
            version=version.version,
            status=held.status,
            status_words=words_of(held.status),
            issued_at=version.issued_at,
            valid_from=version.valid_from.isoformat(),
            valid_until=version.valid_until.isoformat() if version.valid_until else None,
            ended_at=ending.at if ending else None,
            end_reason=ending.reason if ending else None,
            application_id=certificate.application_id,
            lines=[LineView.of(line) for line in paper_lines(version.content, held.kind)],
        )


class CertificatePage(View):
    """Some of the certificates a citizen holds, newest first."""

    items: list[CertificateView]
    next_cursor: str | None
    total: int

    @classmethod
    def of(cls, page: HeldPage) -> "CertificatePage":
        """From the model."""
        items = [CertificateView.of(each) for each in page.held]
        return cls(
            items=items,
            next_cursor=items[-1].cursor if items and page.has_more else None,
            total=page.total,
        )


class CredentialRequest(Body):
    """A wish for a verifiable credential."""

    holder_key: Annotated[dict[str, str], Field(max_length=12)] | None = None
    """Public JWK (P-256) it is bound to; without one, whoever has it may show it."""


class CredentialView(View):
    """A certificate as a verifiable credential."""

    format: str
    credential: str


class UseView(View):
    """That somebody asked about the caller's certificate."""

    at: Instant
    by: str
    purpose: str
    version: int
    status: CertificateStatus

    @classmethod
    def of(cls, use: CertificateUse) -> "UseView":
        """From the journal."""
        return cls(
            at=use.at, by=use.actor, purpose=use.purpose, version=use.version, status=use.status
        )


class UseList(View):
    """Who asked about the caller's certificate, newest first."""

    items: list[UseView]


class VerifyRequest(Body):
    """A department's question what a certificate is, or was, worth."""

    identifier: Annotated[str, Field(min_length=1, max_length=200)]
    """电子证照标识, as it stands on the certificate."""
    purpose: Annotated[SafeText, Field(min_length=2, max_length=200)]
    """For what it is used; journalled, and shown to the holder."""
    at: Instant | None = None
    """An instant that has passed, for what was relied on then."""


class VerificationView(View):
    """What a certificate is, or was, worth; names masked."""

    identifier: str
    type: str
    title: Words
    number: str
    issuer: Words
    holders: list[str]
    version: int
    status: CertificateStatus
    status_words: Words
    as_of: Instant
    is_authentic: bool
    issued_at: Instant
    valid_from: str
    valid_until: str | None
    lines: list[LineView]

    @classmethod
    def of(cls, found: Verification) -> "VerificationView":
        """From the model."""
        version = found.certificate.shown
        return cls(
            identifier=version.identifier,
            type=found.certificate.type_code,
            title=Words(**found.kind.title),
            number=found.certificate.document_number,
            issuer=Words(**version.content["issuer"]["name"]),
            holders=holder_names(version.content, found.kind),
            version=version.version,
            status=found.status,
            status_words=words_of(found.status),
            as_of=found.as_of,
            is_authentic=found.is_authentic,
            issued_at=version.issued_at,
            valid_from=version.valid_from.isoformat(),
            valid_until=version.valid_until.isoformat() if version.valid_until else None,
            lines=[LineView.of(line) for line in found.lines],
        )


class EndRequest(Body):
    """An officer's word that a certificate is over."""

    kind: Annotated[str, Field(pattern="^(CANCELLED|REVOKED|WITHDRAWN)$")]
    reason: Annotated[str, Field(pattern="^[A-Z][A-Z_]{2,40}$")]
    note: Annotated[SafeText, Field(min_length=2, max_length=500)]

    @property
    def end_kind(self) -> EndKind:
        """The kind, as the model has it."""
        return EndKind(self.kind)


class ReissueRequest(Body):
    """An officer's correction of a certificate."""

    corrections: Annotated[
        dict[
            Annotated[str, Field(pattern=FIELD_KEY)],
            Annotated[SafeText, Field(min_length=1, max_length=200)],
        ],
        Field(min_length=1, max_length=10),
    ]
    reason: Annotated[SafeText, Field(min_length=2, max_length=500)]


class CertificateState(View):
    """Where a certificate stands after an officer's act; nothing of its holders."""

    id: UUID
    identifier: str
    type: str
    version: int
    ended_at: Instant | None
    end_kind: EndKind | None
    end_reason: str | None

    @classmethod
    def of(cls, certificate: Certificate) -> "CertificateState":
        """From the model."""
        ending = certificate.ending
        return cls(
            id=certificate.id,
            identifier=certificate.shown.identifier,
            type=certificate.type_code,
            version=certificate.shown.version,
            ended_at=ending.at if ending else None,
            end_kind=ending.kind if ending else None,
            end_reason=ending.reason if ending else None,
        )


def state_shown(certificate: Certificate) -> dict[str, Any]:
    """What an officer's act is answered with; kept beside its key, so nothing personal."""
    return CertificateState.of(certificate).as_json()


def words_of(status: CertificateStatus) -> Words:
    """A status in words."""
    zh, en = STATUS_WORDS[status]
    return Words(zh=zh, en=en)

"""Electronic certificates (电子证照): their types, their versions, and where each stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

CertificateId = NewType("CertificateId", UUID)
"""The registry's own id of a certificate; every version of it has the same."""


class Shown(StrEnum):
    """How much of a field somebody sees."""

    FULL = "full"
    MASKED = "masked"
    NONE = "none"


class FieldKind(StrEnum):
    """What a field holds, which decides how it is written and masked."""

    NAME = "name"
    ID_NUMBER = "id_number"
    TEXT = "text"
    DATE = "date"
    INSTANT = "instant"
    MONEY_FEN = "money_fen"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateField:
    """One line of a certificate."""

    key: str
    title: Mapping[str, str]
    kind: FieldKind
    path: str | None
    """Where in the form it stands, or None: then `fact` names it."""
    fact: str | None
    paper: Shown
    """On the holder's own copy."""
    public: Shown
    """To whoever verifies the paper."""
    is_correctable: bool = False
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderPaths:
    """Where in the form a holder stands."""

    name: str
    id_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateType:
    """A type of certificate as it is published."""

    code: str
    version: int
    """Version of the publication, not of a certificate."""
    title: Mapping[str, str]
    type_code: str
    outcome: str
    items: frozenset[str]
    office_function: str
    office_level: str
    holder_category: str
    holders: Sequence[HolderPaths]
    fields: Sequence[CertificateField]
    about: str | None = None
    valid_from: str | None = None
    valid_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a concluded matter ended in, as the window shows it."""

    application_id: UUID
    matter_id: UUID
    item_code: str
    division: str
    kind: str
    number: str
    facts: Mapping[str, Any]
    fields: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuingOffice:
    """The authority whose certificate it is."""

    id: UUID
    name: Mapping[str, str]
    division: str


class EndKind(StrEnum):
    """In which way a certificate stopped being good for ever."""

    CANCELLED = "CANCELLED"
    """注销: what it proves has come to its lawful end."""
    REVOKED = "REVOKED"
    """撤销: it should not have been issued."""
    WITHDRAWN = "WITHDRAWN"
    """吊销: taken away as a sanction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """That, when and why a certificate ended. Nothing undoes it."""

    kind: EndKind
    reason: str
    """A stable code, such as `DIVORCE`."""
    at: datetime


class CertificateStatus(StrEnum):
    """What a certificate is worth at one instant."""

    NOT_YET_VALID = "NOT_YET_VALID"
    VALID = "VALID"
    """有效."""
    SUPERSEDED = "SUPERSEDED"
    """变更: a newer version stands in its place."""
    EXPIRED = "EXPIRED"
    """过期."""
    CANCELLED = "CANCELLED"
    """注销."""
    REVOKED = "REVOKED"
    """撤销."""
    WITHDRAWN = "WITHDRAWN"
    """吊销."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPlace:
    """A version's bit in a published status list."""

    list_number: int
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSecrets:
    """What only the paper says, so that guessing finds nothing."""

    token: str = field(repr=False)
    """In the QR code: 128 random bits."""
    code: str = field(repr=False)
    """校验码, printed beside it for those who type: eight characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateVersion:
    """One version, as it was signed. Its content never changes."""

    certificate: CertificateId
    version: int
    identifier: str
    """电子证照标识."""
    content: Mapping[str, Any] = field(repr=False)
    signature: str = field(repr=False)
    """JWS in compact form without its payload (RFC 7515, appendix F)."""
    secrets: PaperSecrets = field(repr=False)
    place: StatusPlace
    issued_at: datetime
    valid_from: date
    valid_until: date | None = None
    """The last day on which it is good."""
    superseded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate with one of its versions; the newest unless another was asked for."""

    id: CertificateId
    type_code: str
    """Code of its type in the catalogue."""
    type_version: int
    document_kind: str
    document_number: str
    application_id: UUID
    matter_id: UUID
    office_id: UUID
    division: str
    about: str | None
    shown: CertificateVersion
    ending: Ending | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateUse:
    """That somebody asked what a certificate is worth, and what it was worth then."""

    at: datetime
    actor: str
    """`public:qr`, `public:form`, or `<kind>:<id>` of a department's system."""
    purpose: str
    version: int
    status: CertificateStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateKey:
    """An ES256 key for certificates only; its public half is published for ever."""

    id: str
    public_jwk: Mapping[str, Any]
    private_jwk: Mapping[str, Any] = field(repr=False)
    retired_at: datetime | None = None

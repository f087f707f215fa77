"""Asking other departments about a person: facts, enquiries, answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from services.registry.model import PersonIndex

EnquiryId = NewType("EnquiryId", UUID)


class SharingStatus(StrEnum):
    """What became of a question to another department."""

    PENDING = "PENDING"
    """It is still being asked."""
    OK = "OK"
    """It knows the person, and told what it has."""
    NOT_FOUND = "NOT_FOUND"
    """It answered that its records do not hold the person."""
    UNAVAILABLE = "UNAVAILABLE"
    """It never gave an answer that could be read. This is no "no"."""
    CONFLICT = "CONFLICT"
    """The number is another person's there, or two departments contradict each other."""


class AskRefusal(StrEnum):
    """Why a question may not be asked."""

    NOT_FOR_THIS_SERVICE = "NOT_FOR_THIS_SERVICE"
    NOT_FOR_THIS_ITEM = "NOT_FOR_THIS_ITEM"
    CONSENT_MISSING = "CONSENT_MISSING"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFact:
    """One question the sharing catalogue allows, in one published version."""

    code: str
    version: int
    title: Mapping[str, str]
    suppliers: Sequence[str]
    services: frozenset[str]
    items: frozenset[str]
    basis: str
    consent: bool
    """Whether the person must have authorised it."""
    valid_days: int
    agree_on: Sequence[str]
    answer: Mapping[str, Any]
    """JSON Schema of what a supplier may tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom an enquiry is about, as the asker names them."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """One question about one person, put to every supplier of the fact at once."""

    id: EnquiryId
    fact: str
    fact_version: int
    application_id: UUID
    item: str
    purpose: str
    basis: str
    asked_by: str
    """The service that asked."""
    person: PersonIndex
    consent: str | None
    """Number of the authorisation, where one is needed."""
    asked_at: datetime
    usable_until: date
    """Last day on which the answer may be used; it is erased after it."""
    keep_until: date
    """Last day on which the record that it was asked is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierAnswer:
    """What one supplier answered."""

    supplier: str
    status: SharingStatus
    reason: str = ""
    """Why nothing could be had: `not-connected`, `no-answer`, `unreadable`, `other-name`."""
    as_of: date | None = None
    """The day the supplier's records speak of."""
    fetched_at: datetime | None = None
    payload: Mapping[str, Any] | None = field(default=None, repr=False)
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredEnquiry:
    """An enquiry beside what came of it."""

    enquiry: Enquiry
    status: SharingStatus
    answers: Sequence[SupplierAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierHealth:
    """How a supplier has been answering, for the operator."""

    supplier: str
    pending: int
    oldest_pending: datetime | None
    last_answer: datetime | None
    unavailable_today: int

"""What is said at the doors of data sharing."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.registry.model.sharing import (
    AnsweredEnquiry,
    SharedFact,
    SharingStatus,
    SupplierHealth,
)
from services.registry.schemas import Id, ItemCode
from shared.clock import SystemClock
from shared.identifiers import InvalidIdentifier, ResidentId
from shared.schemas import Body, Instant, SafeText, View

FactCode = Annotated[str, Field(pattern=r"^[a-z][a-z-]{1,60}$")]


def _resident_id(value: str) -> str:
    try:
        return ResidentId.parse(value, today=SystemClock().today()).value
    except InvalidIdentifier as fault:
        raise PydanticCustomError(fault.code.lower(), fault.message_en) from None


class SubjectBody(Body):
    """Whom it is about."""

    name: SafeText = Field(min_length=1, max_length=100)
    id_no: Annotated[str, Field(max_length=40), AfterValidator(_resident_id)]


class EnquiryRequest(Body):
    """Facts about one person, for one case."""

    application_id: Id
    item_code: ItemCode
    purpose: SafeText = Field(min_length=4, max_length=200)
    facts: list[FactCode] = Field(min_length=1, max_length=20)
    subject: SubjectBody
    consent: SafeText | None = Field(default=None, min_length=4, max_length=64)


class SupplierAnswerView(View):
    """What one department said, as of when."""

    supplier: str
    status: SharingStatus
    reason: str
    as_of: date | None
    fetched_at: Instant | None
    payload: Mapping[str, Any] | None
    erased: bool


class EnquiryView(View):
    """A question and what came of it. `UNAVAILABLE` is never a "no"."""

    id: UUID
    fact: str
    fact_version: int
    application_id: UUID
    item_code: str
    purpose: str
    basis: str
    status: SharingStatus
    asked_at: Instant
    usable_until: date
    answers: list[SupplierAnswerView]

    @classmethod
    def of(cls, found: AnsweredEnquiry) -> "EnquiryView":
        """Whom it is about is not repeated: the asker knows."""
        enquiry = found.enquiry
        return cls(
            id=enquiry.id,
            fact=enquiry.fact,
            fact_version=enquiry.fact_version,
            application_id=enquiry.application_id,
            item_code=enquiry.item,
            purpose=enquiry.purpose,
            basis=enquiry.basis,
            status=found.status,
            asked_at=enquiry.asked_at,
            usable_until=enquiry.usable_until,
            answers=[SupplierAnswerView.model_validate(each) for each in found.answers],
        )


class EnquiryList(View):
    """Several enquiries."""

    items: list[EnquiryView]


class SharedFactView(View):
    """One entry of the sharing catalogue."""

    code: str
    version: int
    title: Mapping[str, str]
    suppliers: list[str]
    services: list[str]
    items: list[str]
    basis: str
    consent: bool
    valid_days: int
    answer: Mapping[str, Any]

    @classmethod
    def of(cls, fact: SharedFact) -> "SharedFactView":
        """As published."""
        return cls(
            code=fact.code,
            version=fact.version,
            title=fact.title,
            suppliers=list(fact.suppliers),
            services=sorted(fact.services),
            items=sorted(fact.items),
            basis=fact.basis,
            consent=fact.consent,
            valid_days=fact.valid_days,
            answer=fact.answer,
        )


class SharedFactList(View):
    """The sharing catalogue."""

    items: list[SharedFactView]


class SupplierHealthView(View):
    """How a department has been answering within a day."""

    supplier: str
    pending: int
    oldest_pending: Instant | None
    last_answer: Instant | None
    unavailable_today: int

    @classmethod
    def of(cls, health: SupplierHealth) -> "SupplierHealthView":
        """For the operator."""
        return cls.model_validate(health)


class SupplierHealthList(View):
    """All departments that were asked lately."""

    items: list[SupplierHealthView]

"""Ask other departments about a person: all suppliers of all facts at once, none forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from services.registry.errors.sharing import EnquiryNotPermitted, SharedFactUnknown
from services.registry.events import enquiry_answered
from services.registry.model import PersonIndex
from services.registry.model.sharing import (
    AnsweredEnquiry,
    Enquiry,
    EnquiryId,
    SharedFact,
    SharingStatus,
    Subject,
    SupplierAnswer,
    SupplierHealth,
)
from services.registry.ports import Suppliers
from services.registry.rules import sharing
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.errors import Unavailable
from shared.ids import derived_id, new_id
from shared.jobs import Job
from shared.journal import JournalEntry
from shared.sealing import BlindIndex
from shared.store import JobRequest, RequestKey, StoredAnswer

JOB = "ask-supplier"

SCHEDULE = tuple(timedelta(seconds=each) for each in (1, 3, 10, 60, 600, 3600, 14_400, 43_200))
"""Pauses between attempts; after the last, some seventeen hours later, it is UNAVAILABLE."""

MOST_OF_A_CASE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDepartments:
    """What a service wants to know about one person in one case, and why."""

    actor: Actor
    request: RequestKey
    application_id: UUID
    item: str
    purpose: str
    facts: Sequence[str]
    subject: Subject = field(repr=False)
    consent: str | None = None
    """Number of the person's authorisation (核对授权书), if there is one."""

    @property
    def service(self) -> str:
        """The service that asks."""
        return self.actor.system or self.actor.id


async def ask_departments(
    command: AskDepartments, *, transaction: Transactions[Store], clock: Clock, index: BlindIndex
) -> Sequence[AnsweredEnquiry]:
    """Write every question down, with its basis, before any department hears of it.

    A repeat of the request asks nobody again.

    Raises:
        SharedFactUnknown: A fact is not in the sharing catalogue.
        EnquiryNotPermitted: The service may not ask it in this item, or consent is missing.
    """
    person = PersonIndex(index.of(command.subject.id_number))
    async with transaction() as store:
        answered = await store.claim_key(command.request)
        if answered is None:
            facts = _permitted(command, await store.list_shared_facts())
            enquiries = [_enquiry(command, fact, person, clock) for fact in facts]
            for fact, enquiry in zip(facts, enquiries, strict=True):
                await store.add_enquiry(enquiry, command.subject, suppliers=fact.suppliers)
                await store.write_journal(_noted(enquiry, command.actor, "ask-department"))
                for supplier in fact.suppliers:
                    await store.enqueue(_job(enquiry, supplier))
            ids = [enquiry.id for enquiry in enquiries]
            await store.remember_answer(
                command.request, status=202, body={"enquiries": [str(each) for each in ids]}
            )
        else:
            ids = _ids(answered)
        return [await store.get_enquiry(each, asked_by=command.service) for each in ids]


async def ask_supplier(
    job: Job, *, transaction: Transactions[Store], clock: Clock, suppliers: Suppliers
) -> None:
    """Put one question to one department, and keep what it answers.

    Raises:
        Unavailable: It did not answer legibly; asked again on schedule, then left at that.
    """
    enquiry_id = EnquiryId(UUID(str(job.payload["enquiryId"])))
    supplier = str(job.payload["supplier"])
    async with transaction() as store:
        found, subject = await store.lock_enquiry(enquiry_id)
        fact = await store.get_shared_fact(found.enquiry.fact, found.enquiry.fact_version)
    if subject is None or not _is_pending(found, supplier):
        return
    answer = await _answer_of(
        supplier, found.enquiry, fact, subject, suppliers=suppliers, clock=clock
    )
    is_last = job.attempts > len(SCHEDULE) or answer.reason == "not-connected"
    if answer.status is SharingStatus.UNAVAILABLE and not is_last:
        raise Unavailable
    await _keep(answer, enquiry_id, transaction=transaction)


async def read_enquiry(
    actor: Actor, enquiry_id: EnquiryId, *, transaction: Transactions[Store]
) -> AnsweredEnquiry:
    """What a department said; the look is journalled with the purpose it was asked for.

    Raises:
        EnquiryNotFound: There is none, or another service asked it.
    """
    async with transaction() as store:
        found = await store.get_enquiry(enquiry_id, asked_by=actor.system or actor.id)
        await store.write_journal(_noted(found.enquiry, actor, "read-enquiry"))
    return found


async def list_enquiries(
    actor: Actor, application_id: UUID, *, transaction: Transactions[Store]
) -> Sequence[AnsweredEnquiry]:
    """Everything the caller asked in one case; each look is journalled."""
    async with transaction() as store:
        found = await store.list_enquiries(
            application_id, asked_by=actor.system or actor.id, limit=MOST_OF_A_CASE
        )
        for each in found:
            await store.write_journal(_noted(each.enquiry, actor, "read-enquiry"))
    return found


async def list_shared_facts(*, transaction: Transactions[Store]) -> Sequence[SharedFact]:
    """What may be asked, of whom, for what; public, as the law wants it."""
    async with transaction() as store:
        return await store.list_shared_facts()


async def list_supplier_health(
    *, transaction: Transactions[Store], clock: Clock
) -> Sequence[SupplierHealth]:
    """How the suppliers asked within a day have been answering; for the operator."""
    async with transaction() as store:
        return await store.list_supplier_health(since=clock.now() - timedelta(days=1))


async def erase_what_is_over(*, transaction: Transactions[Store], clock: Clock) -> int:
    """Erase answers that may no longer be used, forget records kept long enough; how many."""
    async with transaction() as store:
        erased = await store.erase_answers(today=clock.today())
        for enquiry, application in erased:
            await store.write_journal(
                JournalEntry(
                    stream=f"application:{application}",
                    actor="service:registry",
                    act="erase-enquiry",
                    target=f"enquiry:{enquiry}",
                    reason="个人信息保护法 第19条",
                )
            )
        forgotten = await store.forget_enquiries(today=clock.today())
    return len(erased) + forgotten


def _permitted(command: AskDepartments, known: Sequence[SharedFact]) -> list[SharedFact]:
    by_code = {fact.code: fact for fact in known}
    wanted = dict.fromkeys(command.facts)
    unknown = sorted(wanted.keys() - by_code.keys())
    if unknown:
        raise SharedFactUnknown(facts=unknown)
    refusals = {
        code: refusal.value
        for code in wanted
        if (
            refusal := sharing.refusal_to_ask(
                by_code[code],
                service=command.service,
                item=command.item,
                consent=command.consent,
            )
        )
    }
    if refusals:
        raise EnquiryNotPermitted(refusals=refusals)
    return [by_code[code] for code in wanted]


def _enquiry(
    command: AskDepartments, fact: SharedFact, person: PersonIndex, clock: Clock
) -> Enquiry:
    today = clock.today()
    return Enquiry(
        id=EnquiryId(new_id()),
        fact=fact.code,
        fact_version=fact.version,
        application_id=command.application_id,
        item=command.item,
        purpose=command.purpose,
        basis=fact.basis,
        asked_by=command.service,
        person=person,
        consent=command.consent,
        asked_at=clock.now(),
        usable_until=sharing.answer_usable_until(fact, today),
        keep_until=sharing.keep_record_until(today),
    )


def _job(enquiry: Enquiry, supplier: str) -> JobRequest:
    return JobRequest(
        kind=JOB,
        key=f"{enquiry.id}:{supplier}",
        payload={"enquiryId": str(enquiry.id), "supplier": supplier},
        application_id=enquiry.application_id,
    )


def _ids(answered: StoredAnswer) -> list[EnquiryId]:
    return [EnquiryId(UUID(each)) for each in answered.body["enquiries"]]


def _is_pending(found: AnsweredEnquiry, supplier: str) -> bool:
    return any(
        answer.supplier == supplier and answer.status is SharingStatus.PENDING
        for answer in found.answers
    )


async def _answer_of(
    supplier: str,
    enquiry: Enquiry,
    fact: SharedFact,
    subject: Subject,
    *,
    suppliers: Suppliers,
    clock: Clock,
) -> SupplierAnswer:
    request_id = str(derived_id("enquiry", str(enquiry.id), supplier))
    reason = "no-answer"
    if not suppliers.is_connected(supplier):
        reason = "not-connected"
    else:
        try:
            raw = await suppliers.ask(supplier, enquiry, subject, request_id=request_id)
        except Unavailable:
            pass
        else:
            return sharing.read_answer(fact, supplier, raw, request_id=request_id, at=clock.now())
    return SupplierAnswer(
        supplier=supplier,
        status=SharingStatus.UNAVAILABLE,
        reason=reason,
        fetched_at=clock.now(),
    )


async def _keep(
    answer: SupplierAnswer, enquiry_id: EnquiryId, *, transaction: Transactions[Store]
) -> None:
    """The last supplier to answer closes the enquiry, once: the lock puts them in a row."""
    async with transaction() as store:
        await store.lock_enquiry(enquiry_id)
        if not await store.add_answer(enquiry_id, answer):
            return
        found, _ = await store.lock_enquiry(enquiry_id)
        enquiry = found.enquiry
        await store.write_journal(
            JournalEntry(
                stream=f"application:{enquiry.application_id}",
                actor=f"partner:{answer.supplier}",
                act="answer-enquiry",
                target=f"enquiry:{enquiry.id}",
                reason=enquiry.basis,
                facts={"fact": enquiry.fact, "status": answer.status.value},
            )
        )
        if not any(each.status is SharingStatus.PENDING for each in found.answers):
            await store.publish(enquiry_answered(enquiry, found.status))


def _noted(enquiry: Enquiry, actor: Actor, act: str) -> JournalEntry:
    return JournalEntry(
        stream=f"application:{enquiry.application_id}",
        actor=actor.subject,
        act=act,
        target=f"enquiry:{enquiry.id}",
        reason=f"{enquiry.purpose}（{enquiry.basis}）",
        facts={"fact": enquiry.fact, "version": enquiry.fact_version, "item": enquiry.item},
    )

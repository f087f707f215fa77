"""Issue the certificate of an outcome document: once, however often the outcome is told."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from services.registry.clients.certificate_signatures import signed_content
from services.registry.errors import IssuerUnknown, OutcomeNotReady
from services.registry.events.certificates import certificate_ended, certificate_issued
from services.registry.model import PersonIndex
from services.registry.model.certificates import (
    Certificate,
    CertificateId,
    CertificateType,
    CertificateVersion,
    IssuingOffice,
    Outcome,
    PaperSecrets,
)
from services.registry.ports import OutcomeWindow
from services.registry.rules import certificates as rules
from services.registry.rules.publication import canonical
from services.registry.rules.status_list import status_place
from services.registry.store import Store
from shared.clock import Clock, local_date
from shared.database import Transactions
from shared.identifiers import DivisionCode, DivisionLevel, ECertificateId
from shared.ids import new_id
from shared.journal import JournalEntry
from shared.sealing import BlindIndex

SERVICE = "registry"


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformedMatter:
    """A matter whose owner says that it has become real, with a document of this kind."""

    matter_id: UUID
    kind: str


async def certify_matter(
    performed: PerformedMatter,
    *,
    window: OutcomeWindow,
    transaction: Transactions[Store],
    clock: Clock,
    index: BlindIndex,
) -> None:
    """Ask the window what the matter ended in, and issue its certificate, if it has a type.

    Raises:
        OutcomeNotReady: The window has not concluded the matter yet; ask again.
        OutcomeIncomplete: The outcome says less than the certificate must.
        IssuerUnknown: No published office can issue it.
    """
    async with transaction() as store:
        types = await store.list_certificate_types()
    meant = [each for each in types if each.outcome == performed.kind]
    if not meant:
        return
    outcome = await window.matter_outcome(performed.matter_id, rules.paths_of(meant))
    if outcome is None:
        raise OutcomeNotReady
    kind = next((each for each in meant if outcome.item_code in each.items), None)
    if kind is not None and outcome.number:
        await issue_certificate(outcome, kind, transaction=transaction, clock=clock, index=index)


async def issue_certificate(
    outcome: Outcome,
    kind: CertificateType,
    *,
    transaction: Transactions[Store],
    clock: Clock,
    index: BlindIndex,
) -> CertificateId:
    """Issue one certificate per document; told again, it only reaches further holders.

    What the certificate proves may have ended before: then it is issued and over at once.

    Raises:
        OutcomeIncomplete: The outcome says less than the certificate must.
        IssuerUnknown: No published office can issue it.
    """
    about = rules.about_of(kind, outcome)
    async with transaction() as store:
        # Whoever issues, and whoever ends, what proves one fact wait for each other.
        await store.lock_fact(about or f"{outcome.kind}:{outcome.number}")
        found = await store.find_certificate_of_document(outcome.kind, outcome.number)
        if found is None:
            made = await _made(store, outcome, kind, clock=clock)
            if await store.add_certificate(made):
                found = made.id
                await _announce(store, made)
            else:
                found = await store.find_certificate_of_document(outcome.kind, outcome.number)
        certificate = found or made.id
        await store.add_holders(certificate, _holders(outcome, kind, index))
    return certificate


async def _made(
    store: Store, outcome: Outcome, kind: CertificateType, *, clock: Clock
) -> Certificate:
    now = clock.now()
    office = await _office(store, outcome, kind)
    identifier = await _identifier(store, kind, office, year=local_date(now).year)
    content = rules.certificate_content(kind, outcome, office, identifier=identifier, issued_at=now)
    begins, ends = rules.validity(kind, outcome, issued_on=local_date(now))
    certificate = CertificateId(new_id())
    version = CertificateVersion(
        certificate=certificate,
        version=1,
        identifier=identifier,
        content=content,
        signature=signed_content(await store.get_certificate_key(), canonical(content)),
        secrets=new_secrets(),
        place=status_place(await store.next_status_serial()),
        issued_at=now,
        valid_from=begins,
        valid_until=ends,
    )
    return Certificate(
        id=certificate,
        type_code=kind.code,
        type_version=kind.version,
        document_kind=outcome.kind,
        document_number=outcome.number,
        application_id=outcome.application_id,
        matter_id=outcome.matter_id,
        office_id=office.id,
        division=office.division,
        about=rules.about_of(kind, outcome),
        shown=version,
    )


async def _office(store: Store, outcome: Outcome, kind: CertificateType) -> IssuingOffice:
    division = DivisionCode.parse(outcome.division).at(DivisionLevel(kind.office_level))
    office = await store.find_issuing_office(kind.office_function, division.value)
    if office is None:
        raise IssuerUnknown
    return office


async def _identifier(
    store: Store, kind: CertificateType, office: IssuingOffice, *, year: int
) -> str:
    first = rules.certificate_identifier(kind, office, serial="0", version=1)
    issuer = ECertificateId.parse(first).issuer
    number = await store.next_certificate_serial(kind.type_code, issuer, year=year)
    serial = rules.certificate_serial(number, year=year)
    return rules.certificate_identifier(kind, office, serial=serial, version=1)


async def _announce(store: Store, made: Certificate) -> None:
    await store.publish(certificate_issued(made))
    await store.write_journal(issued_line(made, actor=f"service:{SERVICE}"))
    ending = await store.find_fact_end(made.about) if made.about else None
    if ending is not None:
        await store.end_certificates([made.id], ending)
        await store.publish(certificate_ended(made, ending))


def _holders(outcome: Outcome, kind: CertificateType, index: BlindIndex) -> set[PersonIndex]:
    numbers = (rules.form_value(outcome.fields, holder.id_no) for holder in kind.holders)
    return {PersonIndex(index.of(str(number))) for number in numbers}


def new_secrets() -> PaperSecrets:
    """What one paper says and no other: 128 random bits to scan, 40 to type."""
    code = "".join(secrets.choice(rules.CODE_ALPHABET) for _ in range(rules.CODE_LENGTH))
    return PaperSecrets(token=secrets.token_urlsafe(16), code=code)


def stream_of(certificate: CertificateId) -> str:
    """The journal's chain of one certificate."""
    return f"certificate:{certificate}"


def issued_line(made: Certificate, *, actor: str, reason: str = "") -> JournalEntry:
    """That a version was issued, and by whom."""
    return JournalEntry(
        stream=stream_of(made.id),
        actor=actor,
        act="issue-certificate",
        target=f"certificate:{made.id}",
        reason=reason,
        facts={"version": made.shown.version, "type": made.type_code},
    )

"""End certificates: with the fact they prove, or because an officer says why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.registry.actions.issue_certificate import stream_of
from services.registry.errors import CertificateAlreadyEnded, CertificateNotFound
from services.registry.events.certificates import certificate_ended
from services.registry.model.certificates import Certificate, CertificateId, Ending, EndKind
from services.registry.rules import certificates as rules
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer

Shown = Callable[[Certificate], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactEnded:
    """An event that says that something certificates prove is over."""

    event_type: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCertificate:
    """An officer's word that a certificate is over."""

    officer: Actor
    request: RequestKey
    certificate: CertificateId
    kind: EndKind
    reason: str
    """A stable code."""
    note: str
    """For the file, in the officer's words; never shown to those who verify."""


async def end_with_fact(fact: FactEnded, *, transaction: Transactions[Store], clock: Clock) -> None:
    """End every certificate of a fact that is over, and those still to be issued."""
    about, ending = rules.ending_told(fact.event_type, fact.data, at=clock.now())
    async with transaction() as store:
        await store.lock_fact(about)
        await store.add_fact_end(about, ending)
        for each in await store.list_certificates_about(about):
            certificate = await store.lock_certificate(each)
            if certificate is not None:
                await _end(store, certificate, ending, actor=f"event:{fact.event_type}")


async def end_certificate(
    command: EndCertificate, *, shown: Shown, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """Cancel, revoke or withdraw a certificate of the officer's own office.

    Raises:
        CertificateNotFound: There is none, or another office issued it.
        CertificateAlreadyEnded: It ended before.
    """
    async with transaction() as store:
        answered = await store.claim_key(command.request)
        if answered is not None:
            return answered
        certificate = await store.lock_certificate(command.certificate)
        if certificate is None or not may_keep(command.officer, certificate):
            raise CertificateNotFound
        if certificate.ending is not None:
            raise CertificateAlreadyEnded
        ending = Ending(kind=command.kind, reason=command.reason, at=clock.now())
        await _end(store, certificate, ending, actor=command.officer.subject, note=command.note)
        ended = await store.find_certificate(certificate.id) or certificate
        body = dict(shown(ended))
        await store.remember_answer(command.request, status=200, body=body)
    return StoredAnswer(status=200, body=body)


def may_keep(officer: Actor, certificate: Certificate) -> bool:
    """Whether an officer works for the office that issued a certificate."""
    return str(certificate.office_id) in officer.offices


async def _end(
    store: Store, certificate: Certificate, ending: Ending, *, actor: str, note: str = ""
) -> None:
    if certificate.ending is not None:
        return
    await store.end_certificates([certificate.id], ending)
    await store.publish(certificate_ended(certificate, ending))
    await store.write_journal(
        JournalEntry(
            stream=stream_of(certificate.id),
            actor=actor,
            act="end-certificate",
            target=f"certificate:{certificate.id}",
            reason=note or ending.reason,
            facts={"kind": ending.kind.value, "reason": ending.reason},
        )
    )

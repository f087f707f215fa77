"""Put a certificate right by issuing its next version, which takes the place of the last."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.registry.actions.end_certificate import may_keep
from services.registry.actions.issue_certificate import issued_line, new_secrets
from services.registry.clients.certificate_signatures import signed_content
from services.registry.errors import CertificateAlreadyEnded, CertificateNotFound
from services.registry.events.certificates import certificate_issued
from services.registry.model.certificates import Certificate, CertificateId, CertificateVersion
from services.registry.rules import certificates as rules
from services.registry.rules.publication import canonical
from services.registry.rules.status_list import status_place
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.store import RequestKey, StoredAnswer

Shown = Callable[[Certificate], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReissueCertificate:
    """An officer's correction of a certificate."""

    officer: Actor
    request: RequestKey
    certificate: CertificateId
    corrections: Mapping[str, str] = field(repr=False)
    """Field key to what should stand there."""
    reason: str


async def reissue_certificate(
    command: ReissueCertificate, *, shown: Shown, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """Issue the next version; the paper of the last one is shown as superseded from now on.

    Raises:
        CertificateNotFound: There is none, or another office issued it.
        CertificateAlreadyEnded: It is over; nothing is left to be put right.
        CorrectionNotAllowed: A field is unknown, may not be corrected, or stays as it is.
    """
    async with transaction() as store:
        answered = await store.claim_key(command.request)
        if answered is not None:
            return answered
        known = await store.lock_certificate(command.certificate)
        if known is None or not may_keep(command.officer, known):
            raise CertificateNotFound
        if known.ending is not None:
            raise CertificateAlreadyEnded
        certificate = replace(known, shown=await _next(store, known, command, clock=clock))
        await store.replace_version(certificate.shown)
        await store.publish(certificate_issued(certificate))
        await store.write_journal(
            issued_line(certificate, actor=command.officer.subject, reason=command.reason)
        )
        body = dict(shown(certificate))
        await store.remember_answer(command.request, status=200, body=body)
    return StoredAnswer(status=200, body=body)


async def _next(
    store: Store, known: Certificate, command: ReissueCertificate, *, clock: Clock
) -> CertificateVersion:
    kind = await store.find_certificate_type(known.type_code, known.type_version)
    if kind is None:
        raise CertificateNotFound
    now = clock.now()
    content = rules.corrected_content(known.shown.content, kind, command.corrections, issued_at=now)
    return replace(
        known.shown,
        version=known.shown.version + 1,
        identifier=content["identifier"],
        content=content,
        signature=signed_content(await store.get_certificate_key(), canonical(content)),
        secrets=new_secrets(),
        place=status_place(await store.next_status_serial()),
        issued_at=now,
        superseded_at=None,
    )

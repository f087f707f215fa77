"""What a citizen does with their own certificates: list, print, take along, see who asked."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.registry.actions.issue_certificate import stream_of
from services.registry.clients.credentials import issued_credential
from services.registry.errors import CertificateNotFound
from services.registry.model import PersonIndex
from services.registry.model.certificates import (
    Certificate,
    CertificateId,
    CertificateKey,
    CertificateStatus,
    CertificateType,
    CertificateUse,
)
from services.registry.ports import PaperPrinter
from services.registry.rules import certificates as rules
from services.registry.rules.certificate_words import paper_of
from services.registry.rules.credential import disclosable_claims, open_claims
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import SHANGHAI, Clock
from shared.database import Transactions
from shared.journal import JournalEntry

MOST_USES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCertificate:
    """A certificate in its holder's eyes."""

    certificate: Certificate
    kind: CertificateType
    status: CertificateStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPage:
    """Some of the certificates a citizen holds, newest first."""

    held: Sequence[HeldCertificate]
    has_more: bool
    total: int


async def list_own_certificates(
    citizen: Actor,
    *,
    before: UUID | None,
    limit: int,
    transaction: Transactions[Store],
    clock: Clock,
) -> HeldPage:
    """A page of what the caller holds, each with what it is worth now."""
    person = _index_of(citizen)
    async with transaction() as store:
        found = await store.list_held_certificates(person, before=before, limit=limit + 1)
        held = [await _held(store, each, at=clock.now()) for each in found[:limit]]
        total = await store.count_held_certificates(person)
    return HeldPage(held=held, has_more=len(found) > limit, total=total)


async def read_own_certificate(
    citizen: Actor, certificate: CertificateId, *, transaction: Transactions[Store], clock: Clock
) -> HeldCertificate:
    """One certificate the caller holds.

    Raises:
        CertificateNotFound: There is none, or somebody else holds it.
    """
    async with transaction() as store:
        return await _held(store, await _own(store, citizen, certificate), at=clock.now())


async def print_own_certificate(
    citizen: Actor,
    certificate: CertificateId,
    *,
    printer: PaperPrinter,
    public_url: str,
    transaction: Transactions[Store],
) -> bytes:
    """The newest version as PDF, for its holder only; that it was printed is journalled.

    Raises:
        CertificateNotFound: There is none, or somebody else holds it.
    """
    async with transaction() as store:
        own = await _own(store, citizen, certificate)
        kind = await _kind(store, own)
        await store.write_journal(_taken(own, citizen, act="print-certificate"))
    paper = paper_of(own.shown, kind, public_url=public_url)
    return await asyncio.to_thread(printer.printed, paper)


async def take_credential(
    citizen: Actor,
    certificate: CertificateId,
    *,
    holder_key: Mapping[str, Any] | None,
    public_url: str,
    transaction: Transactions[Store],
    clock: Clock,
) -> str:
    """The newest version as a verifiable credential; that it was taken is journalled.

    Raises:
        CertificateNotFound: There is none, or somebody else holds it.
        HolderKeyUnsuitable: The key to bind it to is not a public P-256 key.
    """
    async with transaction() as store:
        own = await _own(store, citizen, certificate)
        kind = await _kind(store, own)
        key = await store.get_certificate_key()
        await store.write_journal(_taken(own, citizen, act="take-credential"))
    return _credential(own, kind, key, holder_key, public_url=public_url, now=clock.now())


async def list_uses(
    citizen: Actor, certificate: CertificateId, *, transaction: Transactions[Store]
) -> Sequence[CertificateUse]:
    """Who asked about the caller's certificate, when, and for what.

    Raises:
        CertificateNotFound: There is none, or somebody else holds it.
    """
    async with transaction() as store:
        own = await _own(store, citizen, certificate)
        return await store.list_uses(stream_of(own.id), limit=MOST_USES)


def _credential(
    own: Certificate,
    kind: CertificateType,
    key: CertificateKey,
    holder_key: Mapping[str, Any] | None,
    *,
    public_url: str,
    now: datetime,
) -> str:
    version, expires = own.shown, None
    if version.valid_until is not None:
        midnight = datetime.combine(version.valid_until, time(), tzinfo=SHANGHAI)
        expires = int((midnight + timedelta(days=1)).timestamp())
    return issued_credential(
        key,
        open_claims=open_claims(
            version, kind, public_url=public_url, issued=int(now.timestamp()), expires=expires
        ),
        disclosable=disclosable_claims(version),
        holder_key=holder_key,
    )


async def _own(store: Store, citizen: Actor, certificate: CertificateId) -> Certificate:
    found = await store.find_held_certificate(certificate, _index_of(citizen))
    if found is None:
        raise CertificateNotFound
    return found


async def _held(store: Store, certificate: Certificate, *, at: datetime) -> HeldCertificate:
    return HeldCertificate(
        certificate=certificate,
        kind=await _kind(store, certificate),
        status=rules.status_at(certificate.shown, certificate.ending, at=at),
    )


async def _kind(store: Store, certificate: Certificate) -> CertificateType:
    kind = await store.find_certificate_type(certificate.type_code, certificate.type_version)
    if kind is None:
        raise CertificateNotFound
    return kind


def _index_of(citizen: Actor) -> PersonIndex:
    if citizen.person_index is None:
        raise CertificateNotFound
    return PersonIndex(citizen.person_index)


def _taken(own: Certificate, citizen: Actor, *, act: str) -> JournalEntry:
    return JournalEntry(
        stream=stream_of(own.id),
        actor=citizen.subject,
        act=act,
        target=f"certificate:{own.id}",
        reason="本人使用",
        facts={"version": own.shown.version},
    )

"""Say what a certificate is worth at the moment it is used; every use is journalled."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.registry.actions.issue_certificate import stream_of
from services.registry.clients.certificate_signatures import is_authentic
from services.registry.errors import CertificateNotFound, VerifiedTooOften
from services.registry.model.certificates import Certificate, CertificateStatus, CertificateType
from services.registry.rules import certificates as rules
from services.registry.rules import pace
from services.registry.rules.certificate_words import Line, public_lines
from services.registry.rules.publication import canonical
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.sealing import BlindIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What is known of a certificate at one instant."""

    certificate: Certificate
    kind: CertificateType
    status: CertificateStatus
    as_of: datetime
    is_authentic: bool
    """Whether its content carries the signature of one of our keys."""
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """The token of a QR code."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """An identifier, and the code that stands beside it on the paper."""

    identifier: str
    code: str


async def verify_paper(
    given: Scanned | Typed,
    *,
    address: str,
    transaction: Transactions[Store],
    clock: Clock,
    index: BlindIndex,
) -> Verification | None:
    """What the paper in somebody's hand is worth; None for whatever is not on any paper.

    A token that never was, an identifier that is not one, and a code that does not belong
    to it are one and the same answer. Wrong guesses count against where they come from
    and against the certificate guessed at, and are kept although nothing else is.

    Args:
        address: Where the question comes from; kept for minutes, and only as a keyed hash.

    Raises:
        VerifiedTooOften: From there, or for that certificate, too much was asked.
    """
    minute = int(clock.now().timestamp()) // 60
    buckets = [index.of(f"address:{address}")]
    if isinstance(given, Typed):
        buckets.append(index.of(f"guessed:{given.identifier}"))
    async with transaction() as store:
        for bucket, most in zip(buckets, pace.MOST, strict=False):
            asked = await store.verifications_since(bucket, minute=minute - pace.WINDOW_MINUTES)
            if asked >= most:
                raise VerifiedTooOften
        found = await _found(store, given)
        await store.count_verification(buckets[0], minute=minute)
        if found is None:
            for bucket in buckets[1:]:
                await store.count_verification(bucket, minute=minute)
            return None
        channel = "qr" if isinstance(given, Scanned) else "form"
        return await _verified(
            store, found, at=clock.now(), actor=f"public:{channel}", purpose="公众查验"
        )


async def verify_for_partner(
    identifier: str,
    *,
    partner: Actor,
    purpose: str,
    at: datetime | None,
    transaction: Transactions[Store],
    clock: Clock,
) -> Verification:
    """What a certificate is, or was, worth: asked by a department, with its purpose.

    Args:
        at: An instant that has passed, for what was relied on then; None: now.

    Raises:
        CertificateIdentifierWrong: It is not an identifier at all.
        CertificateNotFound: No certificate has this identifier.
    """
    now, meant = clock.now(), rules.read_identifier(identifier)
    async with transaction() as store:
        found = await store.find_certificate_by_identifier(str(meant))
        if found is None:
            raise CertificateNotFound
        return await _verified(
            store, found, at=min(at or now, now), actor=partner.subject, purpose=purpose
        )


async def _found(store: Store, given: Scanned | Typed) -> Certificate | None:
    if isinstance(given, Scanned):
        return await store.find_certificate_by_token(rules.token_hash(given.token))
    found = await store.find_certificate_by_identifier(given.identifier)
    code = found.shown.secrets.code if found else "-"
    is_right = hmac.compare_digest(code.encode(), given.code.encode())
    return found if is_right else None


async def _verified(
    store: Store, found: Certificate, *, at: datetime, actor: str, purpose: str
) -> Verification:
    kind = await store.find_certificate_type(found.type_code, found.type_version)
    if kind is None:
        raise CertificateNotFound
    status = rules.status_at(found.shown, found.ending, at=at)
    keys = await store.list_certificate_keys()
    authentic = is_authentic(canonical(found.shown.content), found.shown.signature, keys)
    await store.write_journal(
        JournalEntry(
            stream=stream_of(found.id),
            actor=actor,
            act="verify-certificate",
            target=f"certificate:{found.id}",
            reason=purpose,
            facts={
                "version": found.shown.version,
                "status": status.value,
                "authentic": authentic,
                "asOf": at.isoformat(),
            },
        )
    )
    return Verification(
        certificate=found,
        kind=kind,
        status=status,
        as_of=at,
        is_authentic=authentic,
        lines=public_lines(found.shown.content, kind),
    )

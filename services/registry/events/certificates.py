"""What the registry tells of certificates: ids, codes and days, never whose they are."""

from services.registry.model.certificates import Certificate, Ending
from shared.clock import SHANGHAI
from shared.events import Event

CERTIFICATE = "civil.registry.certificate"


def certificate_issued(certificate: Certificate) -> Event:
    """A certificate was issued, or a new version of it; whose it is, only the registry can say."""
    shown = certificate.shown
    return _certificate(
        "certificate-issued",
        certificate,
        identifier=shown.identifier,
        version=shown.version,
        validFrom=shown.valid_from.isoformat(),
        validUntil=shown.valid_until.isoformat() if shown.valid_until else None,
    )


def certificate_ended(certificate: Certificate, ending: Ending) -> Event:
    """A certificate was cancelled, revoked or withdrawn; every version of it is over."""
    return _certificate(
        "certificate-ended",
        certificate,
        kind=ending.kind.value,
        reason=ending.reason,
        endedAt=ending.at.astimezone(SHANGHAI).isoformat(),
    )


def _certificate(fact: str, certificate: Certificate, **data: object) -> Event:
    return Event(
        topic=CERTIFICATE,
        type=f"civil.registry.{fact}.v1",
        key=str(certificate.id),
        application_id=certificate.application_id,
        data={
            "certificateId": str(certificate.id),
            "applicationId": str(certificate.application_id),
            "matterId": str(certificate.matter_id),
            "certificateType": certificate.type_code,
            **data,
        },
    )

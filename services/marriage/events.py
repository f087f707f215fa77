"""What the marriage registry tells others; ids, codes and dates, never a person."""

from uuid import UUID

from services.marriage.model import Marriage
from shared.events import Event

TOPIC = "civil.marriage.marriage"


def marriage_registered(marriage: Marriage) -> Event:
    """A marriage was registered and is in force."""
    return Event(
        topic=TOPIC,
        type="civil.marriage.marriage-registered.v1",
        key=str(marriage.id),
        application_id=marriage.application_id,
        data={
            "marriageId": str(marriage.id),
            "applicationId": str(marriage.application_id) if marriage.application_id else None,
            "certificateNumber": marriage.certificate_number,
            "division": marriage.division,
            "registeredOn": marriage.registered_on.isoformat(),
        },
    )


def marriage_ended(marriage: Marriage, *, application_id: UUID) -> Event:
    """A marriage came to its end.

    Args:
        application_id: The case that ended it, not the one that registered it.
    """
    return Event(
        topic=TOPIC,
        type="civil.marriage.marriage-ended.v1",
        key=str(marriage.id),
        application_id=application_id,
        data={
            "marriageId": str(marriage.id),
            "applicationId": str(application_id),
            "endedOn": marriage.ended_on.isoformat() if marriage.ended_on else None,
            "cause": marriage.end_cause.value if marriage.end_cause else None,
        },
    )

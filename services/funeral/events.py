"""What the funeral service tells others; ids, times and results, never a person."""

from services.funeral.model import FuneralCase
from shared.events import Event

TOPIC = "civil.funeral.funeral"


def funeral_arranged(case: FuneralCase) -> Event:
    """A farewell and a cremation were booked."""
    hall = case.plan.hall
    return Event(
        topic=TOPIC,
        type="civil.funeral.funeral-arranged.v1",
        key=str(case.id),
        application_id=case.application_id,
        data={
            "caseId": str(case.id),
            "number": case.number,
            "applicationId": str(case.application_id),
            "division": case.division,
            "cremationAt": case.plan.furnace.starts_at.isoformat(),
            "farewellAt": hall.starts_at.isoformat() if hall else None,
            "needsStorageExtension": case.plan.needs_storage_extension,
        },
    )

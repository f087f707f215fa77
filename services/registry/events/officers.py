"""What the registry tells of officers: where they work and as what, never who they are."""

from services.registry.model import Officer
from shared.events import Event

OFFICE = "civil.registry.office"


def officer_changed(officer: Officer) -> Event:
    """An officer came, was moved, got other roles, was suspended or came back."""
    return Event(
        topic=OFFICE,
        type="civil.registry.officer-changed.v1",
        key=officer.id,
        data={
            "officerId": officer.id,
            "division": officer.division,
            "offices": sorted(officer.offices),
            "roles": sorted(officer.roles),
            "isActive": officer.is_active,
        },
    )

"""What the funeral service shows over HTTP."""

from datetime import date
from uuid import UUID

from services.funeral.model import FuneralCase, Slot
from shared.schemas import Instant, View


class SlotView(View):
    """A booked time of a hall or a furnace."""

    kind: str
    starts_at: Instant
    ends_at: Instant

    @classmethod
    def of(cls, slot: Slot) -> "SlotView":
        """Show a slot."""
        return cls(kind=slot.kind.value, starts_at=slot.starts_at, ends_at=slot.ends_at)


class FuneralView(View):
    """A funeral without its people: who they are is shown by the case, masked."""

    id: UUID
    number: str
    status: str
    division: str
    application_id: UUID
    arranged_on: date
    ashes: str
    slots: list[SlotView]
    needs_storage_extension: bool

    @classmethod
    def of(cls, case: FuneralCase) -> "FuneralView":
        """Show a funeral."""
        return cls(
            id=case.id,
            number=case.number,
            status=case.status.value,
            division=case.division,
            application_id=case.application_id,
            arranged_on=case.arranged_on,
            ashes=case.ashes.value,
            slots=[SlotView.of(slot) for slot in case.plan.slots],
            needs_storage_extension=case.plan.needs_storage_extension,
        )


class FuneralList(View):
    """The funerals an application led to."""

    items: list[FuneralView]

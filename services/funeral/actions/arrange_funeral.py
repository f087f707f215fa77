"""Arrange a decided funeral: the case, its number, its slots, the sheet for the family."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import orjson

from services.funeral.actions.choose_slots import choose_slots
from services.funeral.errors import AlreadyArranged
from services.funeral.events import funeral_arranged
from services.funeral.model import (
    ArrangementPlan,
    ArrangementRequest,
    Ashes,
    CaseId,
    FuneralCase,
    FuneralStatus,
    PersonIndex,
)
from services.funeral.rules.numbers import case_number
from services.funeral.store import SealedCase, Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import MatterRequest
from shared.ids import derived_id
from shared.sealing import FieldCipher


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangeFuneral:
    """What the window decided, for whom, and what the family wishes."""

    matter: MatterRequest
    deceased: PersonIndex
    id_number: str = field(repr=False)
    name: str = field(repr=False)
    family: Mapping[str, str] = field(repr=False)
    """Name, phone and relation of whom to call."""
    request: ArrangementRequest
    ashes: Ashes

    @property
    def case_id(self) -> CaseId:
        """One per matter, however often the matter arrives."""
        return CaseId(derived_id("funeral", str(self.matter.matter_id)))


async def arrange_funeral(
    command: ArrangeFuneral,
    *,
    transaction: Transactions[Store],
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """Book once per matter, or tell why it cannot be: slots may have gone since the check.

    Raises:
        SlotTaken: Another family was faster in spite of the lock; the matter is tried again.
    """
    try:
        await _arrange(command, transaction=transaction, cipher=cipher, clock=clock)
    except AlreadyArranged as refusal:
        async with transaction() as store:
            if await store.claim_matter(command.matter):
                await store.tell_failed("funeral", command.matter, reason=refusal.code)


async def _arrange(
    command: ArrangeFuneral,
    *,
    transaction: Transactions[Store],
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    matter = command.matter
    county = matter.division[:6]
    async with transaction() as store:
        if not await store.claim_matter(matter):
            return
        await store.lock_county(county)
        chosen = await choose_slots(command.request, county=county, store=store, clock=clock)
        if not isinstance(chosen, ArrangementPlan):
            await store.tell_failed("funeral", matter, reason=chosen[0].value)
            return
        case = await _numbered(command, chosen, store=store, today=clock.today())
        await store.add_case(case, sealed=_sealed(command, cipher))
        await store.publish(funeral_arranged(case))
        await store.tell_performed("funeral", matter, document=_sheet(case))


async def _numbered(
    command: ArrangeFuneral, chosen: ArrangementPlan, *, store: Store, today: date
) -> FuneralCase:
    matter = command.matter
    office = matter.division[:6]
    serial = await store.next_case_serial(office=office, year=today.year)
    return FuneralCase(
        id=command.case_id,
        number=case_number(office=office, on=today, serial=serial),
        application_id=matter.application_id,
        matter_id=matter.matter_id,
        division=matter.division,
        deceased=command.deceased,
        died_on=command.request.death.died_on,
        status=FuneralStatus.ARRANGED,
        arranged_on=today,
        ashes=command.ashes,
        plan=chosen,
    )


def _sealed(command: ArrangeFuneral, cipher: FieldCipher) -> SealedCase:
    row = command.case_id
    key = cipher.new_record_key(f"funeral_case:{row}")
    return SealedCase(
        data_key=key.wrapped,
        deceased_id_number=key.seal(
            command.id_number.encode(), place=f"funeral_case.deceased_id_number:{row}"
        ),
        deceased_name=key.seal(command.name.encode(), place=f"funeral_case.deceased_name:{row}"),
        family=key.seal(orjson.dumps(dict(command.family)), place=f"funeral_case.family:{row}"),
    )


def _sheet(case: FuneralCase) -> dict[str, object]:
    """殡葬服务安排单."""
    hall = case.plan.hall
    return {
        "kind": "funeral-arrangement",
        "number": case.number,
        "facts": {
            "caseId": str(case.id),
            "cremationAt": case.plan.furnace.starts_at.isoformat(),
            "farewellAt": hall.starts_at.isoformat() if hall else None,
            "ashes": case.ashes.value,
            "needsStorageExtension": case.plan.needs_storage_extension,
        },
    }

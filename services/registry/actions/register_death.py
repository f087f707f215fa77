"""Make a decided case's death a registered fact: one record per person, ever."""

from dataclasses import replace

from services.registry.actions.answer_death_fact import SERVICE
from services.registry.actions.note_life import bring_in_line, note_facts
from services.registry.events import death_registered
from services.registry.model import (
    DeathRecord,
    KnownFrom,
    PersonId,
    PersonIndex,
    PersonKind,
    ReportedDeath,
    Resident,
)
from services.registry.model.residents import FactId, LifeEvent, LifeFact
from services.registry.rules import death
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import MatterRequest, matter_failed, matter_performed
from shared.ids import derived_id, new_id
from shared.journal import JournalEntry
from shared.sealing import BlindIndex

DOCUMENT_KIND = "死亡登记"


async def register_death(
    request: MatterRequest, *, transaction: Transactions[Store], clock: Clock, index: BlindIndex
) -> None:
    """Register the death, or say why it cannot be; a repeat changes and tells nothing.

    Whoever comes second with the same day, from another case, is told of the record there is.

    Raises:
        DisclosureIncomplete: The window disclosed less than the registration needs.
    """
    reported = death.read_report(request.fields)
    async with transaction() as store:
        resident = await _locked(store, reported, clock=clock, index=index)
        if await store.has_outcome(request.matter_id):
            return
        if not death.is_same_name(reported.name, resident.name):
            await _fail(store, request, "NAME_DOES_NOT_FIT_NUMBER", clock=clock)
            return
        if death.contradicts(reported, resident):
            await _fail(store, request, "DEATH_RECORDED_ON_ANOTHER_DAY", clock=clock)
            return
        record = await store.find_death_record(resident.id)
        if record is None:
            number = PersonIndex(index.of(reported.id_number))
            record = await _record(
                store, request, reported, replace(resident, index=number), clock=clock
            )
        await store.add_matter_outcome(
            request.matter_id, request.application_id, record=record.id, at=clock.now()
        )
        document = {
            "kind": DOCUMENT_KIND,
            "number": record.number,
            "facts": {"registeredOn": record.registered_on.isoformat()},
        }
        await store.publish(matter_performed(SERVICE, request, document=document))


async def _locked(
    store: Store, reported: ReportedDeath, *, clock: Clock, index: BlindIndex
) -> Resident:
    """The resident, known from now on if they were not; two deaths of one person queue here."""
    person_index = PersonIndex(index.of(reported.id_number))
    resident = await store.lock_resident_by_index(person_index)
    if resident is not None:
        return resident
    unknown = Resident(
        id=PersonId(new_id()),
        index=person_index,
        name=reported.name,
        id_number=reported.id_number,
        known_from=KnownFrom.DEATH_CERTIFICATE,
    )
    await store.lock_numbers([person_index])
    await store.add_resident(unknown, at=clock.now())
    # Another case may have made them known in the same moment: then theirs is the one.
    known = await store.lock_resident_by_index(person_index) or unknown
    await bring_in_line(store, known.id, at=clock.now())
    return known


async def _record(
    store: Store,
    request: MatterRequest,
    reported: ReportedDeath,
    resident: Resident,
    *,
    clock: Clock,
) -> DeathRecord:
    serial = await store.next_death_serial()
    record = DeathRecord(
        id=new_id(),
        resident=resident.id,
        number=death.record_number(request.division, clock.today(), serial),
        died_on=reported.died_on,
        certificate_number=reported.certificate_number,
        place_division=reported.place_division,
        application_id=request.application_id,
        registered_on=clock.today(),
    )
    await store.add_death_record(record)
    await note_facts(store, [_fact(record, resident, clock)], clock=clock)
    await store.revoke_sessions_of(
        PersonKind.CITIZEN, str(resident.id), at=clock.now(), reason="deceased"
    )
    await store.write_journal(_noted(record))
    await store.publish(death_registered(record))
    return record


def _fact(record: DeathRecord, resident: Resident, clock: Clock) -> LifeFact:
    """The end of a life, which ends memberships as well."""
    return LifeFact(
        id=FactId(derived_id("life-fact", str(record.id))),
        person=resident.index,
        kind=LifeEvent.DEATH,
        on=record.died_on,
        source=f"death-record:{record.id}",
        recorded_at=clock.now(),
    )


def _noted(record: DeathRecord) -> JournalEntry:
    return JournalEntry(
        stream=f"application:{record.application_id}",
        actor=f"service:{SERVICE}",
        act="register-death",
        target=f"resident:{record.resident}",
        facts={"number": record.number, "diedOn": record.died_on.isoformat()},
    )


async def _fail(store: Store, request: MatterRequest, reason: str, *, clock: Clock) -> None:
    await store.add_matter_outcome(
        request.matter_id, request.application_id, failure=reason, at=clock.now()
    )
    await store.write_journal(
        JournalEntry(
            stream=f"application:{request.application_id}",
            actor=f"service:{SERVICE}",
            act="fail-matter",
            target=f"matter:{request.matter_id}",
            reason=reason,
        )
    )
    await store.publish(matter_failed(SERVICE, request, reason=reason))

"""One example of every event type, made by the very function that makes it in production."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from services.funeral import events as funeral
from services.funeral.model import (
    ArrangementPlan,
    Ashes,
    CaseId,
    FuneralCase,
    FuneralStatus,
    ResourceId,
    ResourceKind,
    Slot,
    SlotId,
)
from services.funeral.model import PersonIndex as DeceasedIndex
from services.intake import events as intake
from services.intake.model import (
    ApplicationId,
    CancelReason,
    CaseRef,
    Effect,
    Handler,
    HandlerKind,
    MatterDecision,
    MatterId,
    OfficeId,
    OpenedTask,
    Outcome,
    TaskId,
    TaskRef,
    Verdict,
)
from services.intake.model.clock import CardLevel, SupervisionCard
from services.intake.model.correction import Brought, CorrectionPhase
from services.intake.model.kept import ClockEntry, Correction, CorrectionItem
from services.intake.model.late import LateAnswer, LateCause, LateEffect
from services.intake.model.move import CaseMove
from services.marriage import events as marriage
from services.marriage.model import EndCause, MarriageId, MarriageStatus
from services.relief import events as relief
from services.relief.model import BenefitId, BenefitStatus, Month, StopReason
from shared.department import matter_failed, matter_performed, task_answered
from shared.events import Event
from shared.ids import derived_id
from shared.messaging import to_wire
from shared.money import Money
from tests.support.calendars import beijing
from tests.support.departments import matter_request, task_request
from tests.support.marriage import marriage as a_marriage
from tests.support.recorded_afterwards import afterwards
from tests.support.recorded_registry import registry_events
from tests.support.relief import benefit, pending

CATALOGUE = Path(__file__).parents[2] / "catalogue"
ITEM_SCHEMA = CATALOGUE / "item.schema.json"
CERTIFICATE_SCHEMA = CATALOGUE / "certificate.schema.json"
DEPARTMENTS = ("funeral", "marriage", "registry", "relief")
NUMBER = "33010620261122M0000001A"
HAPPENED_AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)

DOCUMENTS: Mapping[str, Mapping[str, object]] = {
    "funeral": {"kind": "funeral-arrangement", "number": "B330106-2026-000001"},
    "marriage": {"kind": "marriage-certificate", "number": "J330106-2026-000001"},
    "registry": {"kind": "death-registration", "number": "S330106-2026-000001"},
    "relief": {"kind": "decision", "number": "L330106-2026-000001"},
}


@dataclass(frozen=True)
class Recorded:
    """An event as it would be on the wire."""

    event: Event

    @property
    def type(self) -> str:
        return self.event.type

    @property
    def topic(self) -> str:
        return self.event.topic

    @property
    def data(self) -> dict[str, Any]:
        """JSON values, as a reader gets them."""
        data: dict[str, Any] = orjson.loads(orjson.dumps(self.event.data))
        return data

    @property
    def headers(self) -> list[tuple[str, bytes]]:
        return to_wire(
            id=self.event.id,
            type=self.event.type,
            key=self.event.key,
            headers={"ce_source": self.event.source},
            time=HAPPENED_AT.isoformat(),
        )

    def as_example(self) -> dict[str, Any]:
        return {
            "topic": self.topic,
            "key": self.event.key,
            "headers": {name: value.decode() for name, value in self.headers},
            "data": self.data,
        }


def recorded_events() -> list[Recorded]:
    """All examples, by type; the same whenever they are made."""
    made = [
        *_intake(),
        *afterwards(_case()),
        *_relief(),
        *_marriage(),
        *_funeral(),
        *registry_events(),
        *_departments(),
    ]
    fixed = [replace(event, id=_id("event", event.type)) for event in made]
    return [Recorded(event) for event in sorted(fixed, key=lambda event: event.type)]


def recorded(event_type: str) -> Recorded:
    """The example of one type."""
    return next(each for each in recorded_events() if each.type == event_type)


def _id(*parts: str) -> UUID:
    return derived_id("example", *parts)


def _case(item: str = "JZ201") -> CaseRef:
    return CaseRef(
        application_id=ApplicationId(_id("application")),
        number=NUMBER,
        item_code=item,
        item_version=1,
        division="330106109000",
    )


def _intake() -> Iterator[Event]:
    case, task, matter = _case(), TaskId(_id("task")), MatterId(_id("matter"))
    ref = TaskRef("relief", "duplicate_relief_check")
    yield intake.application_submitted(case)
    yield intake.task_opened(
        case,
        OpenedTask(
            id=task,
            ref=ref,
            round=1,
            handler=Handler(kind=HandlerKind.SERVICE, system="relief"),
            check="duplicate-relief",
            office_id=OfficeId(_id("office")),
            due_at=beijing("2026-11-24 12:00"),
        ),
    )
    yield intake.task_closed(case, task, ref, task_round=1, verdict=Verdict.APPROVE)
    yield intake.task_cancelled(
        case, task, ref, task_round=1, reason=CancelReason.APPLICATION_WITHDRAWN
    )
    yield intake.matter_decided(
        case,
        matter,
        MatterDecision(matter="relief", outcome=Outcome.GRANTED, grounds=()),
        effect=Effect(service="relief", name="grant-temporary-relief"),
    )
    yield intake.matter_concluded(case, matter, matter="relief", outcome=Outcome.GRANTED)
    yield intake.application_concluded(case, outcome=Outcome.GRANTED)
    yield intake.application_withdrawn(case)
    yield intake.application_accepted(case, accepted_at=beijing("2026-11-23 12:00"), deemed=False)
    yield intake.application_not_accepted(case)
    correction = _correction()
    yield intake.correction_requested(case, correction, due_on=date(2026, 12, 7))
    yield intake.application_corrected(case, correction, correction.brought)
    yield intake.card_raised(case, _card())
    yield intake.correction_missed(case, correction, due_on=date(2026, 12, 7))
    yield intake.applicant_reminded(
        case, what="material", material="event_proof", due_on=date(2026, 12, 7)
    )
    for line, told in _ledger():
        yield told(case, line)
    yield intake.application_lapsed(case)
    yield intake.materials_handed_in(case, materials=["event_proof"], late=False)
    yield intake.material_missed(case, material="event_proof", due_on=date(2026, 12, 7))
    yield intake.application_moved(case, _move())
    late = _late_answer()
    yield intake.late_answer_kept(case, late)
    yield intake.late_answer_reviewed(case, replace(late, effect=LateEffect.NO_EFFECT))
    yield intake.matter_reopened(case, matter, matter="relief", tasks=[ref])


def _ledger() -> Iterator[tuple[ClockEntry, Callable[[CaseRef, ClockEntry], Event]]]:
    """A pause for a hearing, its end, and an extension."""
    at = beijing("2026-11-23 12:00")
    pause = ClockEntry(clock="procedure", kind="pause", at=at, reason="hearing", days=10)
    yield pause, intake.clock_paused
    yield replace(pause, kind="resume", reason="", days=None), intake.clock_resumed
    extend = replace(pause, clock="statutory", kind="extend", reason="licensing")
    yield extend, intake.clock_extended


def _correction() -> Correction:
    """One field and one material, asked for by one department."""
    asked = {"task_id": TaskId(_id("task")), "task_round": 1, "message_sealed": b""}
    return Correction(
        application_id=ApplicationId(_id("application")),
        round=1,
        phase=CorrectionPhase.REVIEW,
        issued_at=HAPPENED_AT,
        due_on=date(2026, 12, 7),
        answered_at=None,
        brought=Brought(pointers=("/amount_fen",), materials=("income_proof",)),
        items=(
            CorrectionItem(position=1, pointer="/amount_fen", material=None, **asked),
            CorrectionItem(position=2, pointer=None, material="income_proof", **asked),
        ),
    )


def _move() -> CaseMove:
    """A case that goes on under the next version of its item."""
    return CaseMove(
        application_id=ApplicationId(_id("application")),
        number="33010620261123M00000013",
        from_version=1,
        to_version=2,
        added=(TaskRef("relief", "county_decision"),),
        dropped=(TaskRef("relief", "township_decision"),),
    )


def _late_answer() -> LateAnswer:
    """A check that answered when its matter was decided."""
    return LateAnswer(
        id=_id("late"),
        application_id=ApplicationId(_id("application")),
        task_id=TaskId(_id("task")),
        ref=TaskRef("relief", "fact_check"),
        round=1,
        cause=LateCause.MATTER_DECIDED,
        verdict=Verdict.REFUSE,
        given_by="service:relief",
        received_at=HAPPENED_AT,
    )


def _card() -> SupervisionCard:
    """A task whose limit is nearly over."""
    return SupervisionCard(
        id=_id("card"),
        application_id=ApplicationId(_id("application")),
        task_id=TaskId(_id("task")),
        clock="task",
        level=CardLevel.WARNING,
        round=1,
        since=HAPPENED_AT,
        raised_at=HAPPENED_AT,
        due_at=beijing("2026-11-24 12:00"),
        office_id=OfficeId(_id("office")),
        handler="service:relief",
        division="330106109000",
    )


def _relief() -> Iterator[Event]:
    application = _id("application")
    granted = benefit(
        id=BenefitId(_id("benefit")),
        application_id=application,
        lines=pending("2026-12", yuan=2000),
    )
    yield relief.benefit_granted(granted)
    changed = replace(granted, review_due_on=date(2027, 1, 31))
    yield relief.benefit_changed(changed, overpaid=Money(0), application_id=application)
    stopped = replace(
        granted,
        status=BenefitStatus.TERMINATED,
        stops_from=Month(2026, 12),
        stop_reason=StopReason.DEATH,
    )
    yield relief.benefit_stopped(stopped, overpaid=Money.of_yuan(900), application_id=application)


def _marriage() -> Iterator[Event]:
    application = _id("application")
    registered = a_marriage(id=MarriageId(_id("marriage")), application_id=application)
    yield marriage.marriage_registered(registered)
    ended = replace(
        registered,
        status=MarriageStatus.ENDED,
        ended_on=date(2026, 11, 21),
        end_cause=EndCause.DEATH,
    )
    yield marriage.marriage_ended(ended, application_id=application)


def _funeral() -> Iterator[Event]:
    plan = ArrangementPlan(
        hall=_slot(ResourceKind.HALL, "2026-11-24 09:00"),
        furnace=_slot(ResourceKind.FURNACE, "2026-11-24 11:00"),
        needs_storage_extension=False,
    )
    yield funeral.funeral_arranged(
        FuneralCase(
            id=CaseId(_id("funeral")),
            number="B330106-2026-000001",
            application_id=_id("application"),
            matter_id=_id("matter"),
            division="330106000000",
            deceased=DeceasedIndex("0" * 64),
            died_on=date(2026, 11, 21),
            status=FuneralStatus.ARRANGED,
            arranged_on=date(2026, 11, 22),
            ashes=Ashes.STORED,
            plan=plan,
        )
    )


def _slot(kind: ResourceKind, starts: str) -> Slot:
    starts_at = beijing(starts)
    return Slot(
        id=SlotId(_id("slot", kind)),
        resource_id=ResourceId(_id("resource", kind)),
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at,
    )


def _departments() -> Iterator[Event]:
    ids = {"application_id": _id("application"), "number": NUMBER}
    task = task_request("some-check", {}, **ids, task_id=_id("task"))
    matter = matter_request("some-effect", {}, **ids, matter_id=_id("matter"))
    for service in DEPARTMENTS:
        yield task_answered(
            service,
            task,
            verdict="approve",
            opinion="经查，未发现重复",
            facts={"found": 0},
        )
        document = {**DOCUMENTS[service], "facts": {"issuedOn": "2026-11-22"}}
        yield matter_performed(service, matter, document=document)
        yield matter_failed(service, matter, reason="SLOT_TAKEN")

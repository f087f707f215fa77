"""What intake tells the other services: ids, codes, times and results, never a person."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from services.intake.model import (
    Brought,
    CancelReason,
    CaseRef,
    Effect,
    MatterDecision,
    MatterId,
    OpenedTask,
    Outcome,
    TaskId,
    TaskRef,
    Verdict,
)
from services.intake.model.appeal import Appeal
from services.intake.model.clock import SupervisionCard
from services.intake.model.delivery import Delivery
from services.intake.model.kept import ClockEntry, Correction
from services.intake.model.late import LateAnswer
from services.intake.model.move import CaseMove
from services.intake.model.rating import Rating
from services.intake.model.redress import Redress, RedressCard
from shared.clock import SHANGHAI
from shared.events import Event

TOPIC = "civil.intake.application"
REDRESS_TOPIC = "civil.intake.redress"


def application_submitted(case: CaseRef) -> Event:
    """An application was submitted, under this version of its item."""
    return _event(
        case,
        "application-submitted",
        itemCode=case.item_code,
        itemVersion=case.item_version,
        division=case.division,
    )


def task_opened(case: CaseRef, task: OpenedTask) -> Event:
    """A round of an approval task was put to an office, a partner or a service."""
    return _event(
        case,
        "task-opened",
        **_task(task.id, task.ref, task.round),
        handler=str(task.handler),
        check=task.check,
        officeId=None if task.office_id is None else str(task.office_id),
        itemCode=case.item_code,
        division=case.division,
        dueAt=None if task.due_at is None else task.due_at.astimezone(SHANGHAI).isoformat(),
    )


def task_closed(
    case: CaseRef, task_id: TaskId, ref: TaskRef, *, task_round: int, verdict: Verdict
) -> Event:
    """A round of an approval task was answered."""
    return _event(case, "task-closed", **_task(task_id, ref, task_round), verdict=str(verdict))


def task_cancelled(
    case: CaseRef, task_id: TaskId, ref: TaskRef, *, task_round: int, reason: CancelReason
) -> Event:
    """An approval task will not be answered any more."""
    return _event(case, "task-cancelled", **_task(task_id, ref, task_round), reason=str(reason))


def matter_decided(
    case: CaseRef, matter_id: MatterId, decision: MatterDecision, *, effect: Effect | None
) -> Event:
    """A matter was decided; when granted with an effect, its owner now makes it real."""
    return _event(
        case,
        "matter-decided",
        matterId=str(matter_id),
        matter=decision.matter,
        itemCode=case.item_code,
        division=case.division,
        outcome=str(decision.outcome),
        effect=None if effect is None else {"service": effect.service, "name": effect.name},
    )


def late_answer_kept(case: CaseRef, late: LateAnswer) -> Event:
    """An answer came too late to count, and was kept for the lead office to review."""
    return _event(
        case,
        "late-answer-kept",
        lateAnswerId=str(late.id),
        **_task(late.task_id, late.ref, late.round),
        cause=str(late.cause),
        verdict=str(late.verdict),
    )


def late_answer_reviewed(case: CaseRef, late: LateAnswer) -> Event:
    """The lead office said what is made of a late answer."""
    return _event(
        case,
        "late-answer-reviewed",
        lateAnswerId=str(late.id),
        **_task(late.task_id, late.ref, late.round),
        effect=str(late.effect),
    )


def matter_reopened(
    case: CaseRef, matter_id: MatterId, *, matter: str, tasks: Iterable[TaskRef]
) -> Event:
    """A matter's outcome was taken back before the case was decided; some are asked again."""
    return _event(
        case,
        "matter-reopened",
        matterId=str(matter_id),
        matter=matter,
        tasks=[ref.task for ref in tasks],
    )


def matter_concluded(case: CaseRef, matter_id: MatterId, *, matter: str, outcome: Outcome) -> Event:
    """Nothing is left to be done for a matter."""
    return _event(
        case, "matter-concluded", matterId=str(matter_id), matter=matter, outcome=str(outcome)
    )


def application_concluded(case: CaseRef, *, outcome: Outcome) -> Event:
    """Every matter of an application is concluded."""
    return _event(case, "application-concluded", itemCode=case.item_code, outcome=str(outcome))


def application_accepted(case: CaseRef, *, accepted_at: datetime, deemed: bool) -> Event:
    """An application was accepted: by an officer, or by the law because nobody spoke in time."""
    return _event(
        case,
        "application-accepted",
        itemCode=case.item_code,
        acceptedAt=accepted_at.astimezone(SHANGHAI).isoformat(),
        deemed=deemed,
    )


def application_not_accepted(case: CaseRef) -> Event:
    """An officer refused to accept an application."""
    return _event(case, "application-not-accepted", itemCode=case.item_code)


def correction_requested(case: CaseRef, correction: Correction, *, due_on: date) -> Event:
    """The applicant was told, once, everything that must be corrected in this round."""
    return _event(
        case,
        "correction-requested",
        itemCode=case.item_code,
        round=correction.round,
        phase=str(correction.phase),
        tasks=len({item.task_id for item in correction.items}),
        fields=sum(item.pointer is not None for item in correction.items),
        materials=sum(item.material is not None for item in correction.items),
        dueOn=due_on.isoformat(),
    )


def application_corrected(case: CaseRef, correction: Correction, brought: Brought) -> Event:
    """The applicant answered a correction notice."""
    return _event(
        case,
        "application-corrected",
        itemCode=case.item_code,
        round=correction.round,
        phase=str(correction.phase),
        fields=len(brought.pointers),
        materials=len(brought.materials),
    )


def correction_missed(case: CaseRef, correction: Correction, *, due_on: date) -> Event:
    """The date of a correction notice passed without an answer."""
    return _event(
        case,
        "correction-missed",
        round=correction.round,
        phase=str(correction.phase),
        dueOn=due_on.isoformat(),
    )


def applicant_reminded(case: CaseRef, *, what: str, material: str | None, due_on: date) -> Event:
    """A date for the applicant is near: of a correction, or of a paper still to come."""
    return _event(
        case, "applicant-reminded", what=what, material=material, dueOn=due_on.isoformat()
    )


def materials_handed_in(case: CaseRef, *, materials: Iterable[str], late: bool) -> Event:
    """The applicant brought papers that were still to come."""
    return _event(case, "materials-handed-in", materials=list(materials), late=late)


def material_missed(case: CaseRef, *, material: str, due_on: date) -> Event:
    """The date of a paper that was still to come passed without it."""
    return _event(case, "material-missed", material=material, dueOn=due_on.isoformat())


def application_lapsed(case: CaseRef) -> Event:
    """An application counts as given up: the correction before acceptance never came."""
    return _event(case, "application-lapsed", itemCode=case.item_code)


def application_moved(case: CaseRef, move: CaseMove) -> Event:
    """An open case was moved to another version of its item; answered tasks kept their verdict."""
    return _event(
        case,
        "application-moved",
        itemCode=case.item_code,
        fromVersion=move.from_version,
        toVersion=move.to_version,
        added=[str(ref) for ref in move.added],
        dropped=[str(ref) for ref in move.dropped],
        askedAgain=[str(ref) for ref in move.asked_again],
    )


def application_withdrawn(case: CaseRef) -> Event:
    """The applicant took the application back."""
    return _event(case, "application-withdrawn", itemCode=case.item_code)


def card_raised(case: CaseRef, card: SupervisionCard) -> Event:
    """A clock of an application or of one of its tasks reached a threshold; once per level."""
    return _event(
        case,
        "card-raised",
        cardId=str(card.id),
        taskId=None if card.task_id is None else str(card.task_id),
        clock=card.clock,
        round=card.round,
        level=str(card.level),
        officeId=None if card.office_id is None else str(card.office_id),
        division=case.division,
        dueAt=card.due_at.astimezone(SHANGHAI).isoformat(),
    )


def clock_paused(case: CaseRef, line: ClockEntry) -> Event:
    """The clocks of a case stand still, for a lawful reason and a number of working days."""
    return _event(
        case,
        "clock-paused",
        clock=line.clock,
        reason=line.reason,
        days=line.days,
        at=_instant(line.at),
    )


def clock_resumed(case: CaseRef, line: ClockEntry) -> Event:
    """The clocks of a case run on; what was due by them is due later."""
    return _event(case, "clock-resumed", clock=line.clock, at=_instant(line.at))


def clock_extended(case: CaseRef, line: ClockEntry) -> Event:
    """One clock of a case was given more working days, on a provision that allows it."""
    return _event(
        case,
        "clock-extended",
        clock=line.clock,
        basis=line.reason,
        days=line.days,
        at=_instant(line.at),
    )


def delivery_moved(case: CaseRef, delivery: Delivery) -> Event:
    """The paper of a matter is somewhere else on its way, or has arrived."""
    return _event(
        case,
        "delivery-moved",
        deliveryId=str(delivery.id),
        matter=delivery.matter,
        method=str(delivery.method),
        state=str(delivery.state),
        attempt=delivery.attempt,
        deliveredAt=_instant(delivery.delivered_at),
    )


def appeal_moved(case: CaseRef, appeal: Appeal) -> Event:
    """A decision was contested, or the review of it went on or ended."""
    return _event(
        case,
        "appeal-moved",
        appealId=str(appeal.id),
        matter=appeal.matter,
        stage=str(appeal.stage),
        outcome=None if appeal.outcome is None else str(appeal.outcome),
    )


def rating_given(rating: Rating) -> Event:
    """A service was rated, or its rating changed; an anonymous one names no case."""
    shown = None if rating.is_anonymous else str(rating.application_id)
    return Event(
        topic=REDRESS_TOPIC,
        type="civil.intake.rating-given.v1",
        key=str(rating.id),
        application_id=None if rating.is_anonymous else rating.application_id,
        data={
            "ratingId": str(rating.id),
            "applicationId": shown,
            "itemCode": rating.item_code,
            "officeId": None if rating.office_id is None else str(rating.office_id),
            "division": rating.division,
            "satisfaction": int(rating.satisfaction),
        },
    )


def redress_moved(redress: Redress, *, act: str) -> Event:
    """A complaint, work order or rectification was opened, or a step was taken in it."""
    return _redress(redress, "redress-moved", act=act, dueAt=_instant(redress.due_at))


def redress_card_raised(redress: Redress, card: RedressCard) -> Event:
    """A complaint, work order or rectification reached a threshold of its clock."""
    return _redress(redress, "redress-card-raised", level=card.level, dueAt=_instant(card.due_at))


def _redress(redress: Redress, fact: str, **data: object) -> Event:
    shown = None if redress.is_anonymous else redress.application_id
    return Event(
        topic=REDRESS_TOPIC,
        type=f"civil.intake.{fact}.v1",
        key=str(redress.id),
        application_id=shown,
        data={
            "redressId": str(redress.id),
            "kind": str(redress.kind),
            "stage": str(redress.stage),
            "round": redress.round,
            "applicationId": None if shown is None else str(shown),
            "officeId": None if redress.office_id is None else str(redress.office_id),
            "division": redress.division,
            "outcome": None if redress.outcome is None else str(redress.outcome),
            **data,
        },
    )


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(SHANGHAI).isoformat()


def _task(task_id: TaskId, ref: TaskRef, task_round: int) -> Mapping[str, object]:
    return {
        "taskId": str(task_id),
        "matter": ref.matter,
        "task": ref.task,
        "round": task_round,
    }


def _event(case: CaseRef, fact: str, **data: object) -> Event:
    return Event(
        topic=TOPIC,
        type=f"civil.intake.{fact}.v1",
        key=str(case.application_id),
        application_id=case.application_id,
        data={"applicationId": str(case.application_id), "number": case.number, **data},
    )

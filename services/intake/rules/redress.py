"""The loops of bad ratings, complaints, work orders and inspections; ratings are not here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from services.intake.errors.redress import (
    ContestTooLate,
    NoteRequired,
    NotYourHand,
    OfficeRequired,
    RedressActNotAllowed,
    RedressExtensionNotAllowed,
    ReturnTooLate,
)
from services.intake.model import Limit
from services.intake.model.clock import RunningClock
from services.intake.model.redress import (
    Category,
    Hand,
    Redress,
    RedressAct,
    RedressKind,
    RedressOutcome,
    RedressStage,
)
from shared.calendar import Unit, WorkingCalendar, due

A, S, H, K = RedressAct, RedressStage, Hand, RedressKind
OFFICE, SUPERVISOR = frozenset({H.OFFICE}), frozenset({H.SUPERVISOR})
CALLBACK = frozenset({H.SUPERVISOR, H.REPORTER})
"""Who was unhappy answers in person, or a supervisor calls back and notes what was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where an act leads, and in whose hand it lies."""

    to: RedressStage
    hands: frozenset[Hand]
    needs_note: bool = False
    starts_round: bool = False
    outcome: RedressOutcome | None = None


_RATING = {
    S.OPEN: {
        A.TAKE_UP: Step(to=S.VERIFYING, hands=OFFICE),
        A.RETRACT: Step(
            to=S.CLOSED, hands=frozenset({H.PLATFORM}), outcome=RedressOutcome.RETRACTED
        ),
    },
    S.VERIFYING: {
        A.FIX_NOW: Step(to=S.FIXING_NOW, hands=OFFICE),
        A.PLAN_FIX: Step(to=S.FIXING_PLANNED, hands=OFFICE, needs_note=True),
        A.EXPLAIN: Step(to=S.EXPLAINED, hands=OFFICE, needs_note=True),
        A.CONTEST: Step(to=S.CONTESTED, hands=OFFICE, needs_note=True),
    },
    S.CONTESTED: {
        A.UPHOLD: Step(
            to=S.CLOSED, hands=SUPERVISOR, needs_note=True, outcome=RedressOutcome.EXCLUDED
        ),
        A.REJECT: Step(to=S.REJECTED, hands=SUPERVISOR, needs_note=True, starts_round=True),
    },
    S.REJECTED: {
        A.FIX_NOW: Step(to=S.FIXING_NOW, hands=OFFICE),
        A.PLAN_FIX: Step(to=S.FIXING_PLANNED, hands=OFFICE, needs_note=True),
    },
    S.FIXING_NOW: {A.ANSWER: Step(to=S.ANSWERED, hands=OFFICE, needs_note=True)},
    S.FIXING_PLANNED: {A.ANSWER: Step(to=S.ANSWERED, hands=OFFICE, needs_note=True)},
    S.EXPLAINED: {A.ANSWER: Step(to=S.ANSWERED, hands=OFFICE, needs_note=True)},
    S.ANSWERED: {
        A.SATISFIED: Step(to=S.CLOSED, hands=CALLBACK, outcome=RedressOutcome.SATISFIED),
        A.STILL_BAD: Step(to=S.SECOND_REVIEW, hands=CALLBACK),
    },
    S.SECOND_REVIEW: {
        A.CLOSE: Step(
            to=S.CLOSED, hands=SUPERVISOR, needs_note=True, outcome=RedressOutcome.REVIEWED
        ),
    },
}
_ORDER = {
    S.RECEIVED: {A.DISPATCH: Step(to=S.DISPATCHED, hands=SUPERVISOR)},
    S.DISPATCHED: {
        A.SIGN: Step(to=S.SIGNED, hands=OFFICE),
        A.RETURN: Step(to=S.RETURNED, hands=OFFICE, needs_note=True),
    },
    S.RETURNED: {A.DISPATCH: Step(to=S.DISPATCHED, hands=SUPERVISOR)},
    S.SIGNED: {A.BEGIN: Step(to=S.IN_PROGRESS, hands=OFFICE)},
    S.IN_PROGRESS: {
        A.ASK_EXTENSION: Step(to=S.EXTENSION_REQUESTED, hands=OFFICE, needs_note=True),
        A.ANSWER: Step(to=S.ANSWERED, hands=OFFICE, needs_note=True),
    },
    S.EXTENSION_REQUESTED: {
        A.GRANT_EXTENSION: Step(to=S.IN_PROGRESS, hands=SUPERVISOR),
        A.DENY_EXTENSION: Step(to=S.IN_PROGRESS, hands=SUPERVISOR),
    },
    S.ANSWERED: {
        A.SATISFIED: Step(to=S.CLOSED, hands=CALLBACK, outcome=RedressOutcome.SATISFIED),
        A.STILL_BAD: Step(to=S.REWORK, hands=CALLBACK, starts_round=True),
    },
    S.REWORK: {A.BEGIN: Step(to=S.IN_PROGRESS, hands=OFFICE)},
}
_INSPECTION = {
    S.FOUND: {A.PLAN: Step(to=S.PLANNED, hands=OFFICE, needs_note=True)},
    S.PLANNED: {A.FIX: Step(to=S.FIXED, hands=OFFICE, needs_note=True)},
    S.FIXED: {
        A.PASS: Step(to=S.CLOSED, hands=SUPERVISOR, outcome=RedressOutcome.PASSED),
        A.FAIL: Step(to=S.FOUND, hands=SUPERVISOR, needs_note=True, starts_round=True),
    },
}
LOOPS: Mapping[RedressKind, Mapping[RedressStage, Mapping[RedressAct, Step]]] = MappingProxyType(
    {K.BAD_RATING: _RATING, K.COMPLAINT: _ORDER, K.HOTLINE: _ORDER, K.INSPECTION: _INSPECTION}
)
"""Which act is allowed at which stage, for whom; what is not listed is refused."""

DEFAULT_PACK: Mapping[str, int] = MappingProxyType(
    {
        "redress_take_up_working_days": 1,
        "redress_simple_working_days": 5,
        "redress_complex_working_days": 15,
        "redress_contest_working_days": 3,
        "redress_contest_review_working_days": 5,
        "redress_callback_working_days": 1,
        "redress_second_review_working_days": 5,
        "work_order_urgent_hours": 2,
        "work_order_sign_working_days": 1,
        "work_order_consultation_working_days": 1,
        "work_order_help_working_days": 5,
        "work_order_complex_working_days": 15,
        "inspection_plan_days": 15,
        "inspection_fix_days": 30,
        "inspection_recheck_days": 60,
    }
)
"""Lengths where the place has published none of its own; local parameters have these names."""

_FROM_ROUND = {
    (K.BAD_RATING, S.OPEN): "redress_take_up_working_days",
    (K.BAD_RATING, S.VERIFYING): "redress_simple_working_days",
    (K.BAD_RATING, S.REJECTED): "redress_simple_working_days",
    (K.BAD_RATING, S.FIXING_NOW): "redress_simple_working_days",
    (K.BAD_RATING, S.EXPLAINED): "redress_simple_working_days",
    (K.BAD_RATING, S.FIXING_PLANNED): "redress_complex_working_days",
    (K.INSPECTION, S.FOUND): "inspection_plan_days",
    (K.INSPECTION, S.PLANNED): "inspection_fix_days",
    (K.INSPECTION, S.FIXED): "inspection_recheck_days",
}
_FROM_STAGE = {
    S.CONTESTED: "redress_contest_review_working_days",
    S.ANSWERED: "redress_callback_working_days",
    S.SECOND_REVIEW: "redress_second_review_working_days",
    S.RECEIVED: "work_order_sign_working_days",
    S.DISPATCHED: "work_order_sign_working_days",
    S.RETURNED: "work_order_sign_working_days",
}


def next_step(redress: Redress, act: RedressAct, *, hands: frozenset[Hand], has_note: bool) -> Step:
    """Where an act leads, if it is allowed here and in this hand.

    An anonymous rating has nobody to call back, so its answer ends the loop.

    Raises:
        RedressActNotAllowed: The stage does not allow it.
        NotYourHand: It lies with somebody else.
        NoteRequired: It needs words.

    Source:
        国办发〔2019〕51号 (bad ratings are verified, mended, answered; wrong ones are taken out
        only after a review); 12345 closed loop 受理, 派单, 签收, 办理, 答复, 回访, 办结; the
        table itself is a house rule.
    """
    steps = LOOPS[redress.kind].get(redress.stage, {})
    step = steps.get(act)
    if step is None:
        raise RedressActNotAllowed(allowed=[str(each) for each in steps])
    if not hands & step.hands:
        raise NotYourHand
    if step.needs_note and not has_note:
        raise NoteRequired
    if redress.is_anonymous and step.to is S.ANSWERED:
        return Step(to=S.CLOSED, hands=step.hands, outcome=RedressOutcome.ANSWERED)
    return step


def require_timely(
    redress: Redress,
    act: RedressAct,
    *,
    at: datetime,
    calendar: WorkingCalendar,
    pack: Mapping[str, object] = DEFAULT_PACK,
) -> None:
    """Refuse what has to be said early and comes late; other acts may be late, and show as late.

    Args:
        at: When the act is done, aware.
        pack: The lengths in force in the division.

    Raises:
        ContestTooLate: Three working days after the rating are over, or it was contested before.
        ReturnTooLate: The working day after the dispatch is over.

    Source:
        House rule, the default pack: contest within three working days, return a wrong
        dispatch within one. Local rules may be shorter or longer.
    """
    if act is A.CONTEST:
        limit = _limit("redress_contest_working_days", pack)
        over = at >= due(redress.opened_at, limit.duration, calendar).due_at
        if over or redress.contested_at is not None:
            raise ContestTooLate
    if act is A.RETURN:
        limit = _limit("work_order_sign_working_days", pack)
        if at >= due(redress.entered_at, limit.duration, calendar).due_at:
            raise ReturnTooLate


def require_extension(
    redress: Redress, days: int | None, *, pack: Mapping[str, object] = DEFAULT_PACK
) -> int:
    """The working days an office asks for, once and by no more than the limit itself.

    Raises:
        RedressExtensionNotAllowed: It was extended before, or asks for too much.

    Source:
        House rule for work orders: one extension.
    """
    own = _answer_limit(redress, pack)
    if redress.extended_days or days is None or not 1 <= days <= own.length:
        raise RedressExtensionNotAllowed(most_working_days=own.length)
    return days


def require_office(act: RedressAct, office: object | None) -> None:
    """Refuse a dispatch to nobody.

    Raises:
        OfficeRequired: No office is named.

    Source:
        12345 closed loop: 派单 names who is to answer.
    """
    if act is A.DISPATCH and office is None:
        raise OfficeRequired


def clock_of(redress: Redress, *, pack: Mapping[str, object] = DEFAULT_PACK) -> RunningClock | None:
    """The limit a loop is measured by at its stage, and since when; None once it is closed.

    Mending is counted from the rating or the complaint itself, never from when the office got
    round to it; callbacks and reviews from when they became possible.

    Args:
        pack: Lengths in force in the division on the day it was opened, by name.

    Source:
        国办发〔2019〕51号 sets no days; Dezhou answers in 5 working days, Suining in 15: the
        default pack is a house rule between them. Inspections: plan in 15 days, mended in 30,
        re-inspected in 60 (民政工作主要职责), read as calendar days.
    """
    if redress.stage is S.CLOSED:
        return None
    name = _FROM_ROUND.get((redress.kind, redress.stage))
    if name is not None:
        return _clock(redress, _limit(name, pack), redress.round_at)
    if redress.stage is S.DISPATCHED and redress.is_urgent:
        return _clock(redress, _limit("work_order_urgent_hours", pack), redress.entered_at)
    name = _FROM_STAGE.get(redress.stage)
    if name is not None:
        return _clock(redress, _limit(name, pack), redress.entered_at)
    return _clock(redress, _answer_limit(redress, pack), redress.round_at)


def _answer_limit(redress: Redress, pack: Mapping[str, object]) -> Limit:
    if redress.is_complex:
        name = "work_order_complex_working_days"
    elif redress.category is Category.CONSULTATION:
        name = "work_order_consultation_working_days"
    else:
        name = "work_order_help_working_days"
    return _limit(name, pack)


def _clock(redress: Redress, limit: Limit, since: datetime) -> RunningClock:
    longer = redress.extended_days if limit.unit is Unit.WORKING_DAY else 0
    return RunningClock(
        name=str(redress.stage),
        limit=Limit(length=limit.length + longer, unit=limit.unit, source=limit.source),
        started_at=since,
    )


def _limit(name: str, pack: Mapping[str, object]) -> Limit:
    local = pack.get(name)
    length = local if isinstance(local, int) else DEFAULT_PACK[name]
    if name.endswith("_working_days"):
        unit = Unit.WORKING_DAY
    else:
        unit = Unit.HOUR if name.endswith("_hours") else Unit.CALENDAR_DAY
    return Limit(length=length, unit=unit, source=name)

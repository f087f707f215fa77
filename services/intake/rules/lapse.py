"""What follows when a date for the applicant, or the window's own date for a notice, is over."""

from dataclasses import replace
from datetime import date, datetime

from services.intake.model import (
    Act,
    ApplicationState,
    Cancellation,
    CancelReason,
    Changes,
    MatterStatus,
    StatusChange,
    TaskRef,
    TaskState,
)
from services.intake.rules.deadline import notice_deadline
from services.intake.rules.stage import next_stage
from shared.calendar import WorkingCalendar

_UNANSWERED = frozenset({TaskState.OPEN, TaskState.CLAIMED, TaskState.WAITING})


def notice_must_go(asked_at: datetime, *, at: datetime, calendar: WorkingCalendar) -> bool:
    """Whether a gathered notice goes out without those who are still silent.

    The applicant is told everything once, and soon: the window waits for other departments
    as long as the law gives it to speak at all, counted from the first that asked.

    Source:
        行政许可法 art. 32(1)(4) (once, within five days), art. 82 (working days).
    """
    return notice_deadline(asked_at, calendar=calendar).due_at <= at


def reminder_day(today: date, *, calendar: WorkingCalendar) -> date:
    """The next working day: whoever has a date until then is reminded today.

    Source:
        House rule: an applicant is reminded on the last working day before a date.
    """
    return calendar.next_working_day(today)


def lapse(state: ApplicationState) -> Changes:
    """What an application comes to whose correction before acceptance never came.

    It counts as given up. Nothing was decided about it: the applicant may apply anew.

    Raises:
        ActNotAllowed: It does not wait for a correction before acceptance.

    Source:
        House rule, after 行政许可法 art. 32 (逾期未补正, 视为放弃申请); from memory where an
        item's own rule says so, check before go-live.
    """
    stage = next_stage(state.stage, Act.LAPSE)
    open_matters = [matter for matter in state.matters if matter.outcome is None]
    withdrawn = Changes(
        cancel=tuple(
            Cancellation(task=TaskRef(matter.key, task.key), reason=CancelReason.CORRECTION_MISSED)
            for matter in open_matters
            for task in matter.tasks
            if task.state in _UNANSWERED
        ),
        statuses=tuple(
            StatusChange(matter=matter.key, status=MatterStatus.WITHDRAWN)
            for matter in open_matters
        ),
    )
    return replace(withdrawn, stage=stage)

"""The clocks of emergency relief (急难型): start, money, papers, return visit.

Not here: who decides and how much (`temporary`).
"""

from services.relief.model import (
    EmergencyDues,
    EmergencyProgress,
    Obligation,
    TemporaryReliefParameters,
)
from shared.calendar import Deadline, Duration, Unit, WorkingCalendar, due
from shared.clock import local_date


def emergency_dues(
    progress: EmergencyProgress,
    *,
    calendar: WorkingCalendar,
    parameters: TemporaryReliefParameters,
) -> EmergencyDues:
    """By when each step of an emergency case is due.

    The start runs in hours from the report, through nights and holidays. The money is counted
    from the day of the report, the strictest reading; the papers from the day the emergency
    eased; the visit from the day of payment.

    Source:
        Opinions on temporary relief (国发〔2014〕47号; 民发〔2018〕23号 二(二)): help first,
        papers afterwards; the lengths are promises held as dated parameters; Civil Code
        (民法典) art. 201 (start of a period).
    """

    def working_days(length: int) -> Duration:
        return Duration(length, Unit.WORKING_DAY)

    start = due(progress.reported_at, Duration(parameters.start_hours, Unit.HOUR), calendar)
    pay = due(
        local_date(progress.reported_at),
        working_days(parameters.payment_working_days),
        calendar,
    )
    papers = progress.eased_on and due(
        progress.eased_on, working_days(parameters.paperwork_working_days), calendar
    )
    visit = progress.paid_on and due(
        progress.paid_on, working_days(parameters.return_visit_working_days), calendar
    )
    known = [deadline for deadline in (pay, papers, visit) if isinstance(deadline, Deadline)]
    return EmergencyDues(
        start_by=start.due_at,
        pay_by=pay.last_day,
        paperwork_by=papers.last_day if papers else None,
        visit_by=visit.last_day if visit else None,
        provisional=any(deadline.provisional for deadline in known),
    )


def open_obligations(progress: EmergencyProgress) -> tuple[Obligation, ...]:
    """What must still be done before the case may be closed; the papers and the visit always.

    Source:
        民发〔2018〕23号 二(二) (register and complete signatures when the emergency has eased);
        House rule: return visit to see how the money was used.
    """
    done = {
        Obligation.START: progress.started_at,
        Obligation.PAYMENT: progress.paid_on,
        Obligation.PAPERWORK: progress.paperwork_done_on,
        Obligation.RETURN_VISIT: progress.visited_on,
    }
    return tuple(obligation for obligation, when in done.items() if when is None)


def is_started_in_time(
    progress: EmergencyProgress,
    *,
    calendar: WorkingCalendar,
    parameters: TemporaryReliefParameters,
) -> bool:
    """Whether the programme was started before its hours ran out.

    Started means: case opened, somebody responsible, first contact recorded; not the payment.

    Source:
        民发〔2018〕23号 二(二); the length in hours is a dated parameter.
    """
    dues = emergency_dues(progress, calendar=calendar, parameters=parameters)
    return progress.started_at is not None and progress.started_at <= dues.start_by

"""The two periods of a divorce by agreement (离婚登记): cooling-off, then the window.

Not here: the agreement itself, and anything a court decides.
"""

from datetime import date, datetime, time, timedelta

from services.marriage.errors import DivorceOfficeClosed, DivorceWindowClosed, OtherRegistry
from services.marriage.model import DivorceWindows
from shared.calendar import Duration, Unit, WorkingCalendar, due
from shared.clock import SHANGHAI

PERIOD = Duration(30, Unit.CIVIL_DAY)


def divorce_windows(accepted_on: date, *, calendar: WorkingCalendar) -> DivorceWindows:
    """Count both periods of thirty days from the day the application was accepted.

    The day of acceptance is not counted. Rest days inside count; only a last day that is a
    rest day moves, to the next working day. The second period begins after the moved day.

    Source:
        Civil Code (民法典) arts. 1077 (thirty days, then thirty days), 201, 203 (first day, last
        day); 民发〔2020〕116号 on the procedure of registering a divorce.
    """
    cooling = due(accepted_on, PERIOD, calendar)
    window = due(cooling.last_day, PERIOD, calendar)
    return DivorceWindows(
        accepted_on=accepted_on,
        cooling_raw_on=accepted_on + timedelta(days=PERIOD.length),
        cooling_ends_on=cooling.last_day,
        window_opens_on=cooling.last_day + timedelta(days=1),
        window_raw_on=cooling.last_day + timedelta(days=PERIOD.length),
        window_ends_on=window.last_day,
        provisional=cooling.provisional or window.provisional,
    )


def ensure_may_withdraw(
    windows: DivorceWindows, *, at: datetime, closes_at: time, same_registry: bool = True
) -> None:
    """Let one party alone withdraw, until the office closes on the last day of cooling-off.

    Raises:
        OtherRegistry: Only the accepting registry takes the withdrawal.
        DivorceWindowClosed: The cooling-off is over; nobody can withdraw alone any more.
        DivorceOfficeClosed: It is the last day, but after the close of business.

    Source:
        Civil Code (民法典) arts. 1077(1), 203(2) (business hours end the day);
        民发〔2020〕116号 (withdrawal at the accepting registry).
    """
    _ensure_same_registry(same_registry)
    local = at.astimezone(SHANGHAI)
    if local.date() > windows.cooling_ends_on:
        raise DivorceWindowClosed
    _ensure_open(local, closes_at)


def ensure_may_issue(
    windows: DivorceWindows, *, at: datetime, closes_at: time, same_registry: bool = True
) -> None:
    """Let both parties together ask for the certificate, inside the window.

    Raises:
        OtherRegistry: Only the accepting registry issues the certificate.
        DivorceWindowClosed: The window is not open yet, or has closed.
        DivorceOfficeClosed: After the close of business.

    Source:
        Civil Code (民法典) art. 1077(2); 民发〔2020〕116号.
    """
    _ensure_same_registry(same_registry)
    local = at.astimezone(SHANGHAI)
    if not windows.window_opens_on <= local.date() <= windows.window_ends_on:
        raise DivorceWindowClosed
    _ensure_open(local, closes_at)


def is_deemed_withdrawn(windows: DivorceWindows, *, on: date) -> bool:
    """Whether the application counts as withdrawn because nobody came (视为撤回).

    Seen from the day after the window's last day, never while the office may still be open.

    Source:
        Civil Code (民法典) arts. 1077(2), 203(2).
    """
    return on > windows.window_ends_on


def _ensure_same_registry(same_registry: bool) -> None:
    if not same_registry:
        raise OtherRegistry


def _ensure_open(local: datetime, closes_at: time) -> None:
    if local.time() > closes_at:
        raise DivorceOfficeClosed

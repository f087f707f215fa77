"""Death certificates (居民死亡医学证明): number, time limits, reissue.

The number of a certificate is the deceased's ID number: it is personal data and stays sealed.
"""

import re
from datetime import date, datetime

from services.funeral.errors import AlreadyReissued
from services.funeral.model import DeathCertificateDues, ReissueReason
from shared.calendar import Duration, Unit, WorkingCalendar, due
from shared.identifiers import parse_uscc

ISSUE_WITHIN = Duration(1, Unit.CALENDAR_DAY)
REPORT_WITHIN = Duration(15, Unit.WORKING_DAY)
EXCHANGE_WITHIN = Duration(5, Unit.WORKING_DAY)

_WITHOUT_DOCUMENT = re.compile(r"[0-9A-Z]{18}[0-9]{4}")


def death_certificate_dues(
    died_at: datetime | date,
    *,
    calendar: WorkingCalendar,
    paper_issued_on: date | None = None,
    electronic_issued_on: date | None = None,
) -> DeathCertificateDues:
    """By when the certificate is issued, reported online and exchanged nationally.

    Issuing takes one day, whatever holiday it is; the other two are working days.

    Source:
        Notice on death certificates (国卫规划发〔2026〕5号).
    """
    issue = due(died_at, ISSUE_WITHIN, calendar)
    report = due(paper_issued_on, REPORT_WITHIN, calendar) if paper_issued_on else None
    exchange = (
        due(electronic_issued_on, EXCHANGE_WITHIN, calendar) if electronic_issued_on else None
    )
    return DeathCertificateDues(
        issue_by=issue.last_day,
        report_by=report.last_day if report else None,
        exchange_by=exchange.last_day if exchange else None,
        provisional=any(one.provisional for one in (report, exchange) if one),
    )


def number_without_document(issuer: str, *, serial: int) -> str:
    """The certificate number of somebody without any document: the issuer's code and a serial.

    Args:
        issuer: Unified social credit code of the issuing institution.
        serial: Its serial of the year, from 1 to 9999.

    Raises:
        InvalidIdentifier: The issuer's code is not one.
        ValueError: The serial does not have four digits.

    Source:
        Notice on death certificates (国卫规划发〔2026〕5号): with a document its number is the
        certificate's number; without one, issuer and yearly serial.
    """
    if not 1 <= serial <= 9999:
        raise ValueError("the yearly serial has four digits")
    return f"{parse_uscc(issuer)}{serial:04}"


def is_number_without_document(number: str) -> bool:
    """Whether a certificate number was made from issuer and serial, not from a document.

    Source:
        Notice on death certificates (国卫规划发〔2026〕5号).
    """
    return bool(_WITHOUT_DOCUMENT.fullmatch(number))


def ensure_may_reissue(reason: ReissueReason, *, already: frozenset[ReissueReason]) -> None:
    """Let a certificate be issued again: once if lost, once on proof of wrong data.

    Raises:
        AlreadyReissued: It was issued again for this reason before.

    Source:
        Notice on death certificates (国卫规划发〔2026〕5号): reissue once by the original issuer.
    """
    if reason in already:
        raise AlreadyReissued(reason=reason.value)

"""How the notices of relief are numbered."""

from datetime import date


def notice_number(*, office: str, on: date, serial: int) -> str:
    """The number of a decision notice: `LJ330106-2026-000001`, anew each year per office.

    Args:
        office: Six-digit code of the deciding authority.
        on: Day of the decision in Asia/Shanghai.
        serial: Serial of the year, from 1.

    Source:
        House rule: documents that are handed out have a number series per organ and year.
    """
    return f"LJ{office}-{on.year:04}-{serial:06}"

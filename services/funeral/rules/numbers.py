"""How funeral cases are numbered."""

from datetime import date


def case_number(*, office: str, on: date, serial: int) -> str:
    """The number of a funeral case: `BZ330106-2026-000001`, anew each year per funeral home.

    Args:
        office: Six-digit code of the funeral home's county.
        on: Day of the arrangement in Asia/Shanghai.
        serial: Serial of the year, from 1.

    Source:
        House rule: documents that are handed out have a number series per organ and year.
    """
    return f"BZ{office}-{on.year:04}-{serial:06}"

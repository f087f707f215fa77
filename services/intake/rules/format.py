"""The formats a form may ask for, and how a text is found not to have one."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from uuid import UUID

from jsonschema import FormatChecker

from shared.clock import local_date
from shared.identifiers import DivisionCode, ResidentId, parse_bank_account, parse_phone

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
# Letters of any script, and what stands between the parts of a name (the dot of 阿依·古丽).
_NAME = re.compile(r"[^\W\d_]+(?:[ ·•'’.-][^\W\d_]+)*")

FORMATS = (
    "resident-id", "phone", "division", "bank-account", "calendar-date", "past-date",
    "past-instant", "person-name", "identifier",
)  # fmt: skip
"""The formats a form may ask for; every other name is a mistake in the catalogue."""


def form_formats(today: date) -> FormatChecker:
    """The formats of our forms. A value of another type is the schema's affair, not theirs.

    Args:
        today: The legal date in Asia/Shanghai.

    Source:
        GB 11643-1999 (resident ID number), GB/T 2260 and GB/T 10114 (divisions), ISO/IEC 7812-1
        (bank cards), as `shared.identifiers` reads them; RFC 3339 for dates and instants.
    """
    checker = FormatChecker(formats=())
    readers: Mapping[str, Callable[[str], object]] = {
        "resident-id": lambda text: ResidentId.parse(text, today=today),
        "phone": parse_phone,
        "division": DivisionCode.parse,
        "bank-account": parse_bank_account,
        "calendar-date": _calendar_date,
        "past-date": lambda text: _not_after(_calendar_date(text), today),
        "past-instant": lambda text: _not_after(local_date(_instant(text)), today),
        "person-name": _person_name,
        "identifier": UUID,
    }
    for name, read in readers.items():
        checker.checks(name, raises=(ValueError, OverflowError))(_as_check(read))
    return checker


def _as_check(read: Callable[[str], object]) -> Callable[[object], bool]:
    def check(value: object) -> bool:
        if isinstance(value, str):
            read(value)
        return True

    return check


def _calendar_date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError("not a date")
    return date.fromisoformat(text)


def _instant(text: str) -> datetime:
    if not _INSTANT.fullmatch(text):
        raise ValueError("not an instant")
    return datetime.fromisoformat(text)


def _not_after(on: date, today: date) -> None:
    if on > today:
        raise ValueError("later than today")


def _person_name(text: str) -> None:
    if not _NAME.fullmatch(text):
        raise ValueError("not a name")

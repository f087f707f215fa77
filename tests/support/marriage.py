"""Builders of the marriage registry: one lawful default per noun."""

from datetime import date
from uuid import uuid4

from services.marriage.model import (
    Couple,
    EndCause,
    Kinship,
    MaritalRecord,
    MaritalStatus,
    Marriage,
    MarriageId,
    MarriageStatus,
    Party,
    PersonIndex,
    Standing,
    StatedStatus,
    StatusFinding,
)
from shared.identifiers import Sex

MAN = PersonIndex("man")
WOMAN = PersonIndex("woman")


def man(**changed: object) -> Party:
    """A man of 30, single for all that complete records say."""
    values = {
        "person": MAN,
        "sex": Sex.MALE,
        "born_on": date(1996, 5, 4),
        "status": MaritalStatus.SINGLE_CONFIRMED,
        "declares_no_spouse": True,
        "willing": True,
        **changed,
    }
    return Party(**values)


def woman(**changed: object) -> Party:
    """A woman of 28, single for all that complete records say."""
    values = {"person": WOMAN, "sex": Sex.FEMALE, "born_on": date(1998, 3, 1), **changed}
    return man(**values)


def couple(
    first: Party | None = None, second: Party | None = None, *, kinship: Kinship = Kinship.NONE
) -> Couple:
    return Couple(first=first or man(), second=second or woman(), kinship=kinship)


def standing(**changed: object) -> Standing:
    """A marriage in force since 2015."""
    values = {
        "status": MarriageStatus.IN_FORCE,
        "registered_on": date(2015, 10, 8),
        **changed,
    }
    return Standing(**values)


def ended(cause: EndCause, on: date = date(2020, 1, 6)) -> Standing:
    return standing(status=MarriageStatus.ENDED, ended_on=on, end_cause=cause)


def record(status: MaritalStatus, as_of: date = date(2026, 1, 1)) -> MaritalRecord:
    return MaritalRecord(status=status, source="national-base", as_of=as_of)


def finding(status: MaritalStatus, stated: StatedStatus = StatedStatus.UNMARRIED) -> StatusFinding:
    return StatusFinding(stated=stated, status=status)


def marriage(**changed: object) -> Marriage:
    """A marriage in force since 2015."""
    values = {
        "id": MarriageId(uuid4()),
        "certificate_number": "J330106-2015-000042",
        "division": "330106000000",
        "registered_on": date(2015, 10, 8),
        "status": MarriageStatus.IN_FORCE,
        "parties": (MAN, WOMAN),
        **changed,
    }
    return Marriage(**values)


LIU = "330106200001150016"
"""A man of 26 who does not exist."""
WEI = "330106200206200021"
"""A woman of 24 who does not exist."""
YAN = "330106199809090102"
"""A woman of 28 who does not exist."""
TAN = "330106200505010092"
"""A man of 21 who does not exist."""
XIHU = "330106000000"
DONGCHENG = "110101000000"

_SIGNED = {"no_spouse": True, "no_kinship": True, "voluntary": True}


def marriage_form(
    first: str = LIU, second: str = WEI, *, registry: str = XIHU, stated: str = "UNMARRIED"
) -> dict[str, object]:
    """What an application for registration discloses to the registry."""
    return {
        "applicant": {"name": "刘示例", "id_no": first, "stated_marital_status": stated},
        "partner": {"name": "王示例", "id_no": second, "stated_marital_status": "UNMARRIED"},
        "declarations": {"applicant": _SIGNED, "partner": _SIGNED},
        "registry_division": registry,
    }

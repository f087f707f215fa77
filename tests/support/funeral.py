"""Builders of funeral services: one lawful default per noun."""

from datetime import date, time, timedelta
from uuid import uuid4

from services.funeral.model import (
    ArrangementRequest,
    Catalogue,
    CremationPapers,
    DeathFact,
    Line,
    PriceItem,
    PriceList,
    Resource,
    ResourceId,
    ResourceKind,
    Slot,
    SlotId,
    Storage,
)
from shared.identifiers.check_characters import mod_11_2
from shared.money import Money
from tests.support.calendars import beijing

PRICES = {"TRANSPORT": 300, "STORAGE": 100, "HALL": 200, "CREMATION": 380}
"""The basic services of the example, in yuan."""


def papers(**changed: object) -> CremationPapers:
    values = {"has_death_certificate": True, "is_confirmation_signed": True, **changed}
    return CremationPapers(**values)


def storage(received: str = "2026-04-03 20:00") -> Storage:
    return Storage(received_at=beijing(received))


def request(**changed: object) -> ArrangementRequest:
    """A certified death on the 20th; the family can be there from the 22nd."""
    values = {
        "death": DeathFact(died_on=date(2026, 11, 20), is_certified=True),
        "wants_farewell": True,
        "earliest_on": date(2026, 11, 22),
        "latest_on": date(2026, 11, 25),
        **changed,
    }
    return ArrangementRequest(**values)


def slot(kind: ResourceKind, starts: str, hours: int = 1) -> Slot:
    starts_at = beijing(starts)
    return Slot(
        id=SlotId(uuid4()),
        resource_id=ResourceId(uuid4()),
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
    )


def hall(starts: str) -> Slot:
    return slot(ResourceKind.HALL, starts)


def furnace(starts: str) -> Slot:
    return slot(ResourceKind.FURNACE, starts)


def price_list() -> PriceList:
    """Four basic services at set prices and one flower arrangement in a range."""
    items = {
        code: PriceItem(
            code=code,
            catalogue=Catalogue.BASIC,
            unit="次",
            lowest=Money.of_yuan(yuan),
            highest=Money.of_yuan(yuan),
        )
        for code, yuan in PRICES.items()
    }
    items["FLOWERS"] = PriceItem(
        code="FLOWERS",
        catalogue=Catalogue.NON_BASIC,
        unit="套",
        lowest=Money.of_yuan(200),
        highest=Money.of_yuan(800),
    )
    return PriceList(version=1, valid_from=date(2026, 3, 30), items=items)


def line(code: str, quantity: int = 1, yuan: int | None = None) -> Line:
    price = PRICES.get(code, 600) if yuan is None else yuan
    return Line(code=code, quantity=quantity, unit_price=Money.of_yuan(price), price_list_version=1)


def package_lines() -> list[Line]:
    """Transport, three days of storage, hall and cremation: 1,180 yuan."""
    return [line("TRANSPORT"), line("STORAGE", 3), line("HALL"), line("CREMATION")]


DECEASED = "330106195203040057"
"""A man who does not exist."""


def funeral_form(
    deceased: str = DECEASED, *, preferred_on: str = "2026-11-23", farewell: bool = True
) -> dict[str, object]:
    """What an after-death application discloses to the funeral service."""
    return {
        "deceased": {"name": "赵老示例", "id_no": deceased},
        "death": {
            "date": "2026-11-21",
            "place_division": "330106109201",
            "certificate_no": deceased,
        },
        "applicant": {"name": "赵示例", "phone": "13800010004", "relation": "CHILD"},
        "funeral": {"preferred_on": preferred_on, "farewell": farewell, "ashes": "STORED"},
    }


def some_id_number(order: int) -> str:
    """A number with the right check character, of somebody who does not exist."""
    digits = f"330106195001{order % 28 + 1:02}{order:03}"
    return digits + mod_11_2(digits)


def one_resource(kind: ResourceKind, opens: int, closes: int) -> Resource:
    """A hall or a furnace with hourly slots."""
    return Resource(
        id=ResourceId(uuid4()),
        kind=kind,
        name=f"示例{kind}",
        division="330106000000",
        opens_at=time(opens),
        closes_at=time(closes),
        slot_minutes=60,
    )

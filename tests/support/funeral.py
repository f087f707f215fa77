"""Builders of funeral services: one lawful default per noun."""

from datetime import date, timedelta
from uuid import uuid4

from services.funeral.model import (
    ArrangementRequest,
    Catalogue,
    CremationPapers,
    DeathFact,
    Line,
    PriceItem,
    PriceList,
    ResourceKind,
    Slot,
    SlotId,
    Storage,
)
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

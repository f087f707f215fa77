"""Service objects (服务对象): who is entitled to be looked after as what, and since when."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.registry.model import PersonIndex, Resident
from services.registry.model.households import Period


class Category(StrEnum):
    """What a person may be to the civil-affairs services."""

    MINIMUM_LIVING = "MINIMUM_LIVING"
    """低保."""
    SPECIAL_HARDSHIP = "SPECIAL_HARDSHIP"
    """特困."""
    LOW_INCOME_EDGE = "LOW_INCOME_EDGE"
    """低保边缘."""
    RIGID_EXPENDITURE = "RIGID_EXPENDITURE"
    """刚性支出困难."""
    DISABLED = "DISABLED"
    """残疾."""
    OLD_AGE = "OLD_AGE"
    """高龄."""
    ORPHAN = "ORPHAN"
    """孤儿."""
    DE_FACTO_UNATTENDED = "DE_FACTO_UNATTENDED"
    """事实无人抚养."""
    PREFERENTIAL = "PREFERENTIAL"
    """优抚."""


class ObjectAct(StrEnum):
    """Whether somebody became something, or ceased to be it."""

    BEGIN = "BEGIN"
    END = "END"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFact:
    """One source's word that a person became, or ceased to be, an object of a service."""

    id: UUID
    """Derived from the event that told it, so that a repeat is the same fact."""
    person: PersonIndex
    category: Category
    act: ObjectAct
    on: date
    """The first day on which they are it; or are it no more."""
    source: str
    """The topic, or who entered it."""
    reference: UUID
    """The benefit, or the entry, that the fact is about."""
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceObject:
    """A person is, was or will be something, for a time, by one source."""

    person: PersonIndex
    category: Category
    source: str
    reference: UUID
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectPerson:
    """A resident beside everything they are."""

    resident: Resident
    division: str
    objects: tuple[ServiceObject, ...]

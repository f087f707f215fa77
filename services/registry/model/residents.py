"""What happened in a resident's life, and what a resident is called and numbered."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from services.registry.model import PersonId, PersonIndex

FactId = NewType("FactId", UUID)
HouseholdId = NewType("HouseholdId", UUID)


class LifeEvent(StrEnum):
    """What may happen in a life, as far as the register notes it."""

    BIRTH = "BIRTH"
    """Born into a household."""
    MOVE_IN = "MOVE_IN"
    """Moved into a household, and thereby out of any other (迁入)."""
    MOVE_OUT = "MOVE_OUT"
    """Moved away to where this register does not reach (迁出)."""
    MARRIAGE = "MARRIAGE"
    DIVORCE = "DIVORCE"
    BEREAVEMENT = "BEREAVEMENT"
    """The spouse died."""
    DEATH = "DEATH"
    VOID = "VOID"
    """Only as a correction: the fact it corrects never was."""


class Entry(StrEnum):
    """What an officer of the register notes; the rest is heard from whoever registered it."""

    BIRTH = "BIRTH"
    MOVE_IN = "MOVE_IN"
    MOVE_OUT = "MOVE_OUT"
    VOID = "VOID"


class CivilStatus(StrEnum):
    """What the register says of a resident's marriage; nothing known is not "single"."""

    UNKNOWN = "UNKNOWN"
    MARRIED = "MARRIED"
    DIVORCED = "DIVORCED"
    WIDOWED = "WIDOWED"


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeFact:
    """One thing that happened in one life. It is never changed: another corrects it."""

    id: FactId
    """Derived from the event that told it, so that a repeat is the same fact."""
    person: PersonIndex
    kind: LifeEvent
    on: date
    subject: UUID | None = None
    """The household of a birth or a move in; the marriage of what concerns one."""
    source: str
    """`<topic>:<id>` of the event, or `officer:<id>` of who entered it."""
    corrects: FactId | None = None
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CivilPeriod:
    """A civil status from a day on, until the day before the next period's."""

    status: CivilStatus
    since: date


class AliasKind(StrEnum):
    """What another name is."""

    FORMER = "FORMER"
    """曾用名."""
    ALSO_KNOWN_AS = "ALSO_KNOWN_AS"
    """别名."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Another name of a resident."""

    id: UUID
    kind: AliasKind
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerNumber:
    """A number a resident had until it was changed; it still finds them."""

    id_number: str = field(repr=False)
    replaced_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two records that a person found to be one resident; can be undone without loss."""

    id: UUID
    kept: PersonId
    absorbed: PersonId
    merged_by: str
    merged_at: datetime
    undone_at: datetime | None = None

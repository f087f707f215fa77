"""The things of managing officers: what one is to be, and who agrees to it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

ChangeId = NewType("ChangeId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where an officer works, and as what."""

    division: str
    offices: frozenset[str]
    roles: frozenset[str]


class ChangeOutcome(StrEnum):
    """What became of a proposed change."""

    CONFIRMED = "CONFIRMED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerChange:
    """An assignment that needs a second pair of eyes."""

    id: ChangeId
    officer: str
    assignment: Assignment
    proposed_by: str
    """`<kind>:<id>`."""
    proposed_at: datetime
    decided_by: str | None = field(default=None)
    outcome: ChangeOutcome | None = None

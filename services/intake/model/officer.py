"""Officers at the window: whom they are related to, who stands in for whom, who is away."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType
from uuid import UUID

from services.intake.model.names import OfficeId

DelegationId = NewType("DelegationId", UUID)
AbsenceId = NewType("AbsenceId", UUID)
RelationId = NewType("RelationId", UUID)

LEAD = "lead"
"""The role of whoever directs the work of an office (科室负责人)."""

SUPERVISION = "supervision"
"""The role of whoever supervises a whole division (督办)."""


class RelationKind(StrEnum):
    """What somebody is to an officer."""

    SELF = "self"
    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    OTHER = "other"
    """Any other near relative or in-law, or whoever else might make the officer partial."""


class ConflictKind(StrEnum):
    """Why an officer must keep away from a task."""

    OWN_CASE = "own-case"
    RELATIVE = "relative"
    ENTERED = "entered"
    """They entered the application at the window: who entered does not confirm."""
    RECUSED = "recused"
    """They have stepped back from this task before."""


class ReassignReason(StrEnum):
    """Why a task goes to another officer of the office."""

    ABSENCE = "absence"
    WORKLOAD = "workload"
    CONFLICT = "conflict"
    EXPERTISE = "expertise"
    OTHER = "other"


class RecusalReason(StrEnum):
    """Why an officer steps back from a task."""

    OWN_CASE = "own-case"
    RELATIVE = "relative"
    ENTERED = "entered"
    OTHER = "other"


class IdentityCheck(StrEnum):
    """How an officer made sure who stands at the window."""

    CARD_READER = "card-reader"
    ELECTRONIC_ID = "electronic-id"
    PAPER_DOCUMENT = "paper-document"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerStanding:
    """What is kept about an officer that bears on one task of one case."""

    own: frozenset[str] = frozenset()
    """Blind indexes of the officer's own numbers."""
    relatives: frozenset[str] = frozenset()
    """Blind indexes of relatives, declared or told by a register."""
    has_entered: bool = False
    has_recused: bool = False
    is_absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A person whom an officer declared; the number itself is kept nowhere."""

    id: RelationId
    kind: RelationKind
    declared_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from one to another, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """An officer's own work in an office, handed to a colleague for a time."""

    id: DelegationId
    office_id: OfficeId
    principal: str
    """Whose work it is: `officer:<id>`."""
    delegate: str
    """Who does it meanwhile."""
    period: Period
    revoked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days on which an officer does not work."""

    id: AbsenceId
    officer: str
    period: Period
    ended_on: date | None = None
    """The day it was taken back; None while it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recused:
    """What became of a task whose officer stepped back."""

    moved_to: OfficeId | None
    """The office above; None: a colleague of the same office can take it."""

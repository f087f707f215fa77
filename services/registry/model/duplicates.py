"""Two records that may be one person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from services.registry.model import PersonId, Resident

CandidateId = NewType("CandidateId", UUID)


class Evidence(StrEnum):
    """What speaks for two records being one person, or against it; never a value."""

    SAME_NAME = "SAME_NAME"
    SAME_SOUND = "SAME_SOUND"
    """Written otherwise, spoken alike (同音字)."""
    SIMILAR_NAME = "SIMILAR_NAME"
    OTHER_NAME = "OTHER_NAME"
    SAME_NUMBER = "SAME_NUMBER"
    """The one is the other after tidying, or an old one of fifteen digits."""
    ONE_DIGIT_APART = "ONE_DIGIT_APART"
    """One digit is another, or two neighbours changed places."""
    TWO_DIGITS_APART = "TWO_DIGITS_APART"
    NUMBER_NOT_VALID = "NUMBER_NOT_VALID"
    """The check character of one does not fit: it was copied wrong."""
    BOTH_NUMBERS_VALID = "BOTH_NUMBERS_VALID"
    """Two numbers that are right and not the same belong, as a rule, to two people."""
    SAME_BIRTH_DATE = "SAME_BIRTH_DATE"
    SIMILAR_BIRTH_DATE = "SIMILAR_BIRTH_DATE"
    """One part of it is another, or day and month changed places."""
    OTHER_BIRTH_DATE = "OTHER_BIRTH_DATE"
    OTHER_SEX = "OTHER_SEX"
    SAME_ADDRESS = "SAME_ADDRESS"
    SIMILAR_ADDRESS = "SIMILAR_ADDRESS"


class CandidateState(StrEnum):
    """What a person decided about two records."""

    OPEN = "OPEN"
    MERGED = "MERGED"
    DISMISSED = "DISMISSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a record is compared by; opened in memory for the comparison, never kept."""

    id: PersonId
    names: tuple[str, ...] = field(repr=False)
    """The name and the aliases."""
    id_number: str = field(repr=False)
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How likely two records are one person, of 100, and why."""

    score: int
    evidence: frozenset[Evidence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Two records that may be one person, for an officer to look at."""

    id: CandidateId
    one: PersonId
    other: PersonId
    likeness: Likeness
    state: CandidateState
    found_at: datetime
    decided_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFile:
    """A candidate with its two records."""

    candidate: Candidate
    residents: Sequence[Resident]

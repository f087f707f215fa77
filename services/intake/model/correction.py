"""What a department asks an applicant to put right, and what the applicant brought in answer."""

from dataclasses import dataclass
from enum import StrEnum


class CorrectionPhase(StrEnum):
    """When a correction was asked for: the law treats the two differently."""

    ACCEPTANCE = "acceptance"
    """Before acceptance: the processing clock has not started (补正)."""
    REVIEW = "review"
    """While departments review: the clock of the application runs on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One thing to be put right: a place in the form, or a material."""

    message: str
    """What is wrong, for the applicant; people write names here, so it is kept sealed."""
    pointer: str | None = None
    """JSON pointer into the form, e.g. `/event/occurred_at`."""
    material: str | None = None
    """Key of a material of the item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What the answer to a notice brought: named by place, never by content."""

    pointers: tuple[str, ...] = ()
    """The fields whose value is another one now."""
    materials: tuple[str, ...] = ()
    """Keys of the materials handed in anew."""

    def __bool__(self) -> bool:
        return bool(self.pointers or self.materials)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What the answer to a notice may touch."""

    pointers: tuple[str, ...] = ()
    materials: frozenset[str] = frozenset()

"""What an application that is not handed in yet still lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.intake.model.names import Text
from services.intake.model.plan import Office


class LackKind(StrEnum):
    """What a problem is about."""

    FORM = "form"
    MATERIAL = "material"
    PLACE = "place"
    PERSON = "person"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """One thing that stands in the way, named by place and code; never by what was written."""

    kind: LackKind
    code: str
    """Of a mistake in the form, as in `FormInvalid`; otherwise the refusal's own code."""
    message: Text
    pointer: str | None = None
    material: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Everything that stands in the way, at once."""

    lacks: tuple[Lack, ...] = ()
    deferrable: tuple[str, ...] = ()
    """Keys of materials that may be brought later."""
    undecided: tuple[str, ...] = ()
    """Keys of materials whose condition cannot be answered before the form is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What holds where an application is for."""

    offices: Sequence[Office] = ()
    """The directory in the division's chain; empty where the form names no place."""
    params: Mapping[str, object] = field(default_factory=dict)
    """Local numbers in force there."""

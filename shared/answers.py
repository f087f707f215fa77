"""What a department's own check finds: a verdict with its reasons, before it is told to anybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class TaskVerdict(StrEnum):
    """The five answers an approval task may be given."""

    APPROVE = "approve"
    REFUSE = "refuse"
    CONDITIONAL = "conditional"
    NEEDS_CORRECTION = "needs-correction"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """A department's answer to one approval task; none of its words are personal data."""

    verdict: TaskVerdict
    opinion: str
    conditions: tuple[str, ...] = ()
    """What must still happen; only a conditional approval has any."""
    facts: Mapping[str, object] = field(default_factory=dict)

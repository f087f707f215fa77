"""What can be made to go wrong with a simulated department."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """The ways in which real partners fail."""

    UNAVAILABLE = "unavailable"
    """Its system is down: webhooks are answered 503, and nothing is polled."""
    REFUSE = "refuse"
    """It refuses what it would have approved, and says why."""
    SLOW = "slow"
    """It takes ten times as long."""
    WRONG = "wrong"
    """It sends an answer that nobody could accept."""
    DUPLICATE = "duplicate"
    """It sends each answer twice."""


@dataclass(slots=True)
class Faults:
    """The faults of one department, and how often each will still strike.

    Args:
        left: Times left by kind; None means that it never ends.
    """

    left: dict[FaultKind, int | None] = field(default_factory=dict)

    def stands(self, kind: FaultKind) -> bool:
        """Whether a fault would strike now."""
        return kind in self.left

    def strikes(self, kind: FaultKind) -> bool:
        """Whether a fault strikes now; each time uses up one of its times."""
        if kind not in self.left:
            return False
        times = self.left[kind]
        if times is not None:
            if times <= 1:
                del self.left[kind]
            else:
                self.left[kind] = times - 1
        return True


def parse_faults(text: str, *, systems: Collection[str]) -> Mapping[str, Faults]:
    """Read `police:unavailable@2,housing-fund:refuse`; every system gets an entry.

    Raises:
        ValueError: It names a system or a fault there is none of, or a count below one.
    """
    faults = {system: Faults() for system in systems}
    for entry in _entries(text):
        system, _, fault = entry.partition(":")
        if system not in faults:
            raise ValueError(f"no simulated department: {system}")
        faults[system].left |= faults_of([fault]).left
    return faults


def faults_of(entries: Iterable[str]) -> Faults:
    """Read `unavailable@2` and the like, for one department.

    Raises:
        ValueError: There is no such fault, or the count is below one.
    """
    faults = Faults()
    for entry in entries:
        kind, _, times = entry.partition("@")
        count = int(times) if times else None
        if count is not None and count < 1:
            raise ValueError(f"a fault strikes at least once: {entry}")
        faults.left[FaultKind(kind)] = count
    return faults


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]

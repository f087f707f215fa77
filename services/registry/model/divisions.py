"""The things of divisions that change: which code took over from which, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionChange:
    """A division ended, or its area did not stay what it was.

    Args:
        name: What it was called until then.
        kind: `renamed`, `merged` or `split`.
        to: Codes that took over, its own among them if it went on with less.
    """

    on: date
    code: str
    name: str
    kind: str
    to: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """What a code that was written down one day stands for on another.

    Args:
        codes: One, or several when its area was split and the code alone cannot say which.
        is_exact: False when only the county's change is known and a lower division was asked.
    """

    codes: Sequence[str]
    is_exact: bool
    changes: Sequence[DivisionChange]
